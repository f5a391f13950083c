"""How many functions are called: a measure of work that no busy machine changes.

Not for: what a single search of a regular expression takes (`tests.bench.growth`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable


def calls(work: Callable[[], object]) -> int:
    """How many functions, Python's own among them, `work` calls."""
    counted = 0

    def count(*_: object) -> None:
        nonlocal counted
        counted += 1

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted
