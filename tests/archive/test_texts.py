"""From bytes to what an author wrote."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.archive.texts import as_written, attachment, decode, storable
from tests.counting import calls


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), st.integers(1, 4))
def test_a_text_with_a_bare_sign_comes_back_however_often_it_was_escaped(text: str, times: int) -> None:
    """A bare & tells how deep the author's own text lies, so even entities that were typed survive."""
    written = f"{text} & so on"
    stored = written
    for _ in range(times):
        stored = escaped(stored)

    assert as_written(stored) == written


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0&")))
def test_a_text_without_an_ampersand_is_left_alone(text: str) -> None:
    assert as_written(text) == text


def test_endless_escaping_is_read_in_as_many_steps_as_any() -> None:
    as_written("&amp;")
    long, short = (calls(partial(as_written, "&" + "amp;" * times)) for times in (200_000, 200))
    assert long <= short + 10


@given(st.binary())
def test_any_bytes_become_text_that_can_be_stored(raw: bytes) -> None:
    storable(decode(raw)).encode()


@pytest.mark.parametrize("text", ["\ud83d", "a\udc00b", "\0"])
def test_what_no_database_takes_is_replaced(text: str) -> None:
    assert "\N{REPLACEMENT CHARACTER}" in storable(text)


@pytest.mark.parametrize(
    ("kind", "description", "address", "line"),
    [
        ("photo", "A cat", "https://a.example/1.jpg", "photo: A cat"),
        ("photo", "", "https://a.example/1.jpg", "photo: https://a.example/1.jpg"),
        ("video", None, None, "video"),
    ],
)
def test_an_attachment_is_one_line(kind: str, description: str | None, address: str | None, line: str) -> None:
    assert attachment(kind, description, address) == line
