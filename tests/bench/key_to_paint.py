"""From a key to the end of its frame: through the queue, and to the next mention, against the trivial app."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench import paint
from tests.bench.figures import Figure, interleaved, median, percentile, ratio
from tests.bench.yardsticks import MANY, TRIVIAL, Key, Subjects

_PRESSES = 300
_WARM_UP = 10


def run(subjects: Subjects) -> Iterator[Figure]:
    """Three figures."""
    desk, trivial = _presses(subjects, subjects.move)
    yield ratio("key to paint, through the queue, median", median(desk), median(trivial), 1.5)
    yield ratio("key to paint, through the queue, p99", percentile(desk, 99), percentile(trivial, 99), 2.0)
    desk, trivial = _presses(subjects, subjects.next)
    yield ratio("key to paint, next mention with its thread, median", median(desk), median(trivial), 4.0)


def _presses(subjects: Subjects, key: Key) -> tuple[list[float], ...]:
    subject = subjects.desk(MANY)
    with paint.start(subject) as desk, paint.start(TRIVIAL) as trivial:
        paint.first_paint(desk, subject)
        paint.first_paint(trivial, TRIVIAL)
        pair = paint.Presses(desk, key), paint.Presses(trivial, Key("down"))
        return interleaved(_PRESSES, *(presses.measure for presses in pair), warm_up=_WARM_UP)
