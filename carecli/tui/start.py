"""Starting the desk in the terminal, and ending it without losing anything.

All that the first picture shows is read before the terminal is taken over, so that it comes at once and in one piece.
Not for: what happens in between (`app`).
"""

from __future__ import annotations

import gc
import os

from carecli.desk.context import Desk
from carecli.desk.queue import first_rows
from carecli.desk.views import QueueFilter
from carecli.tui.app import CareApp
from carecli.tui.screens.conversation_pane import opened
from carecli.tui.screens.desk import TWO_PANES


def run(desk: Desk) -> None:
    """Work at the desk until the agent quits. What was typed is stored, whatever ended it.

    Raises `CareError` where the desk cannot be opened, and at the end the first fault of ours that came to light.
    """
    # Nothing of what a start makes is garbage; `CareApp` collects again once the first picture is there.
    gc.disable()
    columns, lines = _screen_size()
    rows = first_rows(desk, QueueFilter(), lines)
    beside = rows and columns >= TWO_PANES
    app = CareApp(desk, rows, opened(desk, rows[0].conversation_id, read=False) if beside else None)
    try:
        app.run(mouse=desk.config.mouse)
    finally:
        gc.enable()
        app.end()
    if app.faults:
        raise app.faults[0]


def _screen_size() -> tuple[int, int]:
    try:
        return os.get_terminal_size()
    except OSError:
        # No terminal: then nothing is drawn that could be too small.
        return 80, 24
