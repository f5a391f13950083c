"""Which language a text is in, where the network does not say: by its script, its letters and its little words.

A guess among the languages that have phrases, from `phrases/telling.toml`. Not for: texts whose network told the
language, which is read as told.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from carecli.model import Record
from carecli.playbook.folding import fold

_FILE = Path(__file__).parent / "phrases" / "telling.toml"


class Telling(Record, frozen=True, forbid_unknown_fields=True):
    """What tells one language: letters that only it has, in lower case, and words that each text of some length has.

    prefixes: letters that it writes together with the next word.
    """

    letters: str = ""
    words: tuple[str, ...] = ()
    prefixes: str = ""


class Signs(NamedTuple):
    """The languages by their words and by their letters; `runs` finds the letters, as many as stand together."""

    words: dict[str, str]
    letters: dict[str, str]
    runs: re.Pattern[str]


def names_one(tag: str) -> bool:
    """Whether a network's tag names a language: not "", "und" and the like, nor the codes for private use (ISO 639).

    X has such codes for texts of mentions, links or hashtags alone ("qme", "qht", "art").
    """
    primary = tag.replace("_", "-").partition("-")[0].lower()
    return primary not in ("", "und", "mul", "mis", "zxx", "art") and not (
        len(primary) == 3 and "qaa" <= primary <= "qtz"
    )


def guessed(text: str, tokens: Sequence[str]) -> str:
    """The language that most words and letters of a text tell, or "" where none or two of Latin script do.

    tokens: the words of the text, folded.
    """
    if not tokens and text.isascii():
        # No file is read for a draft that nobody has begun.
        return ""
    signs = _signs()
    votes = [signs.words[token] for token in tokens if token in signs.words]
    if not text.isascii():
        votes += [signs.letters[run[0]] for run in signs.runs.findall(text)]
    told = set(votes)
    if len(told) < 2:
        return votes[0] if votes else ""
    ranked = sorted(told, key=lambda language: (votes.count(language), has_a_script(language)), reverse=True)
    clear = has_a_script(ranked[0]) or votes.count(ranked[0]) > votes.count(ranked[1])
    return ranked[0] if clear else ""


def has_a_script(language: str) -> bool:
    """Whether a language is written in a script of its own, so that a text without its letters is never in it."""
    telling = _tellings().get(language)
    return telling is not None and not telling.words


def prefixes_of(language: str) -> str:
    """The letters that a language writes together with the next word; most write none so."""
    telling = _tellings().get(language)
    return telling.prefixes if telling else ""


@cache
def _tellings() -> dict[str, Telling]:
    return msgspec.convert(tomllib.loads(_FILE.read_text("utf-8")), dict[str, Telling])


@cache
def _signs() -> Signs:
    tellings = _tellings()
    words = {fold(word): language for language, telling in tellings.items() for word in telling.words}
    letters = {
        letter: language
        for language, telling in tellings.items()
        for letter in telling.letters + telling.letters.upper()
        if not letter.isascii()
    }
    return Signs(words, letters, re.compile(f"[{re.escape(''.join(letters))}]+"))
