"""The phrase files: complete, without doubles, and each phrase found where it is meant."""

from __future__ import annotations

from collections import Counter

import pytest

from carecli.playbook.lexicon import Words, language_of, languages, phrase_file, plain, symbols, words_for
from carecli.playbook.urgency import is_thanks, read

LISTS = ("safety", "complaint", "question", "question_starts", "praise", "thanks", "fillers")
PHRASES = [
    (language, name, phrase)
    for language in languages()
    for name in LISTS
    for phrase in getattr(phrase_file(language), name)
]


def test_the_languages_of_the_desk_are_there() -> None:
    assert set(languages()) >= {"en", "pl", "cs", "tr", "ru", "he"}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", LISTS)
def test_every_list_has_phrases_and_none_twice(language: str, name: str) -> None:
    phrases = [plain(phrase) for phrase in getattr(phrase_file(language), name)]
    assert phrases
    assert [phrase for phrase, times in Counter(phrases).items() if times > 1] == []


@pytest.mark.parametrize("language", languages())
def test_no_phrase_is_praise_and_complaint_at_once(language: str) -> None:
    file = phrase_file(language)
    grave = {plain(phrase) for phrase in (*file.safety, *file.complaint)}
    assert {plain(phrase) for phrase in (*file.praise, *file.thanks)} & grave == set()


@pytest.mark.parametrize("language", languages())
def test_thanks_and_fillers_are_told_apart(language: str) -> None:
    file = phrase_file(language)
    assert {plain(phrase) for phrase in file.thanks} & {plain(phrase) for phrase in file.fillers} == set()


def test_phrases_are_words_and_stems_are_long_enough_to_mean_something() -> None:
    for language, name, phrase in PHRASES:
        words = plain(phrase).split()
        assert " ".join(words) == plain(phrase), (language, name, phrase)
        for word in words:
            assert word.removesuffix("*").isalnum(), (language, name, phrase)
            assert not word.endswith("*") or len(word) > 3, (language, name, phrase)


def test_every_phrase_is_found_in_its_own_language_and_without_one() -> None:
    for language, name, phrase in PHRASES:
        text = phrase.replace("*", "").upper()
        for tag in (language, ""):
            reading = read(text, tag)
            seen = (language, name, phrase, tag, reading)
            if name == "safety":
                assert reading.kind == "safety", seen
            elif name == "complaint":
                assert reading.kind in ("safety", "complaint"), seen
            elif name in ("question", "question_starts"):
                assert reading.asks, seen
            elif name == "praise":
                assert reading.kind != "other", seen
            elif name == "thanks" and tag:
                assert reading.thanks, seen
            elif name == "fillers":
                assert not is_thanks(text, tag) or not tag, seen


@pytest.mark.parametrize("language", languages())
def test_the_words_of_hours_and_days_are_complete(language: str) -> None:
    words = phrase_file(language).words
    assert len(words.weekdays) == len(words.on_weekdays) == len(set(words.weekdays)) == 7
    assert len(words.months) == len(set(words.months)) == 12
    assert words.at.format(day="D", time="T").count("D") == 1
    assert words.date.format(day="1", month="M") != words.date
    assert all(getattr(words, name) for name in Words.__struct_fields__)


@pytest.mark.parametrize(
    ("tag", "language"),
    [("en", "en"), ("en-GB", "en"), ("EN_us", "en"), ("iw", "he"), ("und", ""), ("", ""), ("ja", ""), ("..", "")],
)
def test_a_networks_tag_is_read_as_the_language_we_have(tag: str, language: str) -> None:
    assert language_of(tag) == language


def test_a_language_without_a_file_is_told_in_english() -> None:
    assert words_for("ja").weekdays[0] == "Monday"


def test_symbols_are_either_thanks_or_complaint() -> None:
    assert not set(symbols().thanks) & set(symbols().complaint)
