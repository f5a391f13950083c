"""The emulator shows text as a present-day terminal does."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terminal.screen import Screen

CLUSTERS = ("a", " ", "é", "e\u0301", "世", "👨‍👩‍👧", "❤\ufe0f", "🇵🇱", "👍🏽", "ש")


def shown(*writes: str, columns: int = 20) -> Screen:
    screen = Screen(columns, 3)
    stream = pyte.Stream(screen)
    for text in writes:
        stream.feed(text)
    return screen


@pytest.mark.parametrize(
    ("cluster", "cells"),
    [("é", 1), ("e\u0323\u0301", 1), ("世", 2), ("❤️", 2), ("👨‍👩‍👧", 2), ("🇵🇱", 2), ("👍🏽", 2), ("ש", 1), ("กี่", 1)],
)
def test_a_cluster_keeps_together_and_takes_its_own_cells(cluster: str, cells: int) -> None:
    screen = shown(f"a{cluster}b")
    assert screen.display[0].rstrip() == f"a{cluster}b"
    assert screen.cursor.x == 2 + cells


@given(
    st.lists(st.sampled_from(CLUSTERS), max_size=8).map("".join), st.integers(0, 12), st.integers(2, 30), st.booleans()
)
def test_it_does_not_matter_where_the_bytes_are_cut(text: str, cut: int, columns: int, wrap: bool) -> None:
    mode = "" if wrap else "\x1b[?7l"
    whole = shown(mode, text, columns=columns)
    parts = shown(mode, text[:cut], text[cut:], columns=columns)
    assert parts.display == whole.display
    assert (parts.cursor.x, parts.cursor.y) == (whole.cursor.x, whole.cursor.y)


@pytest.mark.parametrize(("wrap", "rows"), [(True, ["abc", "世"]), (False, ["ab世", ""])])
def test_a_wide_character_is_never_split_at_the_edge(wrap: bool, rows: list[str]) -> None:
    screen = shown("" if wrap else "\x1b[?7l", "abc世", columns=4)
    assert [row.rstrip() for row in screen.display[:2]] == rows


def test_a_cluster_does_not_reach_back_over_a_move() -> None:
    assert shown("a\x1b[2;1H\u0301b").display[0].rstrip() == "a"


def test_the_alternate_screen_gives_the_main_one_back() -> None:
    assert shown("main\x1b[?1049h").display[0].strip() == ""
    assert shown("main\x1b[?1049hother\x1b[?1049l").display[0].strip() == "main"


def test_the_pointers_shape_is_no_title() -> None:
    assert shown("\x1b]22;default\x07").title == ""
    assert shown("\x1b]2;owned\x07").title == "owned"
