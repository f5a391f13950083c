"""Opening hours as the configuration writes them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.config import CalendarSection, calendar_of, interval_of, public_holidays
from carecli.errors import ConfigError
from carecli.model import Interval

MINUTES = st.integers(0, 1439)


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@given(MINUTES, MINUTES)
def test_an_interval_runs_from_its_start_to_the_next_time_its_end_comes(start: int, end: int) -> None:
    if start == end:
        return
    interval = interval_of(f"{clock(start)}-{clock(end)}", "monday")
    assert interval.start == start
    assert interval.end % 1440 == end
    assert 0 < interval.end - interval.start < 1440


def test_a_whole_day_is_midnight_to_midnight() -> None:
    assert interval_of("00:00-24:00", "monday") == Interval(0, 1440)


def test_spaces_around_the_dash_do_no_harm() -> None:
    assert interval_of(" 9:00 - 17:30 ", "monday") == Interval(540, 1050)


@pytest.mark.parametrize(
    "text",
    ["", "9-17", "09:00", "09:00-", "9:0-17:00", "09:60-10:00", "25:00-26:00", "24:00-06:00", "10:00-10:00",
     "09:00-17:00-18:00", "009:00-17:00", f"{'9' * 5000}:00-17:00", "-1:00-02:00", "٠٩:٠٠-١٧:٠٠", "09:00–17:00"],
)  # fmt: skip
def test_what_is_no_interval_is_refused_with_its_key(text: str) -> None:
    with pytest.raises(ConfigError, match="not an interval") as error:
        interval_of(text, "calendars.uk.monday[1]")
    assert error.value.key == "calendars.uk.monday[1]"
    assert "09:00-17:30" in error.value.remedy


def test_a_calendar_without_any_hours_is_open_around_the_clock() -> None:
    assert calendar_of(CalendarSection(), date(2026, 1, 5)).week == ()


def test_a_weekday_without_hours_is_closed_when_another_has_some() -> None:
    assert calendar_of(CalendarSection(monday=("09:00-17:00",)), date(2026, 1, 5)).week[6] == ()


def test_public_holidays_of_a_country_join_the_own_ones() -> None:
    section = CalendarSection(holidays=(date(2026, 7, 1),), holidays_of="GB-SCT")
    holidays = calendar_of(section, date(2026, 1, 5)).holidays
    assert {date(2026, 7, 1), date(2026, 12, 25), date(2026, 11, 30), date(2027, 1, 1)} <= holidays


@pytest.mark.parametrize("country", ["XX", "", "gb", "GB-XX", "__doc__", "country_holidays", "HolidayBase"])
def test_an_unknown_country_is_refused_with_its_key(country: str) -> None:
    with pytest.raises(ConfigError, match=r"`calendars\.uk\.holidays_of`: no public holidays") as error:
        public_holidays(country, 2026, 2026, "calendars.uk.holidays_of")
    assert error.value.key == "calendars.uk.holidays_of"


def test_an_unknown_time_zone_is_refused_with_its_key() -> None:
    with pytest.raises(ConfigError, match=r"`calendars\.uk\.timezone`: .* is not a time zone") as error:
        calendar_of(CalendarSection(timezone="Europe/Lundon"), date(2026, 1, 5), "calendars.uk")
    assert error.value.key == "calendars.uk.timezone"
