"""The header: the brand, its shift, what waits, what is wrong, who is at the desk and what time it is there.

Not for: collecting any of that (`carecli.desk.status`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from carecli.desk.views import AccountHealth, ShiftStanding, StatusView
from carecli.money import dollars
from carecli.tui.widgets.cells import crop
from carecli.tui.widgets.painted import Painted
from carecli.tui.widgets.painting import Line, Piece, Span, arrange

_AILMENT = 48  # cells; the rest is told by `doctor`
_MUCH = 60  # per cent of a day's budget; at 80 reading stops


class StatusLine(Painted):
    """One line over every screen; times in the zone of `StatusView.now`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "status-line--title",
        "status-line--late",
        "status-line--soon",
        "status-line--fresh",
        "status-line--trouble",
        "status-line--muted",
    }
    DEFAULT_CSS = """
    StatusLine {
        height: 1;
        background: $bar;
        color: $bar-text;
        & > .status-line--title { color: $key; text-style: bold; }
        & > .status-line--late { color: $late; text-style: bold; }
        & > .status-line--soon { color: $soon; }
        & > .status-line--fresh { color: $fresh; }
        & > .status-line--trouble { color: $block; text-style: bold; }
        & > .status-line--muted { color: $muted; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._view: StatusView | None = None

    def show(self, view: StatusView) -> None:
        """Show the desk's state."""
        self._view = view
        self.repaint()

    def lines(self, width: int) -> Sequence[Line]:
        view = self._view
        if view is None:
            return ()
        left = [Piece((Span("carecli", "title"),), 8), *_accounts(view), *_shifts(view)]
        right = [*_troubles(view), *_money(view), _counts(view)]
        if view.agent:
            right.append(Piece((Span(view.agent),), 6))
        right.append(Piece((Span(f"{view.now:%H:%M}", "muted"),), 7))
        return [(Span(" "), *arrange(left, right, max(0, width - 2)))]


def _accounts(view: StatusView) -> list[Piece]:
    if len(view.accounts) > 1:
        return [Piece((Span(f"{len(view.accounts)} accounts"),), 5)]
    return [Piece((Span(f"@{account.handle.removeprefix('@')}"),), 5) for account in view.accounts]


def _shifts(view: StatusView) -> list[Piece]:
    if len(view.shifts) == 1:
        words, ink = _shift(view.shifts[0], view)
        return [Piece((Span(words, ink),), 4)]
    running = [shift for shift in view.shifts if shift.open]
    silent = sum(shift.greeted_at is None for shift in running)
    spans = [Span(f"{len(running)} of {len(view.shifts)} shifts open", "muted")]
    if silent:
        spans.append(Span(f", {silent} not greeted", "soon"))
    return [Piece(tuple(spans), 4)] if view.shifts else []


def _shift(shift: ShiftStanding, view: StatusView) -> tuple[str, str]:
    zone = view.now.tzinfo
    if not shift.open:
        return ("no shift", "soon") if shift.desk_open else ("desk closed", "muted")
    if shift.signed_off_at is not None:
        return f"shift signed off {shift.signed_off_at.astimezone(zone):%H:%M}", "muted"
    if shift.greeted_at is None:
        return "shift open, not greeted", "soon"
    return f"shift greeted {shift.greeted_at.astimezone(zone):%H:%M}", "fresh"


def _counts(view: StatusView) -> Piece:
    counts = view.counts
    spans = [Span(f"{counts.waiting} waiting")]
    if counts.due_soon:
        spans += [Span(" · ", "muted"), Span(f"{counts.due_soon} due <10m", "soon")]
    if counts.late:
        spans += [Span(" · ", "muted"), Span(f"{counts.late} late", "late")]
    return Piece(tuple(spans))


def _troubles(view: StatusView) -> list[Piece]:
    pieces = []
    if view.outbox_stuck:
        pieces.append(Piece((Span(f"✗ outbox: {view.outbox_stuck} stuck", "trouble"),), 1))
    if view.outbox_approval:
        words = f"▸ {view.outbox_approval} for you as lead" if view.lead else f"{view.outbox_approval} with a lead"
        pieces.append(Piece((Span(words, "soon" if view.lead else "muted"),), 2 if view.lead else 9))
    if view.outbox_held:
        pieces.append(Piece((Span(f"{view.outbox_held} on the way", "muted"),), 9))
    ill = [account for account in view.accounts if account.problem]
    if ill:
        pieces.append(Piece((Span(crop(_ailment(ill, view), _AILMENT), "trouble"),), 2))
    return pieces


def _ailment(ill: list[AccountHealth], view: StatusView) -> str:
    if len(ill) > 1:
        return f"✗ {len(ill)} accounts have problems"
    (one,) = ill
    # Before the sentence, of which the end is cut off first.
    until = f" until {one.until.astimezone(view.now.tzinfo):%H:%M}" if one.until else ""
    return f"✗ @{one.handle.removeprefix('@')}{until}: {one.problem}"


def _money(view: StatusView) -> list[Piece]:
    """What today has cost so far, and how much of the budget that is, of the account that is nearest to its end."""
    spent = sum(account.spent for account in view.accounts)
    shares = [100 * account.spent // account.budget for account in view.accounts if account.budget]
    if not spent and not shares:
        return []
    spans = [Span(f"~{dollars(spent)} today", "muted")]
    if shares:
        spans += [Span(" · ", "muted"), Span(f"{max(shares)}%", "soon" if max(shares) >= _MUCH else "muted")]
    return [Piece(tuple(spans), 10)]
