"""Tables for people: aligned columns of safe text, as wide as the terminal, coloured only where that is wanted.

Not for: programs (`cli.output` gives them JSON).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Literal

from carecli.safetext import SafeText

Tone = Literal["plain", "late", "soon", "faint", "good"]

# The terminal's own sixteen colours; a word or a sign always says the same.
_CODES = {"late": "1;31", "soon": "33", "faint": "2", "good": "32"}
_GAP = "  "
_ELLIPSIS = "…"
# The cells of a column that is cut: the last one at the terminal's edge, the others at a fifth of it.
_NARROWEST, _WIDEST = 10, 40


def width_of(text: SafeText) -> int:
    """How many cells `text` takes in a terminal: emoji and East Asian characters two, combining marks none."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    cells = wcswidth(text)
    return cells if cells >= 0 else len(text)


def fitted(text: SafeText, width: int) -> SafeText:
    """`text` in at most `width` cells, with an ellipsis where something is cut; never half of a character."""
    if width_of(text) <= width:
        return text
    from wcwidth import iter_graphemes

    kept, used = "", 0
    for cluster in iter_graphemes(text):
        used += width_of(SafeText(cluster))
        if used > width - 1:
            break
        kept += cluster
    return SafeText(kept + _ELLIPSIS)


def table(head: Sequence[str], rows: Sequence[Sequence[SafeText]], tones: Sequence[Tone] = ()) -> str:
    """Columns under their heads, cut so that a row fits the terminal; `tones` colours whole rows."""
    lines = [[SafeText(title) for title in head], *rows]
    width = terminal_width()
    # A name may be as long as its owner likes; the table is for all rows.
    widest = min(_WIDEST, max(_NARROWEST, width // 5))
    widths = [max(width_of(line[column]) for line in lines) for column in range(len(head))]
    widths[:-1] = [min(cells, widest) for cells in widths[:-1]]
    room = width - sum(widths[:-1]) - len(_GAP) * (len(widths) - 1)
    widths[-1] = max(min(widths[-1], room), _NARROWEST)
    shown = [_aligned(line, widths) for line in lines]
    return "\n".join(
        [toned(shown[0], "faint")]
        + [toned(line, tones[number] if tones else "plain") for number, line in enumerate(shown[1:])]
    )


def _aligned(line: Sequence[SafeText], widths: Sequence[int]) -> str:
    cells = [fitted(cell, width) for cell, width in zip(line, widths, strict=True)]
    return _GAP.join(cell + " " * (width - width_of(cell)) for cell, width in zip(cells, widths, strict=True)).rstrip()


def toned(text: str, tone: Tone) -> str:
    """`text` in a colour, where the reader is a terminal that wants colours (`NO_COLOR`, `TERM=dumb`)."""
    if tone == "plain" or not coloured():
        return text
    return f"\x1b[{_CODES[tone]}m{text}\x1b[0m"


def coloured() -> bool:
    """Whether standard output is a terminal that wants colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def terminal_width() -> int:
    """The terminal's columns; without bound where there is none, so that a file gets whole lines."""
    if not sys.stdout.isatty():
        return sys.maxsize
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except OSError:
        return 80
