"""Durations and moments as people type them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.errors import Misuse
from carecli.when import duration, left, moment, shown

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LONDON = "Europe/London"
WARSAW = "Europe/Warsaw"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("10m", 600), ("2h", 7200), ("1d", 86400), ("1w", 604800), ("90s", 90), ("1h30m", 5400), ("1 h 30 min", 5400),
     ("2 hours", 7200), (" 10M ", 600), ("0m", 0)],
)  # fmt: skip
def test_a_duration_is_numbers_with_units(text: str, seconds: int) -> None:
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "10", "m", "-5m", "ten minutes", "10x", "1h and 2m", "1.5h", "٣h"])
def test_what_is_no_duration_is_refused_with_examples(text: str) -> None:
    with pytest.raises(Misuse, match="1h30m"):
        duration(text)


@given(st.integers(1, 99), st.integers(1, 23), st.integers(1, 59))
def test_parts_of_a_duration_add_up(days: int, hours: int, minutes: int) -> None:
    assert duration(f"{days}d{hours}h{minutes}m") == timedelta(days=days, hours=hours, minutes=minutes)


@pytest.mark.parametrize("text", ["999999w", "999999w999999w999999w", "999999d" * 1000])
def test_a_duration_that_no_calendar_holds_is_a_century(text: str) -> None:
    assert duration(text) == timedelta(days=36_525)
    assert moment(text, MONDAY, LONDON) == MONDAY + timedelta(days=36_525)


def test_a_duration_counts_from_now() -> None:
    assert moment("30m", MONDAY, LONDON) == MONDAY + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14:30", datetime(2026, 3, 2, 13, 30, tzinfo=UTC)),
        ("9:00", datetime(2026, 3, 3, 8, 0, tzinfo=UTC)),
        ("today 23:59", datetime(2026, 3, 2, 22, 59, tzinfo=UTC)),
        ("tomorrow 9:00", datetime(2026, 3, 3, 8, 0, tzinfo=UTC)),
        ("Tomorrow  09:00", datetime(2026, 3, 3, 8, 0, tzinfo=UTC)),
        ("friday 9:00", datetime(2026, 3, 6, 8, 0, tzinfo=UTC)),
        ("fri 9:00", datetime(2026, 3, 6, 8, 0, tzinfo=UTC)),
        ("monday 9:00", datetime(2026, 3, 9, 8, 0, tzinfo=UTC)),
        ("2026-03-05T09:00", datetime(2026, 3, 5, 8, 0, tzinfo=UTC)),
        ("2026-03-05 09:00", datetime(2026, 3, 5, 8, 0, tzinfo=UTC)),
        ("2026-03-05T09:00Z", datetime(2026, 3, 5, 9, 0, tzinfo=UTC)),
        ("2026-03-05T09:00+05:30", datetime(2026, 3, 5, 3, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_the_accounts_zone(text: str, expected: datetime) -> None:
    assert moment(text, MONDAY, WARSAW) == expected


@pytest.mark.parametrize(
    "text", ["", "soon", "tomorrow", "25:00", "9:60", "9.30", "2026-03-05", "mo 9:00", "someday 9:00"]
)
def test_what_is_no_moment_is_refused_with_examples(text: str) -> None:
    with pytest.raises(Misuse, match="tomorrow 9:00"):
        moment(text, MONDAY, LONDON)


@pytest.mark.parametrize("text", ["today 9:00", "2026-03-02T09:29", "1999-01-01T00:00Z"])
def test_a_moment_that_has_passed_is_refused(text: str) -> None:
    with pytest.raises(Misuse, match="in the past"):
        moment(text, MONDAY, LONDON)


def test_a_time_that_the_spring_change_skips_is_an_hour_later() -> None:
    saturday = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    assert moment("tomorrow 1:30", saturday, LONDON) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_of_a_time_that_comes_twice_in_autumn_the_first_is_meant() -> None:
    saturday = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    assert moment("tomorrow 1:30", saturday, LONDON) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 3 * 365 * 24 * 60))
def test_a_time_of_day_is_always_within_the_next_day(hour: int, minute: int, later: int) -> None:
    now = MONDAY + timedelta(minutes=later)
    assert timedelta() < moment(f"{hour}:{minute:02}", now, LONDON) - now <= timedelta(hours=25)


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2026, 3, 2, 8, 5, tzinfo=UTC), "09:05"),
        (datetime(2026, 3, 3, 8, 5, tzinfo=UTC), "Tue 3 Mar 09:05"),
        (datetime(2025, 7, 1, 8, 5, tzinfo=UTC), "Tue 1 Jul 2025 10:05"),
    ],
)
def test_a_moment_is_shown_as_short_as_it_is_clear(at: datetime, text: str) -> None:
    assert shown(at, MONDAY, WARSAW) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(220, "03:40"), (0, "00:00"), (-1, "−00:01"), (-252, "−04:12"), (3120, "52:00"), (7500, "2 h 05"),
     (-7500, "−2 h 05"), (277200, "3 d 05 h")],
)  # fmt: skip
def test_what_is_left_shows_lateness_by_a_sign(seconds: int, text: str) -> None:
    assert left(seconds) == text
