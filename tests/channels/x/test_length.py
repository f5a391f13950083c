"""The weighted length of X: its published rules, and that nothing a customer or agent pastes makes it slow."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from carecli.channels.x.length import first_invalid, weighted_length
from tests.channels.x.conformance import cases

LIMIT = 280


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Sorry to hear that. ^CL", 23),
        ("naïve", 5),
        ("nai\u0308ve", 5),
        ("Привет", 6),
        ("שָׁלוֹם", 7),
        ("ありがとう", 10),
        ("한국", 4),
        ("“Yes” – she said…", 18),
        ("a\u200bb\u200dc", 5),
        ("½ € ← ✓", 10),
    ],
)
def test_letters_weigh_one_or_two_by_their_script(text: str, length: int) -> None:
    assert weighted_length(text) == length


@pytest.mark.parametrize(
    "emoji", ["😀", "☺", "☺️", "1️⃣", "1⃣", "©️", "👍🏽", "👨‍👩‍👧‍👦", "👩🏾‍🚀", "🏳️‍🌈", "🇹🇷", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "❤️‍🔥", "🧕🏾", "👩‍❤️‍💋‍👨"]
)
def test_an_emoji_weighs_two_however_many_characters_it_is(emoji: str) -> None:
    assert weighted_length(emoji) == 2
    assert weighted_length(f"a{emoji}{emoji}b") == 6


@pytest.mark.parametrize(
    ("text", "length"), [("☺\ufe0e", 4), ("©", 1), ("🔥🏽", 4), ("7", 1), ("🇹", 2), ("👍\u200d", 3)]
)
def test_what_is_no_emoji_sequence_is_counted_by_its_characters(text: str, length: int) -> None:
    assert weighted_length(text) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("https://example.com/a/very/long/way/to/say/it", 23),
        ("t.co", 23),
        ("See example.com/help.", 4 + 23 + 1),
        ("Open setup.zip now", 5 + 23 + 4),
        ("Write to help@example.com", 25),
        ("example.com👍example.org", 23 + 2 + 23),
        ("http://www.example.рф", 23),
    ],
)
def test_a_link_weighs_23_with_or_without_a_scheme(text: str, length: int) -> None:
    assert weighted_length(text) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("@Anna sorry!", 6),
        ("@anna @BEN\n sorry!", 6),
        ("@ben @carl sorry!", 12),
        ("sorry, @anna", 12),
        ("@annabel sorry", 14),
        ("@anna@ben", 9),
        ("@anna", 0),
    ],
)
def test_the_mentions_that_x_fills_in_are_free_at_the_beginning(text: str, length: int) -> None:
    assert weighted_length(text, filled_in=("@anna", "Ben")) == length


def test_characters_that_no_post_may_hold_are_found() -> None:
    assert first_invalid("all well") is None
    assert first_invalid("ABC\u202aABC\ufffe") == 7
    assert first_invalid("\ufeffABC") == 0


@given(st.text())
@example("e\u0301" * 300)
@example("a" + "\u0323\u0300" * 300)
@example("a" + "\u0f73\u0f71" * 300)
def test_the_form_in_which_a_text_was_typed_makes_no_difference(text: str) -> None:
    assert weighted_length(text) == weighted_length(unicodedata.normalize("NFC", text))
    assert weighted_length(text) == weighted_length(unicodedata.normalize("NFD", text))


@given(st.text(), st.text())
def test_lines_weigh_what_each_of_them_does(first: str, second: str) -> None:
    assert weighted_length(f"{first}\n{second}") == weighted_length(first) + 1 + weighted_length(second)


@pytest.mark.parametrize(
    "case",
    cases("validate.yml", "WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest"),
)
def test_the_published_cases_are_weighed_as_they_say(case: dict[str, Any]) -> None:
    expected = case["expected"]
    length = weighted_length(case["text"])
    assert length == expected["weightedLength"]
    assert length * 1000 // LIMIT == expected["permillage"]
    assert (0 < length <= LIMIT and first_invalid(case["text"]) is None) == expected["valid"]


@pytest.mark.parametrize("case", cases("validate.yml", "WeightedTweetsCounterTest"))
def test_the_published_cases_from_before_emoji_were_one_differ_only_there(case: dict[str, Any]) -> None:
    expected = case["expected"]["weightedLength"]
    assert weighted_length(case["text"]) == expected or sum(map(weighted_length, case["text"])) == expected
