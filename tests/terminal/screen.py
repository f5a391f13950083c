"""The terminal emulator behind a session: pyte, with what a present-day terminal does and pyte does not.

Whole grapheme clusters share their cells, the alternate screen gives the main one back.
Not for: judging the bytes (`escapes`).
"""

from __future__ import annotations

from copy import deepcopy

import pyte
from pyte.modes import DECAWM
from pyte.screens import Char, Cursor, StaticDefaultDict
from wcwidth import iter_graphemes, wcswidth

_ALTERNATE = 1049
# Drawn in place of a cluster of one or two cells, then replaced by it: pyte itself knows single characters only.
_STAND_IN = {1: "x", 2: "世"}


class Screen(pyte.Screen):
    """A pyte screen that keeps clusters such as 👨‍👩‍👧 in one place, at the width that wcwidth gives them."""

    def __init__(self, columns: int, rows: int) -> None:
        self._main: tuple[dict[int, StaticDefaultDict[int, Char]], Cursor] | None = None
        self._tail = ""
        self._tail_end = (-1, -1)
        super().__init__(columns, rows)

    @property
    def display(self) -> list[str]:
        """The rows as text, each as wide as the screen; a wide character stands for its two cells."""
        return ["".join(self.buffer[y][x].data for x in range(self.columns)) for y in range(self.lines)]

    def draw(self, data: str) -> None:
        """Draw text at the cursor; a cluster may have begun in the text drawn just before."""
        if (self.cursor.x, self.cursor.y) != self._tail_end:
            self._tail = ""
        clusters = list(iter_graphemes(self._tail + data))
        if clusters and clusters[0] == self._tail:
            del clusters[0]
        elif width := wcswidth(self._tail):
            self.cursor.x -= width
            self.erase_characters(width)
        for cluster in clusters:
            self._draw_cluster(cluster)
        if clusters:
            self._tail = clusters[-1] if wcswidth(clusters[-1]) <= max(_STAND_IN) else ""
            self._tail_end = (self.cursor.x, self.cursor.y)

    def _draw_cluster(self, cluster: str) -> None:
        width = wcswidth(cluster)
        if width > max(_STAND_IN):  # No terminal has a cell so wide: a letter with an emoji's skin tone, and the like.
            for character in cluster:
                self._draw_cluster(character)
        if width not in _STAND_IN:
            return
        if self.cursor.x + width > self.columns:
            if DECAWM in self.mode:
                self.carriage_return()
                self.linefeed()
            else:
                self.cursor.x = self.columns - width
        super().draw(_STAND_IN[width])
        cell = self.cursor.x - width
        line = self.buffer[self.cursor.y]
        line[cell] = line[cell]._replace(data=cluster)

    def set_mode(self, *modes: int, **kwargs: bool) -> None:
        super().set_mode(*modes, **kwargs)
        if kwargs.get("private") and _ALTERNATE in modes and self._main is None:
            self._main = deepcopy(self.buffer), deepcopy(self.cursor)
            self.erase_in_display(2)

    def reset_mode(self, *modes: int, **kwargs: bool) -> None:
        super().reset_mode(*modes, **kwargs)
        if kwargs.get("private") and _ALTERNATE in modes and self._main is not None:
            self.buffer, self.cursor = self._main
            self._main = None

    def set_title(self, param: str) -> None:
        # pyte reads the 22 of "pointer shape" as the 2 of "title", and hands on the rest.
        if not param.startswith(";"):
            super().set_title(param)
