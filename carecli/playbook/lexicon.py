"""The phrases and words of each language, read from `phrases/*.toml` and kept ready for matching.

Matching looks up each word of a text and compares the few phrases that begin with it: linear in the text, and
without a compiled pattern, which for all languages together would take longer to build than a screen to open.
Not for: deciding what a phrase means for the queue (`urgency`).
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from carecli.model import Record
from carecli.playbook.folding import fold

Category = Literal["safety", "complaint", "question", "question_starts", "praise", "thanks", "fillers"]

_FOLDER = Path(__file__).parent / "phrases"
# A stem has at least so many letters.
_STEM = 3
# Names that networks still give to languages that were renamed.
_RENAMED = {"iw": "he"}
_ADDRESSES = re.compile(r"https?://\S+|[@＠]\w+(?:[.@-]\w+)*")
STOPS = frozenset(".!?؟,;:\n")
_TOKENS = re.compile(r"\w+|[.!?؟,;:\n]")


class Words(Record, frozen=True, forbid_unknown_fields=True):
    """The words of a language in which hours, days and lists of names are told. Weeks begin on Monday."""

    conjunction: str = msgspec.field(name="and")
    today: str
    tomorrow: str
    closed: str
    around_the_clock: str
    at: str
    date: str
    weekdays: tuple[str, ...]
    on_weekdays: tuple[str, ...]
    months: tuple[str, ...]


class PhraseFile(Record, frozen=True, forbid_unknown_fields=True):
    """One `phrases/<language>.toml`, as written."""

    safety: tuple[str, ...]
    complaint: tuple[str, ...]
    question: tuple[str, ...]
    question_starts: tuple[str, ...]
    praise: tuple[str, ...]
    thanks: tuple[str, ...]
    fillers: tuple[str, ...]
    words: Words
    prefixes: str = ""


class Symbols(Record, frozen=True, forbid_unknown_fields=True):
    """Emoji and emoticons that speak for themselves (`phrases/symbols.toml`)."""

    complaint: tuple[str, ...]
    praise: tuple[str, ...]
    thanks: tuple[str, ...]


class Phrase(NamedTuple):
    """A phrase as folded words: the first, and those after it. One that ends in `*` stands for all that begin so."""

    category: Category
    first: str
    rest: tuple[str, ...]


class Lexicon(NamedTuple):
    """The phrases of one language, or of all: by their first word, and by the first letters of one that is a stem."""

    exact: dict[str, tuple[Phrase, ...]]
    stems: dict[str, tuple[Phrase, ...]]
    prefixes: str

    def places(self, tokens: list[str]) -> list[int]:
        """The indexes at which a phrase may begin: few, so that the rest of a text costs next to nothing."""
        exact, stems, prefixes = self.exact, self.stems, self.prefixes
        return [i for i, t in enumerate(tokens) if t in exact or t[:_STEM] in stems or t[0] in prefixes]

    def at(self, tokens: list[str], i: int) -> list[Phrase]:
        """The phrases that stand at `tokens[i]`, with the language's prefixes off where it has them."""
        token = tokens[i]
        found = self._beginning(token, tokens, i)
        if token[0] in self.prefixes:
            for cut in (1, 2):
                if len(token) > cut + 1:
                    found += self._beginning(token[cut:], tokens, i)
        return found

    def _beginning(self, first: str, tokens: list[str], i: int) -> list[Phrase]:
        found = []
        for phrase in self.exact.get(first, ()):
            if not phrase.rest or _follow(phrase.rest, tokens, i + 1):
                found.append(phrase)
        for phrase in self.stems.get(first[:_STEM], ()):
            if first.startswith(phrase.first) and _follow(phrase.rest, tokens, i + 1):
                found.append(phrase)
        return found


def _follow(words: tuple[str, ...], tokens: list[str], i: int) -> bool:
    for n, word in enumerate(words, i):
        if n >= len(tokens):
            return False
        token = tokens[n]
        if token != word and not (word[-1] == "*" and token.startswith(word[:-1])):
            return False
    return True


def tokens_of(text: str) -> list[str]:
    """The folded words of `text`, with each mark that ends a sentence or clause as a token of its own.

    Mentions and addresses are left out; an apostrophe is no letter and no gap ("can't" is "cant").
    """
    bare = _ADDRESSES.sub(" ", text) if "@" in text or "＠" in text or "://" in text else text
    return _TOKENS.findall(plain(bare))


def plain(text: str) -> str:
    """`text` folded, without apostrophes: "can't" and "cant" are the same."""
    return fold(text).replace("'", "")


def language_of(tag: str) -> str:
    """The language that has a phrase file for a network's tag ("en-GB" is "en"), or "" where none has."""
    primary = tag.replace("_", "-").partition("-")[0].lower()
    primary = _RENAMED.get(primary, primary)
    return primary if primary in languages() else ""


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a phrase file."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("??.toml")))


@cache
def phrase_file(language: str) -> PhraseFile:
    """Read the phrase file of one of `languages()`."""
    return msgspec.convert(tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8")), PhraseFile)


@cache
def symbols() -> Symbols:
    """Read the symbols that need no language."""
    return msgspec.convert(tomllib.loads((_FOLDER / "symbols.toml").read_text("utf-8")), Symbols)


def words_for(tag: str) -> Words:
    """The words in which to tell hours and names in a language; English where it has no file."""
    return phrase_file(language_of(tag) or "en").words


def meanings(tag: str) -> Lexicon:
    """The phrases that tell what a text is, by a network's tag; those of all languages where it is unknown."""
    return _lexicon(language_of(tag), ("safety", "complaint", "question", "question_starts", "praise"))


def pleasantries(tag: str) -> Lexicon:
    """The phrases that a text of pure thanks is made of, by a network's tag; of all languages where it is unknown."""
    return _lexicon(language_of(tag), ("thanks", "fillers"))


@cache
def _lexicon(language: str, categories: tuple[Category, ...]) -> Lexicon:
    files = [phrase_file(name) for name in ([language] if language else languages())]
    exact: dict[str, tuple[Phrase, ...]] = {}
    stems: dict[str, tuple[Phrase, ...]] = {}
    for file in files:
        for category in categories:
            for text in getattr(file, category):
                first, *rest = plain(text).split()
                stem = first.removesuffix("*")
                index, key = (exact, first) if stem == first else (stems, stem[:_STEM])
                index[key] = (*index.get(key, ()), Phrase(category, stem, tuple(rest)))
    return Lexicon(exact, stems, "".join(file.prefixes for file in files))
