"""Phrases are found where they begin, with all that is longer or shorter, as a plain search would find them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from carecli.playbook.phrase_tree import PhraseTree


def tree(*phrases: str) -> PhraseTree[str]:
    planted = PhraseTree[str]()
    for phrase in phrases:
        planted.add(phrase, [phrase.split()])
    return planted


def test_each_phrase_is_found_with_its_place_and_its_end() -> None:
    assert tree("it works", "works").find(["so", "it", "works"]) == [("it works", 1, 3), ("works", 2, 3)]


def test_a_stem_stands_for_any_ending_and_may_stand_inside() -> None:
    found = tree("complain*", "dostal* ránu proudem").find(["dostala", "ránu", "proudem", "complaints", "complai"])
    assert found == [("dostal* ránu proudem", 0, 3), ("complain*", 3, 4)]


def test_a_word_is_not_part_of_another() -> None:
    assert tree("fire").find(["firefly", "on_fire"]) == []


def test_up_to_two_letters_may_be_grown_on_to_the_first_word() -> None:
    words = ["לא", "ולא", "שהלא", "והשלא", "מלך"]
    assert [place for _, place, _ in tree("לא").find(words, "והש")] == [0, 1, 2]


def test_two_lists_may_hold_one_phrase() -> None:
    planted = tree("works")
    planted.add("again", [["works"]])
    assert {name for name, _, _ in planted.find(["works"])} == {"works", "again"}


words = st.sampled_from(("aaa", "aab", "baa", "c"))
texts = st.lists(words, max_size=12)


@given(st.lists(st.lists(words | st.just("aaa*"), min_size=1, max_size=3), max_size=6), texts)
def test_the_tree_finds_what_a_plain_search_finds(phrases: list[list[str]], text: list[str]) -> None:
    planted = tree(*(" ".join(phrase) for phrase in phrases))
    expected = {
        (" ".join(phrase), at, at + len(phrase))
        for phrase in phrases
        for at in range(len(text) - len(phrase) + 1)
        if all(_matches(pattern, word) for pattern, word in zip(phrase, text[at:], strict=False))
    }
    found = planted.find(text)
    assert set(found) == expected
    assert len(found) == len(expected)


def _matches(pattern: str, word: str) -> bool:
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern
