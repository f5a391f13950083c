"""X's ids as times, and times as ids: an id of X tells when its thing was made, to the millisecond.

Pure. Ids are whole numbers of up to 64 bits: as floating numbers they would lose their last digits.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

# The first millisecond that an id can tell: X's own epoch. The 22 bits below the time tell apart what it made in one.
_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
_BITS_BELOW_TIME = 22


def id_in(text: object) -> int | None:
    """The id that a field holds, a string of digits as a rule; None where it holds none."""
    if isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) <= 19:
        return int(text)
    return text if isinstance(text, int) and not isinstance(text, bool) and text > 0 else None


def time_of(number: int) -> datetime | None:
    """When the thing of this id was made, UTC; None for an id from before X's ids told it."""
    milliseconds = number >> _BITS_BELOW_TIME
    return _EPOCH + timedelta(milliseconds=milliseconds) if milliseconds >= 1000 else None


def first_at(moment: datetime) -> int:
    """The smallest id of `moment`'s millisecond; 0 for one before all ids."""
    return max(0, (moment - _EPOCH) // timedelta(milliseconds=1) << _BITS_BELOW_TIME)
