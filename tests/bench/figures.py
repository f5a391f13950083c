"""What a benchmark reports, and the little statistics it needs.

Not for: measuring (`paint`, and the benches themselves) or printing (`__main__`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import median
from typing import Literal

import msgspec

__all__ = ["Figure", "interleaved", "median", "percentile"]

_UNITS = {"s": (1000.0, "ms"), "B": (1 / 1024**2, "MiB"), "msg/s": (1.0, "msg/s"), "calls/h": (1.0, "calls/h"),
    "$": (1.0, "$"),
}  # fmt: skip


Unit = Literal["s", "B", "msg/s", "calls/h", "$"]


class Figure(msgspec.Struct, frozen=True):
    """One measured figure and its verdict.

    measured, reference: the desk's and the bare subject's, in `unit`: seconds, bytes, messages a second, calls an
    hour or US dollars.
    score: what is judged, a ratio of the two ("×") or a share ("%"); it should be `at_most` or `at_least` the target.
    """

    name: str
    measured: float
    unit: Unit
    score: float
    target: float
    rule: Literal["at_most", "at_least"] = "at_most"
    score_unit: Literal["×", "%"] = "×"
    reference: float | None = None

    @property
    def met(self) -> bool:
        return self.score <= self.target if self.rule == "at_most" else self.score >= self.target

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """The row of the table: name, figure, score, target, verdict."""
        factor, unit = _UNITS[self.unit]
        figure = f"{self.measured * factor:,.1f} {unit}"
        if self.reference is not None:
            figure = f"{self.measured * factor:,.1f} against {self.reference * factor:,.1f} {unit}"
        sign = "≤" if self.rule == "at_most" else "≥"
        score, target = f"{self.score:.2f} {self.score_unit}", f"{sign} {self.target:g} {self.score_unit}"
        return self.name, figure, score, target, "met" if self.met else "missed"


def ratio(
    name: str,
    measured: float,
    reference: float,
    target: float,
    unit: Unit = "s",
    rule: Literal["at_most", "at_least"] = "at_most",
) -> Figure:
    """A figure judged by `measured / reference`."""
    return Figure(name, measured, unit, measured / reference, target, rule, "×", reference)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` of the values do not exceed (nearest rank). Raises ValueError for no values."""
    if not values:
        raise ValueError("There is no percentile of nothing.")
    rank = math.ceil(percent / 100 * len(values))
    return sorted(values)[max(rank, 1) - 1]


def interleaved(rounds: int, *measures: Callable[[], float], warm_up: int = 1) -> tuple[list[float], ...]:
    """Take every measure in turn, A B A B …, so that what disturbs the machine disturbs them all alike.

    The first `warm_up` rounds fill caches and are thrown away.
    """
    for _ in range(warm_up):
        for measure in measures:
            measure()
    taken: tuple[list[float], ...] = tuple([] for _ in measures)
    for _ in range(rounds):
        for values, measure in zip(taken, measures, strict=True):
            values.append(measure())
    return taken
