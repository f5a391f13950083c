"""Greetings and sign-offs: filled from the facts of the day, never the same text twice in a row."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.model import Calendar, Interval
from carecli.playbook.greeting import (
    AnnouncementFacts,
    CannotVary,
    hours_today,
    listed,
    problems,
    render_announcement,
)

WEEKDAYS = Calendar("Europe/London", (((Interval(480, 1320),),) * 5) + ((), ()))
FRIDAY = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)


def facts(now: datetime = FRIDAY, language: str = "en", calendar: Calendar = WEEKDAYS) -> AnnouncementFacts:
    return AnnouncementFacts("Northwind", "Team North", ("Claire", "Rob", "Mira"), calendar, now, language)


def text(template: str, now: datetime = FRIDAY, language: str = "en", calendar: Calendar = WEEKDAYS) -> str:
    return render_announcement([template], facts(now, language, calendar), [])


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{roster} of {team}, {brand}", "Claire, Rob and Mira of Team North, Northwind"),
        ("until {closes}, since {opens}", "until 22:00, since 08:00"),
        ("{weekday}, {date}: {hours}", "Friday, 6 March: 08:00–22:00"),
        ("back {next_opening}", "back on Monday at 08:00"),
        ("{{braces}}", "{braces}"),
    ],
)
def test_a_template_is_filled_with_the_facts_of_the_day(template: str, expected: str) -> None:
    assert text(template) == expected


def test_the_next_opening_is_said_as_people_say_it() -> None:
    monday = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
    assert text("{next_opening}", monday) == "tomorrow at 08:00"
    split = Calendar("Europe/London", ((Interval(480, 720), Interval(780, 1020)),) * 7)
    assert text("{next_opening}", monday.replace(hour=12, minute=30), calendar=split) == "today at 13:00"


def test_days_and_lists_are_told_in_the_account_s_language() -> None:
    assert text("{roster}, {next_opening}", language="pl") == "Claire, Rob i Mira, w poniedziałek o 08:00"


def test_a_desk_that_never_closes_says_so() -> None:
    assert text("{hours} {closes} {next_opening}", calendar=Calendar()) == " ".join(["around the clock"] * 3)


def test_hours_over_midnight_and_holidays_are_told() -> None:
    night = Calendar("UTC", ((Interval(1320, 1800),),) * 7, frozenset({date(2026, 3, 7)}))
    assert hours_today(night, FRIDAY) == "22:00–06:00"
    assert hours_today(night, FRIDAY + timedelta(days=1)) == "closed"


def test_templates_take_turns_by_the_day() -> None:
    templates = ["one", "two", "three"]
    days = [render_announcement(templates, facts(FRIDAY + timedelta(days=n)), []) for n in range(6)]
    assert sorted(days[:3]) == ["one", "three", "two"]
    assert days[:3] == days[3:]


def test_a_recent_text_is_passed_over_and_then_dated() -> None:
    assert render_announcement(["one", "two"], facts(), ["one"]) == "two"
    assert render_announcement(["one"], facts(), ["one"]) == "one (Friday, 6 March)"


@given(st.lists(st.sampled_from(["Hi", "Hello {roster}", "Good {weekday}"]), min_size=1, unique=True))
def test_a_fortnight_of_greetings_has_no_text_twice(templates: list[str]) -> None:
    posted: list[str] = []
    for day in range(14):
        posted.insert(0, render_announcement(templates, facts(FRIDAY + timedelta(days=day)), posted))
    assert len(set(posted)) == 14


def test_where_nothing_is_left_to_vary_it_says_so() -> None:
    posted = [render_announcement(["one"], facts(), [])]
    posted += [render_announcement(["one"], facts(), posted)]
    posted += [render_announcement(["one"], facts(), posted)]
    with pytest.raises(CannotVary):
        render_announcement(["one"], facts(), posted)


@pytest.mark.parametrize("template", ["{rooster}", "{roster", "roster}", "{}", "{0}", "{roster!r}", "{roster:>9}", " "])
def test_a_template_with_a_fault_is_explained_and_never_rendered(template: str) -> None:
    assert problems(template)
    with pytest.raises(ValueError, match=r"."):
        text(template)


def test_a_template_cannot_reach_into_objects() -> None:
    assert problems("{roster.__class__}")


def test_one_name_stands_alone_and_nobody_is_nothing() -> None:
    assert (listed(["Claire"], " and "), listed([], " and ")) == ("Claire", "")
