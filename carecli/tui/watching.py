"""Watching the desk for changes by anybody: a cheap number, looked at a few times a second in one thread.

Not for: what has changed (the screens ask for what they show).
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from textual.message import Message

from carecli.desk.changes import change_number
from carecli.desk.context import Desk
from carecli.errors import CareError

LOOK_SECONDS = 0.25


class DeskChanged(Message):
    """Somebody committed something since the last look; several commits make one message."""


def watch(desk: Desk, tell: Callable[[Message], object], stop: threading.Event, every: float = LOOK_SECONDS) -> None:
    """Tell of changes until `stop` is set; the first look counts as one. Blocking: run it in a thread of its own.

    every: seconds between two looks, and so the most that a screen lags behind.
    """
    seen: int | None = None
    while not stop.is_set():
        try:
            number = change_number(desk)
            if number != seen:
                tell(DeskChanged())
            seen = number
        except CareError:
            # The screens' own questions tell what is wrong; here it only counts that things go on afterwards.
            seen = None
        stop.wait(every)
