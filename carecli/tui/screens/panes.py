"""What holds the panes of the desk side by side. Not for: what stands in them, or their widths (the style sheet)."""

from __future__ import annotations

from textual.containers import Horizontal


class Panes(Horizontal):
    """Queue, conversation and card. They cover it, so that nothing of its own need be drawn."""

    BLANK = True

    def __init__(self) -> None:
        super().__init__(id="panes")
