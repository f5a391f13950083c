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
    """What tells one language: letters that only it has, in lower case, and words that each text of some length has."""

    letters: str = ""
    words: tuple[str, ...] = ()


class Signs(NamedTuple):
    """The languages by their words and by their letters; `runs` finds the letters, as many as stand together."""

    words: dict[str, str]
    letters: dict[str, str]
    runs: re.Pattern[str]


def guessed(text: str, tokens: Sequence[str]) -> str:
    """The language that most words and letters of a text tell, or "" where none or two do.

    tokens: the words of the text, folded.
    """
    signs = _signs()
    votes = [signs.words[token] for token in tokens if token in signs.words]
    if not text.isascii():
        votes += [signs.letters[run[0]] for run in signs.runs.findall(text)]
    told = set(votes)
    if len(told) == 1:
        return votes[0]
    ranked = sorted(told, key=votes.count, reverse=True)
    return ranked[0] if told and votes.count(ranked[0]) > votes.count(ranked[1]) else ""


@cache
def _signs() -> Signs:
    languages = msgspec.convert(tomllib.loads(_FILE.read_text("utf-8")), dict[str, Telling])
    words = {fold(word): language for language, telling in languages.items() for word in telling.words}
    letters = {
        letter: language
        for language, telling in languages.items()
        for letter in telling.letters + telling.letters.upper()
        if not letter.isascii()
    }
    return Signs(words, letters, re.compile(f"[{re.escape(''.join(letters))}]+"))
