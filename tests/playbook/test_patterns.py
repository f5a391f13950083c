"""Phrases with choices, gaps and stems, and the phrases of every language as they are written."""

from __future__ import annotations

import re

import pytest

from carecli.playbook.patterns import Patterns, parse
from carecli.playbook.wording import MEANINGS, WordingFile, languages, plain_word, wording_file


def found(phrase: str, text: str) -> set[str]:
    words = text.split()
    patterns = Patterns([("it", parse(phrase, plain_word))])
    return {" ".join(words[begin:end]) for (_, begin), end in patterns.find(words).items()}


def test_a_stem_stands_for_any_ending_alone_and_in_a_run_of_words() -> None:
    assert found("(call|drop* us a line*)", "dropping us a lines") == {"dropping us a lines"}
    assert found("to (drop* us a line*)", "to drop us a line") == {"to drop us a line"}
    assert found("drop*", "dropping") == {"dropping"}


def test_a_run_is_not_found_where_the_text_ends_before_it() -> None:
    assert found("(drop* us a line)", "drop us a") == set()


def test_a_gap_reaches_over_a_comma_and_not_over_the_end_of_a_sentence() -> None:
    assert found("call … us", "call , please , us") == {"call , please , us"}
    assert found("call … us", "call . us") == set()


@pytest.mark.parametrize("phrase", ["(call us", "call) us", "call | us"])
def test_a_bracket_without_its_other_half_is_an_error(phrase: str) -> None:
    with pytest.raises(ValueError, match="choice"):
        parse(phrase, plain_word)


def phrases(file: WordingFile) -> list[str]:
    listed = [phrase for name in MEANINGS for phrase in (*getattr(file, name).phrases, *getattr(file, name).unless)]
    offered = [phrase for offer in file.offers.values() for phrase in (*offer.offered, *offer.declined)]
    return [*listed, *offered, *file.promises, *file.confusables]


@pytest.mark.parametrize("language", languages())
def test_the_stems_of_a_language_are_long_enough_to_mean_something(language: str) -> None:
    stems = [plain_word(stem) for phrase in phrases(wording_file(language)) for stem in re.findall(r"(\w*)\*", phrase)]
    assert [stem for stem in stems if len(stem) < 2] == []


@pytest.mark.parametrize("language", languages())
def test_a_promise_is_due_after_minutes_hours_or_days(language: str) -> None:
    assert [due for due in wording_file(language).promises.values() if not re.fullmatch(r"\d+[mhd]", due)] == []


@pytest.mark.parametrize("language", languages())
def test_every_language_knows_the_same_offers(language: str) -> None:
    names = {id: offer.name for id, offer in wording_file("en").offers.items()}
    assert {id: offer.name for id, offer in wording_file(language).offers.items()} == names
