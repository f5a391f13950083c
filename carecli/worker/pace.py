"""The pace of reading: how long to wait before a network that charges for its calls is asked again. Pure.

Quicker while people write, slower when they are silent, and slower still while nobody is at the desk.
Not for: networks that cost nothing (`poll_seconds` of the account), or what a network itself asks for (`poll`).
"""

from __future__ import annotations

QUICKEST = 15.0
SLOWEST = 60.0
"""Seconds between two looks while somebody is at the desk."""

UNATTENDED = 300.0
"""Seconds at most while nobody is: no answer is owed before the desk opens, and no network forgets in five minutes."""

_SHARE = 8
"""A silence is looked into after another eighth of it: it is never noticed to have ended much later than that."""


def pause(quiet: float, shortest: float, *, attended: bool, opens_in: float | None = None) -> float:
    """Seconds of the desk's clock until the next look.

    quiet: since somebody last wrote. shortest: as often as the network likes to be asked, which holds before all else.
    attended: the desk is open, or a shift is. opens_in: until it opens, so that it is up to date by then.
    """
    least, most = (QUICKEST, SLOWEST) if attended else (SLOWEST, UNATTENDED)
    seconds = min(most, max(least, quiet / _SHARE))
    if not attended and opens_in is not None:
        seconds = min(seconds, max(opens_in, QUICKEST))
    return max(seconds, shortest)
