"""Times as people type them: durations, and moments in an account's own zone.

The only parser of times that people give, by flags and on the screen, and what the command line writes of them.
Not for: business time (`playbook.hours`), or the screen's countdowns (`tui.widgets.countdown_text`).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from carecli.config import WEEKDAYS
from carecli.errors import Misuse

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_PART = re.compile(r"(\d{1,6})\s*([smhdw])[a-z]*\s*", re.ASCII)
_TIME = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_DAYS = {"today": 0, "tomorrow": 1}

DURATION_REMEDY = "Write a duration such as 10m, 2h, 1d or 1h30m."
MOMENT_REMEDY = "Write 30m, 2h, 14:30, tomorrow 9:00, monday 9:00 or 2026-01-05T09:00."


# Longer than any desk looks ahead, and far from what no calendar holds.
_LONGEST = timedelta(days=36_525)


def duration(text: str) -> timedelta:
    """`10m`, `2h`, `1d`, `1h30m`, `90s`, `1w`, `0m`; a century at most. Raises `Misuse`."""
    found = _duration(text)
    if found is None:
        raise Misuse(f"{text!r} is not a duration.", DURATION_REMEDY)
    return found


def moment(text: str, now: datetime, zone: str) -> datetime:
    """The moment that `text` names, in UTC, read at `now` in the time zone `zone` (an IANA name).

    A duration counts from now; `14:30` is the next such time; a weekday the next such day. A time that a change
    of the clocks skips is taken as an hour later; of a time that comes twice, the first. Raises `Misuse`, for the
    past too.
    """
    text = " ".join(text.casefold().split())
    found = _duration(text)
    if found:
        return now + found
    from zoneinfo import ZoneInfo

    local = now.astimezone(ZoneInfo(zone))
    at = _named(text, local) or _written(text, local)
    if at is None:
        raise Misuse(f"{text!r} is not a time.", MOMENT_REMEDY)
    if at <= now:
        raise Misuse(f"{text!r} is in the past.", MOMENT_REMEDY)
    return at


def _duration(text: str) -> timedelta | None:
    """None where `text` is no duration."""
    text = text.strip().casefold()
    parts = _PART.findall(text)
    if not parts or _PART.sub("", text):
        return None
    seconds = sum(int(number) * _UNITS[unit] for number, unit in parts)
    return min(timedelta(seconds=min(seconds, 10**10)), _LONGEST)


def _named(text: str, local: datetime) -> datetime | None:
    """`14:30`, `tomorrow 9:00`, `monday 9:00`, `mon 9:00`; None where it is none of these."""
    day, _, clock = text.rpartition(" ")
    match = _TIME.fullmatch(clock)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    at = time(int(match[1]), int(match[2]))
    if not day:
        today = _utc(local, 0, at)
        return today if today > local else _utc(local, 1, at)
    if day in _DAYS:
        return _utc(local, _DAYS[day], at)
    for number, weekday in enumerate(WEEKDAYS):
        if day == weekday or (len(day) >= 3 and weekday.startswith(day)):
            return _utc(local, (number - local.weekday() - 1) % 7 + 1, at)
    return None


def _utc(local: datetime, days: int, at: time) -> datetime:
    return datetime.combine(local.date() + timedelta(days=days), at, local.tzinfo).astimezone(UTC)


def _written(text: str, local: datetime) -> datetime | None:
    """A time in ISO 8601, in the local zone where it names none; None where it is not one, or has no time of day."""
    if ":" not in text:
        return None
    try:
        at = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=local.tzinfo)).astimezone(UTC)


def shown(at: datetime, now: datetime, zone: str) -> str:
    """A moment for people, in `zone`: `09:14` today, else `Mon 5 Jan 09:14`, with the year where it differs."""
    from zoneinfo import ZoneInfo

    there, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    if there.date() == today.date():
        return f"{there:%H:%M}"
    day = f"{there:%a} {there.day} {there:%b}"
    return f"{day} {there:%H:%M}" if there.year == today.year else f"{day} {there.year} {there:%H:%M}"


def left(seconds: int) -> str:
    """What a clock has left: `03:40`, `−04:12` when late, `2 h 05` and `3 d 04 h` where it is long."""
    sign, seconds = ("−", -seconds) if seconds < 0 else ("", seconds)
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours == 0:
        return f"{sign}{minutes:02}:{rest:02}"
    return f"{sign}{hours} h {minutes:02}" if hours < 24 else f"{sign}{hours // 24} d {hours % 24:02} h"
