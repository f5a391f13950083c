"""What the simulated network charges where it is told to: a list of prices such as real networks have.

Not for: adding up (`channels.spendings`), what may be spent (`worker.budget`), or any real network's prices.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from carecli.channels.lengths import links_in
from carecli.channels.sandbox.wire import Post, Posting
from carecli.channels.spendings import Spendings

Kind = Literal["posts read", "messages read", "posts", "posts with a link", "summoned replies", "messages"]

# The shape, and about the height, of what X published on that day.
PUBLISHED = date(2026, 8, 22)
_MICROS: dict[Kind, int] = {
    "posts read": 5_000,
    "messages read": 10_000,
    "posts": 15_000,
    "summoned replies": 10_000,
    "posts with a link": 200_000,
    "messages": 15_000,
}
LINK_PRICE = "$0.20 instead of $0.015"


def spendings() -> Spendings[Kind]:
    """A new account's spendings on a network that charges."""
    return Spendings(_MICROS)


def of_reading(post: Post) -> Kind:
    """What reading a post or message is charged as."""
    return "messages read" if post.visibility == "private" else "posts read"


def of_writing(posting: Posting) -> Kind:
    """What posting is charged as."""
    if posting.visibility == "private":
        return "messages"
    if links_in(posting.text):
        return "posts with a link"
    return "summoned replies" if posting.reply_to else "posts"
