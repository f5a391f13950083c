"""The footer: the keys of where you are, and what each does there.

Not for: knowing the keys; the screen hands them in from the keymap.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from carecli.tui.widgets.painted import Painted
from carecli.tui.widgets.painting import Line, Piece, Span, arrange


class HintLine(Painted):
    """Keys with a word each. Where there is no room, the ones before the last leave; the last stands at the right."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"hint-line--key", "hint-line--word"}
    DEFAULT_CSS = """
    HintLine {
        height: 1;
        background: $bar;
        color: $bar-text;
        & > .hint-line--key { color: $key; text-style: bold; }
        & > .hint-line--word { color: $bar-text; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._hints: tuple[tuple[str, str], ...] = ()

    def show(self, hints: tuple[tuple[str, str], ...]) -> None:
        """Show these keys, the most used first; the last one, usually that of the help, is never left out."""
        self._hints = hints
        self.repaint()

    def lines(self, width: int) -> Sequence[Line]:
        pieces = [
            Piece((Span(key, "key"), Span(f" {word}", "word")), rank)
            for rank, (key, word) in enumerate(self._hints, start=1)
        ]
        last = [Piece(piece.line, 0) for piece in pieces[-1:]]
        return [(Span(" "), *arrange(pieces[:-1], last, max(0, width - 2)))]
