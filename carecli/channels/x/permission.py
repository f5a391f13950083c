"""X's summon rule, foretold: whom the account may answer before X is asked.

Since February 2026 an app may answer those who mentioned or quoted the account. Pure, from what an item shows.
Not for: what X says when it refuses all the same (`refusals`).
"""

from __future__ import annotations

import re

from carecli.channels.base import Permission
from carecli.model import Author, Item, Visibility

_PASSES = Permission(True)
_DOUBTFUL = Permission(
    True, doubtful=True, reason="They do not mention this account in so many words: X may refuse the answer."
)
_REFUSED = Permission(False, reason="They mention this account nowhere: X refuses an answer. Write it in the browser.")
_PRIVATE = Permission(False, reason="A private message cannot be answered in public.")
_NOBODY = Permission(False, reason="This is a post of the account itself: nobody stands behind it.")
_STRANGER = Permission(
    True, doubtful=True, reason="X takes a first message only for those who accept them; else invite them in public."
)


def permission(item: Item, visibility: Visibility, me: Author) -> Permission:
    """Whether X will take an answer to `item`, may refuse it, or will."""
    if visibility == "private":
        if item.own and item.recipient is None:
            return _NOBODY
        return _PASSES if item.visibility == "private" else _STRANGER
    if item.visibility == "private":
        return _PRIVATE
    if item.own or _speaks_of(item, me):
        return _PASSES
    return _DOUBTFUL if item.addressed else _REFUSED


def _speaks_of(item: Item, me: Author) -> bool:
    """Whether the author names the account, or quotes a post of it, in words of their own."""
    handle = re.escape(me.handle)
    mention, post = rf"(?<![\w@＠])[@＠]{handle}(?!\w)", rf"(?:twitter|x)\.com/{handle}/status/\d"
    quotes = (one for one in item.attachments if one.startswith("quote:"))
    return any(re.search(f"{mention}|{post}", text, re.IGNORECASE | re.ASCII) for text in (item.text, *quotes))
