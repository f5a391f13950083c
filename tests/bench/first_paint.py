"""From exec to the first full paint: the desk on 100,000 conversations against the bare app and an empty desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.bench import paint
from tests.bench.figures import Figure, interleaved, median, ratio
from tests.bench.yardsticks import BARE, MANY, Subject, Subjects

_ROUNDS = 12


def run(subjects: Subjects) -> Iterator[Figure]:
    """Two figures."""
    many, empty, bare = interleaved(
        _ROUNDS, _start(subjects.desk(MANY)), _start(subjects.desk(0)), _start(BARE), warm_up=2
    )
    yield ratio("first paint, 100,000 conversations, against bare app", median(many), median(bare), 1.3)
    yield ratio("first paint, 100,000 conversations, against none", median(many), median(empty), 1.1)


def _start(subject: Subject) -> Callable[[], float]:
    def measure() -> float:
        with paint.start(subject) as session:
            return paint.first_paint(session, subject)

    return measure
