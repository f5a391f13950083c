"""Widgets that draw whole lines by themselves, in their own colours: nothing is laid over them afterwards.

Textual looks at each line of a widget for borders, padding, opacity and titles, which takes longer than to draw it.
Not for: what stands in the lines, or when they are drawn again.
"""

from __future__ import annotations

from typing import NamedTuple

from rich.style import Style
from textual.color import Color
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from carecli.tui.widgets.painting import Palette, palette_of


class _Colours(NamedTuple):
    """What a widget's style says until it changes. framed: there is a border or padding for Textual to draw."""

    palette: Palette
    ground: Color
    framed: bool


class Drawn(Widget):
    """Draws `strips(lines)`, each as wide as the widget, or as what its scrollbar leaves."""

    _colours: _Colours | None = None

    def strips(self, lines: range) -> list[Strip]:
        """The lines of the widget that `lines` counts from its top, one strip each."""
        raise NotImplementedError

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
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        return self.strips(range(y, y + 1))[0]

    def render_lines(self, crop: Region) -> list[Strip]:
        style = self._style
        if style.framed:
            return super().render_lines(crop)
        strips = self.strips(range(crop.y, crop.bottom))
        if not self.show_vertical_scrollbar:
            # Where a scrollbar has its place and does not show, the lines are too short.
            blank, width = Style.from_color(bgcolor=style.ground.rich_color), self.region.width
            strips = [strip.adjust_cell_length(width, blank) for strip in strips]
        for one in self.get_line_filters():
            strips = [strip.apply_filter(one, style.ground) for strip in strips]
        if crop.x or crop.right < self.region.width:
            strips = [strip.crop(crop.x, crop.right) for strip in strips]
        return strips
