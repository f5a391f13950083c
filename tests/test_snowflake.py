"""X's ids and the times that they tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.snowflake import first_at, id_in, time_of

# From November 2010, when X began to give out such ids, to 2077.
MILLISECONDS = st.integers(1_290_000_000_000, 3_400_000_000_000)


@given(MILLISECONDS, st.integers(0, 2**22 - 1))
def test_an_id_tells_its_time_to_the_millisecond(unix_ms: int, rest: int) -> None:
    """The lower bits are the machine's and a count."""
    told = time_of((unix_ms - 1_288_834_974_657) << 22 | rest)
    assert told == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=unix_ms)


@given(MILLISECONDS)
def test_the_first_id_of_a_millisecond_tells_it(unix_ms: int) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=unix_ms)
    assert time_of(first_at(moment)) == moment


@pytest.mark.parametrize("number", [0, 20, 5_000_000_000, 29_700_859_246, 2**63, 10**30])
def test_an_id_that_was_counted_or_is_none_tells_no_time(number: int) -> None:
    assert time_of(number) is None


@pytest.mark.parametrize(
    "value",
    ["", "1.0", "1e18", "-1", "१", "12345678901234567890", "9223372036854775808", None, 1.5, True, [1], -1, 10**30],
)
def test_what_is_no_id_is_none(value: object) -> None:
    assert id_in(value) is None
