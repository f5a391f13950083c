"""What was promised and declined, and by when a promise is due."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from carecli.model import Author, Calendar, Interval, Message
from carecli.playbook.promises import due_of, promises_in, remembered

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
