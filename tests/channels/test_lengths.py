"""Weighted length: what it counts as one, and that it stays cheap."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.channels.lengths import links_in, weighted_length
from carecli.model import Link
from tests.counting import calls
from tests.slow_texts import MEASURED


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Sorry to hear that. ^CL", 23),
        ("naïve", 5),
        ("nai\u0308ve", 5),
        ("👨‍👩‍👧 hello", 7),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿🇵🇱", 2),
        ("❤️", 1),
        ("שלום", 4),
        ("日本語", 3),
        ("one\r\ntwo", 7),
    ],
)
def test_a_reader_s_character_counts_one(text: str, length: int) -> None:
    assert weighted_length(text) == length


@pytest.mark.parametrize(
    "link",
    ["https://t.co/a", "http://example.org/a/very/long/path?with=a&query=of#some-length", "HTTPS://EXAMPLE.ORG/łódź"],
)
def test_a_link_has_one_price_however_long_it_is(link: str) -> None:
    assert weighted_length(link) == 23
    assert weighted_length(f"See {link} please") == 4 + 23 + 7


def test_what_follows_a_link_is_not_part_of_it() -> None:
    assert weighted_length("(see https://example.org/help).") == 5 + 23 + 2
    assert weighted_length("https://example.org/a, https://example.org/b!") == 23 + 2 + 23 + 1


def test_links_are_told_where_they_stand_with_what_they_count() -> None:
    text = "👋 see https://example.org/help, or http://example.org."
    assert links_in(text) == (
        Link(6, 30, "https://example.org/help", 23),
        Link(35, 53, "http://example.org", 23),
    )


def test_a_bare_scheme_is_no_link() -> None:
    assert weighted_length("https://...") == 11


@given(st.text(), st.text())
def test_lengths_of_two_paragraphs_add_up(first: str, second: str) -> None:
    assert weighted_length(f"{first}\n\n{second}") == weighted_length(f"{first}\n") + 1 + weighted_length(second)


@pytest.mark.parametrize("piece", MEASURED)
def test_a_text_is_measured_in_steps_in_proportion_to_its_length(piece: str) -> None:
    weighted_length(piece)
    long, short = (calls(partial(weighted_length, piece * times)) for times in (400, 200))
    assert long <= 2.5 * short + 50
