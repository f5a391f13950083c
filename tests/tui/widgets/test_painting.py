"""Painting: exact widths, inks by name, and nothing that drives a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from carecli.tui.widgets.painting import PLAIN, Piece, Span, arrange, paint

from .texts import DRIVES_A_TERMINAL, HOSTILE, hostile

PALETTE = {
    PLAIN: Style.parse("white on black"),
    "late": Style.parse("bold red"),
    "cursor": Style.parse("yellow on blue"),
    "reversed": Style.parse("reverse"),
}


@given(st.lists(hostile, max_size=4), st.integers(0, 40))
def test_a_strip_fills_its_width_exactly_whatever_the_text(texts: list[str], width: int) -> None:
    strip = paint([Span(text, "late") for text in texts], width, PALETTE)
    assert strip.cell_length == width
    assert sum(cell_len(segment.text) for segment in strip) == width


@given(st.lists(hostile, max_size=4))
def test_a_strip_never_drives_the_terminal(texts: list[str]) -> None:
    assert not DRIVES_A_TERMINAL.search(paint([Span(text) for text in texts], 60, PALETTE).text)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_nobody_made_safe_is_made_safe_at_the_last_step(text: str) -> None:
    assert not DRIVES_A_TERMINAL.search(paint((Span(text),), 400, PALETTE).text)


def test_markup_is_text() -> None:
    assert paint((Span("[/foo] [@click=app.quit]x[/]"),), 40, PALETTE).text.rstrip() == "[/foo] [@click=app.quit]x[/]"


def test_an_ink_colours_its_span_and_no_other() -> None:
    segments = list(paint((Span("late", "late"), Span(" said")), 9, PALETTE))
    assert [(text, style and style.bold) for text, style, _ in segments] == [("late", True), (" said", None)]


def test_the_cursor_lies_under_every_ink() -> None:
    segments = list(paint((Span("late", "late"), Span(" said")), 20, PALETTE, over="cursor"))
    assert {style.bgcolor.name for _, style, _ in segments if style and style.bgcolor} == {"blue"}
    assert segments[0].style is not None and segments[0].style.color is not None
    assert segments[0].style.color.name == "red"


def test_a_reversed_cursor_is_one_colour() -> None:
    segments = list(paint((Span("late", "late"), Span(" said")), 20, PALETTE, over="reversed"))
    assert len(segments) == 1


def test_text_beyond_the_width_ends_in_one_ellipsis() -> None:
    assert (
        paint((Span("Northwind"), Span(" Broadband"), Span(" and more")), 12, PALETTE).text.rstrip() == "Northwind B…"
    )


def pieces(*ranked: tuple[str, int]) -> list[Piece]:
    return [Piece((Span(text),), rank) for text, rank in ranked]


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (40, "brand  shift  3 late  09:14"),
        (22, "brand  3 late  09:14"),
        (14, "3 late  09:14"),
        (8, "3 late"),
        (2, "3 late"),
    ],
)
def test_what_has_no_room_leaves_by_its_rank(width: int, line: str) -> None:
    left, right = pieces(("brand", 2), ("shift", 3)), pieces(("3 late", 0), ("09:14", 1))
    laid = "".join(span.text for span in arrange(left, right, width))
    assert laid.split() == line.split()
    assert len(laid) == max(width, 6)


def test_equal_pieces_are_told_apart() -> None:
    laid = arrange(pieces(("same", 1), ("same", 2)), pieces(("end", 0)), 9)
    assert "".join(span.text for span in laid) == "same  end"
