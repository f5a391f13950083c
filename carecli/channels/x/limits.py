"""How many calls X still takes on each of its routes, from what its answers say, and until when a route rests.

A window ends by X's clock: how long it still lasts is counted from the answer's own date. Of what may be read, a part
is kept for finding out what became of a reply. Nobody waits here: who may not call is told until when.
Not for: how often to ask (`worker.pace`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

from carecli.channels.answers import moment_in
from carecli.model import Record

Route = Literal[
    "mentions", "own posts", "posts", "search", "people", "me", "messages", "messages with", "post", "message",
    "picture", "description",
]  # fmt: skip

# The windows that X tells of, by what stands between `x-` and `-remaining`.
_WINDOWS = ("rate-limit", "app-limit-24hour", "user-limit-24hour")
_LONGEST = timedelta(days=1)
# After a refusal that does not say until when: X's windows last a quarter of an hour.
_UNTOLD = timedelta(minutes=1)
_LONGEST_UNTOLD = timedelta(minutes=15)
# A tenth of what may be read, and two calls at least, are left to whoever has to know.
_KEPT_PART = 10
_KEPT_LEAST = 2


class _Window(Record, frozen=True):
    limit: int
    remaining: int
    until: datetime


class Windows:
    """The windows of one account as its answers told of them."""

    def __init__(self) -> None:
        self._windows: dict[tuple[Route, str], _Window] = {}
        self._resting: dict[Route, tuple[datetime, int]] = {}

    def learn(self, route: Route, headers: Mapping[str, str], now: datetime) -> None:
        """Take note of what an answer says of its route. Headers by their names in small letters."""
        for name in _WINDOWS:
            limit, remaining, reset = (_number(headers, f"x-{name}-{part}") for part in ("limit", "remaining", "reset"))
            if remaining is not None and reset is not None:
                until = now + _left(reset, headers, now)
                self._windows[route, name] = _Window(limit if limit is not None else remaining, remaining, until)

    def refused(self, route: Route, until: datetime | None, now: datetime) -> datetime:
        """X took no more on this route; until when it rests. until: as X said, if it did."""
        times = self._resting.get(route, (now, 0))[1] + 1
        told = [window.until for (one, _), window in self._windows.items() if one == route and not window.remaining]
        rest = min(_UNTOLD * 2 ** min(times - 1, 10), _LONGEST_UNTOLD)
        until = max([*told, *([until] if until else [])], default=now + rest)
        self._resting[route] = (until, times)
        return until

    def answered(self, route: Route) -> None:
        """X took a call on this route: earlier refusals are past."""
        self._resting.pop(route, None)

    def rests_until(self, route: Route, now: datetime, *, urgent: bool) -> datetime | None:
        """Until when nobody should call; None where one may. urgent: may use what is kept."""
        ends = [until for until, _ in [self._resting[route]] if until > now] if route in self._resting else []
        for (one, _), window in self._windows.items():
            kept = 0 if urgent else min(window.limit // 3, max(_KEPT_LEAST, window.limit // _KEPT_PART))
            if one == route and window.until > now and window.remaining <= kept:
                ends.append(window.until)
        return max(ends, default=None)


def _left(reset: int, headers: Mapping[str, str], now: datetime) -> timedelta:
    """How long a window still lasts. reset: Unix seconds, by X's clock, which the answer's `Date` tells."""
    try:
        end = datetime.fromtimestamp(reset, UTC)
    except (ValueError, OverflowError, OSError):
        return timedelta(0)
    return min(max(end - (moment_in(headers.get("date", "")) or now), timedelta(0)), _LONGEST)


def _number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 12 else None
