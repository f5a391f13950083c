"""What a reply says, found by its wording: the phrases of `phrases/replies/*.toml`, and where in the draft they stand.

A language's file is read at the first draft in it; a draft is read in one pass, in proportion to its length.
Not for: what the desk makes of it (`checks`), or what customers write (`lexicon`).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import msgspec

from carecli.model import Record, Vocabulary
from carecli.playbook.language import guessed, prefixes_of
from carecli.playbook.lexicon import language_of, plain
from carecli.playbook.patterns import Patterns, parse

_FOLDER = Path(__file__).parent / "phrases" / "replies"
_FALLBACK = "en"
_HOUR = "(?:[01]?[0-9]|2[0-4])"
# The last point of "p.m." ends a sentence only where none goes on.
_HALF = r"[ap](?:m\b|[.]m\b(?:[.](?= [a-z]))?)"
# What stands behind a price or a measure that looks like a time: "18.50 zł".
_NO_TIME = "(?:[%€$£₺₽₪₴]|zł|kč|tl|gb|km)"
# What a phrase may name without spelling it out, and every other token: words, and the stops between them. The groups
# after the first of a card's or an account's number are no telephone.
_TOKEN = re.compile(
    r"(?P<link>https?://\S+|www\.\S+)"
    r"|(?P<email>[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<mention>@\w+)"
    r"|(?P<phone>(?<![\w.])(?<!\w\w\d\d[ -])(?:\+\d|\(?0|1?[ .-]?\(?\d{3}\)?[ .-]\d{2})"
    r"(?!\d?[.]\d{1,2}[.])(?:[ ().\-–]{0,2}\d){4,16}(?!\w))"
    rf"|(?P<time>(?<![\w.,:]){_HOUR}(?:(?:[:h][0-5]\d(?![\d:])|[.](?:00|15|30|45)(?![\d.]| ?{_NO_TIME}))(?: ?{_HALF})?"
    rf"(?:['’]\w{{1,3}})?| ?{_HALF}))"
    r"|(?P<word>\w+(?:['’ʼ\"״׳]\w+)*)"
    r"|(?P<stop>[.!?؟…,;:\n])"
)
_MARKS = str.maketrans("", "", "'’ʼ\"״׳")
_CONFUSABLE = "confusable"
# Phrases are compared without accents and apostrophes, by which alone "its" and "it's", "a" and "à" differ.
_AS_SPELT = re.compile(r"[\w']+")
_SENTENCE_ENDS = frozenset(".!?؟…\n")


class Phrases(Record, frozen=True, forbid_unknown_fields=True):
    """The phrases of one meaning; one that shares a word with an `unless` does not count."""

    phrases: tuple[str, ...]
    unless: tuple[str, ...] = ()


class Offer(Record, frozen=True, forbid_unknown_fields=True):
    """Something that a desk offers: its name, how we offer it, and how a customer says no to it."""

    name: str
    offered: tuple[str, ...]
    declined: tuple[str, ...]


class Times(Record, frozen=True, forbid_unknown_fields=True):
    """weekdays: what a phrase means by {weekday}, Monday first, each in the forms that stand there."""

    weekdays: Annotated[tuple[str, ...], msgspec.Meta(min_length=7, max_length=7)]


class Remedies(Record, frozen=True, forbid_unknown_fields=True):
    """Sentences that mend a draft. What stands in braces is filled in by the desk, or by the agent."""

    salutation: str
    hand_off: str
    invitation: str
    feeling: str


class WordingFile(Record, frozen=True, forbid_unknown_fields=True):
    """One `phrases/replies/<language>.toml`, as written; `en.toml` says what each table means."""

    hedge: Phrases
    empty_phrase: Phrases
    feeling: Phrases
    call: Phrases
    write: Phrases
    chat: Phrases
    portal: Phrases
    form: Phrases
    other_team: Phrases
    private: Phrases
    asking: Phrases
    personal_data: Phrases
    identity: Phrases
    promises: dict[str, str]
    times: Times
    offers: dict[str, Offer]
    confusables: dict[str, str]
    remedies: Remedies
    trouble: Phrases = Phrases(())


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = "{weekday}"
# What a brand may add phrases to.
MEANINGS = (
    "hedge", "empty_phrase", "feeling", "call", "write", "chat", "portal", "form", "other_team", "private", "asking",
    "personal_data", "identity", "trouble",
)  # fmt: skip


# What is no matter of the checks: our promises, and what a customer refuses.
Kind = Literal["promise", "decline"]


class Said(NamedTuple):
    """A phrase in a text: its meaning, its place in characters, and the number of its sentence."""

    meaning: str
    start: int
    end: int
    sentence: int


class Wording(NamedTuple):
    """What a text says. words: how many; longest: the place of the sentence with most words, in characters."""

    language: str
    said: tuple[Said, ...]
    words: int
    longest: tuple[int, int]

    def first(self, *meanings: str) -> Said | None:
        """The first phrase of some meanings."""
        return next((one for one in self.said if one.meaning in meanings), None)

    def says(self, *meanings: str) -> bool:
        return self.first(*meanings) is not None


class _Token(NamedTuple):
    text: str
    start: int
    end: int


class _Split(NamedTuple):
    """A text in tokens: their spellings, and the number of the sentence that each is in."""

    language: str
    tokens: tuple[_Token, ...]
    words: tuple[str, ...]
    sentences: tuple[int, ...]


@lru_cache(maxsize=16)
def read_wording(text: str, language: str = "", vocabulary: Vocabulary = Vocabulary()) -> Wording:  # noqa: B008
    """Read what the checks ask of a text. language: of the conversation; the text's own, if clear, goes before it.

    vocabulary: what a brand adds to the phrases, and takes out of them. Linear in the text.
    """
    split = _split(text, language)
    said = _said(text, split, vocabulary)
    return Wording(split.language, said, sum(map(_is_word, split.words)), _longest(split.tokens, split.sentences))


# The same messages are read whenever their conversation is shown again.
@lru_cache(maxsize=512)
def said_in(
    text: str,
    kind: Kind,
    language: str = "",
    vocabulary: Vocabulary = Vocabulary(),  # noqa: B008
) -> tuple[Said, ...]:
    """What a text promises or declines, in its order. language, vocabulary: as for `read_wording`.

    The meaning of a promise is its time, as the file writes it, of a refusal the id of the offer.
    """
    return _said(text, _split(text, language), vocabulary, kind)


def declined_in(
    texts: Iterable[str],
    language: str = "",
    vocabulary: Vocabulary = Vocabulary(),  # noqa: B008
) -> tuple[str, ...]:
    """The ids of the offers that a customer's texts say no to, in the order in which they do."""
    return tuple(dict.fromkeys(one.meaning for text in texts for one in said_in(text, "decline", language, vocabulary)))


