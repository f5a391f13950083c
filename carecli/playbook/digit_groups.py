"""The numbers of a text: groups of digits, how they hang together, and what the words beside them say that they are.

Digits of any script count, and invisible marks between them do not part them. Dates, times, prices, addresses on the
network and links are no numbers here. Not for: what a number is (`personal`, `phone_numbers`).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from carecli.playbook.folding import fold

Meaning = Literal["phone", "identity", "card", "other", ""]

_FILE = Path(__file__).parent / "phrases" / "personal.toml"

# Between two digits of one number these say nothing: joiners, direction marks, accents, and the frame of a key.
INVISIBLE = re.compile(
    "[\u00ad\u0300-\u036f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20ff\ufe00-\ufe0f\ufeff]"
)
# Digits of other scripts and the wide forms of ASCII; dashes and spaces of all kinds.
_ODD = re.compile("(?![0-9])\\d|[\uff01-\uff5e]|[\u2010-\u2015\u2212\ufe58\ufe63]|[\u00a0\u2000-\u200a\u202f\u3000\t]")
# What takes the place of digits that are no number of anybody: neither a letter nor a separator.
_GONE = "\x00"
_YEAR = r"(?:19|20)\d\d"
_CURRENCY = (
    r"(?:[$€£¥₺₽₪₴₹]|z[łl]\b|k[čc]\b|tl\b|eur|usd|gbp|pln|czk|rub\b|nis\b|ils\b|try\b|руб|р\.|шек|ש[\"״]ח|שקל|euro|dollar|"
    r"dolar|dólar|pound|lira|złot|korun|крон)"
)
_NO_NUMBERS = re.compile(
    r"(?P<link>(?:https?://|www\.)\S{1,2000})"
    rf"|(?<![\d./-])(?:\d{{1,2}}[./-]\d{{1,2}}[./-](?:{_YEAR}|\d\d)|{_YEAR}[./-]\d{{1,2}}[./-]\d{{1,2}})(?![./-]?\d)"
    r"|(?<![\d:.])\d{1,2}:\d\d(?::\d\d)?(?![\d:])"
    r"|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![.]?\d)"
    rf"|(?<!\d)\d{{1,3}}(?:[ .,]?\d{{3}}){{0,4}}(?:[.,]\d{{1,2}})? ?{_CURRENCY}(?! ?\d)"
    r"|[$€£¥₺₽₪₴₹] ?\d{1,3}(?:[ .,]?\d{3}){0,4}(?:[.,]\d{1,2})?(?!\d)",
    re.IGNORECASE,
)
# Links that hold nothing but a telephone number.
CALLS = ("wa.me/", "phone=")
_DIGITS = re.compile("[0-9]+")
_DIGIT = re.compile("[0-9]")
_JOINT = re.compile(r"[ ./()-]{0,3}")
_WORD = re.compile(r"[^\W\d_][^\W_]*(?:[.\"״][^\W\d_]\b)?")
# A new thought: what was numbered before it is not this number.
_NEW_THOUGHT = re.compile(r"[,;!?\n…]|\w{4}\. ")
_BEFORE, _AFTER = 48, 28
# An account in fours, or a telephone in pairs with its country and a trunk.
_MOST_GROUPS = 8


class Plain(NamedTuple):
    """A text with its digits, spaces and dashes in ASCII. places: where each character stood, unless all stay."""

    text: str
    places: Sequence[int] | None


class Group(NamedTuple):
    """Digits without a gap. joint: what stands before them, if that hangs them to the group before; else None.

    open_left, open_right: neither a letter nor a sign that makes a name of the number touches them there.
    """

    start: int
    end: int
    digits: str
    joint: str | None
    open_left: bool
    open_right: bool


class Context(NamedTuple):
    """What the nearest telling word says that a number is, and how many characters away it stands."""

    meaning: Meaning
    distance: int


class _Telling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    phone: tuple[str, ...]
    identity: tuple[str, ...]
    card: tuple[str, ...]
    other: tuple[str, ...]


def plain(text: str) -> Plain:
    """The same text as one types it on an English keyboard, without the marks that nobody sees."""
    if text.isascii():
        return Plain(text, None)
    places = None
    if INVISIBLE.search(text):
        places = [at for at, character in enumerate(text) if not INVISIBLE.match(character)]
        text = "".join(text[at] for at in places)
    return Plain(_ODD.sub(_usual, text), places)


def without_others(text: str) -> str:
    """`text`, as long as it is, with the digits of dates, times, prices, IP addresses and links taken out."""
    return _NO_NUMBERS.sub(_taken_out, text)


def groups(text: str) -> list[Group]:
    """The groups of digits of a plain text."""
    found: list[Group] = []
    end = 0
    for match in _DIGITS.finditer(text):
        start = match.start()
        between = text[end:start]
        joint = between if found and len(between) <= 3 and _JOINT.fullmatch(between) else None
        end = match.end()
        found.append(Group(start, end, match[0], joint, _is_open(text, start), not text[end : end + 1].isalpha()))
    return found


def run(found: Sequence[Group], at: int) -> tuple[Sequence[Group], tuple[int, ...]]:
    """The groups that hang together from `at` on, no more than any number has; and how many digits each of them has."""
    end, last = at + 1, min(len(found), at + _MOST_GROUPS)
    while end < last and found[end].joint is not None and found[end - 1].open_right:
        end += 1
    hanging = found[at:end]
    return hanging, tuple([len(group.digits) for group in hanging])


class Words:
    """The telling words of a plain text, read when a number first asks for them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._meanings: list[Meaning] = []
        self._read = False

    def around(self, start: int, end: int) -> Context:
        """What the words around a number say that it is: the nearest before it, else the nearest after it."""
        if not self._read:
            self._read_all()
        text = self._text
        at = bisect_right(self._ends, start) - 1
        while at >= 0 and self._ends[at] >= start - _BEFORE:
            # A new thought parts a number from what was numbered before it, and from nothing else.
            if self._meanings[at] != "other" or not _NEW_THOUGHT.search(text, max(0, self._ends[at] - 4), start):
                return Context(self._meanings[at], start - self._ends[at])
            at -= 1
        if text[start - 1 : start] == "#":
            return Context("other", 0)
        at = bisect_left(self._starts, end)
        near = at < len(self._starts) and self._starts[at] <= end + _AFTER
        if near and not _NEW_THOUGHT.search(text, end, self._starts[at]):
            return Context(self._meanings[at], self._starts[at] - end)
        return Context("", 0)

    def _read_all(self) -> None:
        self._read = True
        for word in _WORD.finditer(self._text):
            if meaning := _meaning(word[0]):
                self._starts.append(word.start())
                self._ends.append(word.end())
                self._meanings.append(meaning)


