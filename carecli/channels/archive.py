"""A recorded network: an archive's posts, played as they came, and replies that go nowhere.

What was published by the clock's time is there, what came later is not yet. A reply that is sent is kept in memory
and shown in its thread; nothing of it reaches anybody, and nobody in the recording answers it.
Not for: reading files (`carecli.archive`), or a simulation that answers (`channels.sandbox`).
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import msgspec

from carecli.archive.attribution import Loaded, load, only
from carecli.channels.base import (
    Capabilities,
    Missing,
    NotFound,
    Outgoing,
    Page,
    Permission,
    Prepared,
    ReconcileOutcome,
    Rejected,
    SendOutcome,
    Sent,
    Spending,
    Thread,
)
from carecli.channels.lengths import links_in, measure
from carecli.clock import Clock
from carecli.errors import NeedsPerson
from carecli.model import Author, Item, Length, Link, Visibility

PAGE_ITEMS = 200

_PRIVATE = "A private message cannot be answered in public."

_CAPABILITIES = Capabilities(private_messages=True, private_reply_to_post=True, idempotency="strong")
_ENCODE = msgspec.json.Encoder().encode
_DECODE = msgspec.json.Decoder(Outgoing).decode


def open_archive_channel(path: Path, brand: str, clock: Clock) -> ArchiveChannel:
    """Return the channel of `brand` in the archive at `path`. Raises `ArchiveError` or `NotFound`."""
    changed_ns = path.stat().st_mtime_ns if path.exists() else 0
    account = only(_loaded(path, changed_ns), brand)
    return ArchiveChannel(account.me, account.items, clock)


@lru_cache(maxsize=1)
def _loaded(path: Path, changed_ns: int) -> Loaded:
    # A desk has an account for each brand of one file; it is read once for all of them.
    return load(path)


class ArchiveChannel:
    """The recorded network as the account `me` sees it, up to the time of `clock`.

    items: what the account sees, oldest first (`archive.attribution` gives them so). sent: the replies that were sent
    from here, by their keys; channels that are given the same one see each other's. The cursor is a place in the items
    and the last reply, so it holds as long as the archive is the same. Safe for the worker's two threads: what is
    there never changes, and a sent reply is added in one step.
    """

    def __init__(self, me: Author, items: Sequence[Item], clock: Clock, sent: dict[str, Item] | None = None) -> None:
        self._me = me
        self._items = items
        self._clock = clock
        self._by_id = {item.remote_id: item for item in items}
        self._answers: dict[str, list[Item]] = {}
        self._groups: dict[str, list[Item]] = {}
        for item in items:
            if item.parent_remote_id is not None:
                self._answers.setdefault(item.parent_remote_id, []).append(item)
            if item.thread_remote_id is not None:
                self._groups.setdefault(item.thread_remote_id, []).append(item)
        self._sent: dict[str, Item] = {} if sent is None else sent

    @property
    def capabilities(self) -> Capabilities:
        return _CAPABILITIES

    @property
    def me(self) -> Author:
        return self._me

    def fetch_mentions(self, cursor: str) -> Page:
        """Return up to `PAGE_ITEMS` recorded items after `cursor` that are published by now, and what was sent since.

        Raises `NeedsPerson` for a cursor of another network.
        """
        begin, last = _read_cursor(cursor)
        published = bisect_right(self._items, self._clock.now(), lo=min(begin, len(self._items)), key=_published_at)
        end = min(published, begin + PAGE_ITEMS)
        items = list(self._items[begin:end])
        if end == published:
            replies = list(self._sent.values())
            known = [reply.remote_id for reply in replies]
            items += replies[known.index(last) + 1 if last in known else 0 :]
            last = known[-1] if known else last
        items.sort(key=_published_at)
        return Page(tuple(items), f"{max(begin, end)}:{last}", more=end < published)

    def fetch_thread(self, remote_id: str) -> Thread:
        """Return the thread around a post as it stands now, replies sent from here included.

        Posts that others answer and that the archive lacks are missing; so are those that are not published yet. What
        has another visibility is another thread: nothing private shows in a public one.
        """
        now = self._clock.now()
        sent = {reply.remote_id: reply for reply in list(self._sent.values())}
        start = self._by_id.get(remote_id) or sent.get(remote_id)
        found: dict[str, Item] = {}
        missing: dict[str, Missing] = {}
        ahead, met, groups = [remote_id], {remote_id}, set[str]()
        while ahead:
            current = ahead.pop()
            item = self._by_id.get(current) or sent.get(current)
            if item is not None and start is not None and item.visibility != start.visibility:
                continue
            linked = [answer.remote_id for answer in self._answers.get(current, ()) if answer.published_at <= now]
            linked += [reply.remote_id for reply in sent.values() if reply.parent_remote_id == current]
            if item is None:
                missing[current] = Missing(current, "It is not in the archive.")
            elif item.published_at > now:
                missing[current] = Missing(current, "It was not published at this point of the recording.")
            else:
                found[current] = item
                linked += [] if item.parent_remote_id is None else [item.parent_remote_id]
                if item.thread_remote_id is not None and item.thread_remote_id not in groups:
                    groups.add(item.thread_remote_id)
                    linked += [o.remote_id for o in self._groups[item.thread_remote_id] if o.published_at <= now]
            ahead += [other for other in linked if other not in met]
            met.update(linked)
        return Thread(tuple(sorted(found.values(), key=_published_at)), tuple(missing.values()))

    def fetch_removed(self, remote_ids: Sequence[str]) -> frozenset[str]:
        """A recording never changes."""
        return frozenset()

    def take_spendings(self) -> tuple[Spending, ...]:
        return ()

    def measure(self, text: str, visibility: Visibility, reply: bool) -> Length:
        """Return the length in weighted characters (`channels.lengths`): 280 for a post, 10,000 for a message."""
        return measure(text, visibility, reply)

    def links(self, text: str) -> tuple[Link, ...]:
        return links_in(text)

    def can_reply(self, item: Item, visibility: Visibility, now: datetime) -> Permission:
        """Everything may be answered, but what is private never in public (practice 36)."""
        if item.visibility == "private" and visibility == "public":
            return Permission(False, reason=_PRIVATE)
        return Permission(True)

    def prepare(self, outgoing: Outgoing) -> Prepared:
        return Prepared(outgoing.key, _ENCODE(outgoing))

    def send(self, prepared: Prepared) -> SendOutcome:
        """Keep the reply. The same key gives the same id in every process, and is kept once."""
        try:
            outgoing = _DECODE(prepared.payload)
        except ValueError:
            return Rejected("This reply was prepared for another network.")
        length = self.measure(outgoing.text, outgoing.visibility, outgoing.reply_to is not None)
        if length.over:
            return Rejected(f"The reply is {length.over} weighted characters too long.")
        if not outgoing.text.strip():
            return Rejected("The reply is empty.")
        answered = self._by_id.get(outgoing.reply_to or "")
        if answered is not None and not self.can_reply(answered, outgoing.visibility, self._clock.now()).allowed:
            return Rejected(_PRIVATE)
        item = Item(
            remote_id=_remote_id(prepared.key),
            author=self._me,
            text=outgoing.text,
            published_at=self._clock.now(),
            own=True,
            addressed=False,
            visibility=outgoing.visibility,
            parent_remote_id=outgoing.reply_to,
            recipient=outgoing.recipient,
            delivery_key=prepared.key,
        )
        return _outcome(self._sent.setdefault(prepared.key, item))

    def reconcile(self, prepared: Prepared) -> ReconcileOutcome:
        """Find a reply by its key. One that is not here may be sent again: it would get the same id."""
        item = self._sent.get(prepared.key)
        return NotFound(safe_to_repeat=True) if item is None else _outcome(item)

    def private_invitation(self, handle: str) -> str:
        return ""

    def close(self) -> None:
        """Nothing is open."""


def _read_cursor(cursor: str) -> tuple[int, str]:
    """The place in the recorded items, and the id of the last reply that was seen."""
    place, _, last = cursor.partition(":")
    if not cursor:
        return 0, ""
    if not place.isascii() or not place.isdigit() or len(place) > 12:
        raise NeedsPerson(
            "What was read so far belongs to another network than this archive.", "Replay it with a new database."
        )
    return int(place), last


def _published_at(item: Item) -> datetime:
    return item.published_at


def _remote_id(key: str) -> str:
    # Archives hold numbers and addresses; the word keeps ours apart.
    return f"replay-{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def _outcome(item: Item) -> Sent:
    return Sent(item.remote_id, item.published_at)
