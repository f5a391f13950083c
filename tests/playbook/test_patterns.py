"""Phrases with choices, gaps and stems, and the phrases of every language as they are written."""

from __future__ import annotations

import re

import pytest

from carecli.playbook.patterns import Patterns, parse
from carecli.playbook.wording import MEANINGS, WordingFile, languages, plain_word, wording_file


def found(phrase: str, text: str) -> set[str]:
    words = text.split()
    patterns = Patterns([("it", phrase)], plain_word)
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
def test_every_phrase_of_a_language_can_be_read_to_its_end(language: str) -> None:
    assert all(parse(phrase, plain_word) for phrase in phrases(wording_file(language)))


@pytest.mark.parametrize("language", languages())
def test_the_stems_of_a_language_are_long_enough_to_mean_something(language: str) -> None:
    stems = [plain_word(stem) for phrase in phrases(wording_file(language)) for stem in re.findall(r"(\w*)\*", phrase)]
    assert [stem for stem in stems if len(stem) < 2] == []


@pytest.mark.parametrize("language", languages())
def test_a_promise_is_due_after_a_while_on_a_day_or_at_a_time(language: str) -> None:
    due = re.compile(r"\d+[mhd]|nothing|(\{weekday\}|\d+d)|((\{weekday\}|\d+d) )?(\d\d:\d\d|at|am|pm)")
    assert [one for one in wording_file(language).promises.values() if not due.fullmatch(one)] == []


@pytest.mark.parametrize("language", languages())
def test_a_promise_for_a_time_or_a_weekday_says_one(language: str) -> None:
    for phrase, due in wording_file(language).promises.items():
        assert ("{weekday}" in phrase) == ("{weekday}" in due) or due == "nothing", phrase
        if due.split()[-1] in ("at", "am", "pm"):
            assert re.search(r"\{time\}|\{hour\}|\d", phrase), phrase


def test_an_hour_stands_for_each_with_what_is_written_behind_it() -> None:
    assert found("by {hour}h", "by 9h , by 09h , by 24h , by 25h , by 9") == {"by 9h", "by 09h", "by 24h"}
    assert found("({hour}|noon) sharp", "7 sharp") == {"7 sharp"}


@pytest.mark.parametrize("language", languages())
def test_every_language_knows_the_same_offers(language: str) -> None:
    names = {id: offer.name for id, offer in wording_file("en").offers.items()}
    assert {id: offer.name for id, offer in wording_file(language).offers.items()} == names
