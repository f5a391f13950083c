"""The weighted length of a post as X counts it (docs.x.com, "Counting characters"; twitter-text, config v3).

After composing to NFC, a link weighs 23 and an emoji sequence 2; any other character weighs 1 up to U+10FF and among
the usual spaces, dashes and quotation marks, else 2. A key press asks for it, so the time is proportional to the text.
Not for: the limit, which is a setting of the account, or where the links are (`links`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from carecli.channels.x.links import URL_WEIGHT, spans_of_links

EMOJI_WEIGHT = 2

_HEAVY = re.compile(r"[^\u0000-\u10FF\u2000-\u200D\u2010-\u201F\u2032-\u2037]++")
_INVALID = re.compile(r"[\uFFFE\uFEFF\uFFFF]")
_MENTION = re.compile(r"\s*[@＠]([A-Za-z0-9_]{1,50})(?![A-Za-z0-9_@＠])\s*")

# Emoji sequences as UTS #51 has them; a lone emoji weighs 2 as it is. Which exist is not looked up: any four joined
# emoji are one.
_TONE = r"[\U0001F3FB-\U0001F3FF]"
_TAKES_TONE = (
    r"[\u261D\u26F9\u270A-\u270D\U0001F385\U0001F3C2-\U0001F3C4\U0001F3C7\U0001F3CA-\U0001F3CC\U0001F442\U0001F443"
    r"\U0001F446-\U0001F450\U0001F466-\U0001F478\U0001F47C\U0001F481-\U0001F483\U0001F485-\U0001F487\U0001F48F\U0001F491"
    r"\U0001F4AA\U0001F574\U0001F575\U0001F57A\U0001F590\U0001F595\U0001F596\U0001F645-\U0001F647\U0001F64B-\U0001F64F"
    r"\U0001F6A3\U0001F6B4-\U0001F6B6\U0001F6C0\U0001F6CC\U0001F90C\U0001F90F\U0001F918-\U0001F91F\U0001F926"
    r"\U0001F930-\U0001F939\U0001F93C-\U0001F93E\U0001F977\U0001F9B5\U0001F9B6\U0001F9B8\U0001F9B9\U0001F9BB"
    r"\U0001F9CD-\U0001F9CF\U0001F9D1-\U0001F9DD\U0001FAC3-\U0001FAC5\U0001FAF0-\U0001FAFA]"
)
_TAKES_SELECTOR = (
    r"[\xA9\xAE\u203C\u2049\u2122\u2139\u2194-\u21AA\u231A-\u23FA\u24C2\u25AA-\u25FE\u2600-\u27BF\u2934\u2935"
    r"\u2B05-\u2B55\u3030\u303D\u3297\u3299\U0001F004\U0001F170-\U0001F17F\U0001F202-\U0001F237\U0001F321-\U0001F32C"
    r"\U0001F336\U0001F37D\U0001F396-\U0001F39F\U0001F3CB-\U0001F3CE\U0001F3D4-\U0001F3DF\U0001F3F3-\U0001F3F7\U0001F43F"
    r"\U0001F441\U0001F4FD\U0001F549\U0001F54A\U0001F56F-\U0001F579\U0001F587-\U0001F590\U0001F5A5-\U0001F5FA"
    r"\U0001F6CB-\U0001F6CF\U0001F6E0-\U0001F6F3]"
)
_EMOJI = (
    rf"(?:{_TAKES_TONE}{_TONE}|{_TAKES_SELECTOR}\uFE0F|[\u2600-\u27BF\u2B05-\u2B55\U0001F004-\U0001F1E5"
    r"\U0001F200-\U0001FAFF](?!\uFE0E))"
)
_SEQUENCE = re.compile(
    rf"[#*0-9]\uFE0F?\u20E3|[\U0001F1E6-\U0001F1FF]{{2}}|\U0001F3F4[\U000E0020-\U000E007E]++\U000E007F"
    rf"|{_EMOJI}(?:\u200D{_EMOJI}){{0,3}}+"
)
# Without one of these, no emoji is more than one character.
_MAKES_SEQUENCES = re.compile(r"[\u200D\u20E3\uFE0F\U0001F1E6-\U0001F1FF\U0001F3FB-\U0001F3FF\U000E007F]")

# Composing sorts the marks of a letter in the square of their number, unless they are in order.
_LONG = 200
_HEAP = re.compile(rb"[^\0]{20,}")
# Marks that are two, and look like none to whoever asks for their class.
_DOUBLE_MARKS = str.maketrans({"\u0f73": "\u0f71\u0f72", "\u0f75": "\u0f71\u0f74", "\u0f81": "\u0f71\u0f80"})


def weighted_length(text: str, *, filled_in: Sequence[str] = ()) -> int:
    """The length of `text` in X's weighted characters.

    filled_in: the handles, with or without @, that X itself puts before a reply; they cost nothing at its beginning.
    """
    text = _composed(text)
    if filled_in:
        text = text[_end_of_mentions(text, filled_in) :]
    links = spans_of_links(text)
    if links:
        ends = [0, *(end for _, end in links)]
        starts = [*(start for start, _ in links), len(text)]
        # A line break between the pieces, so that nothing combines across a link.
        text = "\n".join(text[end:start] for end, start in zip(ends, starts, strict=True))
    length = len(links) * (URL_WEIGHT - 1)
    if text.isascii():
        return length + len(text)
    if _MAKES_SEQUENCES.search(text):
        text, emoji = _SEQUENCE.subn("", text)
        length += emoji * EMOJI_WEIGHT
    return length + len(text) + sum(map(len, _HEAVY.findall(text)))


def first_invalid(text: str) -> int | None:
    """Where the first character is that X takes in no post (U+FFFE, U+FEFF, U+FFFF); None where there is none."""
    found = _INVALID.search(text)
    return None if found is None else found.start()


def _end_of_mentions(text: str, filled_in: Sequence[str]) -> int:
    handles = {handle.lstrip("@").lower() for handle in filled_in}
    end = 0
    while (found := _MENTION.match(text, end)) is not None and found[1].lower() in handles:
        end = found.end()
    return end


def _composed(text: str) -> str:
    """`text` in NFC, with heaps of marks put in their order before: the same text, in time proportional to it."""
    if len(text) <= _LONG or text.isascii():
        return unicodedata.normalize("NFC", text)
    text = text.translate(_DOUBLE_MARKS) if any(map(text.__contains__, "\u0f73\u0f75\u0f81")) else text
    pieces, end = [], 0
    for heap in _HEAP.finditer(bytes(map(unicodedata.combining, text))):
        start = heap.start()
        pieces += [text[end:start], *sorted(text[start : heap.end()], key=unicodedata.combining)]
        end = heap.end()
    return unicodedata.normalize("NFC", "".join([*pieces, text[end:]]) if pieces else text)
