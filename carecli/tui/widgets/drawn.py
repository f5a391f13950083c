"""Widgets that draw whole lines by themselves, in their own colours: nothing is laid over them afterwards.

Textual looks at each line of a widget for borders, padding, opacity and titles, which takes longer than to draw it.
Not for: what stands in the lines, or when they are drawn again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self

from rich.style import Style
from textual.color import Color
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from carecli.tui.widgets.painting import PLAIN, Palette, palette_of


class _Colours(NamedTuple):
    """What a widget's style says until it changes. framed: there is a border or padding for Textual to draw."""

    palette: Palette
    ground: Color
    framed: bool


class Drawn(Widget):
    """Draws `strips(lines)`, each as wide as the widget, or as what its scrollbar leaves; without any, its ground.

    A line is drawn once, until `refresh` names it.
    """

    _colours: _Colours | None = None
    _shown: tuple[Size, dict[int, Strip]] | None = None

    def strips(self, lines: range) -> list[Strip]:
        """The lines of the widget that `lines` counts from its top, one strip each."""
        return [Strip.blank(self.size.width, self.palette[PLAIN])] * len(lines)

    @property
    def palette(self) -> Palette:
        """The inks of this widget now."""
        return self._style.palette

    @property
    def _style(self) -> _Colours:
        if self._colours is None:
            _, ground = self.background_colors
            self._colours = _Colours(palette_of(self), ground, bool(self.styles.gutter))
        return self._colours

    def notify_style_update(self) -> None:
        self._colours = None
        self._shown = None
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        return self.strips(range(y, y + 1))[0]

    def render_lines(self, crop: Region) -> list[Strip]:
        if self._style.framed:
            return super().render_lines(crop)
        size = self.region.size
        if self._shown is None or self._shown[0] != size:
            self._shown = size, {}
        shown = self._shown[1]
        for lines in _runs([y for y in range(crop.y, crop.bottom) if y not in shown]):
            shown.update(zip(lines, self._finished(lines), strict=True))
        strips = [shown[y] for y in range(crop.y, crop.bottom)]
        if crop.x or crop.right < size.width:
            strips = [strip.crop(crop.x, crop.right) for strip in strips]
        return strips

    def _finished(self, lines: range) -> list[Strip]:
        strips, ground = self.strips(lines), self._style.ground
        if not self.show_vertical_scrollbar:
            # Where a scrollbar has its place and does not show, the lines are too short.
            blank, width = Style.from_color(bgcolor=ground.rich_color), self.region.width
            strips = [strip.adjust_cell_length(width, blank) for strip in strips]
        for one in self.get_line_filters():
            strips = [strip.apply_filter(one, ground) for strip in strips]
        return strips

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        if repaint and not regions:
            self._shown = None
        elif repaint and self._shown is not None:
            for y in (y for region in regions for y in range(region.y, region.bottom)):
                self._shown[1].pop(y, None)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


def _runs(numbers: Sequence[int]) -> Iterator[range]:
    """Ascending numbers as ranges without gaps."""
    start = 0
    for place in range(1, len(numbers) + 1):
        if place == len(numbers) or numbers[place] != numbers[place - 1] + 1:
            yield range(numbers[start], numbers[place - 1] + 1)
            start = place
