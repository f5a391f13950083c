"""Silence: whether a channel has been quiet for longer than it usually is.

Not for: whether it answers at all (the worker notes that with the account).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

# Fewer messages than these tell nothing of what is usual.
_ENOUGH = 20
_LEAST = timedelta(minutes=20)
_TIMES_USUAL = 4


def unusual_silence(heard: Sequence[datetime], now: datetime) -> timedelta | None:
    """How long nothing was heard, if that is four times longer than nine in ten of the gaps before; else None.

    heard: the times of the last messages, in any order. Silences under twenty minutes are never unusual.
    """
    if len(heard) < _ENOUGH:
        return None
    times = sorted(heard)
    gaps = sorted(later - earlier for earlier, later in pairwise(times))
    usual = gaps[round((len(gaps) - 1) * 0.9)]
    silence = now - times[-1]
    return silence if silence > max(_LEAST, _TIMES_USUAL * usual) else None
