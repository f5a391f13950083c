"""The phrases and words of each language, read from `phrases/*.toml` and kept ready for reading texts.

A language's file is read at the first text in it, in some milliseconds; a text is read in one pass over its words.
Not for: what a phrase means for the queue (`urgency`), or which language a text is in (`language`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, get_args

import msgspec

from carecli.model import Record
from carecli.playbook.folding import fold
from carecli.playbook.language import has_a_script, prefixes_of
from carecli.playbook.phrase_tree import PhraseTree

# question and question_starts: what asks wherever it stands, and only where a sentence begins; courtesy: what pure
# thanks are made of, in words; signs: the emoji of them.
Meaning = Literal["harmless", "safety", "complaint", "question", "question_starts", "praise", "courtesy", "signs"]
# Where two are equally long, the later one holds. All but signs are lists of a phrase file.
Courtesy = Literal["signs", "little", "fillers", "closing", "solved", "thanks", "unsettled"]

_LISTED: tuple[Meaning, ...] = ("harmless", "safety", "complaint", "question", "question_starts", "praise")
_RANK: dict[Courtesy, int] = {courtesy: rank for rank, courtesy in enumerate(get_args(Courtesy))}
_FOLDER = Path(__file__).parent / "phrases"
# Names that networks still give to languages that were renamed.
_RENAMED = {"iw": "he"}
_MENTIONS = re.compile(r"@\w+(?:[.@-]\w+)*")
_ADDRESSES = re.compile(rf"https?://\S+|{_MENTIONS.pattern}")
# What ends a sentence or a clause.
_STOPS = ".!?؟,;:\n"
# A greeting and its comma have so many words; after later commas many languages put "that", "which", "as".
_GREETING = 4
_GRAVE: frozenset[Meaning] = frozenset({"safety", "complaint"})
_FRIENDLY: frozenset[Meaning] = frozenset({"praise", "courtesy"})


class Words(Record, frozen=True, forbid_unknown_fields=True):
    """The words of a language in which hours, days and lists of names are told. Weeks begin on Monday.

    invitation: asks a customer to go on privately, with {link} where the network's link stands.
    """

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
    invitation: str


class PhraseFile(Record, frozen=True, forbid_unknown_fields=True):
    """One `phrases/<language>.toml`, as written; `phrases/en.toml` says what each list means."""

    harmless: tuple[str, ...]
    safety: tuple[str, ...]
    complaint: tuple[str, ...]
    question: tuple[str, ...]
    question_starts: tuple[str, ...]
    nudges: tuple[str, ...]
    praise: tuple[str, ...]
    thanks: tuple[str, ...]
    solved: tuple[str, ...]
    closing: tuple[str, ...]
    fillers: tuple[str, ...]
    little: tuple[str, ...]
    unsettled: tuple[str, ...]
    words: Words


class Symbols(Record, frozen=True, forbid_unknown_fields=True):
    """Emoji and emoticons that speak for themselves (`phrases/symbols.toml`)."""

    complaint: tuple[str, ...]
    praise: tuple[str, ...]
    thanks: tuple[str, ...]


class Lexicon(NamedTuple):
    """The phrases of one language, or of several.

    meanings: what a text may say; prefixes: the letters that the language writes together with the next word.
    """

    language: str
    meanings: PhraseTree[Meaning]
    prefixes: str

    def meanings_in(self, tokens: Sequence[str]) -> set[Meaning]:
        """What is said anywhere in a text. A grave phrase that has a word in common with a harmless one is not said."""
        phrases = self.meanings.find(tokens, self.prefixes)
        if not phrases:
            return set()
        found = {name for name, _, _ in phrases}
        if "question_starts" in found:
            # "Did the trick!" asks nothing.
            friendly = {begin for name, begin, end in phrases if name in _FRIENDLY and end > begin + 1}
            for name, begin, _ in phrases:
                if name == "question_starts" and begin not in friendly and self._may_begin(tokens, begin):
                    break
            else:
                found.remove("question_starts")
        if "harmless" in found and not found.isdisjoint(_GRAVE):
            harmless = {at for name, begin, end in phrases if name == "harmless" for at in range(begin, end)}
            found -= _GRAVE
            found.update(
                name for name, begin, end in phrases if name in _GRAVE and harmless.isdisjoint(range(begin, end))
            )
        return found

    def courtesy_at(self, tokens: Sequence[str], at: int) -> tuple[Courtesy | None, int]:
        """The longest courtesy that begins at a place of a text, or None; and the place after it."""
        longest: Courtesy | None = None
        after = at + 1
        for name, _, end in _courtesies(self.language).find_at(tokens, at, self.prefixes):
            if longest is None or end > after or (end == after and _RANK[name] > _RANK[longest]):
                longest, after = name, end
        return longest, after

    def _may_begin(self, tokens: Sequence[str], at: int) -> bool:
        """Whether a sentence begins here, or what follows a greeting: "Dobrý den, kdy"."""
        if at == 0 or not (is_word(tokens[at - 1]) or tokens[at - 1] == ","):
            return True
        if tokens[at - 1] != "," or at > _GREETING:
            return False
        place = 0
        while place < at - 1:
            courtesy, place = self.courtesy_at(tokens, place)
            if courtesy is None:
                return False
        return place == at - 1


def tokens_of(folded: str) -> list[str]:
    """The words of a folded text, and the stops and signs between them, which no phrase goes across.

    Mentions, addresses, apostrophes and signs that say nothing to us are left out.
    """
    if "://" in folded:
        folded = _ADDRESSES.sub(" ", folded)
    elif "@" in folded:
        folded = _MENTIONS.sub(" ", folded)
    found: list[str] = []
    # Most of what stands between two spaces is a word, or one and a stop, and told so without a search.
    for piece in folded.replace("'", "").split(" "):
        if piece.isalnum():
            found.append(piece)
        elif piece:
            word = piece[:-1]
            if word.isalnum() and piece[-1] in _STOPS:
                found += (word, piece[-1])
            else:
                found += _token().findall(piece)
    return found


def is_word(token: str) -> bool:
    """Whether one of `tokens_of` is a word or a number, and no stop or sign."""
    return token.isalnum() or "_" in token


def plain(text: str) -> str:
    """`text` folded, without apostrophes: "can't" and "cant" are the same."""
    return fold(text).replace("'", "")


@lru_cache(maxsize=256)
def language_of(tag: str) -> str:
    """The language that has a phrase file for a network's tag ("en-GB" is "en"), or "" where none has."""
    primary = tag.replace("_", "-").partition("-")[0].lower()
    primary = _RENAMED.get(primary, primary)
    return primary if primary in languages() else ""


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a phrase file."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("??.toml")))


