"""What X would charge, worked out apart from the channel's own estimate.

Things read are charged once a UTC day each, whatever call brings them and however often ("Deduplication");
requests that write are charged each. Refused ones and empty answers are free.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from tests.channels.x.network.facts import PRICES


@dataclass
class Bill:
    """Counts by what was paid for, in the field's words; `micros` are millionths of a US dollar."""

    counts: dict[str, int] = field(default_factory=dict)
    _seen: set[tuple[date, str, int]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, kind: str, ids: Iterable[int], at: datetime) -> None:
        """Charge things that an answer brings. kind: `posts read`, `own mentions read`, `people read`, …

        A post is the same thing whichever kind it was read as.
        """
        thing = "posts" if kind in ("posts read", "own mentions read", "own posts read") else kind
        with self._lock:
            fresh = {(at.date(), thing, number) for number in ids} - self._seen
            self._seen |= fresh
            self._add(kind, len(fresh))

    def wrote(self, kind: str) -> None:
        """Charge one request that did something."""
        with self._lock:
            self._add(kind, 1)

    @property
    def by_kind(self) -> dict[str, int]:
        """Micros by kind."""
        return {kind: count * PRICES[kind] for kind, count in self.counts.items()}

    @property
    def micros(self) -> int:
        return sum(self.by_kind.values())

    def _add(self, kind: str, count: int) -> None:
        if count:
            self.counts[kind] = self.counts.get(kind, 0) + count
