"""X's ids as times, and times as ids: an id of X tells when its thing was made, to the millisecond.

For its channel and its archives. Pure. Ids are whole numbers of up to 63 bits: as floating numbers they would lose
their last digits. Not for: ids of other networks, which are opaque.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_LARGEST = 2**63 - 1
# The first millisecond that an id can tell: X's own epoch. The 22 bits below the time tell apart what it made in one.
_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
_BITS_BELOW_TIME = 22
# Before it, ids were counted.
_FIRST = 29_700_859_247


def id_in(value: object) -> int | None:
    """The id that a field holds, a string of digits as a rule; None where it holds none."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 19:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST else None


def time_of(number: int) -> datetime | None:
    """When the thing of this id was made, UTC; None for an id from before X's ids told it."""
    return _EPOCH + timedelta(milliseconds=number >> _BITS_BELOW_TIME) if _FIRST <= number <= _LARGEST else None


def first_at(moment: datetime) -> int:
    """The smallest id of `moment`'s millisecond; 0 for one before all ids."""
    return max(0, (moment - _EPOCH) // timedelta(milliseconds=1) << _BITS_BELOW_TIME)
