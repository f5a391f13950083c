"""Folding: one spelling for what readers take for the same letters.

For comparing and searching (phrases, names, full-text search). Not for: showing or storing, and not for
lengths or offsets: the folded text may be shorter or longer.
"""

from __future__ import annotations

import re
import unicodedata

# Letters that have no decomposition, and the apostrophes that phones type.
_LETTERS = {
    "ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ħ": "h",
    "’": "'", "‘": "'", "ʼ": "'",
}  # fmt: skip
_SPELT_OUT = re.compile(f"[{''.join(_LETTERS)}]")
# Decomposing sorts the marks of a letter, in the square of their number: in pieces, a hostile text stays cheap.
_PIECE = 256
# Accents, vowel points and other marks, and the invisible characters that break a word in two.
_DROPPED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
)


def fold(text: str) -> str:
    """Return `text` in lower case, without accents: "Źdźbło", "ŹDŹBŁO" and "zdzblo" are the same.

    Dotted and dotless i (Turkish), е and ё, й and и (Russian), and Hebrew with and without points fall together.
    """
    if text.isascii():
        return text.lower()
    decomposed = _decomposed(_decomposed(text).casefold())
    # A pattern that matches little is several times faster than a table that looks at each letter.
    return _SPELT_OUT.sub(_spelt_out, _DROPPED.sub("", decomposed))


def _decomposed(text: str) -> str:
    if len(text) <= _PIECE:
        return unicodedata.normalize("NFKD", text)
    return "".join(unicodedata.normalize("NFKD", text[at : at + _PIECE]) for at in range(0, len(text), _PIECE))


def _spelt_out(match: re.Match[str]) -> str:
    return _LETTERS[match[0]]