def _usual(found: re.Match[str]) -> str:
    character = found[0]
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if "\uff01" <= character <= "\uff5e":
        return chr(ord(character) - 0xFEE0)
    return "-" if unicodedata.category(character) in ("Pd", "Sm") else " "


def _taken_out(found: re.Match[str]) -> str:
    if found["link"] and any(call in found[0].lower() for call in CALLS):
        return found[0]
    return _DIGIT.sub(_GONE, found[0])


def _is_open(text: str, start: int) -> bool:
    before = text[start - 1 : start]
    if before == "/":
        # A path; "06/12345678" is none.
        return not text[start - 2 : start - 1].isalpha() or text[:start].lower().endswith(CALLS)
    return not before.isalpha() and before not in ("_", "@", "#", _GONE)


@cache
def _telling() -> tuple[dict[str, Meaning], dict[str, Meaning]]:
    """The telling words, and the beginnings of telling words."""
    file = msgspec.convert(tomllib.loads(_FILE.read_text("utf-8")), _Telling)
    lists: tuple[tuple[Meaning, tuple[str, ...]], ...] = (
        ("other", file.other), ("card", file.card), ("identity", file.identity), ("phone", file.phone)
    )  # fmt: skip
    words: dict[str, Meaning] = {}
    stems: dict[str, Meaning] = {}
    for meaning, listed in lists:
        for word in listed:
            (stems if word.endswith("*") else words)[fold(word.rstrip("*"))] = meaning
    return words, stems


# Nobody telling a number writes a longer one.
_LONGEST_WORD = 24


def _meaning(word: str) -> Meaning:
    return _looked_up(word) if len(word) <= _LONGEST_WORD else ""


@lru_cache(maxsize=4096)
def _looked_up(word: str) -> Meaning:
    words, stems = _telling()
    folded = fold(word)
    if folded in words:
        return words[folded]
    for length in range(len(folded), 1, -1):
        if (meaning := stems.get(folded[:length])) is not None:
            return meaning
    return ""
