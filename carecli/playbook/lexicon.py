"""The phrases and words of each language, read from `phrases/*.toml` and kept ready for matching.

The phrases of a language become one pattern, a tree of their letters, so that a text is read in one pass whose time
grows with its length alone. Building one takes some milliseconds, at the first text in that language.
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
# Names that networks still give to languages that were renamed.
_RENAMED = {"iw": "he"}
_ADDRESSES = re.compile(r"https?://\S+|@\w+(?:[.@-]\w+)*")
_WORD = re.compile(r"\w+")
# What ends a sentence or a clause: no phrase goes across it.
_STOPS = r".!?؟,;:\n"


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


class Lexicon(NamedTuple):
    """The phrases of one language, or of all. Each match's `lastgroup` is its category.

    anywhere: phrases at the beginning of a word; opening: those that mean something only where a clause begins.
    """

    anywhere: re.Pattern[str]
    opening: re.Pattern[str]


def words_of(folded: str) -> str:
    """A folded text as phrases are looked for in it: without mentions, addresses and apostrophes."""
    bare = _ADDRESSES.sub(" ", folded) if "@" in folded or "://" in folded else folded
    return bare.replace("'", "")


def tokens_of(text: str) -> list[str]:
    """The plain words of `text`, without mentions and addresses."""
    return _WORD.findall(words_of(fold(text)))


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
    return _meanings(language_of(tag))


def pleasantries(tag: str) -> re.Pattern[str]:
    """The phrases that a text of pure thanks is made of, by a network's tag; of all languages where it is unknown."""
    return _pleasantries(language_of(tag))


@cache
def _meanings(language: str) -> Lexicon:
    files = _files(language)
    prefixes = "".join(file.prefixes for file in files)
    # A language whose little words grow on to the next one: with up to two of them before a phrase, or none.
    grown = f"(?:[{prefixes}]{{1,2}})??" if prefixes else ""
    graver_first: tuple[Category, ...] = ("safety", "complaint", "question", "praise", "thanks")
    anywhere = "|".join(f"(?P<{category}>{_tree(files, category)})" for category in graver_first)
    opening = _tree(files, "question_starts")
    return Lexicon(
        re.compile(rf"(?<!\w){grown}(?:{anywhere})"),
        re.compile(rf"(?:^|[{_STOPS}])[^\w{_STOPS}]*{grown}(?:{opening})"),
    )


@cache
def _pleasantries(language: str) -> re.Pattern[str]:
    files = _files(language)
    return re.compile(f"(?P<thanks>{_tree(files, 'thanks')})|(?P<fillers>{_tree(files, 'fillers')})")


def _files(language: str) -> list[PhraseFile]:
    return [phrase_file(name) for name in ([language] if language else languages())]


# ── a pattern of many phrases ─────────────────────────────────────────────────────────────────────

_Branches = dict[str, "_Branches"]
_END = ""


def _tree(files: list[PhraseFile], category: Category) -> str:
    """A pattern that matches the longest phrase of a category, letter by letter as in a tree."""
    root: _Branches = {}
    for file in files:
        for phrase in getattr(file, category):
            node = root
            for letter in plain(phrase) + " ":
                node = node.setdefault(letter, {})
            node[_END] = {}
    return _pattern(root)


def _pattern(node: _Branches) -> str:
    branches = [_letter(letter, below) for letter, below in node.items() if letter != _END]
    if not branches:
        return ""
    joined = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    return f"(?:{joined})?" if _END in node else joined


def _letter(letter: str, below: _Branches) -> str:
    """One letter and what may follow it. A space is the end of a word: the gap to the next one, or the phrase's end."""
    if letter == "*":
        return rf"\w*{_pattern(below)}"
    if letter != " ":
        return re.escape(letter) + _pattern(below)
    further = _pattern({next_: node for next_, node in below.items() if next_ != _END})
    gap = rf"[^\w{_STOPS}]+{further}" if further else ""
    if _END not in below:
        return rf"\b{gap}"
    return rf"\b(?:{gap})?" if gap else r"\b"
