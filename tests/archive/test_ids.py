"""Ids by string work, and the time that X's ids tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.archive.base import Unreadable
from carecli.archive.ids import parent_id, post_id, post_ids


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
