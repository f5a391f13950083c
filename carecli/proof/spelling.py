"""Spelling by a dictionary of Hunspell's. Runs in the process of `reader`: loading and suggesting hold everything up.

A text of which too many words are unknown is in another language, and nothing is said of it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Set
from functools import lru_cache
from pathlib import Path

from hunspell import Hunspell

from carecli.playbook.checks.facts import Slip
from carecli.proof.exempt import Word, is_foreign, words_to_spell

_PARTS = re.compile(r"['-]")
_SHOWN = 3


class Speller:
    """The words of one dictionary. Making one takes up to a second, a suggestion up to two."""

    def __init__(self, dictionary: Path, language: str) -> None:
        self._dictionary = Hunspell(dictionary.name, hunspell_data_dir=str(dictionary.parent))
        self._language = language
        self._known = lru_cache(maxsize=8192)(self._look_up)
        self._suggested = lru_cache(maxsize=512)(self._suggest)

    def slips(self, text: str, allowed: Set[str], seconds: float) -> list[Slip]:
        """The slips in a text, in their order; after `seconds`, those that are left have no suggestions."""
        until = time.monotonic() + seconds
        words = list(words_to_spell(text, self._language, allowed))
        unknown = [word for word in words if not self._known(word.spelling)]
        if is_foreign(len(unknown), len(words)):
            return []
        return list(self._slips(unknown, until))

    def _slips(self, unknown: list[Word], until: float) -> Iterator[Slip]:
        for word in unknown:
            suggestions = self._suggested(word.spelling) if time.monotonic() < until else ()
            yield Slip("spelling", word.start, word.end, suggestions)

    def _look_up(self, word: str) -> bool:
        if self._spelt(word):
            return True
        parts = _PARTS.split(word)
        return len(parts) > 1 and all(len(part) < 2 or self._spelt(part) for part in parts)

    def _spelt(self, word: str) -> bool:
        try:
            return bool(self._dictionary.spell(word))
        except UnicodeEncodeError:
            # Letters that the dictionary's encoding lacks: a word of another language.
            return True

    def _suggest(self, word: str) -> tuple[str, ...]:
        return tuple(self._dictionary.suggest(word)[:_SHOWN])
