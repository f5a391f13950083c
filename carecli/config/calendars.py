"""Opening hours as the configuration writes them, as the calendar that the rules reckon with.

Not for: reckoning (`playbook.hours`).
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from carecli.config.sections import WEEKDAYS, CalendarSection
from carecli.errors import ConfigError
from carecli.model import Calendar, Interval

# Deadlines and openings are looked for about a year to either side.
_HOLIDAY_REACH = timedelta(days=400)
_TIME_OF_DAY = re.compile(r"([0-9]{1,2}):([0-5][0-9])")
_COUNTRY = re.compile(r"[A-Z]{2,3}")


def calendar_of(section: CalendarSection, around: date, key: str = "calendar") -> Calendar:
    """The calendar of a section. `holidays_of` (a country such as `GB`, or `GB-SCT`) adds its public holidays.

    `key` is where the section stands in the file. Raises `ConfigError` for an unknown zone or country.
    """
    check_zone(section.timezone, f"{key}.timezone")
    week = tuple(
        tuple(interval_of(text, f"{key}.{weekday}") for text in getattr(section, weekday)) for weekday in WEEKDAYS
    )
    holidays = frozenset(section.holidays)
    if section.holidays_of:
        first, last = (around - _HOLIDAY_REACH).year, (around + _HOLIDAY_REACH).year
        holidays |= public_holidays(section.holidays_of, first, last, f"{key}.holidays_of")
    return Calendar(zone=section.timezone, week=week if any(week) else (), holidays=holidays)


def interval_of(text: str, key: str) -> Interval:
    """`"22:00-06:00"` as minutes after local midnight, running into the next day where it ends before it starts.

    Raises `ConfigError` naming `key`.
    """
    start, _, end = text.partition("-")
    opening, closing = _minutes(start), _minutes(end)
    if opening is None or closing is None or opening == 1440 or opening == closing:
        raise ConfigError(
            f"`{key}`: {text!r} is not an interval of opening hours.",
            'Write it as "09:00-17:30"; the whole day is "00:00-24:00".',
            key=key,
        )
    return Interval(opening, closing if closing > opening else closing + 1440)


def _minutes(text: str) -> int | None:
    """Minutes after midnight of `"09:30"`, up to `"24:00"`; None where it is no time of day."""
    found = _TIME_OF_DAY.fullmatch(text.strip())
    total = int(found[1]) * 60 + int(found[2]) if found else None
    return total if total is not None and total <= 1440 else None


def check_zone(zone: str, key: str) -> None:
    """Raise `ConfigError` naming `key` unless `zone` is a time zone that this machine knows."""
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(
            f"`{key}`: {zone!r} is not a time zone known here.",
            "Use an IANA name such as Europe/London; if that is one, `pip install tzdata`.",
            key=key,
        ) from None


def public_holidays(country: str, first: int, last: int, key: str = "holidays_of") -> frozenset[date]:
    """The public holidays of a country (`GB`) or part of one (`GB-SCT`) in the years first..last.

    Raises `ConfigError` naming `key` where none are known.
    """
    import holidays

    code, _, part = country.partition("-")
    unknown = ConfigError(
        f"`{key}`: no public holidays are known for {country!r}.", "Use a country code such as GB or GB-SCT.", key=key
    )
    # The library takes the name of anything in it for a country.
    if not _COUNTRY.fullmatch(code):
        raise unknown
    try:
        return frozenset(holidays.country_holidays(code, subdiv=part or None, years=range(first, last + 1)))
    except NotImplementedError:
        raise unknown from None
