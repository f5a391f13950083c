"""Memory of the desk on 100,000 conversations against the bare app, after its first paint and 200 keys."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench import paint
from tests.bench.figures import Figure, median, ratio
from tests.bench.procfs import peak_memory, proportional_memory
from tests.bench.yardsticks import BARE, MANY, Key, Subject, Subjects
from tests.terminal.session import Session

_ROUNDS = 3
_KEYS = 200


def run(subjects: Subjects) -> Iterator[Figure]:
    """Three figures; shared pages count by share, so both subjects live at the same time and share alike."""
    desk = subjects.desk(MANY)
    taken = [_round(desk, subjects.move) for _ in range(_ROUNDS)]
    names = ("memory after the first paint", f"memory after {_KEYS} keys", "memory at its peak")
    for name, pairs in zip(names, zip(*taken, strict=True), strict=True):
        measured, reference = zip(*pairs, strict=True)
        yield ratio(f"{name}, against bare app", median(measured), median(reference), 1.5, unit="B")


def _round(desk_subject: Subject, key: Key) -> tuple[tuple[int, int], ...]:
    with paint.start(desk_subject) as desk, paint.start(BARE) as bare:
        paint.first_paint(desk, desk_subject)
        paint.first_paint(bare, BARE)
        painted = proportional_memory(desk.pid), proportional_memory(bare.pid)
        for _ in range(_KEYS):
            _press(desk, key.name)
            _press(bare, "down")
        desk.settle()
        bare.settle()
        pressed = proportional_memory(desk.pid), proportional_memory(bare.pid)
        return painted, pressed, (peak_memory(desk.pid), peak_memory(bare.pid))


def _press(session: Session, key: str) -> None:
    session.press(key)
    session.settle(0.01)
