"""The feed of an account: mentions of it, its own posts made elsewhere, and its direct messages, as pages of items.

X gives the newest first, and a cursor may only move past what was handed on. So all that X has after the cursor is
collected before any of it is handed on, oldest first: what fails on the way moves nothing, and is read again.
Not for: the calls (`reading`), or how often to ask (`worker.pace`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from carecli.channels.base import Page
from carecli.channels.x.reading import Reader
from carecli.channels.x.wire import Message, Post
from carecli.clock import Clock
from carecli.errors import CareError, NeedsPerson, NetworkFailure, RateLimited
from carecli.model import Author, Item, Record
from carecli.snowflake import first_at

# At the very beginning, and as far as X's search reaches.
_REACH = timedelta(days=7)
# X allows 15 readings of messages in 15 minutes for the whole account; some are kept for replies of unknown outcome.
_MESSAGES_EVERY = timedelta(seconds=90)
# What is written in the browser stops a clock, but nobody waits for it; and each post read has its price.
_OWN_POSTS_EVERY = timedelta(minutes=5)
# X's mentions end at the 800th; at times some of them are hidden.
_TIMELINE_ENDS = 700
_PRIVATE = "dm:"


class Cursor(Record, frozen=True):
    """Up to which ids was read: of mentions, of own posts, of direct messages."""

    posts: int = 0
    own: int = 0
    messages: int = 0

    def __str__(self) -> str:
        return f"m:{self.posts} o:{self.own} d:{self.messages}"


_CURSOR = re.compile(r"m:(\d{1,19}) o:(\d{1,19}) d:(\d{1,19})", re.ASCII)


def cursor_in(text: str) -> Cursor:
    """The cursor that `text` stands for. Raises `NeedsPerson` for that of another network."""
    if not text:
        return Cursor()
    found = _CURSOR.fullmatch(text)
    if found is None:
        raise NeedsPerson("What was read so far belongs to another network.", "Begin with a new database for X.")
    return Cursor(*map(int, found.groups()))


class Feed:
    """Reads what is new for the account `me`. with_messages: direct messages too."""

    def __init__(self, reader: Reader, clock: Clock, me: Author, *, with_messages: bool) -> None:
        self._reader = reader
        self._clock = clock
        self._me = me
        # Where each of the slower readings last stood, and when it is due again from there.
        self._own = _Slow(_OWN_POSTS_EVERY)
        self._messages = _Slow(_MESSAGES_EVERY) if with_messages else None
        self._owed: CareError | None = None

    def page(self, cursor: Cursor) -> Page:
        """All that there is after `cursor`. Raises as the channel's reading calls do.

        Where messages or own posts could not be read, mentions are handed on all the same, and the next call tells.
        """
        if self._owed is not None:
            owed, self._owed = self._owed, None
            raise owed
        now = self._clock.now()
        own, own_end = self._own_posts(cursor, now)
        messages, messages_end = self._new_messages(cursor, now)
        mentions = self._mentions(cursor, now)
        items = [item_of(post, self._me, addressed=True) for post in mentions if not post.retweet]
        items += [item_of(post, self._me) for post in own]
        items += [private_item_of(message, self._me) for message in messages]
        end = Cursor(max((cursor.posts, *(post.version for post in mentions))), own_end, messages_end)
        return Page(_in_order(items), str(end), more=self._owed is not None)

    def look_again(self) -> None:
        """Something was sent: the slower readings are worth making now."""
        for slow in (self._own, self._messages):
            if slow is not None:
                slow.forget()

    def _mentions(self, cursor: Cursor, now: datetime) -> list[Post]:
        start = None if cursor.posts else now - _REACH
        found = self._reader.mentions(self._me.remote_id, cursor.posts, start)
        if cursor.posts and len(found) >= _TIMELINE_ENDS:
            # A gap longer than X's timeline: search goes on from there.
            since = max(cursor.posts, first_at(now - _REACH + timedelta(minutes=1)))
            oldest = min(post.version for post in found)
            query = f"@{self._me.handle} -is:retweet -from:{self._me.handle}"
            found += self._reader.search(query, since=since, until=oldest)[0] if since < oldest else []
        return newest_versions(found)

    def _own_posts(self, cursor: Cursor, now: datetime) -> tuple[list[Post], int]:
        if not self._own.is_due(cursor.own, now):
            return [], cursor.own
        start = None if cursor.own else now - _REACH
        try:
            found = self._reader.own_posts(self._me.remote_id, cursor.own, start)
        except (NetworkFailure, NeedsPerson) as error:
            self._later(error)
            self._own.done(cursor.own, now)
            return [], cursor.own
        end = max((cursor.own, *(post.version for post in found)))
        self._own.done(end, now)
        return newest_versions(found), end

    def _new_messages(self, cursor: Cursor, now: datetime) -> tuple[list[Message], int]:
        if self._messages is None or not self._messages.is_due(cursor.messages, now):
            return [], cursor.messages
        try:
            found, end = self._reader.messages(self._me.remote_id, cursor.messages, first_at(now - _REACH))
        except (NetworkFailure, NeedsPerson) as error:
            self._later(error)
            self._messages.done(cursor.messages, now)
            return [], cursor.messages
        self._messages.done(end, now)
        return found, end

    def _later(self, error: NetworkFailure | NeedsPerson) -> None:
        # A limit of the slower readings is nobody's concern: they go on when it ends.
        if not isinstance(error, RateLimited):
            self._owed = error


class _Slow:
    """A reading that is not made each time: only from another place than the last one ended at, or when it is due."""

    def __init__(self, every: timedelta) -> None:
        self._every = every
        self._place: int | None = None
        self._next: datetime | None = None

    def is_due(self, place: int, now: datetime) -> bool:
        return place != self._place or self._next is None or now >= self._next

    def forget(self) -> None:
        self._next = None

    def done(self, place: int, now: datetime) -> None:
        self._place, self._next = place, now + self._every


# ── items ────────────────────────────────────────────────────────────────────────────────────────


def item_of(post: Post, me: Author, *, addressed: bool = False) -> Item:
    """A post as the desk takes it in. addressed: X says that it mentions the account; else the post itself tells.

    Its thread is the conversation that its newest version belongs to.
    """
    own = post.author.remote_id == me.remote_id
    speaks_to_us = addressed or post.replied_to == me.remote_id or me.handle.lower() in post.mentioned
    return Item(
        remote_id=str(post.id),
        author=me if own else post.author,
        text=post.own_words,
        published_at=post.at,
        own=own,
        addressed=speaks_to_us and not own,
        parent_remote_id=str(post.parent) if post.parent else None,
        thread_remote_id=str(post.conversation),
        language=post.language,
        attachments=post.attachments,
    )


def private_item_of(message: Message, me: Author) -> Item:
    """A direct message as the desk takes it in."""
    own = message.sender.remote_id == me.remote_id
    return Item(
        remote_id=private_id(message.id),
        author=me if own else message.sender,
        text=message.text,
        published_at=message.at,
        own=own,
        addressed=not own,
        visibility="private",
        recipient=message.other if own else None,
        attachments=message.attachments,
    )


def private_id(number: int) -> str:
    """The remote id of a direct message: X numbers them apart from posts."""
    return f"{_PRIVATE}{number}"


def is_private(remote_id: str) -> bool:
    """Whether a remote id is that of a direct message."""
    return remote_id.startswith(_PRIVATE)


def newest_versions(posts: Iterable[Post]) -> list[Post]:
    """Each post once, in its newest version, the oldest first."""
    newest: dict[int, Post] = {}
    for post in posts:
        known = newest.get(post.id)
        if known is None or known.version < post.version:
            newest[post.id] = post
    return sorted(newest.values(), key=lambda post: post.id)


def _in_order(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda item: (item.published_at, _number(item.remote_id))))


def _number(remote_id: str) -> int:
    return int(remote_id.removeprefix(_PRIVATE))
