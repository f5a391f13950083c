"""Greeting and sign-off texts: templates filled with the roster, the hours and the next opening (practices 3, 4).

Networks refuse a text that they had before, so a text that would repeat a recent one is varied.
Not for: posting it, or once a shift (`desk.shifts`).
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from carecli.model import Calendar, Record
from carecli.playbook import hours
from carecli.playbook.lexicon import Words, words_for

PLACEHOLDERS = ("brand", "team", "roster", "opens", "closes", "hours", "next_opening", "weekday", "date")
_MINUTES_A_DAY = 1440


class CannotVary(ValueError):
    """Every template, varied or not, gives a text that was posted lately."""


class AnnouncementFacts(Record, frozen=True):
    """What a template may name. roster: first names; language: whose words for days, hours and lists are used."""

    brand: str
    team: str
    roster: tuple[str, ...]
    calendar: Calendar
    now: datetime
    language: str = "en"


def render_announcement(templates: Sequence[str], facts: AnnouncementFacts, recent: Sequence[str]) -> str:
    """The text of the day: templates take turns by the day, and one that would repeat a recent text is passed over.

    Where all of them would, the weekday and the date are added. Raises `ValueError` for a template with a fault,
    `CannotVary` where that too was posted lately.
    """
    for template in templates:
        for problem in problems(template):
            raise ValueError(problem)
    values = _values(facts)
    local = facts.now.astimezone(ZoneInfo(facts.calendar.zone))
    first = local.toordinal() % max(1, len(templates))
    texts = [template.format_map(values) for template in (*templates[first:], *templates[:first])]
    dated = [f"{text} ({values['weekday']}, {values['date']})" for text in texts]
    timed = [f"{text} ({values['weekday']}, {values['date']}, {local:%H:%M})" for text in texts]
    for text in (*texts, *dated, *timed):
        if text not in recent:
            return text
    raise CannotVary("every variant of it was posted lately; add another template")


def problems(template: str) -> tuple[str, ...]:
    """What is wrong with a template, in sentences; nothing where it is right."""
    try:
        parsed = list(string.Formatter().parse(template))
    except ValueError as error:
        return (f"its braces do not match ({error}); write {{{{ for a brace",)
    fields = [(field, bool(form or conversion)) for _, field, form, conversion in parsed if field is not None]
    found = [
        f"{{{field}}} is not a placeholder; there are {', '.join(PLACEHOLDERS)}"
        for field, _ in fields
        if field not in PLACEHOLDERS
    ]
    found += [f"{{{field}}} has a format; write {{{field}}} alone" for field, formed in fields if formed]
    if not template.strip():
        found.append("it is empty")
    return tuple(found)


def hours_today(calendar: Calendar, at: datetime, language: str = "en") -> str:
    """The opening hours of the local day, such as "08:00–12:00, 13:00–22:00"."""
    words = words_for(language)
    if not calendar.week:
        return words.around_the_clock
    day = at.astimezone(ZoneInfo(calendar.zone)).date()
    intervals = hours.intervals_on(calendar, day)
    return ", ".join(f"{_clock(i.start)}–{_clock(i.end)}" for i in intervals) or words.closed


def listed(names: Sequence[str], conjunction: str) -> str:
    """Names as one says them: "Claire, Rob and Mira". `conjunction` brings its own spaces."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])}{conjunction}{names[-1]}"


def _values(facts: AnnouncementFacts) -> dict[str, str]:
    words = words_for(facts.language)
    local = facts.now.astimezone(ZoneInfo(facts.calendar.zone))
    closing = hours.next_closing(facts.calendar, facts.now) if hours.is_open(facts.calendar, facts.now) else None
    opening = hours.next_opening(facts.calendar, facts.now)
    intervals = hours.intervals_on(facts.calendar, local.date()) if facts.calendar.week else ()
    return {
        "brand": facts.brand,
        "team": facts.team or facts.brand,
        "roster": listed(facts.roster, words.conjunction),
        "opens": _clock(intervals[0].start) if intervals else words.around_the_clock,
        "closes": _local_time(closing, local) if closing else words.around_the_clock,
        "hours": hours_today(facts.calendar, facts.now, facts.language),
        "next_opening": _next_opening(opening, local, words) if opening else words.around_the_clock,
        "weekday": words.weekdays[local.weekday()],
        "date": words.date.format(day=local.day, month=words.months[local.month - 1]),
    }


def _next_opening(opening: datetime, local: datetime, words: Words) -> str:
    """When the desk opens next, as one says it: "today at 14:00", "tomorrow at 08:00", "on Monday at 08:00"."""
    there = opening.astimezone(local.tzinfo)
    days = (there.date() - local.date()).days
    day = {0: words.today, 1: words.tomorrow}.get(days, words.on_weekdays[there.weekday()])
    if days > 6:
        day = words.date.format(day=there.day, month=words.months[there.month - 1])
    return words.at.format(day=day, time=f"{there:%H:%M}")


def _local_time(at: datetime, local: datetime) -> str:
    return f"{at.astimezone(local.tzinfo):%H:%M}"


def _clock(minute: int) -> str:
    time = timedelta(minutes=minute % _MINUTES_A_DAY)
    return f"{int(time.total_seconds()) // 3600:02d}:{minute % 60:02d}"
