"""Business time: when a desk is open, and how to count in its open hours (practices 2, 9-13).

Pure functions of a `Calendar` and aware datetimes; whatever they return is UTC. Not for: what is promised (`waits`),
holidays by country (`config` fills them in), or the wall clock (`carecli.clock`).

How local times become moments. Intervals are read from a wall clock in the calendar's zone that is never set back:

- a time that does not exist (clocks go forward over it) is the moment of the jump;
- a time that exists twice (clocks go back) is its first occurrence, so that nobody who opened at 01:30 closes
  for half an hour at the second 01:00;
- every duration is counted in UTC: the open night of a change is really an hour shorter or longer.

An interval belongs to the day on which it starts: a night shift into a holiday is worked, one that would start on it
is not. "Never" means "not within two years": every search is bounded.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from carecli.model import Calendar, Interval, Record

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
# Windows are built and kept for 32 UTC days at a time: few to build for one look, few to walk for a month.
_SPAN = 32 * _DAY
_HORIZON = 23
_MINUTES_A_DAY = 1440
# Days of `date` that stay valid in every zone and with every overnight interval.
_FIRST_DAY, _LAST_DAY = date.min.toordinal() + 3, date.max.toordinal() - 3


class NeverOpens(ValueError):
    """The calendar has no open time to count in."""


class Window(Record, frozen=True):
    """One stretch of open time: open from `opens` until just before `closes`, both UTC."""

    opens: datetime
    closes: datetime


class _Span(NamedTuple):
    """The windows within 32 UTC days, clipped to them, in microseconds since 1970.

    before[i]: the open time between the span's beginning and opens[i]; total: all of the span's open time.
    """

    opens: tuple[int, ...]
    closes: tuple[int, ...]
    before: tuple[int, ...]
    total: int


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the desk is open at `at`."""
    if not calendar.week:
        return True
    moment = _moment(at)
    span = _span(calendar, moment // _SPAN)
    i = bisect_right(span.opens, moment) - 1
    return i >= 0 and moment < span.closes[i]


def windows(calendar: Calendar, start: datetime, end: datetime) -> tuple[Window, ...]:
    """The open time between `start` and `end`, as windows in order that neither overlap nor touch."""
    if end <= start:
        return ()
    if not calendar.week:
        return (Window(start.astimezone(UTC), end.astimezone(UTC)),)
    first, last = _moment(start), _moment(end)
    return tuple(
        Window(_datetime(max(opens, first)), _datetime(min(closes, last)))
        for opens, closes in _joined(calendar, range(first // _SPAN, last // _SPAN + 1))
        if opens < last and closes > first
    )


def add_business(calendar: Calendar, start: datetime, seconds: float) -> datetime:
    """The earliest moment by which `seconds` of open time have passed since `start`.

    So an hour from 16:00 ends at 17:00 when the desk closes at 17:00, not at the next opening.
    Raises `NeverOpens` where no open time comes, within two years or before the year 9999 ends; ValueError for
    negative seconds; OverflowError where a desk that is open around the clock passes the year 9999.
    """
    if seconds < 0:
        raise ValueError("Business time can only be added, not taken away.")
    if not calendar.week or seconds == 0:
        return start.astimezone(UTC) + _duration(seconds)
    moment = _moment(start)
    index = moment // _SPAN
    span = _span(calendar, index)
    left = round(seconds * _SECOND) + _open_until(span, moment)
    without = 0
    while left > span.total:
        left -= span.total
        without = 0 if span.total else without + 1
        if without > _HORIZON:
            raise NeverOpens(f"The calendar in {calendar.zone} has no open hours in the two years after {start}.")
        index += 1
        span = _span(calendar, index)
    i = bisect_left(span.before, left) - 1
    return _datetime(span.opens[i] + left - span.before[i])


def business_between(calendar: Calendar, a: datetime, b: datetime) -> float:
    """The open seconds from `a` to `b`; negative when `b` is the earlier one."""
    if not calendar.week:
        return (b - a).total_seconds()
    if b < a:
        return -business_between(calendar, b, a)
    first, last = _moment(a), _moment(b)
    passed = _open_until(_span(calendar, last // _SPAN), last) - _open_until(_span(calendar, first // _SPAN), first)
    return (passed + sum(_span(calendar, i).total for i in range(first // _SPAN, last // _SPAN))) / _SECOND


def next_opening(calendar: Calendar, at: datetime) -> datetime | None:
    """The first moment after `at` at which the desk goes from closed to open; None if there is none."""
    moment = _moment(at)
    return next((_datetime(opens) for opens, _ in _ahead(calendar, moment) if opens > moment), None)


def next_closing(calendar: Calendar, at: datetime) -> datetime | None:
    """The first moment after `at` at which the desk goes from open to closed; None if there is none."""
    return next((_datetime(closes) for _, closes in _ahead(calendar, _moment(at))), None)


def moment_of(calendar: Calendar, day: date, minute: int) -> datetime:
    """When the clock in the calendar's zone first shows a minute after midnight of a local day; 1440: the next."""
    return _datetime(_instant(ZoneInfo(calendar.zone), day, minute))


def intervals_on(calendar: Calendar, day: date) -> tuple[Interval, ...]:
    """The intervals that start on a local day, in order, overlapping and adjoining ones as one; none on a holiday.

    A calendar that is open around the clock has one from midnight to midnight.
    """
    if not calendar.week:
        return (Interval(0, _MINUTES_A_DAY),)
    if day in calendar.holidays:
        return ()
    merged: list[Interval] = []
    for interval in sorted(calendar.week[day.weekday()], key=lambda each: each.start):
        if merged and interval.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, interval.end))
        elif interval.start < interval.end:
            merged.append(interval)
    return tuple(merged)


def _ahead(calendar: Calendar, moment: int) -> Iterator[tuple[int, int]]:
    """The windows that close after `moment`, in order, as far as the horizon lets one see their end."""
    if not calendar.week:
        return
    first = moment // _SPAN
    seen_until = (first + _HORIZON) * _SPAN
    for opens, closes in _joined(calendar, range(first, first + _HORIZON)):
        if moment < closes < seen_until:
            yield opens, closes


def _joined(calendar: Calendar, spans: range) -> Iterator[tuple[int, int]]:
    """The windows of consecutive spans, with those that were clipped at a border put together again."""
    pending: tuple[int, int] | None = None
    for index in spans:
        span = _span(calendar, index)
        for opens, closes in zip(span.opens, span.closes, strict=True):
            if pending and pending[1] == opens:
                pending = (pending[0], closes)
            else:
                if pending:
                    yield pending
                pending = (opens, closes)
    if pending:
        yield pending


def _open_until(span: _Span, moment: int) -> int:
    """The open microseconds between the span's beginning and `moment`, which lies within it."""
    i = bisect_right(span.opens, moment) - 1
    return span.before[i] + min(moment, span.closes[i]) - span.opens[i] if i >= 0 else 0


@lru_cache(maxsize=512)
def _span(calendar: Calendar, index: int) -> _Span:
    """Build one span: each local day's intervals as moments, sorted, merged, clipped."""
    zone = ZoneInfo(calendar.zone)
    begin, end = index * _SPAN, (index + 1) * _SPAN
    longest = max((interval.end for day in calendar.week for interval in day), default=0)
    # A local day starts up to a day away from the UTC one, and its intervals may end days later.
    first = _EPOCH.toordinal() + begin // _DAY - 2 - longest // _MINUTES_A_DAY
    last = _EPOCH.toordinal() + end // _DAY + 1
    edges = sorted(
        (_instant(zone, day, interval.start), _instant(zone, day, interval.end))
        for day in map(date.fromordinal, range(max(first, _FIRST_DAY), min(last, _LAST_DAY) + 1))
        for interval in intervals_on(calendar, day)
    )
    merged: list[tuple[int, int]] = []
    for opens, closes in ((max(opens, begin), min(closes, end)) for opens, closes in edges):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        elif opens < closes:
            merged.append((opens, closes))
    before, total = [], 0
    for opens, closes in merged:
        before.append(total)
        total += closes - opens
    return _Span(tuple(o for o, _ in merged), tuple(c for _, c in merged), tuple(before), total)


def _instant(zone: ZoneInfo, day: date, minute: int) -> int:
    """The moment, in microseconds since 1970, at which the never-set-back wall clock first shows `minute` of `day`."""
    local = datetime.combine(day, time(), zone) + timedelta(minutes=minute)
    first, second = int(local.timestamp()), int(local.replace(fold=1).timestamp())
    if first <= second:
        return first * _SECOND
    # The time does not exist: the jump lies after `second` and not after `first`; find it to the second.
    offset = datetime.fromtimestamp(second, zone).utcoffset()
    while first - second > 1:
        middle = (first + second) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            second = middle
        else:
            first = middle
    return first * _SECOND


@lru_cache(maxsize=64)
def _duration(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def _moment(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _datetime(moment: int) -> datetime:
    return _EPOCH + timedelta(microseconds=moment)
