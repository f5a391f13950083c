"""A flag command as a whole process: `carecli queue --json` against `python -c pass`."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from tests.bench.figures import Figure, interleaved, median, ratio
from tests.bench.yardsticks import Subjects

_ROUNDS = 30


def run(subjects: Subjects) -> Iterator[Figure]:
    """One figure."""
    flag, python = interleaved(
        _ROUNDS, _process(subjects.queue_command()), _process((sys.executable, "-c", "pass")), warm_up=3
    )
    yield ratio("carecli queue --json against python -c pass", median(flag), median(python), 6.0)


def _process(command: tuple[str, ...]) -> Callable[[], float]:
    def measure() -> float:
        started_at = time.perf_counter()
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - started_at

    return measure
