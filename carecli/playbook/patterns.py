"""Phrases with choices and gaps, and where they stand among the words of a text.

Each phrase is looked at only where one of its first words stands, and reaches a bounded way: a text is read in
proportion to its length, whatever is in it. Not for: plain phrases by the thousand (`phrase_tree`), or their meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

GAP = "…"
"""A word of a phrase that stands for up to five words of the same sentence, or for none."""
HOUR = "{hour}"
"""The beginning of a word of a phrase that stands for an hour in digits, with what is written behind it."""
_HOURS = (*map(str, range(25)), *(f"0{hour}" for hour in range(10)))
_GAP_WORDS = 5
_GAP_ENDS = frozenset(".!?؟…\n")
_STEM_LETTERS = 3
_GROWN = 2
# More words than any phrase has.
_REACH = 60
_MARKUP = re.compile(r"[()|]|[^\s()|]+")


class Part(NamedTuple):
    """One step of a phrase: a gap, or one of some words, stems or runs of words; an optional step may be left out."""

    gap: bool = False
    words: frozenset[str] = frozenset()
    stems: tuple[str, ...] = ()
    runs: tuple[tuple[str, ...], ...] = ()
    optional: bool = False

    def may_stand_among(self, words: frozenset[str]) -> bool:
        """Whether this step is possible in a text of these words, whatever their order."""
        if self.gap or self.optional or self.stems or not self.words.isdisjoint(words):
            return True
        return any(run[0] in words or run[0].endswith("*") for run in self.runs)

    def go(self, words: Sequence[str], at: int, reached: set[int]) -> None:
        """Put the places of a text after this step, when it begins at `at`, into `reached`."""
        if self.gap:
            reached.add(at)
            for place in range(at, min(len(words), at + _GAP_WORDS)):
                if words[place] in _GAP_ENDS:
                    return
                reached.add(place + 1)
            return
        if self.optional:
            reached.add(at)
        if at >= len(words):
            return
        word = words[at]
        if word in self.words or (self.stems and word.startswith(self.stems)):
            reached.add(at + 1)
        for run in self.runs:
            if _fits(word, run[0]) and len(words) - at >= len(run) and all(map(_fits, words[at : at + len(run)], run)):
                reached.add(at + len(run))


Phrase = tuple[Part, ...]


def parse(phrase: str, plain: Callable[[str], str]) -> Phrase:
    """Read a phrase as it is written in a file; `plain` gives the spelling by which words are compared.

    "(call|ring) us": one of these, an empty one for none; a choice may stand within a choice. "book*": any ending;
    "…": a gap; "{hour}h": "9h", "09h" and so on. Raises `ValueError` for a bracket without its other half.
    """
    return tuple(_parts(phrase, plain))


def _parts(phrase: str, plain: Callable[[str], str]) -> Iterator[Part]:
    """The steps of a phrase, each read when it is asked for."""
    marks = (found[0] for found in _MARKUP.finditer(phrase))
    for mark in marks:
        if mark == "(":
            yield _part(_choice(marks, phrase, plain))
        elif mark in ")|":
            raise ValueError(f"“{mark}” outside of a choice in “{phrase}”.")
        else:
            yield _part([(word,) for word in _spelt(mark, plain)])


def _choice(marks: Iterator[str], phrase: str, plain: Callable[[str], str]) -> list[tuple[str, ...]]:
    """The ways of a choice whose bracket has just opened, each a run of words; its marks are taken from `marks`."""
    done: list[tuple[str, ...]] = []
    ways: list[tuple[str, ...]] = [()]
    for mark in marks:
        if mark == ")":
            return done + ways
        if mark == "|":
            done, ways = done + ways, [()]
        elif mark == "(":
            inner = _choice(marks, phrase, plain)
            ways = [way + more for way in ways for more in inner]
        else:
            words = _spelt(mark, plain)
            ways = [(*way, word) for way in ways for word in words]
    raise ValueError(f"A choice has no end in “{phrase}”.")


def _fits(word: str, spelt: str) -> bool:
    """Whether a word of a text is one of a phrase, or begins with its stem: inflected words stand in runs, too."""
    return word.startswith(spelt[:-1]) if spelt[-1] == "*" else word == spelt


def _part(ways: Sequence[tuple[str, ...]]) -> Part:
    if ways == [(GAP,)]:
        return Part(gap=True)
    single = [way[0] for way in ways if len(way) == 1]
    return Part(
        words=frozenset(word for word in single if not word.endswith("*")),
        stems=tuple(word[:-1] for word in single if word.endswith("*")),
        runs=tuple(way for way in ways if len(way) > 1),
        optional=() in ways,
    )


def _spelt(word: str, plain: Callable[[str], str]) -> list[str]:
    """The words that a word of a phrase stands for."""
    if word.startswith(HOUR):
        return [hour + plain(word.removeprefix(HOUR)) for hour in _HOURS]
    return [word if word.startswith("{") or word == GAP else plain(word)]


class _Written:
    """A phrase as it is written, read to its end only when a text has a word that it begins with: most never are."""

    __slots__ = ("_phrase", "_plain", "_text", "name")

    def __init__(self, name: str, text: str, plain: Callable[[str], str]) -> None:
        self.name = name
        self._text = text
        self._plain = plain
        self._phrase: Phrase | None = None

    def first_parts(self) -> Iterator[Part]:
        """The steps that may be the first."""
        for part in _parts(self._text, self._plain):
            yield part
            if not part.optional:
                return

    def read(self) -> Phrase:
        """All its steps."""
        if self._phrase is None:
            self._phrase = parse(self._text, self._plain)
        return self._phrase


class Patterns:
    """Named phrases, as they are written; `plain` as for `parse`.

    prefixes: letters that a language writes together with the word that follows, up to two.
    """

    def __init__(self, phrases: Iterable[tuple[str, str]], plain: Callable[[str], str], prefixes: str = "") -> None:
        self._prefixes = prefixes
        self._by_word: dict[str, list[_Written]] = {}
        self._by_stem: dict[str, list[_Written]] = {}
        for name, text in phrases:
            written = _Written(name, text, plain)
            for part in written.first_parts():
                begins = {run[0] for run in part.runs}
                stems = {*part.stems, *(word[:-1] for word in begins if word.endswith("*"))}
                for word in part.words | {word for word in begins if not word.endswith("*")}:
                    self._by_word.setdefault(word, []).append(written)
                for stem in {stem[:_STEM_LETTERS] for stem in stems}:
                    self._by_stem.setdefault(stem, []).append(written)

    def find(self, words: Sequence[str]) -> dict[tuple[str, int], int]:
        """Every phrase in a text: by its name and the place of its first word, the place after its last one.

        Where one ends in several places, the last.
        """
        found: dict[tuple[str, int], int] = {}
        possible = _Possible(self._by_word, self._by_stem, frozenset(words))
        for at, word in enumerate(words):
            for name, phrase in possible.at(word):
                end = max(_ends(phrase, words, at), default=at)
                if end > at:
                    found[name, at] = max(end, found.get((name, at), 0))
            if self._prefixes and word[0] in self._prefixes:
                self._find_grown(words, at, found)
        return found

    def _find_grown(self, words: Sequence[str], at: int, found: dict[tuple[str, int], int]) -> None:
        word = words[at]
        for _ in range(_GROWN):
            if word[0] not in self._prefixes or len(word) == 1:
                return
            word = word[1:]
            near = [word, *words[at + 1 : at + _REACH]]
            for written in (*self._by_word.get(word, ()), *self._by_stem.get(word[:_STEM_LETTERS], ())):
                end = max(_ends(written.read(), near, 0), default=0)
                if end > 0:
                    found[written.name, at] = max(at + end, found.get((written.name, at), 0))


class _Possible:
    """Which phrases may stand in a text, by the words that are anywhere in it: most are ruled out at once."""

    def __init__(
        self,
        by_word: Mapping[str, Sequence[_Written]],
        by_stem: Mapping[str, Sequence[_Written]],
        words: frozenset[str],
    ) -> None:
        self._by_word = by_word
        self._by_stem = by_stem
        self._words = words
        self._known: dict[str, list[tuple[str, Phrase]]] = {}

    def at(self, word: str) -> list[tuple[str, Phrase]]:
        """The phrases that may begin with a word of the text."""
        known = self._known.get(word)
        if known is None:
            written = (*self._by_word.get(word, ()), *self._by_stem.get(word[:_STEM_LETTERS], ()))
            begun = [(one.name, one.read()) for one in written]
            known = [one for one in begun if all(part.may_stand_among(self._words) for part in one[1])]
            self._known[word] = known
        return known


def _ends(phrase: Phrase, words: Sequence[str], at: int) -> set[int]:
    """The places after a phrase that begins at `at`: no more than its gaps reach, whichever way they are filled."""
    places = {at}
    for part in phrase:
        reached: set[int] = set()
        for place in places:
            part.go(words, place, reached)
        if not reached:
            return reached
        places = reached
    return places
