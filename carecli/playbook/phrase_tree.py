"""A tree of phrases by their words: which named phrases begin at a place of a text, in one walk.

The walk looks at no more words than the longest phrase has, so a whole text is read in proportion to its length.
Not for: what a phrase means, or how a text becomes words (`lexicon`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, Generic, TypeVar

Name = TypeVar("Name", bound=str)

# The beginnings of words ("complain*") are looked up by this many letters; they have at least as many.
STEM_LETTERS = 3
# So many letters may be grown on to the first word of a phrase.
_GROWN = 2
# What comes behind the last words of phrases: nothing is ever put in here. Most places of a tree are such.
_NOTHING: Final[dict[str, Any]] = {}


class PhraseTree(Generic[Name]):
    """Where the tree stands after some words.

    names: what the phrases are called that end here; words: what may come next; stems: the beginnings of words that
    may come next, by their first letters.
    """

    __slots__ = ("names", "stems", "words")

    def __init__(self) -> None:
        self.names: tuple[Name, ...] = ()
        self.words: dict[str, PhraseTree[Name]] = _NOTHING
        self.stems: dict[str, list[tuple[str, PhraseTree[Name]]]] = _NOTHING

    def add(self, name: Name, phrases: Iterable[Sequence[str]]) -> None:
        """Add phrases, each as its words, under `name`; `*` at the end of a word stands for any ending."""
        alone = (name,)
        for phrase in phrases:
            node = self
            for word in phrase:
                node = node._stem(word[:-1]) if word.endswith("*") else node._word(word)
            if name not in node.names:
                node.names = (*node.names, name) if node.names else alone

    def find(self, words: Sequence[str], prefixes: str = "") -> list[tuple[Name, int, int]]:
        """All phrases in a text: the name of each, the place of its first word, and the place after its last one.

        prefixes: letters that may stand before a phrase's first word, grown on to it, up to two of them.
        """
        found: list[tuple[Name, int, int]] = []
        # Most words begin no phrase, and most that do are followed by none of its words: both are told without a call.
        first_words, first_stems = self.words, self.stems
        last = len(words) - 1
        for at, word in enumerate(words):
            if word in first_words:
                begun = first_words[word]
                if begun.names or (
                    at < last
                    and (words[at + 1] in begun.words or (begun.stems and words[at + 1][:STEM_LETTERS] in begun.stems))
                ):
                    begun._collect(words, at, at + 1, found)
            if word[:STEM_LETTERS] in first_stems:
                self._collect_stems(word, words, at, at, found)
        if prefixes:
            for at, word in enumerate(words):
                if word[0] in prefixes and (first_stems or word[1:] in first_words or word[2:] in first_words):
                    self._collect_grown(words, at, prefixes, found)
        return found

    def find_at(self, words: Sequence[str], at: int, prefixes: str = "") -> list[tuple[Name, int, int]]:
        """The phrases that begin with `words[at]`, told as by `find`."""
        found: list[tuple[Name, int, int]] = []
        word = words[at]
        if word in self.words or word[:STEM_LETTERS] in self.stems:
            self._collect(words, at, at, found)
        if prefixes and word[0] in prefixes:
            self._collect_grown(words, at, prefixes, found)
        return found

    def _collect(self, words: Sequence[str], begin: int, at: int, found: list[tuple[Name, int, int]]) -> None:
        node: PhraseTree[Name] | None = self
        while node is not None:
            for name in node.names:
                found.append((name, begin, at))
            if at == len(words):
                return
            word = words[at]
            if node.stems and word[:STEM_LETTERS] in node.stems:
                node._collect_stems(word, words, begin, at, found)
            node = node.words.get(word)
            at += 1

    def _collect_stems(
        self, word: str, words: Sequence[str], begin: int, at: int, found: list[tuple[Name, int, int]]
    ) -> None:
        for stem, further in self.stems.get(word[:STEM_LETTERS], ()):
            if word.startswith(stem):
                further._collect(words, begin, at + 1, found)

    def _collect_grown(self, words: Sequence[str], at: int, prefixes: str, found: list[tuple[Name, int, int]]) -> None:
        word = words[at]
        for _ in range(_GROWN):
            if word[0] not in prefixes or len(word) == 1:
                return
            word = word[1:]
            if word in self.words:
                self.words[word]._collect(words, at, at + 1, found)
            if self.stems:
                self._collect_stems(word, words, at, at, found)

    def _word(self, word: str) -> PhraseTree[Name]:
        if self.words is _NOTHING:
            self.words = {}
        node = self.words.get(word)
        if node is None:
            node = self.words[word] = PhraseTree()
        return node

    def _stem(self, stem: str) -> PhraseTree[Name]:
        if self.stems is _NOTHING:
            self.stems = {}
        alike = self.stems.setdefault(stem[:STEM_LETTERS], [])
        for known, node in alike:
            if known == stem:
                return node
        alike.append((stem, PhraseTree()))
        return alike[-1][1]
