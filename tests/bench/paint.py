"""How long a program takes to paint: from its start, and from a key.

Times are of the bytes, taken directly after each read; the emulator looks at them when the clock has stopped.
Not for: which programs (`subjects`) or what is judged (the benches).
"""

from __future__ import annotations

import re
import time
from pathlib import Path

import pyte

from tests.bench.yardsticks import Key, Subject
from tests.terminal.keys import key_bytes
from tests.terminal.screen import Screen
from tests.terminal.session import FRAME_END, PATIENCE, NotSeen, Session, whole_frames

ROWS, COLUMNS = 40, 120
_PROJECT = Path(__file__).parents[2]
_QUIET_START = 0.25
_QUIET_KEY = 0.03


def start(subject: Subject) -> Session:
    """Run the subject in a terminal of its own."""
    return Session(subject.command, rows=ROWS, columns=COLUMNS, cwd=_PROJECT)


def first_paint(session: Session, subject: Subject) -> float:
    """Seconds from before the exec until the end of the first frame that shows every pane of the subject.

    Reads on until the program is quiet. Raises NotSeen if a pane stays away.
    """
    screen = Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    pending = b""
    replayed = 0
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not session.ended:
        session.settle(_QUIET_START)
        for chunk in session.chunks[replayed:]:
            replayed += 1
            pending += chunk.data
            shown = whole_frames(pending)
            stream.feed(pending[:shown])
            pending = pending[shown:]
            if shown and missing_panes(screen.display, subject) == ():
                return chunk.at - session.started_at
    session.wait_until(lambda rows: not missing_panes(rows, subject), 0, str(missing_panes(screen.display, subject)))
    raise AssertionError("The emulator shows now what it did not show then.")


def missing_panes(rows: list[str], subject: Subject) -> tuple[str, ...]:
    """The texts of the subject's panes that stand nowhere on the screen."""
    return tuple(text for text in subject.panes if not any(text in row for row in rows))


class Presses:
    """Presses one key again and again in a running session, and measures each."""

    def __init__(self, session: Session, key: Key) -> None:
        self._session = session
        self._bytes = key_bytes(key.name)
        self._wanted = tuple(re.compile(pattern) for pattern in key.shows)
        self._known: set[bytes] = set()

    def measure(self) -> float:
        """Seconds from writing the key until the end of the frame that shows its effect, once all before is painted.

        Without `shows` that is the next frame; with it, the first by which each pattern was written with
        something new in it. Raises NotSeen.
        """
        session = self._session
        session.settle(_QUIET_KEY)
        first = len(session.chunks)
        pressed_at = time.perf_counter()
        session.send(self._bytes)
        while True:
            painted = b"".join(chunk.data for chunk in session.chunks[first:])
            frame = painted[: painted.rfind(FRAME_END) + 1]
            new = [set(pattern.findall(frame)) - self._known for pattern in self._wanted]
            if frame and all(new):
                self._known.update(*new)
                return session.chunks[-1].at - pressed_at
            if not session.read(PATIENCE):
                raise NotSeen("\n".join(["The key was not answered by a frame.", *session.screen_text()]))
