"""Ids as X makes them: 64-bit numbers that grow with time, 19 digits in our years.

Not for: being unique across servers; one `Snowflakes` belongs to one world.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

# The first millisecond that an id can tell (X's own epoch).
_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
_BITS_BELOW_TIME = 22


class Snowflakes:
    """Gives each thing an id of its own, growing with time and, within a millisecond, by order."""

    def __init__(self) -> None:
        self._given: set[int] = set()

    def at(self, moment: datetime) -> int:
        """A fresh id for something made at `moment` (aware)."""
        snowflake = first_at(moment)
        while snowflake in self._given:
            snowflake += 1
        self._given.add(snowflake)
        return snowflake


def first_at(moment: datetime) -> int:
    """The smallest id of that millisecond."""
    return (moment - _EPOCH) // timedelta(milliseconds=1) << _BITS_BELOW_TIME


def time_of(snowflake: int) -> datetime:
    """When the thing of this id was made, UTC, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=snowflake >> _BITS_BELOW_TIME)
