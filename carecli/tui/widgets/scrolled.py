"""What scrolls, line by line, and the bar at its right edge: Textual's, with its mouse and its look, but drawn at once.

Drawn as Textual draws it, the bar of a thread takes longer than the thread. Not for: what stands in the lines.
"""

from __future__ import annotations

from typing import NamedTuple

from rich.segment import Segment
from rich.style import StyleType
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

from carecli.tui.widgets.drawn import Drawn
from carecli.tui.widgets.painting import PLAIN


class _Look(NamedTuple):
    """All that a bar's look depends on."""

    width: int
    height: int
    virtual_size: int
    window_size: int
    position: float
    style: StyleType


class ScrollMark(ScrollBar, Drawn):
    """A vertical scrollbar that is drawn when it looks otherwise than before."""

    _drawn: tuple[_Look, list[Strip]] | None = None

    def notify_style_update(self) -> None:
        self._drawn = None
        super().notify_style_update()

    def strips(self, lines: range) -> list[Strip]:
        bar = self.render()
        assert isinstance(bar, ScrollBarRender)
        look = _Look(*self.size, bar.virtual_size, bar.window_size, bar.position, bar.style)
        if self._drawn is None or self._drawn[0] != look:
            self._drawn = look, self._draw(look)
        return self._drawn[1][lines.start : lines.stop]

    def _draw(self, look: _Look) -> list[Strip]:
        style = self.app.console.get_style(look.style)
        assert style.color is not None
        assert style.bgcolor is not None
        cells = ScrollBarRender.render_bar(
            size=look.height,
            virtual_size=look.virtual_size,
            window_size=look.window_size,
            position=look.position,
            thickness=look.width,
            back_color=style.bgcolor,
            bar_color=style.color,
        ).segments
        # Cells that look alike are one and the same.
        base = self.palette[PLAIN]
        strips = {id(cell): Strip(Segment.apply_style((cell,), base), look.width) for cell in cells}
        return [strips[id(cell)] for cell in cells]


class Scrolled(ScrollView, Drawn):
    """Draws the lines that are in view, and a `ScrollMark` beside them."""

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        # As Textual makes its own: it has no place to name another kind.
        if self._vertical_scrollbar is None:
            mark = self._vertical_scrollbar = ScrollMark(name="vertical", thickness=self.scrollbar_size_vertical)
            mark.display = False
            self.app._start_widget(self, mark)
        return self._vertical_scrollbar