# A draft is read for its promises after its checks.
@lru_cache(maxsize=4)
def _split(text: str, language: str) -> _Split:
    tokens = tuple(_tokens(text))
    words = tuple(token.text for token in tokens)
    return _Split(_language(text, words, language), tokens, words, tuple(_sentences(words)))


def _said(text: str, split: _Split, vocabulary: Vocabulary, kind: Kind | None = None) -> tuple[Said, ...]:
    if not split.words:
        # No file is read for a draft that nobody has begun.
        return ()
    tokens, found = split.tokens, _patterns(split.language, vocabulary, kind).find(split.words)
    against: dict[str, set[int]] = {}
    for (name, begin), end in found.items():
        if name.startswith("-"):
            against.setdefault(name[1:], set()).update(range(begin, end))
    said = {
        Said(name, tokens[begin].start, tokens[end - 1].end, split.sentences[begin])
        for (name, begin), end in found.items()
        if not name.startswith("-")
        and against.get(name, set()).isdisjoint(range(begin, end))
        and (not name.startswith(_CONFUSABLE) or _is_mistaken(name, text[tokens[begin].start : tokens[end - 1].end]))
    }
    return tuple(sorted(said, key=lambda one: (one.start, -one.end, one.meaning)))


def _language(text: str, words: Sequence[str], language: str) -> str:
    told = language_of(guessed(text, words)) or language_of(language)
    return told if told in languages() else _FALLBACK


@cache
def languages() -> tuple[str, ...]:
    """The languages in which drafts are read."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("??.toml")))


@cache
def wording_file(language: str) -> WordingFile:
    """Read the file of one of `languages()`."""
    return msgspec.convert(tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8")), WordingFile)


def wordings_for(language: str) -> WordingFile:
    """The file for a network's tag; English where it has none."""
    told = language_of(language)
    return wording_file(told if told in languages() else _FALLBACK)