# What is made of a file is kept and made at about the same time; the file itself would only take memory.
@lru_cache(maxsize=2)
def phrase_file(language: str) -> PhraseFile:
    """Read the phrase file of one of `languages()`."""
    return msgspec.convert(tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8")), PhraseFile)


@cache
def symbols() -> Symbols:
    """Read the symbols that need no language."""
    return msgspec.convert(tomllib.loads((_FOLDER / "symbols.toml").read_text("utf-8")), Symbols)


@cache
def _token() -> re.Pattern[str]:
    signs = {*symbols().complaint, *symbols().praise, *symbols().thanks}
    emoticons = "|".join(re.escape(sign) for sign in sorted(signs) if len(sign) > 1)
    single = "".join(re.escape(sign) for sign in sorted(signs) if len(sign) == 1)
    return re.compile(rf"\w+|{emoticons}|[{_STOPS}{single}]")


def words_for(tag: str) -> Words:
    """The words in which to tell hours and names in a language; English where it has no file."""
    return phrase_file(language_of(tag) or "en").words


@cache
def lexicon(language: str) -> Lexicon:
    """The phrases of one of `languages()`; for "", those of all that have no script of their own."""
    meanings = PhraseTree[Meaning]()
    meanings.add("question", [["?"], ["؟"]])
    meanings.add("complaint", [[sign] for sign in symbols().complaint])
    meanings.add("praise", [[sign] for sign in symbols().praise])
    meanings.add("signs", [[sign] for sign in symbols().thanks])
    for file in _files(language):
        for meaning in _LISTED:
            meanings.add(meaning, _by_words(getattr(file, meaning)))
        meanings.add("courtesy", _by_words((*file.thanks, *file.solved, *file.closing)))
    return Lexicon(language, meanings, prefixes_of(language))


@cache
def nudges(language: str) -> PhraseTree[Literal["nudge"]]:
    """What asks for nothing but an answer in one of `languages()`; for "", as in `lexicon`."""
    found = PhraseTree[Literal["nudge"]]()
    for file in _files(language):
        found.add("nudge", _by_words(file.nudges))
    return found


@cache
def _courtesies(language: str) -> PhraseTree[Courtesy]:
    """What a text of pure thanks is made of, and what shows that it is none."""
    courtesies = PhraseTree[Courtesy]()
    courtesies.add("signs", [[sign] for sign in symbols().thanks])
    for file in _files(language):
        for courtesy in _RANK.keys() - {"signs"}:
            courtesies.add(courtesy, _by_words(getattr(file, courtesy)))
        # A day or a month is an answer.
        courtesies.add("unsettled", _by_words((*file.words.weekdays, *file.words.months)))
    return courtesies


def _files(language: str) -> list[PhraseFile]:
    names = [language] if language else [name for name in languages() if not has_a_script(name)]
    return [phrase_file(name) for name in names]


def _by_words(phrases: Sequence[str]) -> list[list[str]]:
    return [plain(phrase).split() for phrase in phrases]
