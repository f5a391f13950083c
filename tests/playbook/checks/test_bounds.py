"""Checking a draft takes time in proportion to it, whatever it is, and what is found lies within it."""

from __future__ import annotations

from functools import partial
from typing import Any, SupportsIndex, overload

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carecli.model import Agent, Length, Playbook, Vocabulary
from carecli.playbook.checks import CHECKS, DraftFacts, check_reply
from carecli.playbook.patterns import Patterns
from carecli.playbook.wording import MEANINGS, languages, plain_word, read_wording, wording_file
from tests.counting import calls
from tests.hostile import HOSTILE, Hostile
from tests.playbook.checks.worst import PIECES, check, phrases_almost_said, repeated

CLAIRE = Agent("claire", "Claire Lane", "CL")


class Counted(list[str]):
    """Words that count how many of them are looked at."""

    looks = 0

    @overload
    def __getitem__(self, at: SupportsIndex) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        Counted.looks += len(found) if isinstance(at, slice) else 1
        return found


def looks(patterns: Patterns, words: list[str]) -> int:
    Counted.looks = 0
    patterns.find(Counted(words))
    return Counted.looks


@pytest.mark.parametrize("language", languages())
def test_no_phrase_is_looked_for_longer_than_in_proportion_to_the_text(language: str) -> None:
    file = wording_file(language)
    phrases = [phrase for name in MEANINGS for phrase in (*getattr(file, name).phrases, *getattr(file, name).unless)]
    patterns = Patterns([(phrase, phrase) for phrase in phrases], plain_word)
    for piece in phrases_almost_said():
        words = piece.split() * 40
        # A text's first words and last ones have less before and after them.
        assert looks(patterns, words * 2) <= 2.2 * looks(patterns, words) + 400, piece


@pytest.mark.parametrize("piece", PIECES)
def test_a_draft_is_checked_in_steps_in_proportion_to_it(piece: str) -> None:
    check(repeated(piece, 1_500))
    long, short = (calls(partial(check, repeated(piece, length))) for length in (2_000, 1_000))
    assert long <= 2.5 * short + 200


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda one: one.what)
def test_no_check_fails_on_a_hostile_text(hostile: Hostile) -> None:
    look_within(hostile.text)


@given(st.text(st.characters(), max_size=200) | st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_whatever_is_found_lies_within_the_text(text: str) -> None:
    look_within(text)


def look_within(text: str) -> None:
    for language in languages():
        wording = read_wording(text, language)
        spans = [(one.start, one.end) for one in wording.said] + [wording.longest]
        assert all(0 <= start <= end <= len(text) for start, end in spans)
    about = DraftFacts(
        "public", CLAIRE, (CLAIRE,), Playbook(), asked=text, complaint=True, own_replies=(text,), link_price="$1"
    )
    for finding in check_reply(about, text, Length(len(text), 280)):
        assert finding.check in CHECKS
        assert 0 <= finding.start <= finding.end <= len(text)


@given(st.lists(st.text(st.sampled_from("ab (|)*…{}link"), max_size=12), max_size=4))
@settings(max_examples=30, deadline=None)
def test_no_phrase_of_a_brand_makes_a_check_fail(phrases: list[str]) -> None:
    vocabulary = Vocabulary((("hedge", tuple(phrases)),), tuple(phrases))
    read_wording("a b ab link https://example.com", "en", vocabulary)
