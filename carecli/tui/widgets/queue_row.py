"""One line of the queue: which columns a width has room for, and what a wait says in them.

From the left: how pressing, how long, who, why and what; at the right edge DM, the network's letter, the language, the
account. Pure. Not for: ordering the queue or saying what is urgent (`carecli.playbook`).
"""

from __future__ import annotations

from typing import NamedTuple

from carecli.desk.views import Countdown, QueueRow
from carecli.tui.widgets.cells import crop, fit, width_of
from carecli.tui.widgets.countdown_text import COUNTDOWN_WIDTH, bar, short_text, urgency
from carecli.tui.widgets.painting import Line, Span

LEAD_WIDTH = 1 + COUNTDOWN_WIDTH + 1
"""The cells of bar, countdown and the gap behind: what a tick of the clock may change."""

_ACCOUNT = 12
_REASONS = 17
_TELLING = 8


class Columns(NamedTuple):
    """Cells for each column; 0 leaves it out. `reasons` 0 puts the reasons before the excerpt."""

    handle: int
    reasons: int
    text: int
    mark: int
    network: int
    language: int
    account: int


def columns(width: int) -> Columns:
    """Share `width` cells out. What leaves first: account, own column of reasons, language, text, network, mark."""
    account = _ACCOUNT + 1 if width >= 120 else 0
    language = 3 if width >= 48 else 0
    network = 2 if width >= 26 else 0
    mark = 3 if width >= 18 else 0
    margin = 1 if network else 0
    rest = max(0, width - LEAD_WIDTH - margin - mark - network - language - account)
    handle = rest if width < 32 else min(16, rest // 2)
    text = max(0, rest - handle - 1)
    reasons = _REASONS if width >= 84 else 0
    return Columns(handle, reasons, max(0, text - reasons), mark, network, language, account)


def lead(countdown: Countdown | None) -> Line:
    """The bar and the countdown: `LEAD_WIDTH` cells."""
    if countdown is None:
        return (Span(" " * LEAD_WIDTH),)
    ink = urgency(countdown)
    return Span(bar(countdown), ink), Span(short_text(countdown).rjust(COUNTDOWN_WIDTH) + " ", ink)


def queue_line(row: QueueRow, width: int) -> Line:
    """Return what follows the lead in a line of `width` cells in all."""
    share = columns(width)
    handle = row.handle if row.handle.startswith("@") else f"@{row.handle}" if row.handle else row.name
    taken = bool(row.claimed_by)
    spans = [Span(fit(handle, share.handle), "muted" if taken else "handle")]
    private = row.visibility == "private"
    if share.text:
        # A public row has no mark, so that its text may go on to there.
        spans.append(Span(" "))
        spans.extend(_why_and_what(row, share.reasons, share.text + (0 if private else share.mark)))
    if share.mark and (private or not share.text):
        spans.append(Span(" DM" if private else "   ", "private"))
    if share.network:
        spans.append(Span(" " + (row.network[:1].upper() or " "), "muted"))
    if share.language:
        spans.append(Span(" " + fit(row.language[:2].upper(), share.language - 1), "muted"))
    if share.account:
        spans.append(Span(" " + fit(row.account, share.account - 1), "muted"))
    return tuple(spans)


def _why_and_what(row: QueueRow, own_column: int, width: int) -> Line:
    """The reasons and the text in `width` cells, the reasons in a column of their own where there is one."""
    reasons = ["snoozed", *row.reasons] if row.snoozed_until is not None else list(row.reasons)
    ink = "muted" if row.claimed_by else "reason"
    claimed = f"⚑{row.claimed_by} " if row.claimed_by else ""
    if own_column:
        mark = crop(claimed, own_column - 1)
        why = fit(", ".join(reasons), own_column - 1 - width_of(mark)) + " "
        return Span(mark, "claimed"), Span(why, ink), Span(fit(row.excerpt, width), "muted")
    mark = crop(claimed, width)
    room = width - width_of(mark)
    why = crop("  ".join(reasons), room)
    left = room - width_of(why) - 2
    # A word cut after three letters tells nothing.
    what = f"  {crop(row.excerpt, left)}" if why and left >= _TELLING else "" if why else crop(row.excerpt, room)
    return Span(mark, "claimed"), Span(why, ink), Span(fit(what, room - width_of(why)), "muted")
