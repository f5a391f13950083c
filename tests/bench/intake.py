"""Messages through the whole intake against bare `executemany` of the same final rows into the same schema."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from tests.bench.figures import Figure, interleaved, median, ratio
from tests.bench.material import items
from tests.bench.rows import empty_copy, final_rows, write_rows
from tests.bench.yardsticks import Subjects

_CONVERSATIONS = 4_000
_ROUNDS = 5


def run(subjects: Subjects) -> Iterator[Figure]:
    """One figure, in messages a second."""
    material = items(_CONVERSATIONS)
    with tempfile.TemporaryDirectory() as folder:
        names = (Path(folder) / f"{number}.db" for number in count())
        model = next(names)
        subjects.create(model)
        subjects.intake(model, material)
        rows = [*final_rows(model), *subjects.unreadable(model)]

        def whole_path() -> float:
            database = next(names)
            subjects.create(database)
            started_at = time.perf_counter()
            subjects.intake(database, material)
            return len(material) / (time.perf_counter() - started_at)

        def bare() -> float:
            database = next(names)
            empty_copy(model, database)
            started_at = time.perf_counter()
            write_rows(database, rows)
            return len(material) / (time.perf_counter() - started_at)

        path_speed, bare_speed = interleaved(_ROUNDS, whole_path, bare)
    yield ratio("intake against executemany", median(path_speed), median(bare_speed), 0.4, "msg/s", "at_least")
