"""What X makes a link of: its published rules, and steps in proportion to the text whatever it holds."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.channels.x.links import links_in
from carecli.model import Link
from tests.channels.x.conformance import cases

_PIECES = st.sampled_from(
    [*"aB7.-_/:?#@$()=! \néあ。٪\u202a\ufeff👍", "http://", "https://", "t.co", "com", "co", "zip", "みんな", "рф"]
)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("", []),
        ("No link here. None at all", []),
        ("See https://example.com/help?a=b#c.", ["https://example.com/help?a=b#c"]),
        ("example.com, example.org/x and EXAMPLE.NET", ["example.com", "example.org/x", "EXAMPLE.NET"]),
        ("Unpack setup.zip, read readme.md", ["setup.zip", "readme.md"]),
        ("help@example.com, @example.com, $example.com, #example.com", []),
        ("end of a sentence.Another begins", []),
        ("end of a sentence.It goes on", ["sentence.It"]),
        ("-example.com _example.com ./example.com", []),
        ("foo.comm wwww.xxxxx 1.5 3.14.15", []),
        ("(https://example.com/a_(b)) (example.com)", ["https://example.com/a_(b)", "example.com"]),
        ("https://example.com/a!?, https://example.com/b…", ["https://example.com/a", "https://example.com/b"]),
        ("example.com:8080 example.com?q=1", ["example.com", "example.com"]),
        ("http://example.com:8080 http://example.com?q=1", ["http://example.com:8080", "http://example.com?q=1"]),
        ("пишите на пример.рф или http://пример.рф/вход", ["http://пример.рф/вход"]),
        ("詳細はexample.comです。t.co/abcで", ["example.com", "t.co/abc"]),
        ("http://t.co/abc's http://t.co/" + "a" * 41, ["http://t.co/abc"]),
        ("https://" + "a" * 64 + ".com " + "b" * 63 + ".com", ["b" * 63 + ".com"]),
        ("a.b_c.d.com a_b.com", ["c.d.com"]),
        ("https://example.com/" + "a" * 5000, []),
        ("foo.http://example.com", ["http://example.com"]),
        ("xhttp://example.com", []),
        ("www.intel and aeroport.ws-info", ["www.intel"]),
    ],
)
def test_links_are_found_as_x_finds_them(text: str, links: list[str]) -> None:
    assert [link.text for link in links_in(text)] == links


def test_a_link_tells_where_it_stands_and_what_it_weighs() -> None:
    assert links_in("👍 See example.com!") == (Link(6, 17, "example.com", 23),)


@given(st.lists(_PIECES).map("".join))
def test_links_follow_each_other_and_are_parts_of_the_text(text: str) -> None:
    end = 0
    for link in links_in(text):
        assert end <= link.start < link.end
        assert text[link.start : link.end] == link.text
        assert "." in link.text
        end = link.end


@given(st.lists(_PIECES).map("".join))
def test_a_line_keeps_its_links_whatever_stands_above(text: str) -> None:
    above = "example.com/x\n"
    moved = [(link.start - len(above), link.text) for link in links_in(above + text)[1:]]
    assert moved == [(link.start, link.text) for link in links_in(text)]


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "a.",
            "a.co ",
            "a.co/",
            "a.co/(",
            "a.co/((x)",
            "a.co?&!",
            "t.co/a?!",
            "a.com-.",
            "a.com_.",
            "@a.co",
            "-.",
            "_",
        ),
        *("http://", "http://a.co ", "中.com", "é.", "тест.рф ", "xn--a.", "あ" * 55 + ".com "),
    ],
)
def test_twice_the_text_takes_twice_the_steps(piece: str) -> None:
    short, long = (_steps(piece * times) for times in (200, 400))
    assert long <= 2 * short + 50


@pytest.mark.parametrize(
    "case", cases("extract.yml", "urls", "urls_with_indices", "urls_with_directional_markers", "tco_urls_with_params")
)
def test_the_published_cases_have_the_links_that_they_say(case: dict[str, Any]) -> None:
    found = links_in(case["text"])
    expected = case["expected"]
    if expected and isinstance(expected[0], dict):
        assert [(link.text, [link.start, link.end]) for link in found] == [
            (url["url"], url["indices"]) for url in expected
        ]
    else:
        assert [link.text for link in found] == expected


def test_every_published_top_level_domain_makes_a_link() -> None:
    for parameter in cases("tlds.yml"):
        for case in filter(None, parameter.values):
            assert isinstance(case, dict)
            assert [link.text for link in links_in(case["text"])] == case["expected"]


def _steps(text: str) -> int:
    """How many lines of Python run to find the links of `text`."""
    count = 0

    def trace(frame: FrameType, event: str, argument: object) -> Any:  # noqa: ANN401 - as `sys.settrace` has it
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        links_in(text)
    finally:
        sys.settrace(before)
    return count
