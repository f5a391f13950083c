"""A conversation at X around one of its posts, at the least cost: what it answers, and what passed between us and them.

One lookup finds the conversation; one search finds what the account, its customer and those who answer the account
wrote there in the last seven days; one more lookup brings the root and whatever else was answered. What X does not show
keeps its place with the reason. Not for: messages, which the feed brings whole, or the tree of it all (`worker`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from carecli.channels.base import Missing, Thread
from carecli.channels.x.mentions import item_of, newest_versions
from carecli.channels.x.reading import Reader
from carecli.channels.x.wire import Post
from carecli.model import Author, Item
from carecli.snowflake import first_at, id_in, time_of

_SEARCHED = timedelta(days=7)
# X refuses a bound from before its search's reach; and without any, it leaves out the last 30 seconds.
_MARGIN = timedelta(minutes=1)
# Posts answered by posts answered … from before the search's reach: as far as one reads back.
_MOST_ROUNDS = 4
_SEARCH_PAGES = 1

_REASONS = {
    "resource-not-found": "It was deleted, or its author is gone.",
    "not-authorized-for-resource": "Its author's posts are protected: only their followers see it.",
    "resource-unavailable": "X withholds it.",
    "disallowed-resource": "X withholds it.",
}
_UNKNOWN = "X does not show it."
_TOO_OLD = "X's search reaches back seven days: replies from before may be missing here."
_TOO_MANY = "Only the newest hundred of this conversation were read."


def thread_around(reader: Reader, me: Author, remote_id: str, now: datetime) -> Thread:
    """The conversation that a post belongs to, as far as X shows it. Raises as the channel's reading calls do."""
    number = id_in(remote_id)
    if number is None:
        return Thread((), (Missing(remote_id, _UNKNOWN),))
    first = reader.posts([number])
    if not first.posts:
        return Thread((), (Missing(remote_id, _reason(first.gone.get(number))),))
    asked = first.posts[0]
    found = dict.fromkeys(asked.versions, asked)
    since = max(asked.conversation, first_at(now - _SEARCHED + _MARGIN))
    passed, complete = reader.search(_query(asked, me), since=since, pages=_SEARCH_PAGES)
    found |= {version: post for post in passed for version in post.versions}
    gone = _fetch_what_was_answered(reader, asked, found)
    begun = time_of(asked.conversation)
    missing = [Missing(str(one), _reason(word)) for one, word in sorted(gone.items())]
    if begun is not None and now - begun > _SEARCHED:
        missing.append(Missing(f"{asked.conversation}:older", _TOO_OLD))
    if not complete:
        missing.append(Missing(f"{asked.conversation}:more", _TOO_MANY))
    return Thread(_items(found, me), tuple(missing))


def gone_of(reader: Reader, ids: Iterable[int]) -> frozenset[int]:
    """Which of these posts X does not show any more. What it says nothing of is taken to stand."""
    return frozenset(reader.there(ids).gone)


def _query(asked: Post, me: Author) -> str:
    """What passed between the account and whoever wrote, in one conversation.

    Who only answers the customer is not asked for: each would cost a post and a person, and a crowd dollars.
    """
    writers = dict.fromkeys((me.remote_id, asked.author.remote_id))
    sides = " OR ".join((*(f"from:{one}" for one in writers), f"to:{me.remote_id}"))
    return f"conversation_id:{asked.conversation} ({sides})"


def _fetch_what_was_answered(reader: Reader, asked: Post, found: dict[int, Post]) -> dict[int, str | None]:
    """Add the root, whatever is answered in `found`, and newest versions; what X does not show, with its word."""
    gone: dict[int, str | None] = {}
    for _ in range(_MOST_ROUNDS):
        answered = {asked.conversation} | {post.parent for post in found.values() if post.parent}
        newer = {post.versions[-1] for post in found.values()} - {post.version for post in found.values()}
        unknown = sorted((answered - found.keys() | newer) - gone.keys())
        if not unknown:
            break
        told = reader.posts(unknown)
        for post in sorted(told.posts, key=lambda post: post.version):
            found |= dict.fromkeys(post.versions, post)
        gone |= {one: told.gone.get(one) for one in unknown if one not in found}
    return gone


def _items(found: dict[int, Post], me: Author) -> tuple[Item, ...]:
    """Each post once, the oldest first, and each below the first version of what it answers."""
    items = []
    for post in newest_versions(found.values()):
        parent = found.get(post.parent) if post.parent else None
        item = item_of(post, me)
        items.append(item if parent is None else _below(item, parent))
    return tuple(items)


def _below(item: Item, parent: Post) -> Item:
    return msgspec.structs.replace(item, parent_remote_id=str(parent.id))


def _reason(word: str | None) -> str:
    return _REASONS.get(word or "", _UNKNOWN)
