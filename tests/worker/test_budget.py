"""The budget: reading stops first, writing at its end, and a budget of nothing is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.worker.budget import next_day, reading_halt, writing_halt

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 3, tzinfo=UTC)
MONEY = st.integers(0, 10**12)


@pytest.mark.parametrize(
    ("spent", "reads", "writes"),
    [
        (0, True, True),
        (3_999_999, True, True),
        (4_000_000, False, True),
        (4_999_999, False, True),
        (5_000_000, False, False),
    ],
)
def test_the_last_fifth_of_five_dollars_is_kept_for_answers(spent: int, reads: bool, writes: bool) -> None:
    assert (reading_halt(spent, 5_000_000, NOON) is None) == reads
    assert (writing_halt(spent, 5_000_000, NOON) is None) == writes


@given(spent=MONEY, budget=MONEY)
def test_whoever_may_read_may_write(spent: int, budget: int) -> None:
    if reading_halt(spent, budget, NOON) is None:
        assert writing_halt(spent, budget, NOON) is None


@given(spent=MONEY)
def test_without_a_budget_nothing_stops(spent: int) -> None:
    assert reading_halt(spent, 0, NOON) is writing_halt(spent, 0, NOON) is None


def test_a_halt_ends_with_the_utc_day_and_names_the_budget() -> None:
    halt = reading_halt(4_500_000, 5_000_000, NOON)
    assert halt is not None and halt.until == MIDNIGHT
    assert "$5.00" in halt.reason and "kept for answers" in halt.reason
    spent = reading_halt(5_000_000, 5_000_000, NOON)
    assert spent is not None and "kept" not in spent.reason


@given(st.integers(0, 10**9), st.integers(-14, 14))
def test_the_next_day_is_after_now_and_within_a_day_wherever_one_is(seconds: int, hours: int) -> None:
    now = (NOON + timedelta(seconds=seconds)).astimezone(timezone(timedelta(hours=hours)))
    assert timedelta(0) < next_day(now) - now <= timedelta(days=1)
