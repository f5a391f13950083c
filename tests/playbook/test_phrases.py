"""The phrase files: complete, without doubles, and each phrase found where it is meant."""

from __future__ import annotations

from collections import Counter

import pytest

from carecli.playbook.lexicon import Words, language_of, languages, phrase_file, plain, symbols, words_for
from carecli.playbook.nudges import is_nudge
from carecli.playbook.template import fields_of
from carecli.playbook.urgency import is_thanks, kind_of, read

COURTESIES = ("thanks", "solved", "closing", "fillers", "little", "unsettled")
LISTS = ("harmless", "safety", "complaint", "question", "question_starts", "nudges", "praise", *COURTESIES)
PHRASES = [
    (language, name, phrase)
    for language in languages()
    for name in LISTS
    for phrase in getattr(phrase_file(language), name)
]


def test_the_languages_of_the_desk_are_there() -> None:
    assert set(languages()) >= {"en", "pl", "cs", "tr", "ru", "he", "de", "fr", "es", "nl"}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", LISTS)
def test_every_list_has_phrases_and_none_twice(language: str, name: str) -> None:
    phrases = [plain(phrase) for phrase in getattr(phrase_file(language), name)]
    assert phrases
    assert [phrase for phrase, times in Counter(phrases).items() if times > 1] == []


@pytest.mark.parametrize("language", languages())
def test_what_only_asks_for_an_answer_is_told_in_every_language(language: str) -> None:
    for phrase in phrase_file(language).nudges:
        assert is_nudge(f"{phrase.replace('*', '')}?", language), phrase


@pytest.mark.parametrize("language", languages())
def test_no_phrase_is_grave_and_kind_at_once(language: str) -> None:
    file = phrase_file(language)
    grave = {plain(phrase) for phrase in (*file.safety, *file.complaint)}
    assert {plain(phrase) for phrase in (*file.harmless, *file.praise, *file.thanks, *file.closing)} & grave == set()


@pytest.mark.parametrize("language", languages())
def test_each_courtesy_has_one_meaning(language: str) -> None:
    file = phrase_file(language)
    listed = Counter(plain(phrase) for name in COURTESIES for phrase in getattr(file, name))
    assert [phrase for phrase, times in listed.items() if times > 1] == []


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
            elif name == "question":
                assert reading.asks, seen
            elif name == "question_starts":
                assert reading.asks or reading.kind == "praise", seen
            elif name == "praise":
                assert reading.kind != "other", seen


@pytest.mark.parametrize("name", ["thanks", "closing"])
def test_thanks_and_what_closes_a_talk_need_no_answer(name: str) -> None:
    for language in languages():
        for phrase in getattr(phrase_file(language), name):
            assert is_thanks(phrase.upper(), language), (language, phrase)


@pytest.mark.parametrize("name", ["solved", "fillers", "little"])
def test_what_may_stand_beside_thanks_is_none_alone(name: str) -> None:
    for language in languages():
        thanks = phrase_file(language).thanks[0]
        for phrase in getattr(phrase_file(language), name):
            assert not is_thanks(phrase, language), (language, phrase)
            if name != "little":
                assert is_thanks(f"{thanks}. {phrase}", language), (language, phrase)


def test_no_thanks_are_pure_beside_what_is_unsettled() -> None:
    for language in languages():
        file = phrase_file(language)
        for phrase in file.unsettled:
            text = f"{file.thanks[0]}, {file.solved[0]}. {phrase.replace('*', '')}"
            assert not is_thanks(text, language), (language, phrase)


def test_what_is_harmless_is_never_grave() -> None:
    for language in languages():
        for phrase in phrase_file(language).harmless:
            assert kind_of(phrase.replace("*", ""), language) not in ("safety", "complaint"), (language, phrase)


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


@pytest.mark.parametrize("language", languages())
def test_every_language_invites_to_a_private_talk_with_the_network_s_link(language: str) -> None:
    assert fields_of(words_for(language).invitation) == ("link",)
