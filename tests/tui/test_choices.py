"""What the dialogs offer: until when to snooze, and which part of the queue to show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from carecli.model import Calendar, Interval
from carecli.tui.screens.choices import OUTCOMES, WAKE, queue_filters, snooze_choices

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EIGHT_TO_EIGHT = Calendar("Europe/London", tuple((Interval(480, 1200),) if day < 5 else () for day in range(7)))


def moments(now: datetime, calendar: Calendar) -> dict[str, tuple[str, datetime | None]]:
    return {until.choice.id: (until.choice.means, until.at) for until in snooze_choices(now, calendar, snoozed=False)}


def test_a_snooze_ends_soon_in_an_hour_or_when_the_desk_opens_tomorrow() -> None:
    offered = moments(MONDAY, EIGHT_TO_EIGHT)
    assert offered["quarter"] == ("until 09:15", MONDAY + timedelta(minutes=15))
    assert offered["hour"] == ("until 10:00", MONDAY + timedelta(hours=1))
    assert offered["morning"] == ("until Tue 3 Mar, 08:00", datetime(2026, 3, 3, 8, 0, tzinfo=UTC))


def test_on_a_friday_the_next_opening_is_on_monday() -> None:
    friday = MONDAY + timedelta(days=4)
    assert moments(friday, EIGHT_TO_EIGHT)["morning"] == (
        "until Mon 9 Mar, 08:00",
        datetime(2026, 3, 9, 8, 0, tzinfo=UTC),
    )


def test_times_are_told_in_the_accounts_zone() -> None:
    july = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
    assert moments(july, EIGHT_TO_EIGHT)["hour"][0] == "until 11:00"


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "America/New_York"])
def test_a_desk_that_never_closes_begins_its_morning_at_nine(zone: str) -> None:
    at = moments(MONDAY, Calendar(zone))["morning"][1]
    assert at is not None
    assert at > MONDAY
    assert "09:00" in moments(MONDAY, Calendar(zone))["morning"][0]


def test_what_is_snoozed_can_be_woken() -> None:
    assert snooze_choices(MONDAY, EIGHT_TO_EIGHT, snoozed=True)[0].choice.id == WAKE


def test_filters_keep_the_search_that_is_on() -> None:
    offered = queue_filters("claire", ("care",), ("pl", "", "en", "pl"), "router")
    assert {chosen.search for _, chosen in offered} == {"router"}
    assert [choice.words for choice, _ in offered[-2:]] == ["EN", "PL"]
    assert {choice.id: chosen for choice, chosen in offered}["mine"].claimed_by == "claire"


def test_accounts_are_offered_where_there_are_several() -> None:
    names = [choice.id for choice, _ in queue_filters("claire", ("care", "shop"), (), "")]
    assert names[-2:] == ["account:care", "account:shop"]
    assert not any(choice.id.startswith("account:") for choice, _ in queue_filters("claire", ("care",), (), ""))


def test_the_dialogs_offer_no_more_than_there_are_digits() -> None:
    assert len(OUTCOMES) <= 9
    assert len(snooze_choices(MONDAY, EIGHT_TO_EIGHT, snoozed=True)) <= 9
