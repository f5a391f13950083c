"""Aligned columns of safe text, in a terminal's cells."""

from __future__ import annotations

import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.cli import tables
from carecli.cli.tables import fitted, table, toned, width_of
from carecli.safetext import SafeText, literal, sanitize_line

TEXTS = st.text().map(sanitize_line)


class Terminal(io.StringIO):
    """Standard output that says it is a terminal of unknown size, so of 80 columns."""

    def isatty(self) -> bool:
        return True


def in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.mark.parametrize(
    ("text", "cells"),
    [("abc", 3), ("zażółć", 6), ("日本", 4), ("e\u0301", 1), ("👍🏽", 2), ("👩‍👩‍👧‍👦", 2), ("🇵🇱", 2), ("", 0)],
)
def test_width_is_counted_in_cells(text: str, cells: int) -> None:
    assert width_of(literal(text)) == cells


@given(TEXTS, st.integers(1, 30))
def test_a_fitted_text_never_takes_more_than_its_width(text: SafeText, width: int) -> None:
    assert width_of(fitted(text, width)) <= width


@given(TEXTS)
def test_a_text_that_fits_is_left_alone(text: SafeText) -> None:
    assert fitted(text, max(1, width_of(text))) == text


def test_a_cut_never_splits_a_character() -> None:
    assert fitted(literal("ab👩‍👩‍👧‍👦cd"), 4) == "ab…"


def test_columns_align_whatever_the_script() -> None:
    rows = [(literal("日本"), literal("x")), (literal("a"), literal("y")), (literal("👍🏽"), literal("z"))]
    assert table(("WHO", "WHAT"), rows).splitlines() == ["WHO   WHAT", "日本  x", "a     y", "👍🏽    z"]


def test_a_file_gets_whole_lines_without_colour() -> None:
    text = table(("A", "B"), [(literal("1"), literal("x" * 500))], ["late"])
    assert "x" * 500 in text
    assert "\x1b" not in text


def test_a_terminal_gets_lines_of_its_own_width(monkeypatch: pytest.MonkeyPatch) -> None:
    in_a_terminal(monkeypatch)
    line = table(("A", "B"), [(literal("1"), literal("x" * 500))]).splitlines()[1]
    assert len(line) == 80
    assert line.endswith("…")


def test_one_long_name_leaves_room_for_what_the_others_say(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(literal("1"), literal("W" * 10_000), literal("Hello?")), (literal("2"), literal("andy"), literal("Hi"))]
    assert table(("ID", "WHO", "MESSAGE"), rows).splitlines()[2] == f"2   {'andy':<40}  Hi"
    in_a_terminal(monkeypatch)
    assert table(("ID", "WHO", "MESSAGE"), rows).splitlines()[1] == f"1   {'W' * 15}…  Hello?"


def test_a_terminal_gets_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    in_a_terminal(monkeypatch)
    assert toned("late", "late") == "\x1b[1;31mlate\x1b[0m"


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_a_terminal_that_wants_no_colours_gets_none(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    in_a_terminal(monkeypatch)
    monkeypatch.setenv(name, value)
    assert toned("late", "late") == "late"


def test_a_terminal_narrower_than_its_columns_still_gets_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "terminal_width", lambda: 5)
    assert table(("A", "B"), [(literal("123456"), literal("abcdefghijklmnop"))]).splitlines()[1] == "123456  abcdefghi…"
