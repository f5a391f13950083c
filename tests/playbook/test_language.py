"""The language of a text that no network told, guessed from its letters and its little words."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from carecli.channels.sandbox.scenarios import available_languages, load_languages
from carecli.playbook.folding import fold
from carecli.playbook.language import guessed, has_a_script
from carecli.playbook.lexicon import languages, tokens_of

TELLING = Path(__file__).parents[2] / "carecli" / "playbook" / "phrases" / "telling.toml"


def guess(text: str) -> str:
    return guessed(text, tokens_of(fold(text)))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("where is my parcel", "en"),
        ("gdzie jest moja paczka", "pl"),
        ("kde je můj balík, prosím", "cs"),
        ("kargom nerede kaldı, lütfen bakın", "tr"),
        ("где посылка", "ru"),
        ("איפה החבילה", "he"),
        ("KARGOM GELMEDİ", "tr"),
        ("wo bleibt denn mein Paket, bitte", "de"),
        ("heißt das morgen?", "de"),
        ("bonjour, où en est mon colis", "fr"),
        ("hola, dónde está mi paquete", "es"),
        ("waar blijft mijn pakket", "nl"),
    ],
)
def test_a_text_is_in_the_language_that_most_of_it_tells(text: str, language: str) -> None:
    assert guess(text) == language


def test_words_without_accents_tell_their_language_too() -> None:
    assert guess("prosze o pomoc, juz nie wiem") == "pl"
    assert guess("prosim vas, kdy to pojede") == "cs"


def test_a_foreign_name_does_not_outvote_the_words_around_it() -> None:
    assert guess("Is the office in Łódź open, and when does Paweł come back") == "en"
    assert guess("почему @NorthwindCare пишет please wait") == "ru"


@pytest.mark.parametrize("text", ["", "👍", "ok", "ja nie das", "Łukasz when"])
def test_what_tells_nothing_or_two_languages_is_left_open(text: str) -> None:
    assert guess(text) == ""


def test_a_script_of_its_own_decides_between_two_that_are_told_alike() -> None:
    assert guess("почему when") == "ru"
    assert has_a_script("ru")
    assert not has_a_script("en")
    assert not has_a_script("xx")


def test_a_plain_i_is_no_turkish_letter() -> None:
    assert guess("I is it 👍") == "en"


def test_the_simulated_customers_are_guessed_right_where_they_say_enough() -> None:
    for language in load_languages(available_languages()):
        openings = [text for scenario in language.scenarios for text in scenario.openings]
        right = [text for text in openings if guess(text) == language.language]
        wrong = [text for text in openings if guess(text) not in ("", language.language)]
        assert wrong == []
        assert len(right) >= 0.9 * len(openings), [text for text in openings if text not in right]


def test_only_languages_with_phrases_are_guessed() -> None:
    tellings = tomllib.loads(TELLING.read_text("utf-8"))
    assert set(tellings) == set(languages())
    for language, telling in tellings.items():
        assert guess(" ".join(telling.get("words", telling.get("letters", "")))) == language


def test_no_file_is_read_to_guess_the_language_of_nothing() -> None:
    code = (
        "import sys; read = []"
        "; sys.addaudithook(lambda event, seen: read.append(str(seen[0])) if event == 'open' else None)"
        "; from carecli.playbook.language import guessed; assert guessed('', ()) == ''"
        "; sys.exit(any(name.endswith('telling.toml') for name in read))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
