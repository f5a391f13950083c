"""Cells: nothing is wider than its place, and nothing that is read as one character is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from carecli.tui.widgets.cells import clusters, crop, fit, is_plain, settle, width_of, wrap

from .texts import HOSTILE, safe

FAMILY = "👨‍👩‍👧‍👦"
FLAG = "🇵🇱"


@given(safe, st.integers(2, 40))
def test_a_wrapped_line_is_never_wider_than_its_place(text: str, width: int) -> None:
    assert all(cell_len(line) <= width for line in wrap(text, width))


@given(safe, st.integers(2, 40))
def test_wrapping_loses_nothing_but_white_space(text: str, width: int) -> None:
    assert "".join(wrap(text, width)).replace(" ", "") == settle(text).replace(" ", "").replace("\n", "")


@given(safe, st.integers(2, 40))
def test_each_line_of_the_text_begins_a_line_on_the_screen(text: str, width: int) -> None:
    assert len(wrap(text, width)) >= text.count("\n") + 1


@given(safe.map(lambda text: text.replace("\n", " ")), st.integers(0, 40))
def test_a_fitted_text_fills_its_place_exactly(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == width


@given(safe.map(lambda text: text.replace("\n", " ")))
def test_a_text_that_has_room_is_not_cropped(text: str) -> None:
    settled = settle(text)
    assert settle(crop(text, max(1, cell_len(settled)))) == settled


@given(safe)
def test_a_settled_text_is_as_wide_as_its_clusters_together(text: str) -> None:
    parts = list(clusters(settle(text)))
    assert "".join(part for part, _ in parts) == settle(text)
    assert sum(cells for _, cells in parts) == cell_len(settle(text)) == width_of(settle(text))


@given(safe)
def test_settling_twice_changes_nothing(text: str) -> None:
    assert settle(settle(text)) == settle(text)


def test_every_plain_character_takes_one_cell() -> None:
    plain = [chr(code) for code in range(0x20, 0x3000) if is_plain(chr(code))]
    assert len(plain) > 900
    assert [character for character in plain if cell_len(character) != 1] == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_wrap_within_their_place(text: str) -> None:
    assert all(width_of(line) <= 30 for line in wrap(text.replace("\r", ""), 30))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ("",)),
        ("one two three", ("one two", "three")),
        ("one  two", ("one  two",)),
        ("one\n\ntwo", ("one", "", "two")),
        ("   ", ("",)),
        ("a longer word", ("a longer", "word")),
        ("unbreakable", ("unbreaka", "ble")),
        ("see https://example.org", ("see", "https://", "example.", "org")),
        ("to 漢字漢字漢", ("to 漢字", "漢字漢")),
        ("привет всем", ("привет", "всем")),
        (f"abc {FAMILY}{FAMILY}{FAMILY}", (f"abc {FAMILY}{FAMILY}", FAMILY)),
        (f"abcdefg{FLAG}", ("abcdefg", FLAG)),
        (f"ah thanks{FLAG}", ("ah", f"thanks{FLAG}")),
        (FAMILY * 5, (FAMILY * 4, FAMILY)),
    ],
)
def test_text_wraps_at_words_and_between_wide_characters(text: str, lines: tuple[str, ...]) -> None:
    assert wrap(text, 8) == lines


@pytest.mark.parametrize(
    ("text", "width", "cropped"),
    [
        ("Andy", 4, "Andy"),
        ("Andy Loynes", 6, "Andy…"),
        ("Andy", 1, "…"),
        ("Andy", 0, ""),
        ("漢字漢字", 6, "漢字…"),
        ("漢字漢字", 4, "漢…"),
        (FAMILY * 3, 5, f"{FAMILY}{FAMILY}…"),
        (FLAG * 2, 3, f"{FLAG}…"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
    ],
)
def test_a_cropped_text_says_so_and_keeps_characters_whole(text: str, width: int, cropped: str) -> None:
    assert crop(text, width) == cropped


def test_a_joiner_between_letters_does_not_swallow_one() -> None:
    assert width_of(settle("\u0915\u094d\u200d\u0937")) == width_of("\u0915\u094d\u0937")


@pytest.mark.parametrize("text", [FAMILY, FLAG, "👍🏽", "❤️", "1️⃣", "🏳️‍🌈", "👩🏽‍🚀"])
def test_what_makes_a_picture_stays(text: str) -> None:
    assert settle(text) == text
    assert width_of(text) == 2


@pytest.mark.parametrize("text", ["a\U0001f3fd", "a\ufe0f\ufe0f", "\u200d\u200da", "a\u200d\U0001f3fd"])
def test_what_acts_on_nothing_leaves(text: str) -> None:
    assert settle(text).rstrip("\ufe0f") == "a"
