"""What the calls of an account cost, added up by its network's list of prices until it is asked.

Not for: the prices (each network's own room), budgets, or keeping what was spent (`worker`).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Generic, TypeVar

from carecli.channels.base import Spending

Kind = TypeVar("Kind", bound=str)


class Spendings(Generic[Kind]):
    """Adds up what the calls of one account cost. Safe for several threads.

    prices: in micros. resources: kinds of reading of the same things, by what they are then called: a thing that is
    read costs once a UTC day, whichever kind read it first. What another process has read today is charged once more.
    """

    def __init__(self, prices: Mapping[Kind, int], resources: Mapping[Kind, str] | None = None) -> None:
        self._prices = prices
        self._resources = resources or {}
        self._counts: dict[Kind, int] = {}
        self._day = date.min
        self._read: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def read(self, kind: Kind, ids: Iterable[object], day: date) -> None:
        """Some things were read. day: by UTC."""
        resource = self._resources.get(kind, kind)
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
        return tuple(Spending(kind, count, count * self._prices[kind]) for kind, count in counts.items())

    def _add(self, kind: Kind, count: int) -> None:
        if count:
            self._counts[kind] = self._counts.get(kind, 0) + count
