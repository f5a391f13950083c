"""A widget of a few painted lines: a header, a footer, a rule.

It says what its lines are; painting, caching and repainting are done here.
Not for: anything that scrolls (`LineList`, `ThreadView`).
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from carecli.tui.widgets.painting import Line, Palette, paint, palette_of


class Painted(Widget):
    """Draws `lines(width)`, as many as its height holds; call `repaint` when they would differ."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes, markup=False)
        self._palette: Palette | None = None
        self._drawn: Sequence[Line] | None = None
        self._strips: tuple[Size, list[Strip]] | None = None

    def lines(self, width: int) -> Sequence[Line]:
        """What to draw in `width` cells. Pure."""
        raise NotImplementedError

    def repaint(self) -> None:
        """Draw again, if that would make a difference."""
        if self._drawn is None or self.lines(self.size.width) != self._drawn:
            self._strips = None
            self.refresh()

    def notify_style_update(self) -> None:
        self._palette = self._strips = None
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        size = self.size
        if self._palette is None:
            self._palette = palette_of(self)
        if self._strips is None or self._strips[0] != size:
            self._drawn = self.lines(size.width)
            self._strips = size, [paint(line, size.width, self._palette) for line in self._drawn]
        strips = self._strips[1]
        return strips[y] if y < len(strips) else paint((), size.width, self._palette)
