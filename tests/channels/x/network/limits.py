"""How many calls are left: windows of 15 minutes for each call and each kind of keys, and days for some.

The headers are told with every answer; beyond the limit X refuses, free of charge.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.channels.x.network.authorisation import Kind
from tests.channels.x.network.facts import Call

WINDOW = timedelta(minutes=15)
DAY = timedelta(days=1)


@dataclass
class _Window:
    limit: int
    ends: datetime
    used: int = 0


@dataclass
class Limits:
    """Counts calls. enforced: whether the limit refuses, or is only told."""

    enforced: bool = True
    _windows: dict[tuple[str, str], _Window] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, call: Call, kind: Kind, now: datetime) -> bool:
        """Use one call up. False if there was none left."""
        with self._lock:
            windows = self._of(call, kind, now)
            free = all(window.used < window.limit for window in windows.values())
            for window in windows.values():
                window.used = min(window.limit, window.used + 1)
        return free or not self.enforced

    def use_up(self, call: Call, now: datetime, left: int = 0) -> None:
        """Leave only so many calls of the 15 minutes, for all kinds of keys."""
        with self._lock:
            for kind in ("oauth1", "oauth2", "app"):
                window = self._of(call, kind, now).get("")
                if window is not None:
                    window.used = window.limit - left

    def headers(self, call: Call, kind: Kind, now: datetime) -> tuple[tuple[str, str], ...]:
        """What answers tell: how many there are, how many are left, and when the window ends (Unix seconds)."""
        told: list[tuple[str, str]] = []
        with self._lock:
            for name, window in self._of(call, kind, now).items():
                stem = f"x-{name}" if name else "x-rate-limit"
                told += (
                    (f"{stem}-limit", str(window.limit)),
                    (f"{stem}-remaining", str(window.limit - window.used)),
                    (f"{stem}-reset", str(int(window.ends.timestamp()))),
                )
        return tuple(told)

    def _of(self, call: Call, kind: Kind, now: datetime) -> dict[str, _Window]:
        """The windows that count for this call, by the part of the header that names them."""
        whose = "app" if kind == "app" else "user"
        short = call.app_limit if kind == "app" else call.user_limit
        found: dict[str, _Window] = {}
        if short is not None:
            found[""] = self._current(f"{call.name} {whose}", "", short, WINDOW, now)
        for name, daily in (("user-limit-24hour", call.user_daily), ("app-limit-24hour", call.app_daily)):
            if daily is not None:
                found[name] = self._current(call.name, name, daily, DAY, now)
        return found

    def _current(self, name: str, part: str, limit: int, length: timedelta, now: datetime) -> _Window:
        window = self._windows.get((name, part))
        if window is None or now >= window.ends:
            window = self._windows[name, part] = _Window(limit, now + length)
        return window
