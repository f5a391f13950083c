"""carecli's count of a text and the loopback server's, written apart, agree: neither only proves itself.

Not for: unusual top-level domains and rare emoji, which the published cases hold carecli's count to (`test_length`).
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from carecli.channels.x.length import weighted_length
from tests.channels.x.network import wording

_LINKS = (
    "https://example.com/a?b=c&d=e#f",
    "http://shop.example.co.uk",
    "example.org",
    "foo.zip",
    "www.example.io/path",
)
_WORDS = (
    "order",
    "grüße",
    "日本語",
    "кофе",
    "“so”",
    "3.50",
    "jo@mail",
    "@acme_care",
    "#help",
    "e\u0301",
    "100 %",
    "…",
    "—",
)
_EMOJI = ("👍", "👍🏽", "👩‍👩‍👧‍👦", "🇩🇪", "1️⃣", "❤️", "🏳️‍🌈", "😀", "🤷🏻‍♀️", "☀️")

_pieces = st.sampled_from((*_LINKS, *_WORDS, *_EMOJI))
_texts = st.lists(_pieces, max_size=12).map(" ".join)


@given(_texts)
def test_both_count_words_links_and_emoji_alike(text: str) -> None:
    assert weighted_length(text) == wording.weight(text)


@given(st.text(st.characters(categories=("L", "Nd", "Zs"), exclude_characters="\u3000"), max_size=40))
def test_both_count_the_letters_of_all_scripts_alike(text: str) -> None:
    assert weighted_length(text) == wording.weight(text)


@given(st.lists(st.sampled_from(_EMOJI), max_size=8).map("".join))
def test_both_count_emoji_without_spaces_alike(text: str) -> None:
    assert weighted_length(text) == wording.weight(text)
