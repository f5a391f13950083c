"""Where dictionaries are found, and what is said where they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from carecli.proof import standing
from carecli.proof.dictionaries import find, package_of, places
from tests.proof.material import DICTIONARIES


def lay(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}.aff").touch()
        (folder / f"{name}.dic").touch()
    return folder


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ("pt-BR", "pt_BR"),
        ("pt_br", "pt_BR"),
        ("pt", "pt_PT"),
        ("de-AT", "de_DE"),
        ("de", "de_DE"),
        ("cs", "cs_CZ"),
        ("fr", "fr"),
        ("sr", "sr_ME"),
    ],
)
def test_the_region_asked_for_comes_first_then_the_languages_own(tmp_path: Path, tag: str, found: str) -> None:
    lay(tmp_path, "pt_PT", "pt_BR", "de_CH", "de_DE", "cs_CZ", "fr", "fr_CA", "sr_RS", "sr_ME")
    assert find(tag, [tmp_path]) == tmp_path / found


def test_one_without_its_rules_is_none(tmp_path: Path) -> None:
    (tmp_path / "pl_PL.dic").touch()
    assert find("pl", [tmp_path, tmp_path / "nowhere"]) is None


def test_the_folder_of_the_configuration_comes_first_then_the_persons_own(tmp_path: Path) -> None:
    own = lay(tmp_path / "own", "pl_PL")
    data = lay(tmp_path / "data" / "hunspell", "pl_PL", "cs_CZ")
    folders = places({"XDG_DATA_HOME": str(tmp_path / "data")}, tmp_path, own)
    assert find("pl", folders) == own / "pl_PL"
    assert find("cs", folders) == data / "cs_CZ"


@pytest.mark.parametrize("place", [".local/share/hunspell", "Library/Spelling"], ids=["of Linux", "of macOS"])
def test_a_persons_dictionaries_are_found_without_any_setting(tmp_path: Path, place: str) -> None:
    lay(tmp_path / place, "eo")
    assert find("eo", places({}, tmp_path, None)) == tmp_path / place / "eo"


def test_a_missing_dictionary_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "is_installed", lambda: True)
    told = standing.off(["en", "pl", "pl", "cs"], [DICTIONARIES])
    assert told is not None
    assert told.sentence == "No Czech dictionary is installed: spelling in Czech is off."
    assert told.remedy == "Install hunspell-cs."
    assert package_of("de-AT") == "hunspell-de-de"


def test_for_a_language_that_nobody_packs_no_package_is_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "is_installed", lambda: True)
    told = standing.off(["qq"], [DICTIONARIES])
    assert told is not None
    assert told.sentence == "No qq dictionary is installed: spelling in qq is off."
    assert told.remedy == "Put its .aff and .dic into the folder `dictionaries`."


def test_several_are_told_in_one_sentence_and_none_in_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "is_installed", lambda: True)
    told = standing.off(["cs", "pl", "tr"], [DICTIONARIES])
    assert told is not None
    assert told.sentence == "Spelling is off in Czech, Turkish: no dictionaries of these are installed."
    assert told.remedy == "Install hunspell-cs, hunspell-tr."
    assert standing.off(["en-GB", "pl"], [DICTIONARIES]) is None


def test_without_the_extra_one_sentence_says_that_all_of_it_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "is_installed", lambda: False)
    told = standing.off(["en", "cs"], [])
    assert told is not None
    assert "Proofreading is off" in told.sentence
    assert "pip install 'carecli[proof]'" in told.remedy
