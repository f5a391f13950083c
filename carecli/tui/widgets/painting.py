"""How a line of text becomes a strip: spans with named inks, laid side by side in an exact number of cells.

An ink is the last part of a component class, so that the colours stay in the style sheets.
Not for: deciding what a line says; each widget has a pure function for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from carecli.safetext import is_safe, sanitize_line
from carecli.tui.widgets.cells import crop, settle, width_of

PLAIN = ""


class Span(NamedTuple):
    """Some text in one ink. The text is of our own making or SafeText, and stands on one line."""

    text: str
    ink: str = PLAIN


Line = tuple[Span, ...]


class Piece(NamedTuple):
    """A part of a line that is shown whole or not at all; the highest `rank` leaves first, 0 never."""

    line: Line
    rank: int = 0

    @property
    def width(self) -> int:
        return sum(width_of(span.text) for span in self.line)


def arrange(left: Sequence[Piece], right: Sequence[Piece], width: int, gap: int = 2) -> Line:
    """Lay pieces from both edges of `width` cells, `gap` between them, leaving out by rank what has no room."""
    pieces = [(piece, piece.width, False) for piece in left] + [(piece, piece.width, True) for piece in right]

    def needed() -> int:
        return sum(cells for _, cells, _ in pieces) + gap * (len(pieces) - 1)

    while needed() > width:
        worst = max(range(len(pieces)), key=lambda index: (pieces[index][0].rank, index), default=None)
        if worst is None or pieces[worst][0].rank == 0:
            break
        del pieces[worst]
    free = max(0, width - needed())
    spans: list[Span] = []
    for index, (piece, _, on_right) in enumerate(pieces):
        space = gap if index else 0
        if on_right:
            space, free = space + free, 0
        if space:
            spans.append(Span(" " * space))
        spans.extend(piece.line)
    return tuple(spans)


Palette = Mapping[str, Style]


def palette_of(widget: Widget) -> Palette:
    """The widget's component classes as styles by ink, and its own style as the plain one.

    Ask again after `notify_style_update`.
    """
    classes = (vars(cls).get("COMPONENT_CLASSES", ()) for cls in type(widget).__mro__)
    styles = {name.rpartition("--")[2]: name for names in classes for name in names}
    return {
        PLAIN: widget.rich_style,
        **{ink: widget.get_component_rich_style(name, partial=True) for ink, name in styles.items()},
    }


def paint(line: Iterable[Span], width: int, palette: Palette, *, over: str = PLAIN) -> Strip:
    """Return a strip of exactly `width` cells. `over` names an ink laid over the whole line, such as the cursor's.

    Where that ink is reversed, the other inks' colours give way: reversed, they would be a patchwork.
    """
    base = palette[PLAIN]
    top = palette[over] if over else None
    if top is not None:
        base += top
    segments: list[Segment] = []
    taken = 0
    for text, ink in line:
        # The second lock: the type says that it is safe, and here nothing else gets through.
        if "\n" in text or not is_safe(text):
            text = sanitize_line(text)
        text = settle(text)
        cells = width_of(text)
        if cut := taken + cells > width:
            text = crop(text, width - taken)
            cells = cell_len(text)
        if text:
            style = base if not ink or (top and top.reverse) else _under(base, palette[ink], top)
            _add(segments, text, style)
            taken += cells
        if cut:
            break
    if taken < width:
        _add(segments, " " * (width - taken), base)
    return Strip(segments, width)


def _add(segments: list[Segment], text: str, style: Style) -> None:
    """Append the text, to the last segment if that has the same style: fewer bytes over a slow line."""
    if segments and segments[-1].style == style:
        text = segments.pop().text + text
    segments.append(Segment(text, style))


def _under(base: Style, ink: Style, top: Style | None) -> Style:
    """The ink on the base, keeping the background that was laid over."""
    style = base + ink
    return style + Style(bgcolor=top.bgcolor) if top is not None and top.bgcolor is not None else style
