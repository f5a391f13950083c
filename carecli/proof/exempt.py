"""What the proofreader leaves alone: links, mentions, tags, gaps, signatures, numbers, abbreviations, names. Pure.

Not for: which words a brand allows (`desk.proofreading`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Set
from typing import NamedTuple

_NO_PROSE = re.compile(
    r"https?://\S+|www\.\S+"
    r"|[\w.+-]{1,64}@[\w.-]+"
    r"|[@#]\w+"
    r"|\{[^{}\n]{1,40}\}"
    r"|&\w{2,8};"
    # Signatures: ^CL anywhere, -Claire and /CL at the end.
    r"|[\^*~]\s?\w+"
    r"|[-–—/]\s?\w{1,15}\s*\Z"
    # Addresses without a scheme, file names, 10.5.
    r"|\b\w+(?:\.\w+)+(?:/\S*)?"
    r"|\b\w*\d\w*"
)
_WORD = re.compile(r"[^\W\d_][^\W\d_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W\d_]*)*(?:['’ʼ\"״׳-][^\W\d_\u0300-\u036f]+)*")
_SENTENCE_ENDS = frozenset('.!?؟…\n:"“„«(')
_APOSTROPHES = str.maketrans("’ʼ", "''")
# Longer ones are no words, and take a speller seconds.
_LONGEST = 40
_FEW = 3
# Words of the trade that dictionaries lack.
_OF_THE_TRADE = frozenset({"ok", "dm", "dms"})
# Where every noun has a capital, one says nothing.
_CAPITALS_ARE_COMMON = frozenset({"de", "lb"})


class Word(NamedTuple):
    """A word that may be misspelt, and its place in characters; `spelling` has plain apostrophes."""

    spelling: str
    start: int
    end: int


def exempt_spans(text: str) -> list[tuple[int, int]]:
    """The places that hold no prose, in their order."""
    return [found.span() for found in _NO_PROSE.finditer(text)]


def is_exempt(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    """Whether a place overlaps one of `spans`."""
    return any(start < last and first < end for first, last in spans)


def is_allowed(word: str, allowed: Set[str]) -> bool:
    """Whether a word, or what its apostrophe is put to, is one of `allowed` (folded)."""
    folded = word.translate(_APOSTROPHES).casefold()
    stem = folded.partition("'")[0]
    return not _OF_THE_TRADE.isdisjoint((folded, stem)) or folded in allowed or stem in allowed


def words_to_spell(text: str, language: str, allowed: Set[str]) -> Iterator[Word]:
    """The words whose spelling counts. allowed: words of the brand, of customers and colleagues, folded.

    A capital within a sentence begins a name, but in German; capitals throughout are an abbreviation.
    """
    bare = _NO_PROSE.sub(lambda found: " " * len(found[0]), text)
    names = language not in _CAPITALS_ARE_COMMON
    for found in _WORD.finditer(bare):
        word = found[0]
        if len(word) == 1 or len(word) > _LONGEST or word.isupper() or _has_inner_capital(word):
            continue
        if names and word[0].isupper() and not _begins_sentence(text, found.start()):
            continue
        if not is_allowed(word, allowed):
            spelling = unicodedata.normalize("NFC", word.translate(_APOSTROPHES))
            yield Word(spelling, found.start(), found.end())


def is_foreign(unknown: int, words: int) -> bool:
    """Whether so many unknown words among all mean that a text is in another language."""
    return unknown > _FEW and unknown * 3 >= words


def _has_inner_capital(word: str) -> bool:
    return any(letter.isupper() for letter in word[1:])


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 40) : start]
    stripped = before.rstrip(" \t")
    return not stripped or stripped[-1] in _SENTENCE_ENDS
