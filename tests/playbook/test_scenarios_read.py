"""How the simulated customers are read: a person's verdict on each of their texts, by its place in the scenarios."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from carecli.channels.sandbox.scenarios import Language, Scenario, available_languages, load_languages
from carecli.playbook.urgency import read

LANGUAGES = {language.language: language for language in load_languages(available_languages())}

# A scenario's kind is that of its openings, but for those of which a reader may say either: a light is described and
# nothing asked, or the question says that something does not work.
ALSO = {("router-lights", 0): "other", ("mobile-data", 0): "complaint", ("mobile-data", 1): "complaint"}


def openings(language: Language) -> Iterator[tuple[Scenario, int, str]]:
    for scenario in language.scenarios:
        for number, text in enumerate(scenario.openings):
            yield scenario, number, text


def texts(scenario: Scenario) -> Iterator[str]:
    yield from scenario.thanks
    yield from going_on(scenario)


def going_on(scenario: Scenario) -> Iterator[str]:
    """What a customer says who is not done."""
    yield from (*scenario.openings, *scenario.bumps, *scenario.not_solved, *scenario.questions, *scenario.private)
    yield from (text for text in (scenario.second, scenario.bystander) if text)


@pytest.fixture(params=sorted(LANGUAGES))
def language(request: pytest.FixtureRequest) -> Language:
    return LANGUAGES[request.param]


def test_every_true_claim_of_safety_is_found(language: Language) -> None:
    claims = [text for scenario, _, text in openings(language) if scenario.kind == "safety"]
    assert claims
    assert [text for text in claims if read(text, language.language).kind != "safety"] == []
    assert [text for text in claims if read(text).kind != "safety"] == []


def test_nothing_else_is_taken_for_safety(language: Language) -> None:
    others = [text for scenario in language.scenarios if scenario.kind != "safety" for text in texts(scenario)]
    others += [*language.leaving, language.diary.opening, language.diary.closing]
    assert [text for text in others if read(text, language.language).kind == "safety"] == []
    assert [text for text in others if read(text).kind == "safety"] == []


def test_praise_is_never_taken_for_a_complaint(language: Language) -> None:
    kind_words = [text for scenario in language.scenarios if scenario.kind == "praise" for text in texts(scenario)]
    assert [text for text in kind_words if read(text, language.language).kind == "complaint"] == []


@pytest.mark.parametrize("told", [True, False], ids=["language told", "language guessed"])
def test_openings_are_of_their_scenarios_kind(language: Language, told: bool) -> None:
    wrong = [
        (scenario.id, number)
        for scenario, number, text in openings(language)
        if read(text, language.language if told else "").kind not in (scenario.kind, ALSO.get((scenario.id, number)))
    ]
    assert len(wrong) <= 0.15 * len(list(openings(language))), wrong


def test_customers_who_are_not_done_are_never_taken_for_thanks(language: Language) -> None:
    unfinished = [text for scenario in language.scenarios for text in going_on(scenario)] + [*language.leaving]
    assert [text for text in unfinished if read(text, language.language).thanks or read(text).thanks] == []


def test_most_who_thank_are_taken_for_thanks(language: Language) -> None:
    closing = [
        text
        for scenario in language.scenarios
        if scenario.kind in ("complaint", "question")
        for text in scenario.thanks
    ]
    taken = [text for text in closing if read(text, language.language).thanks]
    assert len(taken) >= 0.6 * len(closing), [text for text in closing if text not in taken]
