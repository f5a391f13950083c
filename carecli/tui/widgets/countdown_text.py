"""A countdown in words: short in a row, longer in a border, with the same figures everywhere.

Late is a minus sign and a word, never a colour alone. Pure.
Not for: computing what is left (`carecli.desk.queue.countdown`).
"""

from __future__ import annotations

from typing import Literal

from carecli.desk.views import Countdown

Urgency = Literal["late", "soon", "fresh", "paused"]

SOON_SECONDS = 600
"""Below this a wait is due soon, as the status line counts it ("due <10m")."""

COUNTDOWN_WIDTH = 7
"""The cells that the widest `short_text` takes."""

_BARS = {"late": "▌", "soon": "▎", "fresh": " ", "paused": " "}


def urgency(countdown: Countdown) -> Urgency:
    """How pressing it is. Late is late, also while the desk is closed."""
    if countdown.seconds < 0:
        return "late"
    if countdown.paused:
        return "paused"
    return "soon" if countdown.seconds < SOON_SECONDS else "fresh"


def bar(countdown: Countdown) -> str:
    """One cell for the edge of a row: the more of it is filled, the more pressing."""
    return "█" if countdown.over_limit else _BARS[urgency(countdown)]


def short_text(countdown: Countdown) -> str:
    """Return at most `COUNTDOWN_WIDTH` cells: `03:40`, `1h52`, `2d 3h`, late `−04:12`, standing still `‖ 52m`."""
    sign = "−" if countdown.seconds < 0 else ""
    seconds = abs(countdown.seconds)
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours_of_day = divmod(hours, 24)
    if seconds < 3600:
        text = f"{minutes}m" if countdown.paused else f"{minutes:02}:{rest:02}"
    elif hours < 10:
        text = f"{hours}h{minutes:02}"
    elif days == 0:
        text = f"{hours}h"
    elif days < 10 and not countdown.paused:
        text = f"{days}d {hours_of_day}h"
    else:
        text = f"{days}d"
    if not countdown.paused:
        return sign + text
    return ("‖ " if len(sign + text) < COUNTDOWN_WIDTH - 1 else "‖") + sign + text


def long_text(countdown: Countdown) -> str:
    """Return the same with a word before it: `late 04:12`, `due in 03:40`, `paused, 52m left`."""
    text = short_text(countdown).lstrip("‖ −")
    if countdown.paused:
        return f"paused, {text} late" if countdown.seconds < 0 else f"paused, {text} left"
    if countdown.over_limit:
        return f"over the limit, late {text}"
    return f"late {text}" if countdown.seconds < 0 else f"due in {text}"
