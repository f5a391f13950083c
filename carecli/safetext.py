"""Safe text: what a stranger wrote, made harmless to a terminal.

A type of its own, so that no widget or table can be handed a raw text by mistake.
Not for: storing (texts are stored as received) or markup (safe text is never parsed).
"""

from __future__ import annotations

import re
import unicodedata
from typing import NewType

SafeText = NewType("SafeText", str)

# C0 and C1 controls, escape, delete: these drive a terminal. Tab and newline are handled before.
_CONTROL = r"\x00-\x08\x0b-\x1f\x7f-\x9f"
# Bidirectional overrides, embeddings, isolates and marks reorder what follows them, our own text included.
_BIDI = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# Invisible: zero-width space and non-joiner, word joiner, soft hyphen, BOM, fillers, line separators.
_INVISIBLE = (
    r"\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u2028\u2029"
    r"\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb"
    # The controls of hieroglyphs, shorthand and music.
    r"\U00013430-\U0001345f\U0001bca0-\U0001bcaf\U0001d173-\U0001d17a"
)
# Surrogates cannot be encoded; noncharacters and private use draw unpredictably.
_UNDRAWABLE = r"\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\ue000-\uf8ff\U000f0000-\U0010ffff"
_TAGS = r"\U000e0000-\U000e001f\U000e0080-\U000e0fff"

_UNSAFE = re.compile(f"[{_CONTROL}{_BIDI}{_INVISIBLE}{_UNDRAWABLE}{_TAGS}]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_SHOWN = re.compile(f"[{_CONTROL}{_UNDRAWABLE}]")
_NEWLINES = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
# Marks pile up without bound on one cell ("zalgo"); four are enough for every living script's common use.
_MARK = r"[\u0300-\u036f\u0483-\u0489\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
# Short texts compose quickly whatever they hold; in longer ones heaps of marks are cut before.
_LONG, _HEAP = 500, 30
_TOO_MANY_MARKS = re.compile(f"({_MARK}{{4}}){_MARK}+")


def sanitize(text: str) -> SafeText:
    """Return `text` as it may be shown: NFC, newlines kept, tabs as spaces, nothing that acts.

    Control characters become U+FFFD so that a reader sees that something was there; bidirectional
    controls and invisible characters vanish. The zero-width joiner and U+FE0F stay: emoji need them.
    Total: never raises, whatever the input. A safe text stays as it is, and none is more than four times as long.
    """
    if text.isascii() and text.isprintable():
        return SafeText(text)
    if len(text) > _LONG:
        text = _without_heaps(text)
    text = _NEWLINES.sub("\n", text).replace("\t", "    ")
    # Composed last: what goes may have stood between a letter and its mark.
    text = unicodedata.normalize("NFC", _UNSAFE.sub("", _SHOWN.sub(_REPLACEMENT, text)))
    while (fewer := _TOO_MANY_MARKS.sub(r"\1", text)) != text:
        text = unicodedata.normalize("NFC", fewer)
    return SafeText(text)


def _without_heaps(text: str) -> str:
    """`text` with no more than thirty marks on a letter: composing takes the square of their number."""
    kept: list[str] = []
    heaped = 0
    for character in text:
        heaped = heaped + 1 if unicodedata.combining(character) else 0
        if heaped <= _HEAP:
            kept.append(character)
    return "".join(kept)


def sanitize_line(text: str) -> SafeText:
    """Return `text` as one line: as `sanitize`, with each run of white space as one space."""
    return SafeText(" ".join(sanitize(text).split()))


def is_safe(text: str) -> bool:
    """Whether `text` could have come from `sanitize` (the guard at the edge of a widget)."""
    return _UNSAFE.search(text) is None and "\t" not in text and "\r" not in text


def escape_in_json(line: str) -> str:
    """A line of JSON with each character that `sanitize` would take out written as an escape.

    The same to a program, harmless to a terminal that it is shown on.
    """
    return _UNSAFE.sub(_escaped, line)


def _escaped(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


# A literal of our own source needs no cleaning; this says so where a widget asks for SafeText.
def literal(text: str) -> SafeText:
    """Mark a sentence of our own as safe. Only for text that holds nothing from outside."""
    return SafeText(text)
