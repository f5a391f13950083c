"""Starting the desk in the terminal, and ending it without losing anything.

All that the first picture shows is read before the terminal is taken over, so that it comes at once and in one piece.
Not for: what happens in between (`app`).
"""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from shutil import get_terminal_size

from carecli.desk.context import Desk
from carecli.tui.first_look import first_look

# A key makes some thousand objects, which last: at Python's 700, they are looked through five times in its midst.
_YOUNG_OBJECTS = 10_000


def run(desk: Desk) -> None:
    """Work at the desk until the agent quits. What was typed is stored, whatever ended it.

    Raises `CareError` where the desk cannot be opened, and at the end the first fault of ours that came to light.
    """
    # Nothing of what a start makes is garbage: it is looked for once the first picture is there.
    gc.disable()
    with ThreadPoolExecutor(max_workers=1) as reader:
        first = reader.submit(first_look, desk, get_terminal_size().lines)
        # Imported beside the reading: it is what a start waits for.
        from carecli.tui.app import CareApp
    app = CareApp(desk, first.result(), begun=_collect_again)
    try:
        app.run(mouse=desk.config.mouse)
    finally:
        gc.enable()
        app.end()
    if app.faults:
        raise app.faults[0]


def _collect_again() -> None:
    """Look for garbage from now on, and spare what has been there since the start."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS)
    gc.enable()
