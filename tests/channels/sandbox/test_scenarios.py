"""The scenario files: every language says everything, and a mistake is told by its path."""

from __future__ import annotations

from pathlib import Path

import pytest

from carecli.channels.lengths import LIMITS, weighted_length
from carecli.channels.sandbox.scenarios import (
    FOLDER,
    Language,
    Scenario,
    available_languages,
    load_hostile,
    load_language,
    load_languages,
)
from carecli.errors import ConfigError
from carecli.safetext import is_safe

_LANGUAGES = load_languages(available_languages())
_ENGLISH = next(language for language in _LANGUAGES if language.language == "en")
_TEXTS = ("openings", "bumps", "thanks", "not_solved", "questions", "private")

every_language = pytest.mark.parametrize("language", _LANGUAGES, ids=lambda language: language.language)


def _texts(language: Language) -> list[str]:
    return [text for scenario in language.scenarios for key in _TEXTS for text in getattr(scenario, key)]


def _filled(scenario: Scenario) -> dict[str, object]:
    """What a scenario is like apart from its words: its kind, its tone, and how much of what it says."""
    amounts = {key: len(getattr(scenario, key)) for key in _TEXTS}
    return {
        **amounts,
        "kind": scenario.kind,
        "tone": scenario.tone,
        "second": bool(scenario.second),
        "bystander": bool(scenario.bystander),
    }


def test_the_languages_of_the_field_are_there() -> None:
    assert {"en", "pl", "cs", "tr", "ru", "he"} <= set(available_languages())


@every_language
def test_every_language_has_the_scenarios_of_english_with_the_same_keys(language: Language) -> None:
    assert {s.id: _filled(s) for s in language.scenarios} == {s.id: _filled(s) for s in _ENGLISH.scenarios}


@every_language
def test_every_language_has_enough_to_say(language: Language) -> None:
    kinds = [scenario.kind for scenario in language.scenarios]
    assert len([kind for kind in kinds if kind in ("complaint", "question")]) >= 8
    assert {"safety", "praise"} <= set(kinds)
    assert any(scenario.tone == "rude" for scenario in language.scenarios)


@every_language
def test_no_two_texts_of_a_language_are_the_same(language: Language) -> None:
    texts = _texts(language)
    assert len(set(texts)) == len(texts)


@every_language
def test_public_texts_fit_into_a_post_with_room_for_an_attack(language: Language) -> None:
    public = [text for s in language.scenarios for key in _TEXTS[:-1] for text in getattr(s, key)]
    longest = max(weighted_length(person.text) for person in load_hostile())
    assert max(map(weighted_length, (*public, *language.leaving))) + longest < LIMITS["public"]


@every_language
def test_the_texts_of_ordinary_people_are_harmless(language: Language) -> None:
    assert all(is_safe(text) for text in _texts(language))


@every_language
def test_every_opening_names_the_account(language: Language) -> None:
    for scenario in language.scenarios:
        assert all("@NorthwindCare" in opening for opening in scenario.openings)


def test_hostile_people_are_not_harmless() -> None:
    assert all(not is_safe(person.name) or "[" in person.name or "\u0334" in person.name for person in load_hostile())


def test_the_file_of_hostile_people_holds_their_weapons_as_escapes_only() -> None:
    assert is_safe((FOLDER.parent / "hostile.toml").read_text("utf-8"))


@pytest.mark.parametrize("key", [*Language.__struct_fields__, *Scenario.__struct_fields__])
def test_every_key_is_explained(key: str) -> None:
    assert f"| `{key}` |" in (Path(__file__).parents[3] / "docs" / "sandbox.md").read_text("utf-8")


# ── mistakes ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ("weight = 3", "wait = 3", "", "unknown field `wait`"),
        ('tone = "rude"', 'mood = "rude"', "scenarios[5]", "unknown field `mood`"),
        ('kind = "safety"', 'kind = "danger"', "scenarios[8].kind", "Invalid enum value 'danger'"),
        ('["Andy", "andy"]', '["Andy", "An dy"]', "names[0].given[0][1]", "matching regex"),
        (
            '  "right, got it. what would I pay if I dropped the tv part?",\n',
            "",
            "scenarios[2].questions",
            "length >= 2",
        ),
        ('language = "en"', 'language = "de"', "language", "'de' is not the language"),
        ("{speed} Mb/s", "{rate} Mb/s", "diary", "no other braces"),
        ('language = "en"', 'language = ""', "language", "matching regex"),
    ],
)
def test_a_mistake_is_told_by_file_and_path(tmp_path: Path, old: str, new: str, key: str, message: str) -> None:
    text = (FOLDER / "en.toml").read_text("utf-8")
    assert old in text
    path = tmp_path / "en.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_language(path)
    assert caught.value.key == key
    assert caught.value.sentence.startswith("en.toml")
    assert message in caught.value.sentence
    assert "docs/sandbox.md" in caught.value.remedy


def test_a_scenario_that_wants_an_answer_must_have_all_texts(tmp_path: Path) -> None:
    text = (FOLDER / "en.toml").read_text("utf-8")
    path = tmp_path / "en.toml"
    path.write_text(text.replace('kind = "praise"', 'kind = "question"'), "utf-8")
    with pytest.raises(ConfigError, match="needs `bumps`, `not_solved`, `questions`, `private` too") as caught:
        load_language(path)
    assert caught.value.key == "scenarios[9]"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"xx\.toml cannot be read"):
        load_language(tmp_path / "xx.toml")
