"""Domains in a text, in any script, as X's published rules know them (twitter-text 3): for `links`.

Each run of characters that a domain may consist of is taken apart once, from right to left, so that the time stays
proportional to the text whatever is in it. Not for: what may come before a domain or after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

# Where something begins in a text, and where it ends. Bare, for there may be thousands.
Span = tuple[int, int]

TLDS = Path(__file__).with_name("tlds.txt")

_LONGEST_LABEL = 63
# No character of a label in punycode needs more digits, after "xn--".
_MOST_DIGITS = 5

INVALID = r"\uFFFE\uFEFF\uFFFF"
LATIN = (
    r"\xC0-\xD6\xD8-\xF6\xF8-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F\u0272\u0289\u028B"
    r"\u02BB\u0300-\u036F\u1E00-\u1EFF"
)
_DIRECTION = r"\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069"
_SPACES = r"\x09-\x0D\x20\x85\xA0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
# What ends a run; hyphen, underscore and point may stand within one.
_OUTSIDE = rf"!'#%&()*+,\\/:;<=>?@\[\]^{{|}}~${_SPACES}{INVALID}{_DIRECTION}"
_NOT_BEFORE = rf"A-Za-z0-9@＠$#＃{INVALID}"

RUN = re.compile(rf"(?<![^{_OUTSIDE}])[^{_OUTSIDE}.]*+\.[^{_OUTSIDE}]*+")
"""A run of characters of a domain with a point in it."""
REST_OF_RUN = re.compile(rf"[^{_OUTSIDE}.]*+\.[^{_OUTSIDE}]*+")
"""The same from the middle of one."""
MAY_FOLLOW = re.compile(rf"(?<![{_NOT_BEFORE}])")
"""A place where a link may begin: not after a letter or digit of ASCII, or a sign that means something else."""

_START = re.compile(rf"(?<![{_NOT_BEFORE}])[^-_]")
_PLAIN = re.compile(r"(?:[^-_.](?:[^_.]*+(?<!-))?+\.)++[^-_.]++")
_LATIN_LABEL = re.compile(rf"[-a-zA-Z0-9{LATIN}]++")
_LATIN_TAIL = re.compile(rf"(?<![-a-zA-Z0-9{LATIN}])[-a-zA-Z0-9{LATIN}]++\Z")
_LATIN_END = re.compile(rf"[-a-zA-Z0-9{LATIN}]\.")
_ALL_LATIN = re.compile(rf"[-.a-zA-Z0-9{LATIN}]++")
_WORD = re.compile(r"[0-9a-zA-Z]*+")
_GOES_ON = re.compile("[0-9a-zA-Z-]")
_PUNYCODE = re.compile(r"xn--[-0-9a-z]++", re.IGNORECASE)
# What browsers take for the point of a domain.
_POINTS = re.compile("[\u3002\uff0e\uff61]")


class _Label(NamedTuple):
    """A label of a run, and where the top-level domain ends with which it begins; 0 where it begins with none."""

    text: str
    start: int
    end: int
    tld: int


@cache
def top_level_domains() -> frozenset[str]:
    """Every top-level domain, in small letters and its own script."""
    lines = TLDS.read_text("utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


def domains_of(text: str, run: Span, low: int, *, whole: bool) -> Sequence[Span]:
    """The domains of a run, one behind the other, that begin at `low` or later.

    whole: one may begin with the run, whatever comes before it.
    """
    start, end = run
    labels = text[start:end].split(".")
    lengths = [_tld_length(label) for label in labels]
    if not any(lengths):
        return ()
    if lengths[-1] == len(labels[-1]):
        if text.startswith(("@", "+"), end):
            # The name goes on: an e-mail address, say.
            lengths[-1] = 0
        elif (whole or (start >= low and MAY_FOLLOW.match(text, start))) and _PLAIN.fullmatch(text, start, end):
            # So most of them are.
            return (run,)
    return _search(text, _labels(start, labels, lengths), low, whole=whole)


def is_short_enough(name: str) -> bool:
    """Whether each label of a domain has at most 63 characters in its encoded form (RFC 1035, RFC 3492)."""
    return (len(name) <= _LONGEST_LABEL and name.isascii()) or all(map(_is_short, name.split(".")))


def latin_parts(text: str, domain: Span) -> Sequence[Span]:
    """The domains in Latin letters within a domain, whose top-level domains may be in any script.

    One is within another where a text goes on without spaces: "example.comこれは日本語です。example.com".
    """
    start, end = domain
    front = text.rfind(".", start, end) + 1
    if _ALL_LATIN.fullmatch(text, start, front):
        return (domain,)
    if not _LATIN_END.search(text, start, front):
        return ()
    names = text[start:end].split(".")
    labels = _labels(start, names, [_tld_length(name) for name in names])
    lasts = _lasts(labels, _is_latin, _is_latin)
    found: list[Span] = []
    number, low = 0, start
    while number < len(labels) - 1:
        begin = max(low, labels[number].start)
        tail = _LATIN_TAIL.search(text[begin : labels[number].end])
        last = lasts[number + 1] or (number + 1 if labels[number + 1].tld else 0)
        if tail is None or not last:
            number += 1
            continue
        found.append((begin + tail.start(), labels[last].tld))
        number, low = last, labels[last].tld
    return found


def _search(text: str, labels: Sequence[_Label], low: int, *, whole: bool) -> list[Span]:
    lasts = _lasts(labels, _may_be_front, _may_be_name)
    found: list[Span] = []
    number = 0
    if whole and lasts[0]:
        found.append((labels[0].start, labels[lasts[0]].tld))
        number, low = lasts[0], labels[lasts[0]].tld + 1
    while number < len(labels) - 1:
        label, last = labels[number], lasts[number + 1]
        begin = max(low, label.start)
        if not last and labels[number + 1].tld:
            last = number + 1
            begin = max(begin, text.rfind("_", begin, label.end) + 1)
        first = _START.search(text, begin, label.end) if last and not label.text.endswith(("-", "_")) else None
        if first is None:
            number += 1
            continue
        found.append((first.start(), labels[last].tld))
        number, low = last, labels[last].tld + 1
    return found


def _labels(start: int, names: Sequence[str], lengths: Sequence[int]) -> list[_Label]:
    labels = []
    for name, length in zip(names, lengths, strict=True):
        labels.append(_Label(name, start, start + len(name), start + length if length else 0))
        start += len(name) + 1
    return labels


def _lasts(
    labels: Sequence[_Label], may_be_front: Callable[[str], bool], may_be_name: Callable[[str], bool]
) -> list[int]:
    """For each label: which one the longest domain ends with that begins with it whole; 0 where there is none."""
    lasts = [0] * len(labels)
    for number in range(len(labels) - 2, -1, -1):
        if lasts[number + 1] and may_be_front(labels[number].text):
            lasts[number] = lasts[number + 1]
        elif labels[number + 1].tld and may_be_name(labels[number].text):
            lasts[number] = number + 1
    return lasts


def _may_be_front(label: str) -> bool:
    return bool(label) and label[0] not in "-_" and label[-1] not in "-_"


def _may_be_name(label: str) -> bool:
    return _may_be_front(label) and "_" not in label


def _is_latin(label: str) -> bool:
    return _LATIN_LABEL.fullmatch(label) is not None


@lru_cache(maxsize=1024)
def _is_short(label: str) -> bool:
    if label.isascii() or len(label) > _LONGEST_LABEL:
        return len(label) <= _LONGEST_LABEL
    if len("xn--") + _MOST_DIGITS * len(label) <= _LONGEST_LABEL:
        return True
    parts = _POINTS.split(label)
    encoded = (len(part) if part.isascii() else len("xn--") + len(part.encode("punycode")) for part in parts)
    return sum(encoded) + len(parts) - 1 <= _LONGEST_LABEL


@lru_cache(maxsize=4096)
def _tld_length(label: str) -> int:
    """How long the top-level domain is with which `label` begins; 0 where it begins with none."""
    word = _WORD.match(label)
    end = word.end() if word else 0
    if label[:end].lower() in top_level_domains() and label[end : end + 1] != "-":
        return end
    if label[:4].lower() == "xn--":
        punycode = _PUNYCODE.match(label)
        return punycode.end() if punycode else 0
    return 0 if label.isascii() else _length_beyond_ascii(label)


def _length_beyond_ascii(label: str) -> int:
    for name in _beyond_ascii().get(label[0].lower(), ()):
        if label[: len(name)].lower() == name and not _GOES_ON.match(label, len(name)):
            return len(name)
    return 0


@cache
def _beyond_ascii() -> dict[str, tuple[str, ...]]:
    """The top-level domains that are not all ASCII by their first characters, the longest first."""
    names = sorted((name for name in top_level_domains() if not name.isascii()), key=len, reverse=True)
    return {first: tuple(name for name in names if name[0] == first) for first in {name[0] for name in names}}
