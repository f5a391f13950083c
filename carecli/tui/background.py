"""What goes on behind the screens: the worker that reads and sends, and a watch for changes by anybody.

Not for: what has changed (the screens ask for what they show), or what the worker does (`carecli.worker`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message

from carecli.desk.changes import change_number
from carecli.desk.context import Desk
from carecli.errors import CareError

if TYPE_CHECKING:
    from carecli.worker.loop import Worker

LOOK_SECONDS = 0.25


class DeskChanged(Message):
    """Somebody committed something since the last look; several commits make one message."""


class Background:
    """Runs in one thread from the first picture until the screen is gone. `works`: with a worker of its own."""

    def __init__(self, desk: Desk, *, works: bool) -> None:
        self._desk = desk
        self._works = works
        self._worker: Worker | None = None
        self._stop = threading.Event()

    def run(self, tell: Callable[[Message], object]) -> None:
        """Start the worker and tell of changes until `end` is called. Blocking: run it in a thread of its own."""
        if self._works:
            # Imported here: nothing of it is needed for the first picture.
            from carecli.worker.holder import holder_name
            from carecli.worker.loop import Worker

            desk = self._desk
            holder = holder_name("screen", desk.new_key())
            self._worker = Worker(desk.config, desk.database, desk.clock, desk.open_channel, holder)
            self._worker.start()

        def pass_on(news: Message) -> None:
            tell(news)
            if self._worker is not None:
                self._worker.wake()

        watch(self._desk, pass_on, self._stop, LOOK_SECONDS)

    def end(self) -> None:
        """Stop watching, at once; the worker goes on until `stop_worker`."""
        self._stop.set()

    def stop_worker(self) -> None:
        """Let the worker finish the step that it is in, and stop it."""
        if self._worker is not None:
            self._worker.stop()


def watch(desk: Desk, tell: Callable[[Message], object], stop: threading.Event, every: float) -> None:
    """Tell of changes until `stop` is set; the first look counts as one. Blocking.

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
