"""What calls to X cost, by its published price list: an estimate, as X itself tells of no cost in its answers.

What is read is charged a resource, once a UTC day, those that an answer brings along as well; what is written is
charged a call. Refused calls and empty answers are free (docs.x.com, "Pricing").
Not for: budgets, or keeping what was spent (`worker`).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from carecli.channels.base import Spending

Kind = Literal[
    "posts read", "own mentions read", "own posts read", "people read", "messages read",
    "posts", "posts with a link", "summoned replies", "messages", "media descriptions",
]  # fmt: skip

# The day of the price list that these are from.
PUBLISHED = date(2026, 8, 22)

# Millionths of a US dollar. An app that belongs to the account itself reads that account's own for less.
PRICES: dict[Kind, int] = {
    "posts read": 5_000,
    "own mentions read": 1_000,
    "own posts read": 1_000,
    "people read": 10_000,
    "messages read": 10_000,
    "posts": 15_000,
    "posts with a link": 200_000,
    "summoned replies": 10_000,
    "messages": 15_000,
    "media descriptions": 5_000,
}
# A post costs once a day, whichever call brought it.
_RESOURCE: dict[Kind, str] = {"own mentions read": "posts read", "own posts read": "posts read"}


class Spendings:
    """Adds up what the calls of one account cost. Safe for several threads.

    What another process has read today is charged here once more.
    """

    def __init__(self) -> None:
        self._counts: dict[Kind, int] = {}
        self._day = date.min
        self._read: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def read(self, kind: Kind, ids: Iterable[object], day: date) -> None:
        """Some things were read. day: by UTC."""
        resource = _RESOURCE.get(kind, kind)
        with self._lock:
            if day != self._day:
                self._day, self._read = day, set()
            fresh = {(resource, str(number)) for number in ids} - self._read
            self._read |= fresh
            self._add(kind, len(fresh))

    def wrote(self, kind: Kind) -> None:
        """A call that writes was answered."""
        with self._lock:
            self._add(kind, 1)

    def take(self) -> tuple[Spending, ...]:
        """What was spent since this was last asked."""
        with self._lock:
            counts, self._counts = self._counts, {}
        return tuple(_spent(counts))

    def _add(self, kind: Kind, count: int) -> None:
        if count:
            self._counts[kind] = self._counts.get(kind, 0) + count


def _spent(counts: dict[Kind, int]) -> Iterator[Spending]:
    for kind, count in counts.items():
        yield Spending(kind, count, count * PRICES[kind])
