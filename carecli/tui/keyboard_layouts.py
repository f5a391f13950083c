"""Keyboard layouts: which command a key means by its place, whatever letter the layout prints on it.

The layouts are data (`keyboard_layouts.toml`). Not for: text that is being typed, which is left as it is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

from carecli.errors import ConfigError

AUTOMATIC = ""
"""No layout is named: characters are taken as they are where they mean something, else by their place."""

_UNTOLD = "·"
_LEVELS = {"plain": "plain", "shift": "shift", "altgr": "plain", "altgr_shift": "shift"}


@cache
def layouts() -> dict[str, dict[str, str]]:
    """Each layout's characters, and the US character at the same place, in the order of belief."""
    raw = tomllib.loads((Path(__file__).parent / "keyboard_layouts.toml").read_text("utf-8"))
    us = raw.pop("us")
    return {
        name: {
            character: place
            for level, rows in levels.items()
            for row, us_row in zip(rows.split(), us[_LEVELS[level]].split(), strict=True)
            for character, place in zip(row, us_row, strict=True)
            if character != _UNTOLD
        }
        for name, levels in raw.items()
    }


def translation(layout: str, meaningful: Collection[str]) -> Mapping[str, str]:
    """What to read instead of a typed character; characters that stay what they are do not appear.

    `meaningful` are the characters to which a command is bound. With a named layout the place counts first. Without one
    a character that means something stays itself, as do Latin letters, and a mark of punctuation never stands for a
    letter. Raises `ConfigError` for an unknown layout.
    """
    if layout == AUTOMATIC:
        merged: dict[str, str] = {}
        for places in layouts().values():
            for character, place in places.items():
                merged.setdefault(character, place)
        return {
            character: place
            for character, place in merged.items()
            if place in meaningful
            and character not in meaningful
            and not (character.isascii() and (character.isalpha() or place.isalpha()))
        }
    try:
        chosen = layouts()[layout]
    except KeyError:
        raise ConfigError(
            f"`keyboard` names {layout!r}, which is not a layout.",
            f"Use one of {', '.join(layouts())}, or leave it out.",
            key="keyboard",
        ) from None
    return {character: place for character, place in chosen.items() if character != place and place in meaningful}
