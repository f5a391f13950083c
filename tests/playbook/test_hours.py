"""Business time, compared with a counter that looks at the wall clock minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carecli.model import Calendar, Interval
from carecli.playbook.hours import (
    NeverOpens,
    Window,
    add_business,
    business_between,
    intervals_on,
    is_open,
    next_closing,
    next_opening,
    windows,
)

ZONES = (
    "UTC",
    "Europe/London",
    "America/New_York",
    "Europe/Istanbul",
    "Asia/Jerusalem",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "America/Havana",
)
MINUTE = timedelta(minutes=1)
OFFICE = Interval(8 * 60, 17 * 60)
WEEKDAYS = (*((OFFICE,),) * 5, (), ())


# ── the counter that everything is compared with ──────────────────────────────────────────────────


def open_minutes(calendar: Calendar, start: datetime, end: datetime) -> list[bool]:
    """For each minute from `start` to `end`: is it open, read from a wall clock that is never set back."""
    zone = ZoneInfo(calendar.zone)
    shown = (start - timedelta(days=1)).astimezone(zone).replace(tzinfo=None)
    at, result = start - timedelta(days=1), []
    while at < end:
        shown = max(shown, at.astimezone(zone).replace(tzinfo=None))
        if at >= start:
            result.append(_open_at(calendar, shown))
        at += MINUTE
    return result


def _open_at(calendar: Calendar, shown: datetime) -> bool:
    for back in (0, 1):
        day = shown.date() - timedelta(days=back)
        minute = back * 1440 + shown.hour * 60 + shown.minute
        if day not in calendar.holidays and any(i.start <= minute < i.end for i in calendar.week[day.weekday()]):
            return True
    return False


# ── calendars and moments, most of them around a change of the clocks ─────────────────────────────


@cache
def changes(zone: str) -> tuple[date, ...]:
    """The local days of 2025 and 2026 on which the zone's clocks change."""
    days = [datetime(2025, 1, 1, tzinfo=ZoneInfo(zone)) + timedelta(days=n) for n in range(730)]
    return tuple(a.date() for a, b in pairwise(days) if a.utcoffset() != b.utcoffset())


intervals = st.builds(
    lambda start, length: Interval(start, start + length),
    st.integers(0, 1439) | st.sampled_from((0, 30, 60, 90, 120, 150, 180, 480, 1320)),
    st.integers(1, 1440) | st.just(30),
)
weeks = st.lists(st.lists(intervals, max_size=3).map(tuple), min_size=7, max_size=7).filter(any).map(tuple)
days_off = st.frozensets(st.integers(-3, 3), max_size=2)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    zone = draw(st.sampled_from(ZONES))
    week = draw(weeks)
    near = draw(st.sampled_from(changes(zone) or (date(2025, 6, 15),)))
    return Calendar(zone, week, frozenset(near + timedelta(days=n) for n in draw(days_off)))


@st.composite
def moments_near(draw: st.DrawFn, zone: str) -> datetime:
    day = draw(st.sampled_from(changes(zone)) if changes(zone) else st.dates(date(2025, 1, 1), date(2026, 12, 31)))
    midnight = datetime.combine(day, time(), UTC)
    return midnight + draw(st.integers(-2 * 1440, 2 * 1440)) * MINUTE


cases = st.tuples(calendars(), st.data())


@given(cases)
@settings(max_examples=50, deadline=None)
def test_every_minute_is_open_or_closed_as_the_wall_clock_says(case: tuple[Calendar, st.DataObject]) -> None:
    calendar, data = case
    start = data.draw(moments_near(calendar.zone))
    counted = open_minutes(calendar, start, start + timedelta(days=2))
    assert [is_open(calendar, start + n * MINUTE) for n in range(len(counted))] == counted


@given(cases)
@settings(max_examples=40, deadline=None)
def test_windows_and_the_time_between_agree_with_the_minute_counter(case: tuple[Calendar, st.DataObject]) -> None:
    calendar, data = case
    start = data.draw(moments_near(calendar.zone))
    end = start + data.draw(st.integers(0, 4 * 1440)) * MINUTE
    counted = open_minutes(calendar, start, end)
    assert business_between(calendar, start, end) == 60 * sum(counted)
    runs = windows(calendar, start, end)
    assert [any(w.opens <= start + n * MINUTE < w.closes for w in runs) for n in range(len(counted))] == counted
    assert all(a.closes < b.opens for a, b in pairwise(runs))
    assert all(w.opens < w.closes for w in runs)


