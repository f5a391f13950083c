"""A widget of a few painted lines: a header, a footer, a rule.

It says what its lines are; painting, caching and repainting are done here.
Not for: anything that scrolls (`LineList`, `ThreadView`).
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Size
from textual.strip import Strip

from carecli.tui.widgets.drawn import Drawn
from carecli.tui.widgets.painting import Line, paint


class Painted(Drawn):
    """Draws `lines(width)`, as many as its height holds; call `repaint` when they would differ."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes, markup=False)
        self._lines: tuple[Size, Sequence[Line]] | None = None
        self._strips: list[Strip] | None = None

    def lines(self, width: int) -> Sequence[Line]:
        """What to draw in `width` cells. Pure."""
        raise NotImplementedError

    def repaint(self) -> None:
        """Draw again, if that would make a difference."""
        if self._lines is not None:
            size = self.size
            lines = size, self.lines(size.width)
            if lines == self._lines:
                return
            self._lines, self._strips = lines, None
        self.refresh()

    def notify_style_update(self) -> None:
        self._strips = None
        super().notify_style_update()

    def strips(self, lines: range) -> list[Strip]:
        size = self.size
        if self._lines is None or self._lines[0] != size:
            self._lines, self._strips = (size, self.lines(size.width)), None
        if self._strips is None:
            self._strips = [paint(line, size.width, self.palette) for line in self._lines[1]]
        missing = lines.stop - len(self._strips)
        if missing > 0:
            self._strips += [paint((), size.width, self.palette)] * missing
        return self._strips[lines.start : lines.stop]