@lru_cache(maxsize=64)
def _patterns(language: str, vocabulary: Vocabulary, kind: Kind | None = None) -> Patterns:
    """The phrases of a language and of a brand that are of a kind; those that the checks ask for are of none."""
    file, dropped = wording_file(language), {plain(phrase) for phrase in vocabulary.without}
    named = [
        one
        for name, phrase in _named(file, kind)
        if plain(phrase) not in dropped
        for one in _by_weekday(name, phrase, file)
    ]
    if kind is None:
        # What a brand adds under another name, or what cannot be read, is left out: the doctor tells of it.
        added = ((name, phrase) for name, phrases in vocabulary.added for phrase in phrases if name in MEANINGS)
        named += [(name, phrase) for name, phrase in added if not phrase_problems(phrase)]
    return Patterns(named, plain_word, prefixes_of(language))


def _named(file: WordingFile, kind: Kind | None) -> Iterator[tuple[str, str]]:
    """The phrases of a kind with what they mean; one that speaks against a meaning has a hyphen before that."""
    if kind == "promise":
        yield from ((within, phrase) for phrase, within in file.promises.items())
        return
    for id, offer in file.offers.items():
        if kind == "decline":
            yield from ((id, phrase) for phrase in offer.declined)
        else:
            yield from ((f"offer {id}", phrase) for phrase in offer.offered)
    if kind is None:
        for name in MEANINGS:
            table: Phrases = getattr(file, name)
            yield from ((name, phrase) for phrase in table.phrases)
            yield from ((f"-{name}", phrase) for phrase in table.unless)
        yield from ((f"{_CONFUSABLE} {right}", mistake) for mistake, right in file.confusables.items())


def _by_weekday(name: str, phrase: str, file: WordingFile) -> Iterator[tuple[str, str]]:
    """A phrase, for each weekday where it speaks of one."""
    if _WEEKDAY not in phrase:
        yield name, phrase
        return
    for day, forms in zip(WEEKDAYS, file.times.weekdays, strict=True):
        yield name.replace(_WEEKDAY, day), phrase.replace(_WEEKDAY, forms)


def phrase_problems(phrase: str) -> tuple[str, ...]:
    """Why a brand's phrase cannot be looked for, in words; empty where it can."""
    try:
        parts = parse(phrase, plain_word)
    except ValueError as error:
        return (str(error),)
    return () if any(part.words or part.stems or part.runs for part in parts) else ("There is no word in it.",)


def is_ours(phrase: str) -> bool:
    """Whether some language's file has a phrase written so. Reads them all."""
    wanted = plain(phrase)
    kinds: tuple[Kind | None, ...] = (None, "promise", "decline")
    files = [wording_file(language) for language in languages()]
    return any(wanted == plain(own) for file in files for kind in kinds for _, own in _named(file, kind))


def _tokens(text: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup
        spelling = found[0]
        if kind == "word":
            spelling = plain_word(spelling)
        elif kind != "stop":
            spelling = f"{{{kind}}}"
        if spelling:
            yield _Token(spelling, found.start(), found.end())


@lru_cache(maxsize=4096)
def plain_word(word: str) -> str:
    """The spelling by which words are compared."""
    return plain(word).translate(_MARKS)


def _is_mistaken(name: str, written: str) -> bool:
    """Whether the words that are meant do not stand there already, with their accents and apostrophes."""
    return f" {_as_spelt(name.removeprefix(_CONFUSABLE))} " not in f" {_as_spelt(written)} "


def _as_spelt(text: str) -> str:
    return " ".join(_AS_SPELT.findall(unicodedata.normalize("NFC", text).lower().replace("’", "'").replace("ʼ", "'")))


def _is_word(token: str) -> bool:
    return token[0].isalnum()


def _sentences(words: Sequence[str]) -> list[int]:
    """The number of the sentence that each token is in."""
    numbers, number, begun = [], 0, False
    for word in words:
        ends = word in _SENTENCE_ENDS
        if not ends and begun:
            number, begun = number + 1, False
        numbers.append(number)
        begun = begun or ends
    return numbers


def _longest(tokens: Sequence[_Token], sentences: Sequence[int]) -> tuple[int, int]:
    counts: dict[int, list[int]] = {}
    for token, number in zip(tokens, sentences, strict=True):
        if _is_word(token.text):
            span = counts.setdefault(number, [0, token.start, token.end])
            span[0] += 1
            span[2] = token.end
    longest = max(counts.values(), default=[0, 0, 0], key=lambda span: span[0])
    return longest[1], longest[2]
