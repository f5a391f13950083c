"""Arrival: an item as any database can hold it, at a time that can be reckoned with.

All that a network says comes into the desk through here, whichever channel read it. What an author wrote stays as it
is otherwise. Not for: where an item belongs (`intake`), or making it safe to show (`safetext`).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from carecli.model import Author, Item
from carecli.storable import is_storable, storable

# No network of the kind is older; and every open hour since the opening of a wait is counted to tell how late it is.
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
# Clocks are wrong by minutes, or by an hour; what is further ahead was made up.
_AHEAD = timedelta(days=1)
_NOBODY = Author("")


def arrived(item: Item, now: datetime) -> Item:
    """`item` with U+FFFD for each NUL and each half of a character, which JSON can hold and databases refuse.

    What claims to be of more than a day after `now` is of now: else no answer of ours would come after it. What claims
    to be of before the year 2000 is of then.
    """
    if _needs_mending(item):
        item = msgspec.structs.replace(
            item,
            remote_id=storable(item.remote_id),
            author=_mended(item.author),
            text=storable(item.text),
            parent_remote_id=None if item.parent_remote_id is None else storable(item.parent_remote_id),
            thread_remote_id=None if item.thread_remote_id is None else storable(item.thread_remote_id),
            recipient=None if item.recipient is None else _mended(item.recipient),
            language=storable(item.language),
            attachments=tuple(map(storable, item.attachments)),
            delivery_key=storable(item.delivery_key),
        )
    if _EARLIEST <= item.published_at <= now + _AHEAD:
        return item
    return msgspec.structs.replace(item, published_at=max(_EARLIEST, min(item.published_at, now)))


def _needs_mending(item: Item) -> bool:
    author, other = item.author, item.recipient or _NOBODY
    together = (
        item.text, item.remote_id, item.parent_remote_id or "", item.thread_remote_id or "", item.delivery_key,
        author.remote_id, author.handle, author.display_name, other.remote_id, other.handle, other.display_name,
        item.language, *item.attachments,
    )  # fmt: skip
    return not is_storable("".join(together))


def _mended(person: Author) -> Author:
    return Author(storable(person.remote_id), storable(person.handle), storable(person.display_name))
