"""A key means its command by its place, whatever the layout prints on it."""

from __future__ import annotations

import pytest

from carecli.errors import ConfigError
from carecli.tui.keyboard_layouts import AUTOMATIC, layouts, translation
from carecli.tui.keymap import keymap

MEANINGFUL = keymap({}).characters()


@pytest.mark.parametrize(
    ("layout", "typed", "meant"),
    [
        ("russian", "тксзя.ПфуЩ", "nrcpz/GaeO"),
        ("ukrainian", "ткіяП,", "nrszG?"),
        ("hebrew", "מרבפזדעק.", "nrcpzsge/"),
        ("greek", "νρψπζΓεσ", "nrcpzGes"),
        ("turkish-q", ".:", "/?"),
        ("turkish-f", "zıvğj", "nrcez"),
        ("polish", "ńęóż", "neoz"),
        ("czech", "yz-_", "zy/?"),
    ],
)
def test_each_layout_is_read_by_place_when_it_is_named(layout: str, typed: str, meant: str) -> None:
    places = layouts()[layout]
    assert "".join(places[character] for character in typed) == meant
    read = translation(layout, MEANINGFUL)
    assert [read.get(character, character) for character in typed] == [
        place if place in MEANINGFUL else character for character, place in zip(typed, meant, strict=True)
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("т", "n"), ("П", "G"), ("і", "s"), ("מ", "n"), ("ν", "n"), ("Γ", "G"), ("ę", "e"), (".", "/"), (",", "?")],
)
def test_without_a_named_layout_foreign_letters_are_read_by_place(typed: str, meant: str) -> None:
    assert translation(AUTOMATIC, MEANINGFUL)[typed] == meant


def test_without_a_named_layout_latin_letters_and_bound_characters_stay_themselves() -> None:
    read = translation(AUTOMATIC, MEANINGFUL)
    assert not MEANINGFUL & read.keys()
    assert not any(character.isascii() and character.isalpha() for character in read)


def test_without_a_named_layout_no_punctuation_stands_for_a_letter() -> None:
    read = translation(AUTOMATIC, MEANINGFUL)
    assert not any(place.isalpha() for character, place in read.items() if character.isascii())


def test_every_letter_command_is_reached_from_cyrillic_hebrew_and_greek() -> None:
    letters = {character for character in MEANINGFUL if character.isalpha() and character.islower()}
    for layout in ("russian", "ukrainian", "hebrew", "greek"):
        reached = {place for character, place in layouts()[layout].items() if not character.isascii()}
        # The key q prints a mark of punctuation in Hebrew and Greek: ctrl+q quits there, or a named layout.
        assert letters - reached <= {"q"}, layout


def test_an_unknown_layout_is_named_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="'dvorak', which is not a layout") as refused:
        translation("dvorak", MEANINGFUL)
    assert "turkish-f" in refused.value.remedy
