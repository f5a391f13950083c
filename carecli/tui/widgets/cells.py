"""Text by terminal cells: measured, cropped, padded and wrapped without cutting what a reader sees as one character.

Rich's `cell_len` is the measure, because Textual lays its strips out by it; clusters are Unicode's, from wcwidth.
Pure. Not for: making text safe (`carecli.safetext`); everything here takes text that already is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len, split_graphemes

ELLIPSIS = "…"

# Letters and signs that are one cell wide and a cluster each, whatever stands beside them: measured by `len`.
_PLAIN = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038e-\u03a1\u03a3-\u0482\u048a-\u052f"
    "\u05d0-\u05ea\u0621-\u063f\u0641-\u064a\u0660-\u0669\u2010-\u2027\u2030-\u205e\u20a0-\u20c0]*"
)
# What emoji are made of. Elsewhere Rich lets a joiner swallow the letter behind it, and takes a skin tone for nothing.
_PICTURE = "\u00a9\u00ae\u203c-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001f3fa\U0001f400-\U0001faff"
_TONE = "\U0001f3fb-\U0001f3ff"
_IDLE = re.compile(f"(?<![{_PICTURE}\ufe0f])[{_TONE}]|(?<![{_PICTURE}{_TONE}\ufe0f])\u200d|\u200d(?![{_PICTURE}])")
_SELECTOR = re.compile("(.?)\ufe0f", re.DOTALL)
_ACTING = re.compile(f"[\u200d\ufe0f{_TONE}]")


def settle(text: str) -> str:
    """Return `text` without joiners, selectors and skin tones that act on nothing.

    Rich's measure of what is left is the sum of its clusters, so that a line may be put together from pieces.
    """
    if not text.isascii() and _ACTING.search(text):
        text = _SELECTOR.sub(lambda match: match[0] if match[1] and cell_len(match[1]) else match[1], text)
        while (settled := _IDLE.sub("", text)) != text:
            text = settled
    return text


def is_plain(text: str) -> bool:
    """Whether each character of `text` is one cell and one cluster."""
    return _PLAIN.fullmatch(text) is not None


def width_of(text: str) -> int:
    """How many cells `text` takes."""
    return len(text) if is_plain(text) else cell_len(text)


def clusters(text: str) -> Iterator[tuple[str, int]]:
    """Each user-perceived character of `text` with its cells, 0 to 2.

    A cluster of several letters, as in Indic scripts, comes in parts, each with its own marks.
    """
    from wcwidth import iter_graphemes

    for cluster in iter_graphemes(text):
        width = cell_len(cluster)
        if width <= 2:
            yield cluster, width
        else:
            for start, end, part in split_graphemes(cluster)[0]:
                yield cluster[start:end], part


def crop(text: str, width: int) -> str:
    """Return `text` within `width` cells; where something had to go, an ellipsis says so."""
    if width <= 0:
        return ""
    if is_plain(head := text[: width + 1]):
        return head if len(head) <= width else head[: width - 1].rstrip() + ELLIPSIS
    text = settle(text)
    kept: list[str] = []
    taken = room = 0
    for cluster, cells in clusters(text):
        taken += cells
        if taken > width:
            return "".join(kept[:room]).rstrip() + ELLIPSIS
        kept.append(cluster)
        if taken < width:
            room = len(kept)
    return text


def fit(text: str, width: int) -> str:
    """Return `text` in exactly `width` cells: cropped, or padded on the right."""
    text = crop(text, width)
    return text + " " * (width - width_of(text))


def wrap(text: str, width: int) -> tuple[str, ...]:
    """Return `text` in lines of at most `width` cells, at least one; `width` counts as 2 below that.

    Lines break at spaces, and the spaces there are dropped; beside wide characters, as Chinese and Japanese do; and
    between clusters where a word is too long for any line. Nothing but white space is lost.
    """
    width = max(2, width)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if not is_plain(paragraph):
            lines.extend(_wrap_wide(settle(paragraph), width))
        elif len(paragraph) <= width:
            lines.append(paragraph.rstrip(" "))
        else:
            lines.extend(_wrap_plain(paragraph, width))
    return tuple(lines)


def _wrap_plain(paragraph: str, width: int) -> Iterator[str]:
    start, end = 0, len(paragraph.rstrip(" "))
    while end - start > width:
        cut = paragraph.rfind(" ", start, start + width + 1)
        if line := paragraph[start : max(start, cut)].strip(" "):
            yield line
            start = cut
        else:
            if word := paragraph[start : start + width].lstrip(" "):
                yield word
            start += width
        while start < end and paragraph[start] == " ":
            start += 1
    yield paragraph[start:end]


def _wrap_wide(paragraph: str, width: int) -> Iterator[str]:
    line, taken = "", 0
    for word in paragraph.split(" "):
        gap = " " if line else ""
        for unit, cells in _units(word):
            if taken + len(gap) + cells <= width:
                line += gap + unit
                taken += len(gap) + cells
            else:
                if line:
                    yield line
                line, taken = "", 0
                for cluster, size in clusters(unit) if cells > width else ((unit, cells),):
                    if taken + size > width:
                        yield line
                        line, taken = "", 0
                    line += cluster
                    taken += size
            gap = ""
    yield line


def _units(word: str) -> Iterator[tuple[str, int]]:
    """The parts of a word between which a line may break, with their cells: wide characters, and what is between."""
    if is_plain(word):
        yield word, len(word)
        return
    run, taken = "", 0
    for cluster, cells in clusters(word):
        if cells < 2:
            run += cluster
            taken += cells
            continue
        if run:
            yield run, taken
            run, taken = "", 0
        yield cluster, cells
    if run:
        yield run, taken
