"""Greeting and sign-off: what they say, and that they never repeat a recent one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carecli.model import Calendar, Interval
from carecli.playbook.greeting import (
    PLACEHOLDERS,
    AnnouncementFacts,
    join_names,
    problems,
    render_announcement,
)
from carecli.playbook.lexicon import languages

DAY = Interval(8 * 60, 22 * 60)
LONDON = Calendar("Europe/London", ((DAY,),) * 5 + ((), ()))
TUESDAY = datetime(2025, 6, 3, 7, 0, tzinfo=UTC)


def facts(
    now: datetime = TUESDAY,
    calendar: Calendar = LONDON,
    roster: tuple[str, ...] = ("Claire", "Rob", "Mira"),
    language: str = "en",
) -> AnnouncementFacts:
    return AnnouncementFacts("Northwind", "Team North", roster, calendar, now, language)


def text(template: str, *, about: AnnouncementFacts | None = None) -> str:
    return render_announcement((template,), about or facts(), ())


# ── what the placeholders say ─────────────────────────────────────────────────────────────────────


def test_a_greeting_names_people_hours_and_day() -> None:
    said = text("Good morning! {roster} of {team}, {brand}, {opens} to {closes} ({hours}), {weekday} {date}.")
    assert said == (
        "Good morning! Claire, Rob and Mira of Team North, Northwind, 08:00 to 22:00 (08:00–22:00), Tuesday 3 June."
    )


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (TUESDAY - timedelta(hours=3), "today at 08:00"),
        (TUESDAY + timedelta(hours=10), "tomorrow at 08:00"),
        (TUESDAY + timedelta(days=3, hours=10), "Monday at 08:00"),
    ],
)
def test_the_next_opening_is_told_as_one_says_it(now: datetime, said: str) -> None:
    assert text("{next_opening}", about=facts(now)) == said


def test_an_opening_more_than_a_week_away_has_its_date() -> None:
    closed = Calendar("Europe/London", LONDON.week, frozenset(date(2025, 6, 4) + timedelta(days=n) for n in range(9)))
    assert text("{next_opening}", about=facts(calendar=closed)) == "Friday, 13 June, at 08:00"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("pl", "Claire i Rob: jutro o 08:00, wtorek, 3 czerwca"),
        ("cs", "Claire a Rob: zítra od 08:00, úterý, 3. června"),
        ("tr", "Claire ve Rob: yarın saat 08:00, Salı, 3 Haziran"),
        ("ru", "Claire и Rob: завтра в 08:00, вторник, 3 июня"),
        ("he", "Claire ו-Rob: מחר ב-08:00, יום שלישי, 3 ביוני"),
        ("ja", "Claire and Rob: tomorrow at 08:00, Tuesday, 3 June"),
    ],
)
def test_days_and_names_are_told_in_the_accounts_language(language: str, said: str) -> None:
    about = facts(TUESDAY + timedelta(hours=1), roster=("Claire", "Rob"), language=language)
    assert text("{roster}: {next_opening}, {weekday}, {date}", about=about) == said


def test_times_are_the_accounts_own_over_a_change_of_the_clocks() -> None:
    before = datetime(2025, 3, 28, 22, 30, tzinfo=UTC)
    assert text("{next_opening}", about=facts(before)) == "Monday at 08:00"
    assert text("{hours}", about=facts(before)) == "08:00–22:00"


@pytest.mark.parametrize(
    ("names", "said"),
    [((), ""), (("Claire",), "Claire"), (("Claire", "Rob"), "Claire and Rob"), (("A", "B", "C"), "A, B and C")],
)
def test_names_are_joined_as_a_list(names: tuple[str, ...], said: str) -> None:
    assert join_names(names, "en") == said


def test_hebrew_writes_and_together_with_the_name() -> None:
    assert join_names(("קלייר", "מירה"), "he") == "קלייר ומירה"


def test_without_a_roster_the_team_speaks_and_without_a_team_the_brand() -> None:
    assert text("{roster}", about=facts(roster=())) == "Team North"
    nobody = AnnouncementFacts("Northwind", "", (), LONDON, TUESDAY)
    assert text("{roster} {team}", about=nobody) == "Northwind Northwind"


# ── hours ─────────────────────────────────────────────────────────────────────────────────────────


def test_hours_with_a_break_name_both_parts_and_the_ends_of_the_day() -> None:
    calendar = Calendar("Europe/London", ((Interval(480, 750), Interval(780, 1320)),) * 7)
    assert text("{hours}", about=facts(calendar=calendar)) == "08:00–12:30, 13:00–22:00"
    assert text("{opens} {closes}", about=facts(calendar=calendar)) == "08:00 22:00"


def test_a_closed_day_says_so() -> None:
    sunday = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
    assert text("{hours}", about=facts(sunday)) == "closed"
    assert text("{hours}", about=facts(sunday, language="pl")) == "zamknięte"
    assert text("{opens} {closes}", about=facts(sunday)) == "closed closed"


def test_around_the_clock_is_told_in_words() -> None:
    assert text("{hours}", about=facts(calendar=Calendar())) == "around the clock"
    assert text("{opens} {closes} {next_opening}", about=facts(calendar=Calendar())) == "00:00 24:00 around the clock"


def test_a_night_shift_keeps_its_day_and_hours_after_midnight() -> None:
    calendar = Calendar("Europe/London", ((Interval(1320, 1800),),) * 7)
    after_midnight = datetime(2025, 6, 4, 1, 0, tzinfo=UTC)
    assert text("{hours}", about=facts(after_midnight, calendar)) == "22:00–06:00"
    assert text("{weekday} {closes}", about=facts(after_midnight, calendar)) == "Tuesday 06:00"


def test_a_calendar_that_never_opens_is_closed() -> None:
    never = Calendar("UTC", ((),) * 7)
    assert text("{hours} {next_opening}", about=facts(calendar=never)) == "closed closed"


# ── never the same twice ──────────────────────────────────────────────────────────────────────────

TEMPLATES = ("Good morning from {roster}.", "Hello, {roster} here.", "{team} is at the desk.")


def test_another_template_is_used_each_day() -> None:
    said = {render_announcement(TEMPLATES, facts(TUESDAY + timedelta(days=n)), ()) for n in range(3)}
    assert len(said) == 3


def test_a_text_that_was_posted_lately_gives_way_to_the_next() -> None:
    first = render_announcement(TEMPLATES, facts(), ())
    second = render_announcement(TEMPLATES, facts(), (f"  {first.upper()} ",))
    assert second != first
    assert second in {text(template) for template in TEMPLATES}


def test_when_all_were_posted_lately_the_date_makes_a_difference() -> None:
    recent = [text(template) for template in TEMPLATES]
    dated = [render_announcement([template], facts(), recent) for template in TEMPLATES]
    assert all(said.endswith(". (Tuesday, 3 June)") for said in dated)
    assert render_announcement(TEMPLATES, facts(), recent + dated).endswith(". (Tuesday, 3 June, 08:00)")


def test_when_even_that_was_posted_it_says_so() -> None:
    recent: list[str] = []
    for _ in range(3 * len(TEMPLATES)):
        recent.append(render_announcement(TEMPLATES, facts(), recent))
    with pytest.raises(ValueError, match="each template repeats"):
        render_announcement(TEMPLATES, facts(), recent)


def test_without_templates_it_says_so() -> None:
    with pytest.raises(ValueError, match="no template"):
        render_announcement((), facts(), ())


@given(st.lists(st.sampled_from(TEMPLATES), min_size=1, max_size=3), st.integers(0, 400), st.sampled_from(languages()))
@settings(max_examples=60, deadline=None)
def test_a_fortnight_of_greetings_has_no_text_twice(templates: list[str], day: int, language: str) -> None:
    posted: list[str] = []
    for n in range(14):
        about = facts(TUESDAY + timedelta(days=day + n), language=language)
        posted.append(render_announcement(templates, about, posted))
    assert len(set(posted)) == 14


# ── templates ─────────────────────────────────────────────────────────────────────────────────────


def test_a_good_template_has_no_problems() -> None:
    assert problems(" ".join(f"{{{name}}}" for name in PLACEHOLDERS) + " {{braces}}") == ()


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("Hello {rooster}", "no placeholder {rooster}"),
        ("Hello {roster", "cannot be filled in"),
        ("Hello roster}", "cannot be filled in"),
        ("Hello {roster!r}", "alone between its braces"),
        ("Hello {roster:>99}", "alone between its braces"),
        ("Hello {roster.__class__}", "alone between its braces"),
        ("Hello {}", "alone between its braces"),
    ],
)
def test_a_bad_template_says_what_to_do(template: str, says: str) -> None:
    (problem,) = problems(template)
    assert says in problem
    assert problem.endswith(".")


@given(st.text("{}ab. !:[]0roster", max_size=30))
def test_a_template_without_problems_can_be_filled_in(template: str) -> None:
    if not problems(template):
        assert isinstance(text(template), str)
    else:
        with pytest.raises(ValueError, match=r"."):
            text(template)
