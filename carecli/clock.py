"""Clocks: the only place that asks the machine what time it is.

Everything else takes `now` or a `Clock`. A simulated desk runs on a clock of its own that
may be faster; `SimulatedClock` is the same in every process that knows its three numbers.
Not for: business hours (`playbook.hours`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Protocol

import msgspec

# How many times as fast as real time a simulated desk may run: a day in less than a second. Beyond that nobody could
# follow.
FASTEST = 100_000.0


class Clock(Protocol):
    """Tells the desk's time, and how long a wait of the desk's seconds is in real seconds."""

    def now(self) -> datetime:
        """The desk's time, aware, UTC."""
        ...

    def real_seconds(self, desk_seconds: float) -> float:
        """How long `desk_seconds` of the desk last on the machine's clock."""
        ...

    def desk_seconds(self, real_seconds: float) -> float:
        """How much of the desk's time passes in `real_seconds` of a person's: for an undo time, or a claim."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def real_seconds(self, desk_seconds: float) -> float:
        return desk_seconds

    def desk_seconds(self, real_seconds: float) -> float:
        return real_seconds


class Simulation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A desk's own time: at machine time `real` (UTC) it was `desk` (UTC), and it runs `speed` times as fast."""

    real: Annotated[datetime, msgspec.Meta(tz=True)]
    desk: Annotated[datetime, msgspec.Meta(tz=True)]
    speed: Annotated[float, msgspec.Meta(gt=0, le=FASTEST)] = 1.0


class SimulatedClock:
    """The time of a simulated desk; two processes with the same `Simulation` agree on it."""

    def __init__(self, simulation: Simulation, machine: Callable[[], float] = time.time) -> None:
        self.simulation = simulation
        self._machine = machine

    def now(self) -> datetime:
        elapsed = self._machine() - self.simulation.real.timestamp()
        return self.simulation.desk + timedelta(seconds=max(0.0, elapsed) * self.simulation.speed)

    def real_seconds(self, desk_seconds: float) -> float:
        return desk_seconds / self.simulation.speed

    def desk_seconds(self, real_seconds: float) -> float:
        return real_seconds * self.simulation.speed


class ManualClock:
    """A clock that moves only when told to: for tests and for archives read at once."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def real_seconds(self, desk_seconds: float) -> float:
        return 0.0

    def desk_seconds(self, real_seconds: float) -> float:
        return real_seconds

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)

    def set(self, now: datetime) -> None:
        self._now = now
