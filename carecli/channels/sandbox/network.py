"""The simulated network: a small social network in a SQLite file of its own, and its rules.

The server's side: it knows nothing of the desk. Time is passed in; what stands at a time follows from the seed,
the start and the account's own posts with their times, never from how often somebody looked.
Not for: speaking to it as a channel does (`channel`).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from carecli.channels.lengths import LIMITS, weighted_length
from carecli.channels.sandbox import story
from carecli.channels.sandbox.ledger import (
    APPLICATION_ID,
    MEDIA_SCHEMA,
    SCHEMA,
    SCHEMA_VERSION,
    Ledger,
    Plot,
    to_ms,
)
from carecli.channels.sandbox.scenarios import available_languages
from carecli.channels.sandbox.wire import (
    ACCOUNT,
    MAX_MEDIA,
    MAX_MEDIA_BYTES,
    Post,
    PostedMedia,
    Posting,
    Refusal,
    ThreadView,
)
from carecli.errors import ConfigError, NetworkFailure, NotFound
from carecli.model import Author, Visibility
from carecli.write_ahead import write_ahead

# The seconds of desk time between two arrivals, on average: a busy hour for one agent.
DEFAULT_PACE = 100.0
DEFAULT_WAITING = 5

# What a power cut takes of a simulation is no loss: it goes on from where the file is.
SYNCHRONOUS = "synchronous = NORMAL"

_DUPLICATE_MS = 24 * 60 * 60 * 1000
_LOCK_SECONDS = 10.0


class SandboxNetwork:
    """A simulated network in the file `path`, made there if it does not exist yet.

    seed: what everything follows from; an existing file must have been made with the same one.
    start: the moment at which the simulation begins. pace: seconds between two arrivals on average, 0 for none.
    waiting: how many have written before the start. languages: codes of those that customers write, all by default.
    account: whom they write to. A file keeps what it was made with; later values are not looked at, the seed's
    excepted. Safe for several threads and processes at once.

    Raises `ConfigError` for another seed, an unknown language, or a file that is none of these networks';
    `NetworkFailure` for a file that cannot be used.
    """

    def __init__(
        self,
        path: Path,
        seed: int,
        *,
        start: datetime,
        pace: float = DEFAULT_PACE,
        waiting: int = DEFAULT_WAITING,
        languages: Sequence[str] = (),
        account: Author = ACCOUNT,
    ) -> None:
        wanted = Plot(seed, to_ms(start), round(pace * 1000), waiting, _languages(languages), account)
        self._path = path
        self._lock = threading.Lock()
        with self._failures():
            # Explicit transactions: the module's own are deferred, and two deferred writers cannot both finish.
            self._db = sqlite3.connect(path, timeout=_LOCK_SECONDS, isolation_level=None, check_same_thread=False)
            self._db.execute(f"PRAGMA {SYNCHRONOUS}")
            write_ahead(self._db)
        self._ledger = Ledger(self._db)
        try:
            with self._change():
                self._plot = self._kept_or(wanted)
        except ConfigError:
            self._db.close()
            raise
        self._story = story.Story(self._plot, self._ledger)

    def _kept_or(self, wanted: Plot) -> Plot:
        """The plot that the file keeps: its own, or `wanted` for a new file."""
        made_by = tuple(self._db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
        if made_by == (0, 0) and self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,):
            for statement in (*SCHEMA.split(";"), MEDIA_SCHEMA):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            self._ledger.add_person(wanted.account)
            self._ledger.keep_plot(wanted)
            story.Story(wanted, self._ledger).begin()
            return wanted
        if made_by != (APPLICATION_ID, SCHEMA_VERSION):
            raise ConfigError(f"{self._path} is not a simulated network that this version knows.", "Name another file.")
        self._db.execute(MEDIA_SCHEMA)
        kept = self._ledger.kept_plot()
        if kept.seed != wanted.seed:
            sentence = f"The simulated network in {self._path} was made with seed {kept.seed}, not {wanted.seed}."
            raise ConfigError(sentence, "Remove it, or name another file.", key="seed")
        return kept

    @property
    def account(self) -> Author:
        """The account that posts through `publish`."""
        return self._plot.account

    @property
    def name(self) -> str:
        """Tells networks of another seed or start apart."""
        return f"{self._plot.seed}.{self._plot.start_ms}"

    # ── time ─────────────────────────────────────────────────────────────────────────────────────

    def advance(self, now: datetime, at_most: int | None = None) -> bool:
        """Let what is due by `now` happen, each thing at its own time, and return whether all of it has.

        at_most: stop after so many things, so that a network nobody looked at for weeks locks nobody out.
        A `now` that has gone by changes nothing.
        """
        until_ms = to_ms(now)
        if self._all_done(until_ms):
            return True
        with self._change():
            self._story.run(until_ms, at_most)
        return self._all_done(until_ms)

    def _all_done(self, until_ms: int) -> bool:
        with self._reading():
            due_ms = self._ledger.next_due()
        return due_ms is None or due_ms > until_ms

    # ── the account posts ────────────────────────────────────────────────────────────────────────

    def publish(self, posting: Posting, now: datetime) -> Post | Refusal:
        """Post as the account at `now`, after everything that is due by then.

        The same key with the same request gives the same post again, and no second one; without a key there is nothing
        to tell a second one by. Refused are empty and overlong texts, a post whose text stood less than 24 hours ago
        (replies may repeat), a reply to what is not there, a public reply to a private message, and a private message
        to one who never wrote to the account.
        """
        now_ms = to_ms(now)
        request = msgspec.json.encode(_remembered(posting))
        with self._change():
            self._story.run(now_ms)
            known = self._ledger.post_under(posting.key) if posting.key else None
            if known is not None:
                post, first_request = known
                return post if request == first_request else Refusal("key_reused", "This key stands for another text.")
            parent = self._ledger.post(posting.reply_to) if posting.reply_to else None
            person = self._person_answered(posting, parent)
            refusal = self._refusal(posting, parent, person, now_ms)
            if refusal is not None:
                return refusal
            person_id = person.remote_id if person else None
            post = self._ledger.add_post(
                self.account.remote_id,
                posting.text,
                now_ms,
                visibility=posting.visibility,
                parent=parent,
                recipient_id=person_id if posting.visibility == "private" else None,
                concerns=person_id,
                key=posting.key or None,
                request=request,
                attachments=tuple(f"{one.kind.partition('/')[0]}: {one.alt}" for one in posting.media),
            )
            if person_id is not None:
                self._story.answered(person_id, to_ms(post.at), posting.visibility)
            return post

    def _person_answered(self, posting: Posting, parent: Post | None) -> Author | None:
        """Whom a posting speaks to: the recipient it names, else whoever wrote what it answers."""
        if posting.visibility == "private" and posting.recipient_id:
            return self._ledger.person(posting.recipient_id)
        if parent is None or parent.author != self.account:
            return parent.author if parent else None
        return self._ledger.answered_by(parent)

    def _refusal(self, posting: Posting, parent: Post | None, person: Author | None, now_ms: int) -> Refusal | None:
        limit = LIMITS[posting.visibility]
        over = weighted_length(posting.text) - limit
        if not posting.text.strip():
            return Refusal("empty", "An empty text cannot be posted.")
        if over > 0:
            return Refusal("too_long", f"The text is {over} characters over the network's limit of {limit}.")
        if len(posting.media) > MAX_MEDIA or any(len(one.data) > MAX_MEDIA_BYTES for one in posting.media):
            return Refusal("media", f"A post carries {MAX_MEDIA} pictures at most, none of more than 5 MB.")
        if posting.reply_to and parent is None:
            return Refusal("no_such_post", "The message that this answers is no longer there.")
        if posting.visibility == "private":
            return self._refusal_in_private(parent, person)
        if parent is not None and parent.visibility == "private":
            return Refusal("not_public", "A private message cannot be answered in public.")
        if parent is None and self._ledger.said_alone(posting.text, now_ms - _DUPLICATE_MS):
            return Refusal("duplicate", "This account posted the same text less than 24 hours ago (duplicate).")
        return None

    def _refusal_in_private(self, parent: Post | None, person: Author | None) -> Refusal | None:
        if person is None or person == self.account:
            return Refusal("no_such_person", "The network knows nobody to whom this private message could go.")
        if not self._ledger.has_written_to_account(person.remote_id):
            return Refusal("never_wrote", f"@{person.handle} has never written to this account.")
        if parent is not None and person not in (parent.author, parent.recipient, self._ledger.answered_by(parent)):
            return Refusal("wrong_person", f"The message that this answers is not one of @{person.handle}'s.")
        return None

    # ── other people post ────────────────────────────────────────────────────────────────────────

    def write_as(
        self,
        author: Author,
        text: str,
        now: datetime,
        *,
        visibility: Visibility = "public",
        reply_to: str | None = None,
        language: str = "",
    ) -> Post:
        """Post as anybody at `now`, whom the simulation leaves alone from then on: for tests and demonstrations.

        A private message goes to the account. Raises `NotFound` where `reply_to` is not there.
        """
        with self._change():
            self._story.run(to_ms(now))
            parent = self._ledger.post(reply_to) if reply_to else None
            if reply_to and parent is None:
                raise NotFound(f"There is no post {reply_to}.")
            self._ledger.add_person(author)
            return self._ledger.add_post(
                author.remote_id,
                text,
                to_ms(now),
                visibility=visibility,
                parent=parent,
                recipient_id=self.account.remote_id if visibility == "private" else None,
                addressed=visibility == "private" or story.speaks_to(self.account, text, parent),
                language=language,
            )

    def remove(self, post_id: str, now: datetime) -> None:
        """Let the author of a post remove it at `now`. Raises `NotFound` where it is not there."""
        with self._change():
            self._story.run(to_ms(now))
            if self._ledger.post(post_id) is None:
                raise NotFound(f"There is no post {post_id}.")
            self._ledger.remove_post(post_id)

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def posts_after(self, seq: int, limit: int) -> tuple[Post, ...]:
        """Up to `limit` posts inserted after `seq`, in that order; one that was removed comes again, without text."""
        with self._reading():
            return self._ledger.posts_after(seq, limit)

    def thread(self, post_id: str) -> ThreadView:
        """The thread around a post, removed ones by their ids; empty where there never was such a post."""
        with self._reading():
            return ThreadView(*self._ledger.thread(post_id))

    def post_by_key(self, key: str) -> Post | None:
        """The account's post made under `key`."""
        with self._reading():
            known = self._ledger.post_under(key)
            return known[0] if known else None

    def own_posts(self, since: datetime, limit: int) -> tuple[Post, ...]:
        """The account's own posts since that moment, the newest first, less those removed since."""
        with self._reading():
            return self._ledger.posts_by(self.account.remote_id, to_ms(since), limit)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    # ── transactions ─────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """One consistent look, alone among this object's threads."""
        with self._lock, self._failures():
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.execute("ROLLBACK")

    @contextmanager
    def _change(self) -> Iterator[None]:
        """One change, alone among all processes: kept whole, or not at all."""
        with self._lock, self._failures():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            sentence = f"The simulated network cannot use {self._path}: {error}."
            raise NetworkFailure(sentence, "Check the file, or remove it to begin afresh.") from error


def _remembered(posting: Posting) -> Posting:
    """A request as a key stands for it: of what it carries, the digests are enough to tell another by."""
    # Imported here: with its library it takes 2 ms, for which the desk's first picture would wait.
    import hashlib

    media = tuple(PostedMedia(one.kind, one.alt, hashlib.sha256(one.data).digest()) for one in posting.media)
    return msgspec.structs.replace(posting, media=media)


def _languages(wanted: Sequence[str]) -> tuple[str, ...]:
    """The codes to use, in one order whatever theirs is. Raises `ConfigError` for one without scenarios."""
    known = available_languages()
    for code in wanted:
        if code not in known:
            sentence = f"There are no scenarios in the language {code!r}."
            raise ConfigError(sentence, f"There are {', '.join(known)}.", key="languages")
    return tuple(code for code in known if code in wanted or not wanted)