@given(cases)
@settings(max_examples=40, deadline=None)
def test_adding_ends_at_the_minute_at_which_the_counter_has_counted_enough(
    case: tuple[Calendar, st.DataObject],
) -> None:
    calendar, data = case
    start = data.draw(moments_near(calendar.zone))
    minutes = data.draw(st.integers(1, 600))
    end = add_business(calendar, start, minutes * 60)
    if end - start > timedelta(days=10):
        assert sum(open_minutes(calendar, start, start + timedelta(days=10))) < minutes
        return
    counted = open_minutes(calendar, start, end)
    assert sum(counted) == minutes
    assert counted[-1]


@given(cases)
@settings(max_examples=40, deadline=None)
def test_the_next_opening_and_closing_are_where_the_counter_changes(case: tuple[Calendar, st.DataObject]) -> None:
    calendar, data = case
    start = data.draw(moments_near(calendar.zone))
    counted = open_minutes(calendar, start, start + timedelta(days=3))
    turns = [(start + n * MINUTE, b) for n, (a, b) in enumerate(pairwise(counted), 1) if a != b]
    opening = next((at for at, opened in turns if opened), None)
    closing = next((at for at, opened in turns if not opened), None)
    if opening is not None:
        assert next_opening(calendar, start) == opening
    if closing is not None:
        assert next_closing(calendar, start) == closing


seconds = st.integers(0, 30 * 86_400) | st.floats(0, 86_400).map(lambda s: round(s, 6))
stamps = st.timedeltas(timedelta(0), timedelta(days=800)).map(lambda since: datetime(2024, 12, 1, tzinfo=UTC) + since)


@given(calendars(), stamps, seconds)
@settings(max_examples=60, deadline=None)
def test_what_was_added_is_what_lies_between(calendar: Calendar, start: datetime, amount: float) -> None:
    assert business_between(calendar, start, add_business(calendar, start, amount)) == pytest.approx(amount, abs=1e-6)


@given(calendars(), stamps, seconds, seconds, st.timedeltas(timedelta(0), timedelta(days=9)))
@settings(max_examples=60, deadline=None)
def test_later_starts_and_longer_times_never_end_earlier(
    calendar: Calendar, start: datetime, amount: float, more: float, later: timedelta
) -> None:
    end = add_business(calendar, start, amount)
    assert end >= start
    assert add_business(calendar, start, amount + more) >= end
    assert add_business(calendar, start + later, amount) >= end


@given(calendars(), stamps, stamps, stamps)
@settings(max_examples=40, deadline=None)
def test_the_time_between_adds_up_and_turns_its_sign(calendar: Calendar, a: datetime, b: datetime, c: datetime) -> None:
    in_two_steps = business_between(calendar, a, b) + business_between(calendar, b, c)
    assert in_two_steps == pytest.approx(business_between(calendar, a, c), abs=1e-5)
    assert business_between(calendar, a, b) == -business_between(calendar, b, a)


# ── cases that a person would ask about ───────────────────────────────────────────────────────────


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def test_an_hour_asked_at_closing_time_is_counted_from_the_next_opening() -> None:
    calendar = Calendar("Europe/London", WEEKDAYS)
    assert add_business(calendar, at("2025-06-06T17:00+01:00"), 3600) == at("2025-06-09T09:00+01:00")


def test_an_hour_that_fits_until_closing_ends_at_closing() -> None:
    calendar = Calendar("Europe/London", WEEKDAYS)
    assert add_business(calendar, at("2025-06-06T16:00+01:00"), 3600) == at("2025-06-06T17:00+01:00")


def test_a_lunch_break_is_not_counted() -> None:
    calendar = Calendar("Europe/Istanbul", ((Interval(540, 720), Interval(780, 1080)),) * 7)
    assert add_business(calendar, at("2025-06-06T11:30+03:00"), 3600) == at("2025-06-06T13:30+03:00")


def test_a_holiday_is_skipped_but_the_night_shift_into_it_is_worked() -> None:
    calendar = Calendar("Europe/London", ((Interval(1320, 1320 + 480),),) * 7, frozenset({date(2025, 12, 25)}))
    assert is_open(calendar, at("2025-12-25T05:59+00:00"))
    assert not is_open(calendar, at("2025-12-25T23:00+00:00"))
    assert next_opening(calendar, at("2025-12-25T12:00+00:00")) == at("2025-12-26T22:00+00:00")


