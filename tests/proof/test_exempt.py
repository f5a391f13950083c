"""What the proofreader leaves alone."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.proof.exempt import exempt_spans, is_allowed, is_exempt, is_foreign, words_to_spell


def spelt(text: str, language: str = "en", *allowed: str) -> list[str]:
    return [word.spelling for word in words_to_spell(text, language, frozenset(allowed))]


@pytest.mark.parametrize(
    "text",
    [
        "@andy_loynez",
        "#brodband",
        "https://nwb.example/hlep",
        "www.nwb.example",
        "hlep@nwb.example",
        "nwb.exmaple/hlep",
        "{ordr number}",
        "SW1A 5pmm 4K",
        "^clare",
        "*clare",
        "&amp;",
        "ASAPP",
        "iPhoen NorthwindCar",
        "x",
    ],
)
def test_what_is_no_prose_is_left_alone(text: str) -> None:
    assert spelt(text) == []
    assert spelt(f"see {text} there") == ["see", "there"]


@pytest.mark.parametrize("text", ["we look into it -clare", "we look into it /CL", "we look into it — Clare "])
def test_a_signature_at_the_end_is_left_alone(text: str) -> None:
    assert spelt(text) == ["we", "look", "into", "it"]


def test_a_hyphen_within_the_text_signs_nothing() -> None:
    assert spelt("we look - really look") == ["we", "look", "really", "look"]


def test_a_capital_within_a_sentence_begins_a_name_but_in_german() -> None:
    assert spelt("Hallo wir prüfen Ihre Leitung") == ["Hallo", "wir", "prüfen"]
    assert spelt("Hallo wir prüfen Ihre Leitung", "de") == ["Hallo", "wir", "prüfen", "Ihre", "Leitung"]


@pytest.mark.parametrize("before", ["Ok. ", "Ok! ", "Ok?\n", "“", "Note: "])
def test_a_capital_at_the_beginning_of_a_sentence_begins_no_name(before: str) -> None:
    assert spelt(f"{before}Teh line")[-2:] == ["Teh", "line"]


@pytest.mark.parametrize("word", ["northwind", "Northwind", "northwind's", "Northwind’s", "NORTHWIND"])
def test_words_that_are_allowed_are_left_alone_in_each_form(word: str) -> None:
    assert is_allowed(word, frozenset({"northwind"}))
    assert spelt(f"the {word} hub", "en", "northwind") == ["the", "hub"]


def test_a_word_is_spelt_with_a_plain_apostrophe_and_whole_letters() -> None:
    assert spelt("we don’t") == ["we", "don't"]
    assert spelt("jesti za\u0301dny", "cs") == ["jesti", "zádny"]


def test_a_text_of_which_a_third_is_unknown_is_in_another_language() -> None:
    assert is_foreign(4, 12)
    assert not is_foreign(4, 13)
    assert not is_foreign(3, 3), "a short text full of typos is still one"


@given(st.text(alphabet=st.sampled_from("ab @#.'’-/{}^*:1é\u0301\n"), max_size=80))
def test_each_word_stands_where_it_is_said_to_stand_and_in_no_exempt_place(text: str) -> None:
    exempt = exempt_spans(text)
    for word in words_to_spell(text, "de", frozenset()):
        assert word.spelling == normalize("NFC", text[word.start : word.end].replace("’", "'"))
        assert not is_exempt(word.start, word.end, exempt)
