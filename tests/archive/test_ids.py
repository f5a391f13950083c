"""Ids by string work, and the time that X's ids tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.archive.base import Unreadable
from carecli.archive.ids import parent_id, post_id, post_ids, time_of


@given(st.integers(0, 10**30))
def test_an_id_keeps_every_digit(number: int) -> None:
    assert post_id(f"{number}") == post_id(f" {number}.0 ") == post_id(f"{number}.") == str(number)


@pytest.mark.parametrize("cell", ["3.5", "-3", "٣", "0x3", "3,0", "NaN", "3 4", "", "²", "1" * 41])
def test_what_is_no_id_is_refused(cell: str) -> None:
    with pytest.raises(Unreadable, match="is no id"):
        post_id(cell)


def test_a_list_of_ids_keeps_its_order() -> None:
    assert post_ids("3, 1.0,2,") == ("3", "1", "2")


def test_an_empty_cell_is_no_parent() -> None:
    assert parent_id(" ", "1") is None


@given(st.integers(1_290_000_000_000, 3_400_000_000_000), st.integers(0, 2**22 - 1))
def test_an_id_tells_its_time_to_the_millisecond(unix_ms: int, rest: int) -> None:
    """From November 2010, when X began to give out such ids, to 2077; the lower bits are the machine's and a count."""
    told = time_of(str((unix_ms - 1_288_834_974_657) << 22 | rest))

    assert told == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=unix_ms)


@pytest.mark.parametrize(
    "remote_id", ["1", "29700859246", "9223372036854775808", "1" * 40, "", "٣" * 19, "https://a.example/1"]
)
def test_other_ids_tell_no_time(remote_id: str) -> None:
    assert time_of(remote_id) is None
