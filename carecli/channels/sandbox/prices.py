"""What the simulated network charges where it is told to: a list of prices such as real networks have.

Not for: what may be spent (`worker.budget`), or any real network's prices.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from carecli.channels.base import Spending
from carecli.channels.lengths import links_in
from carecli.channels.sandbox.wire import Post, Posting

# The shape, and about the height, of what X published on that day.
PUBLISHED = date(2026, 8, 22)
_MICROS = {
    "posts read": 5_000,
    "messages read": 10_000,
    "posts": 15_000,
    "summoned replies": 10_000,
    "posts with a link": 200_000,
    "messages": 15_000,
}
LINK_PRICE = "$0.20 instead of $0.015"


class Meter:
    """Counts what calls cost until it is asked. A post that is read twice on a UTC day is paid for once."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._day = date.min
        self._read: set[str] = set()

    def read(self, posts: Iterable[Post], now: datetime) -> None:
        """These were read."""
        if (day := now.astimezone(UTC).date()) != self._day:
            self._day, self._read = day, set()
        for post in posts:
            if post.id not in self._read:
                self._read.add(post.id)
                self._count("messages read" if post.visibility == "private" else "posts read")

    def posted(self, posting: Posting) -> None:
        """This was accepted."""
        if posting.visibility == "private":
            self._count("messages")
        elif links_in(posting.text):
            self._count("posts with a link")
        else:
            self._count("summoned replies" if posting.reply_to else "posts")

    def take(self) -> tuple[Spending, ...]:
        """What was counted since this was last asked."""
        counts, self._counts = self._counts, {}
        return tuple(Spending(kind, count, count * _MICROS[kind]) for kind, count in counts.items())

    def _count(self, kind: str) -> None:
        self._counts[kind] = self._counts.get(kind, 0) + 1
