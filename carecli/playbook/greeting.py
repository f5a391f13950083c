"""Greeting and sign-off: what a team posts when its shift opens and closes (practices 3 and 4).

Templates name the people on duty, the hours and the next opening, in the account's own time zone; the text that is
chosen repeats none of the recent ones, since networks refuse duplicates. Not for: posting it once (`desk.shifts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from carecli.model import Calendar, Interval, Record
from carecli.playbook.hours import intervals_on, next_opening
from carecli.playbook.lexicon import Words, words_for
from carecli.playbook.template import fill, problems_of

PLACEHOLDERS = ("brand", "team", "roster", "opens", "closes", "hours", "next_opening", "weekday", "date")

_MINUTES_A_DAY = 1440


class AnnouncementFacts(Record, frozen=True):
    """What templates may speak of. roster: the names of those on duty; language: the account's, as a tag."""

    brand: str
    team: str
    roster: tuple[str, ...]
    calendar: Calendar
    now: datetime
    language: str = ""


def render_announcement(templates: Sequence[str], facts: AnnouncementFacts, recent: Sequence[str]) -> str:
    """A text from one of `templates` that equals none of `recent`.

    Templates take turns by the day; where each would repeat a recent text, the date is added, and then the time. Texts
    that differ only in case and white space count as equal. Raises ValueError, with the reason as a clause, where a
    template cannot be filled in, or no text is left.
    """
    if not templates:
        raise ValueError("there is no template")
    words, day = words_for(facts.language), _local_day(facts.calendar, facts.now)
    first = day.toordinal() % len(templates)
    values = _values(facts, words, day)
    texts = [fill(template, values).strip() for template in (*templates[first:], *templates[:first])]
    taken = {_comparable(text) for text in recent} | {""}
    clock = f"{facts.now.astimezone(ZoneInfo(facts.calendar.zone)):%H:%M}"
    today = f"{values['weekday']}, {values['date']}"
    for addition in ("", f" ({today})", f" ({today}, {clock})"):
        for text in filter(None, texts):
            if _comparable(text + addition) not in taken:
                return text + addition
    raise ValueError("each template repeats a recent text, even with the date and time")


def problems(template: str) -> tuple[str, ...]:
    """What is wrong with a template, as sentences; empty when it is good."""
    if not template.strip():
        return ("The text is empty.",)
    return problems_of(template, PLACEHOLDERS)


def join_names(names: Sequence[str], language: str = "") -> str:
    """Names as one says them: "Claire, Rob and Mira"."""
    *others, last = names or ("",)
    if not others:
        return last
    conjunction = words_for(language).conjunction
    # Hebrew writes "and" together with the next word, but not with one in Latin letters.
    joint = "-" if not conjunction.endswith(" ") and last.isascii() else ""
    return f"{', '.join(others)}{conjunction}{joint}{last}"


def _values(facts: AnnouncementFacts, words: Words, day: date) -> dict[str, str]:
    today = intervals_on(facts.calendar, day)
    team = facts.team or facts.brand
    return {
        "brand": facts.brand,
        "team": team,
        "roster": join_names(facts.roster, facts.language) or team,
        "opens": _clock(today[0].start) if today else words.closed,
        "closes": _clock(max(interval.end for interval in today)) if today else words.closed,
        "hours": _hours(facts.calendar, day, words),
        "next_opening": _next_opening(facts.calendar, facts.now, words),
        "weekday": words.weekdays[day.weekday()],
        "date": _date(day, words),
    }


def _local_day(calendar: Calendar, at: datetime) -> date:
    """The local day of business at `at`: yesterday while yesterday's night shift still runs."""
    local = at.astimezone(ZoneInfo(calendar.zone))
    today, minute = local.date(), local.hour * 60 + local.minute
    yesterday = today - timedelta(days=1)
    runs_on = any(each.start < _MINUTES_A_DAY + minute < each.end for each in intervals_on(calendar, yesterday))
    return yesterday if calendar.week and runs_on else today


def _hours(calendar: Calendar, day: date, words: Words) -> str:
    if not calendar.week:
        return words.around_the_clock
    return ", ".join(_interval(each) for each in intervals_on(calendar, day)) or words.closed


def _next_opening(calendar: Calendar, now: datetime, words: Words) -> str:
    """When the desk opens again, as one says it: "today at 13:00", "tomorrow at 08:00", "Monday at 08:00"."""
    opening = next_opening(calendar, now)
    if opening is None:
        return words.closed if calendar.week else words.around_the_clock
    zone = ZoneInfo(calendar.zone)
    local, today = opening.astimezone(zone), now.astimezone(zone).date()
    away = (local.date() - today).days
    day = words.on_weekdays[local.weekday()] if away > 1 else (words.today, words.tomorrow)[away]
    if away > 6:
        day = f"{day}, {_date(local.date(), words)},"
    return words.at.format(day=day, time=f"{local:%H:%M}")


def _interval(interval: Interval) -> str:
    return f"{_clock(interval.start)}–{_clock(interval.end)}"


def _clock(minute: int) -> str:
    """Minutes after midnight as a time of day; the end of a day is 24:00, and 26:00 is 02:00."""
    of_day = minute if minute <= _MINUTES_A_DAY else minute % _MINUTES_A_DAY
    return f"{of_day // 60:02}:{of_day % 60:02}"


def _date(day: date, words: Words) -> str:
    return words.date.format(day=day.day, month=words.months[day.month - 1])


def _comparable(text: str) -> str:
    return " ".join(text.split()).casefold()