def test_the_night_in_which_clocks_go_forward_is_an_hour_shorter() -> None:
    night = Calendar("Europe/London", ((Interval(1320, 1320 + 480),),) * 7)
    (window,) = windows(night, at("2025-03-29T12:00+00:00"), at("2025-03-30T12:00+00:00"))
    assert window == Window(at("2025-03-29T22:00+00:00"), at("2025-03-30T06:00+01:00"))
    assert window.closes - window.opens == timedelta(hours=7)


def test_the_night_in_which_clocks_go_back_is_an_hour_longer() -> None:
    night = Calendar("Europe/London", ((Interval(1320, 1320 + 480),),) * 7)
    assert business_between(night, at("2025-10-25T12:00+01:00"), at("2025-10-26T12:00+00:00")) == 9 * 3600


def test_a_time_that_does_not_exist_is_the_moment_of_the_jump() -> None:
    calendar = Calendar("Europe/London", ((Interval(90, 180),),) * 7)
    assert next_opening(calendar, at("2025-03-30T00:00+00:00")) == at("2025-03-30T02:00+01:00")
    nowhere = Calendar("Europe/London", ((Interval(60, 120),),) * 7)
    assert windows(nowhere, at("2025-03-30T00:00+00:00"), at("2025-03-30T12:00+00:00")) == ()


def test_a_time_that_exists_twice_is_its_first_occurrence() -> None:
    calendar = Calendar("Europe/London", ((Interval(90, 180),),) * 7)
    assert next_opening(calendar, at("2025-10-26T00:00+01:00")) == at("2025-10-26T01:30+01:00")
    assert is_open(calendar, at("2025-10-26T01:15+00:00"))


def test_a_day_that_a_zone_left_out_has_no_hours() -> None:
    apia = Calendar("Pacific/Apia", ((OFFICE,),) * 7)
    found = windows(apia, at("2011-12-29T00:00-10:00"), at("2012-01-01T00:00+14:00"))
    assert [w.closes - w.opens for w in found] == [timedelta(hours=9)] * 2


def test_hours_that_overlap_count_once() -> None:
    calendar = Calendar("UTC", ((Interval(480, 720), Interval(600, 900), Interval(900, 960)),) * 7)
    assert intervals_on(calendar, date(2025, 6, 2)) == (Interval(480, 960),)
    assert business_between(calendar, at("2025-06-02T00:00+00:00"), at("2025-06-03T00:00+00:00")) == 8 * 3600


def test_a_calendar_without_a_week_is_open_around_the_clock() -> None:
    always = Calendar("Asia/Kolkata", (), frozenset({date(2025, 6, 2)}))
    start = at("2025-06-02T00:00+05:30")
    assert is_open(always, start)
    assert add_business(always, start, 90.5) == start + timedelta(seconds=90.5)
    assert business_between(always, start, start - MINUTE) == -60
    assert windows(always, start, start + MINUTE) == (Window(start, start + MINUTE),)
    assert next_opening(always, start) is None
    assert next_closing(always, start) is None


def test_days_of_24_hours_one_after_another_never_close() -> None:
    full = Calendar("Europe/London", ((Interval(0, 1440),),) * 7)
    assert next_closing(full, at("2025-06-02T00:00+00:00")) is None
    assert len(windows(full, at("2025-01-01T00:00+00:00"), at("2026-01-01T00:00+00:00"))) == 1


@pytest.mark.parametrize("week", [((),) * 7, ((Interval(600, 600),),) * 7, ((Interval(600, 540),),) * 7])
def test_a_calendar_that_never_opens_says_so_and_does_not_search_forever(
    week: tuple[tuple[Interval, ...], ...],
) -> None:
    never = Calendar("Europe/London", week)
    start = at("2025-06-02T12:00+00:00")
    with pytest.raises(NeverOpens, match="no open hours"):
        add_business(never, start, 1)
    assert add_business(never, start, 0) == start
    assert not is_open(never, start)
    assert business_between(never, start, start + timedelta(days=9)) == 0
    assert next_opening(never, start) is None
    assert next_closing(never, start) is None


def test_time_is_not_taken_away() -> None:
    with pytest.raises(ValueError, match="only be added"):
        add_business(Calendar(), at("2025-06-02T12:00+00:00"), -1)


def test_the_ends_of_time_do_not_break_the_search() -> None:
    calendar = Calendar("Pacific/Kiritimati", WEEKDAYS)
    end, beginning = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)
    assert next_opening(calendar, end) is None
    assert not is_open(calendar, beginning)
    with pytest.raises(NeverOpens):
        add_business(calendar, end, 3600)
    with pytest.raises(OverflowError):
        add_business(Calendar(), end, 3600)
