"""Storable text: all that can be encoded stays, all else is seen to have been there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from carecli.storable import storable


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_can_be_stored_afterwards_and_is_as_long_as_before(text: str) -> None:
    assert "\x00" not in storable(text)
    assert len(storable(text).encode().decode()) == len(text)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00")))
def test_what_can_be_stored_stays_as_it_is(text: str) -> None:
    assert storable(text) == text
