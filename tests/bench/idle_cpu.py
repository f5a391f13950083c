"""CPU time of the idle desk while its countdowns run."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.bench import paint
from tests.bench.figures import Figure
from tests.bench.procfs import cpu_seconds
from tests.bench.yardsticks import MANY, Subjects
from tests.terminal.session import NotSeen, Session

_SECONDS = 25.0
_CALM = 3.0


def run(subjects: Subjects) -> Iterator[Figure]:
    """One figure, a share of one core."""
    subject = subjects.desk(MANY)
    with paint.start(subject) as desk:
        paint.first_paint(desk, subject)
        _leave_alone(desk, _CALM)
        before = cpu_seconds(desk.pid)
        _leave_alone(desk, _SECONDS)
        spent = cpu_seconds(desk.pid) - before
    yield Figure(f"CPU while idle for {_SECONDS:g} s", spent, "s", 100 * spent / _SECONDS, 1.0, score_unit="%")


def _leave_alone(session: Session, seconds: float) -> None:
    """Take what the program writes, as a terminal does, and press nothing."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        session.read(left)
        if session.ended:
            raise NotSeen("The desk ended while nobody touched it.")
