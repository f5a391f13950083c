"""Splitting a long reply into parts that each stand alone (practice 27).

At paragraphs and sentences, else at clauses, else at words; never within a link, a number, a date, a mention, a name or
an abbreviation, unless that is longer than a part by itself. Not for: signing or measuring (the caller's `fits` does).
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import msgspec

from carecli.model import Record

Span = tuple[int, int]


class Part(Record, frozen=True):
    """One part of a text: what leaves, its number included, and the span of the text that it is."""

    text: str
    start: int
    end: int


class _Cost(IntEnum):
    """What a cut costs a reader, the cheapest first.

    BESIDE: between a number and a word. WITHIN: at a space inside a number, a date, a name or an abbreviation.
    """

    PARAGRAPH = 0
    SENTENCE = 1
    CLAUSE = 2
    WORD = 3
    BESIDE = 4
    WITHIN = 5
    GRAPHEME = 6


class _Place(NamedTuple):
    """Where a text may be cut: one part ends at `end`, the next begins at `resume`."""

    end: int
    resume: int
    cost: _Cost


class _Joined(Record, frozen=True, forbid_unknown_fields=True):
    abbreviations: frozenset[str]
    before_a_number: frozenset[str]
    months: frozenset[str]
    units: frozenset[str]


_TOKEN = re.compile(r"\S+")
_CLOSING = "\"'”’»›)]"
_OPENING = "([{\"'“„«‚‘¿¡"
_LETTERS_WITH_POINTS = re.compile(r"(?:[^\W\d_]\.)++(?!\w)")
_DAY = re.compile(r"(?<!\d)\d{1,2}\.\Z")
_ENDS_AS_NUMBER = re.compile(r"[\d$€£¥₺₽₴₪₹+№#§][)/–-]?\Z")
_BEGINS_AS_NUMBER = re.compile(r"[+–-]?[\d$€£¥₺₽₴₪₹%‰°]")
_WORD = re.compile(r"[^\W\d_]+(?:['’״][^\W\d_]+)?")
_CAPITALISED = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\Z")
_ELLIPSES = ("...", "…")
_NO_BREAK = frozenset("\u00a0\u202f")
# No sign for the end of a sentence, a name or an abbreviation needs to be looked for further back.
_LONGEST_TAIL = 40

# Links, mentions, tags and numbers that hold places for a cut in scripts without spaces, or would be cut at a grapheme.
_ATOM = re.compile(r"https?://[!-~]+|[@#]\w+(?:[.@-]\w+)*|\d(?:[\d.,:/-]*\d)?", re.IGNORECASE)
# Scripts that put no spaces between words: a cut between any two characters, but not before small kana and marks, nor
# within a word in Katakana, which may be a name.
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HIRAGANA = "\u3041-\u3096"
_KATAKANA = "\u30a1-\u30fa\u30fc-\u30fe"
_SMALL = "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮーゝゞヽヾ々〻"
_FULL_STOPS, _COMMAS, _CLOSED, _OPENED = "。！？", "、，；：", "」』）】〉》", "「『（【〈《"
_BREAK = re.compile(
    rf"(?:(?<=[{_HAN}{_HIRAGANA}{_FULL_STOPS}{_COMMAS}{_CLOSED}])(?=[{_HAN}{_HIRAGANA}{_KATAKANA}{_OPENED}A-Za-z@#])"
    rf"|(?<=[{_KATAKANA}])(?=[{_HAN}{_HIRAGANA}{_OPENED}A-Za-z@#])|(?<=[A-Za-z])(?=[{_HAN}{_HIRAGANA}]))(?![{_SMALL}])"
)
_SENTENCE_ENDS = (*".!?…։؟۔", *_FULL_STOPS)
_CLAUSE_ENDS = (*",;:،؛", *_COMMAS)


def split(
    text: str, fits: Callable[[str], bool], *, whole: Iterable[Span] = (), numbered: bool = False
) -> tuple[Part, ...]:
    """`text` in as few parts as come of cutting late; nothing is lost between them but white space.

    fits: whether a part can leave, measured as it will leave. whole: what else is never cut, such as the network's
    links. numbered: each of several parts ends with its number, as in "2/3"; `fits` is asked with that.

    A better place for a cut is preferred where it leaves a part at least a third full. Raises ValueError where a single
    character, as a reader sees it, does not fit.
    """
    body = text.strip()
    if not body:
        return ()
    if fits(body):
        start = len(text) - len(text.lstrip())
        return (Part(body, start, start + len(body)),)
    return _numbered(text, fits, whole, digits=1) if numbered else _parts(text, fits, whole)


def sentences(text: str) -> Iterator[Span]:
    """The place of each sentence, its stop included and the white space around it not: what a cut would part."""
    spans = _merged(found.span() for found in _ATOM.finditer(text))
    begin = len(text) - len(text.lstrip())
    for place in _places(text, spans):
        if place.cost <= _Cost.SENTENCE:
            yield begin, place.end
            begin = place.resume


def _numbered(text: str, fits: Callable[[str], bool], whole: Iterable[Span], digits: int) -> tuple[Part, ...]:
    """The parts with their numbers, room being left for numbers of so many digits, or for as many as it takes."""
    widest = "9" * digits
    parts = _parts(text, lambda part: fits(f"{part} {widest}/{widest}"), whole)
    if len(parts) > int(widest):
        return _numbered(text, fits, whole, digits + 1)
    return tuple(
        Part(f"{part.text} {number}/{len(parts)}", part.start, part.end) for number, part in enumerate(parts, start=1)
    )


def _parts(text: str, fits: Callable[[str], bool], whole: Iterable[Span]) -> tuple[Part, ...]:
    spans = _merged([*whole, *(found.span() for found in _ATOM.finditer(text))])
    places = list(_places(text, spans))
    at, number = len(text) - len(text.lstrip()), 0
    parts: list[Part] = []
    while number < len(places):
        last = _farthest(text, at, places, number, fits)
        if last < number:
            finer = _finer(text, at, places[number].end, spans)
            if not finer:
                raise ValueError("A single character does not fit into a part.")
            places[number:number] = finer
            continue
        chosen = _cheapest(text, at, places, number, last, fits) if last < len(places) - 1 else last
        parts.append(Part(text[at : places[chosen].end], at, places[chosen].end))
        at, number = places[chosen].resume, chosen + 1
    return tuple(parts)


def _farthest(text: str, at: int, places: Sequence[_Place], number: int, fits: Callable[[str], bool]) -> int:
    """The last place before which a part from `at` fits, `number - 1` where none is: looked for in growing steps.

    So a part is measured some ten times at no more than twice its length, however much text follows.
    """
    fitting, step = number - 1, 1
    while fitting + step < len(places) and fits(text[at : places[fitting + step].end]):
        fitting, step = fitting + step, step * 2
    failing = min(fitting + step, len(places))
    while failing - fitting > 1:
        middle = (fitting + failing) // 2
        if fits(text[at : places[middle].end]):
            fitting = middle
        else:
            failing = middle
    return fitting


def _cheapest(text: str, at: int, places: Sequence[_Place], number: int, last: int, fits: Callable[[str], bool]) -> int:
    """The best of the places from `number` to `last`: one that a reader hardly notices, if the part is a third full."""
    third = at + (places[last].end - at) // 3
    for cost in _Cost:
        for least in (third, at) if cost >= _Cost.WORD else (third,):
            for chosen in range(last, number - 1, -1):
                place = places[chosen]
                if place.end < least:
                    break
                # Lengths do not always grow with the text: half of an address may be longer than a link.
                if place.cost <= cost and (chosen == last or fits(text[at : place.end])):
                    return chosen
    return last


def _places(text: str, spans: Sequence[Span]) -> Iterator[_Place]:
    """Every place for a cut, in their order; the last one is the end of the text."""
    tokens = list(_TOKEN.finditer(text))
    for token, following in pairwise([*tokens, None]):
        assert token is not None
        yield from _within(text, token.start(), token.end(), spans)
        end = token.end()
        if following is None:
            yield _Place(end, len(text), _Cost.PARAGRAPH)
            continue
        resume = following.start()
        left, right = text[max(token.start(), end - _LONGEST_TAIL) : end], text[resume : resume + _LONGEST_TAIL]
        yield _Place(end, resume, _cost(left, text[end:resume], right))


def _within(text: str, start: int, end: int, spans: Sequence[Span]) -> Iterator[_Place]:
    """The places within what has no spaces: between characters of the scripts that do without them."""
    for found in _BREAK.finditer(text, start, end):
        at = found.start()
        if start < at < end and not _is_inside(at, spans):
            before = text[max(start, at - 2) : at].rstrip(_CLOSED)
            if before.endswith(_SENTENCE_ENDS):
                yield _Place(at, at, _Cost.SENTENCE)
            else:
                yield _Place(at, at, _Cost.CLAUSE if before.endswith(_CLAUSE_ENDS) else _Cost.WORD)


def _cost(left: str, gap: str, right: str) -> _Cost:
    """What it costs to cut between the end of a token and the beginning of the next."""
    lines = gap.count("\n")
    if lines:
        return _Cost.SENTENCE if lines == 1 else _Cost.PARAGRAPH
    left, right = left.rstrip(_CLOSING), right.lstrip(_OPENING)
    if _NO_BREAK.issuperset(gap) or _is_abbreviation(left, right) or _DAY.search(left):
        return _Cost.WITHIN
    if left.endswith(_ELLIPSES) and right[:1].islower():
        return _Cost.CLAUSE
    if left.endswith(_SENTENCE_ENDS):
        return _Cost.WITHIN if _goes_on(left, right) else _Cost.SENTENCE
    if left.endswith(_CLAUSE_ENDS):
        return _Cost.CLAUSE
    return _cost_within(left, right)


def _cost_within(left: str, right: str) -> _Cost:
    """The same within a clause: what numbers and names stand there?"""
    before, after = _ENDS_AS_NUMBER.search(left), _BEGINS_AS_NUMBER.match(right)
    if (before and after) or _is_name(left, right):
        return _Cost.WITHIN
    if before:
        counted = _word(right) in _joined().months or _word(right) in _joined().units
        return _Cost.WITHIN if counted or _LETTERS_WITH_POINTS.match(right) else _Cost.BESIDE
    if after:
        return _Cost.WITHIN if _word(left) in _joined().months else _Cost.BESIDE
    return _Cost.WORD


def _word(token: str) -> str:
    found = _WORD.match(token.lstrip(_OPENING))
    return found[0].casefold() if found else ""


def _goes_on(left: str, right: str) -> bool:
    """Whether the sentence goes on after its point: an abbreviation that nobody listed, "2026. 5"."""
    return left.endswith(".") and (right[:1].islower() or (left[-2:-1].isdigit() and right[:1].isdigit()))


def _is_abbreviation(left: str, right: str) -> bool:
    if not left.endswith("."):
        return False
    word, known = left.lstrip(_OPENING).casefold(), _joined()
    return (
        _LETTERS_WITH_POINTS.fullmatch(word) is not None
        or word in known.abbreviations
        or (word in known.before_a_number and _BEGINS_AS_NUMBER.match(right) is not None)
    )


def _is_name(left: str, right: str) -> bool:
    """Whether two words with capitals stand beside each other; not in a text that is all capitals."""
    word = left.lstrip(_OPENING)
    if not (_CAPITALISED.match(word) and word[0].isupper() and right[:1].isupper()):
        return False
    return not (len(word) > 1 and word.isupper() and right.isupper())


def _finer(text: str, start: int, end: int, spans: Sequence[Span]) -> list[_Place]:
    """Places between the graphemes of a piece that is too long; within what belongs together only if it is all."""
    # Only here; a text with spaces never needs the tables.
    from wcwidth import iter_graphemes

    places, at = [], start
    for grapheme in iter_graphemes(text[start:end]):
        at += len(grapheme)
        places.append(_Place(at, at, _Cost.GRAPHEME))
    places.pop()
    return [place for place in places if not _is_inside(place.end, spans)] or places


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _is_inside(at: int, spans: Sequence[Span]) -> bool:
    number = bisect_left(spans, (at,)) - 1
    return number >= 0 and spans[number][0] < at < spans[number][1]


@cache
def _joined() -> _Joined:
    path = Path(__file__).parent / "phrases" / "joined.toml"
    lists = tomllib.loads(path.read_text("utf-8"))
    return msgspec.convert({name: [word.casefold() for word in words] for name, words in lists.items()}, _Joined)
