"""Long JSON lists, one element at a time."""

from __future__ import annotations

import io
import json
import re
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.archive.json_list import Element, elements

OPENING = re.compile(r"=\s*\[")
BEGINNING = re.compile(r'\{\s*"post"\s*:')
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def read(text: str) -> list[Element]:
    return list(elements(io.BytesIO(text.encode("utf-8", "surrogateescape")), OPENING, BEGINNING))


def test_elements_come_with_their_line_and_place() -> None:
    assert read('x = [\n  {"post": 1},\n\n  {"post":\n 2}\n]') == [
        Element(2, 1, {"post": 1}),
        Element(4, 2, {"post": 2}),
    ]


@given(st.lists(JSON), st.sampled_from([None, 1]), st.booleans())
def test_what_is_written_comes_back(values: list[object], indent: int | None, ascii_only: bool) -> None:
    text = "x = " + json.dumps(values, indent=indent, ensure_ascii=ascii_only)

    assert [element.value for element in read(text)] == values


def test_lists_that_follow_each_other_are_read_as_one() -> None:
    assert [element.value for element in read('a = [], b = [{"post": 1}]; c = [{"post": 2}]')] == [
        {"post": 1},
        {"post": 2},
    ]


def test_a_float_stays_as_it_is_written() -> None:
    assert [element.value for element in read("x = [1131172867985485825, 1.131e+18]")] == [
        1131172867985485825,
        "1.131e+18",
    ]


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        ('{"post": "never closed}', "it is no JSON"),
        ('{"post": {"a": 1}', "it is no JSON"),
        ('{"post": {"a": [1, 2}}', "it is no JSON"),
        ("{post: 1}", "it is no JSON"),
        ('{"post": {"list": [{"other": 1}], nothing}}', "it is no JSON"),
        ('{"post": ' + "[" * 100_000 + "}", "it is nested too deeply"),
        ('{"post": ' + "1" * 5000 + "}", "it is no JSON"),
    ],
)
def test_a_broken_element_costs_itself(broken: str, problem: str) -> None:
    text = f'x = [\n{{"post": 1}},\n{broken},\n{{"post": 2}},\n{{"post": 3}}\n]'
    first, refused, *others = read(text)

    assert first.value == {"post": 1}
    assert (refused.line, refused.number) == (3, 2)
    assert refused.problem.startswith(problem)
    assert [(element.line, element.value) for element in others] == [(4, {"post": 2}), (5, {"post": 3})]


@pytest.mark.parametrize("end", ["", ",", " "])
def test_a_list_that_is_cut_off_is_told(end: str) -> None:
    assert read(f'x = [{{"post": 1}}{end}') == [
        Element(1, 1, {"post": 1}),
        Element(1, 2, "", "the file ends within the list"),
    ]


def test_an_element_that_is_cut_off_is_told() -> None:
    [refused] = read('x = [{"post": "and th')

    assert (refused.problem, refused.value) == ("the file ends within it", '{"post": "and th')


@given(st.text(st.sampled_from('[]{},:"\\ \n=1post')))
def test_no_text_raises_or_runs_on(text: str) -> None:
    assert len(read(f"x = [{text}")) <= len(text) + 1


def test_a_long_list_needs_little_memory() -> None:
    """Sixty-four million bytes of posts, made as they are read."""

    class Endless(io.BytesIO):
        blocks: Iterator[bytes] = iter([b"x = [", *[b'{"post": "%s"},' % (b"x" * 10_000)] * 6_400, b"]"])

        def read(self, size: int | None = -1) -> bytes:
            return next(self.blocks, b"")

    tracemalloc.start()
    problems = [element.problem for element in elements(Endless(), OPENING, BEGINNING)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert problems == [""] * 6_400
    assert peak < 3_000_000
