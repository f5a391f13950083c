"""What was promised and declined, and by when a promise is due."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from carecli.model import Author, Calendar, Interval, Message, Vocabulary
from carecli.playbook.promises import declined_in, due_of, promises_in, remembered
from carecli.playbook.wording import wording_file

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAYS = (*((Interval(9 * 60, 18 * 60),) for _ in range(5)), (), ())
WORKDAYS = Calendar("Europe/Berlin", DAYS)


def said(number: int, text: str, *, by_us: bool) -> Message:
    author = Author("1", "someone")
    return Message(
        number, 1, 1, str(number), None, author, "outbound" if by_us else "inbound", "public", text, MONDAY, MONDAY
    )


@pytest.mark.parametrize(
    ("within", "due"),
    [
        ("30m", datetime(2026, 11, 23, 10, 0, tzinfo=UTC)),
        ("2h", datetime(2026, 11, 23, 11, 30, tzinfo=UTC)),
        ("0d", datetime(2026, 11, 23, 17, 0, tzinfo=UTC)),
        ("1d", datetime(2026, 11, 24, 17, 0, tzinfo=UTC)),
        ("5d", datetime(2026, 11, 28, 23, 0, tzinfo=UTC)),
    ],
)
def test_days_end_when_the_desk_closes_on_them(within: str, due: datetime) -> None:
    assert due_of(within, MONDAY, WORKDAYS) == due


def test_around_the_clock_days_end_at_midnight_there() -> None:
    assert due_of("1d", MONDAY, Calendar("Asia/Tokyo")) == datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def test_our_words_are_a_promise_with_its_time() -> None:
    [promise] = promises_in("You will hear from me within the hour.", MONDAY, WORKDAYS)
    assert (promise.words, promise.due_at) == ("within the hour", datetime(2026, 11, 23, 10, 30, tzinfo=UTC))


def test_words_within_words_are_one_promise() -> None:
    [promise] = promises_in("It is done by tomorrow.", MONDAY, WORKDAYS)
    assert promise.words == "by tomorrow"


def test_only_we_promise_and_only_they_decline() -> None:
    thread = [
        said(1, "Please no technician again! Can it be done by tomorrow?", by_us=False),
        said(2, "We will have it done within 24 hours. Shall we send a technician?", by_us=True),
    ]
    found = remembered(thread, WORKDAYS)
    assert [promise.words for promise in found.promises] == ["within 24 hours"]
    assert found.declined == ("visit",)


def test_a_phrase_that_a_brand_drops_declines_nothing_for_the_screen_and_the_check_alike() -> None:
    [phrase] = [one for one in wording_file("en").offers["call"].declined if one.startswith("not (on|")]
    without, text = Vocabulary(without=(phrase,)), "I said not by phone!"
    assert declined_in([text]) == ("call",)
    assert declined_in([text], vocabulary=without) == ()
    assert remembered([said(1, text, by_us=False)], WORKDAYS, vocabulary=without).declined == ()


def test_each_message_declines_in_its_own_language() -> None:
    assert declined_in(["Please don't call me again.", "Bitte schicken Sie keinen Techniker mehr, danke."], "en") == (
        "call",
        "visit",
    )


def test_what_a_brand_adds_under_the_name_of_a_promise_is_none() -> None:
    soon = Vocabulary(added=(("promise soon", ("soon",)), ("hedge", ("soonish",))))
    assert promises_in("We will write soon.", MONDAY, WORKDAYS, vocabulary=soon) == ()


@pytest.mark.parametrize(
    ("said_at", "within", "due"),
    [
        ("2026-11-28 10:00", "0d", "2026-11-28 20:00"),  # A lunch break is no end of a day.
        ("2026-11-27 22:30", "1d", "2026-11-28 20:00"),  # The night shift that runs into a day is of the day before.
        ("2026-11-28 20:30", "0d", "2026-11-29 00:00"),
        ("2026-11-27 12:00", "0d", "2026-11-28 00:00"),
    ],
)
def test_a_day_ends_when_the_desk_last_closes_on_it(said_at: str, within: str, due: str) -> None:
    saturday = (Interval(10 * 60, 13 * 60), Interval(14 * 60, 20 * 60))
    calendar = Calendar("UTC", ((), (), (), (), (Interval(22 * 60, 30 * 60),), saturday, ()))
    at = datetime.fromisoformat(said_at).replace(tzinfo=UTC)
    assert due_of(within, at, calendar) == datetime.fromisoformat(due).replace(tzinfo=UTC)
