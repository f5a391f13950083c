"""Two lines above a thread: who the customer is, and how the conversation stands.

Not for: the messages (`ThreadView`) or the whole customer record (a screen of its own).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo
from typing import ClassVar

from carecli.desk.views import ConversationView, Countdown
from carecli.tui.widgets.countdown_text import long_text, urgency
from carecli.tui.widgets.painted import Painted
from carecli.tui.widgets.painting import Line, Piece, Span, arrange

_AVERAGE_INTERACTIONS = 5
_STATES = {"needs_reply": "needs a reply", "waiting": "waiting on the customer", "resolved": "resolved"}


class ConversationHeader(Painted):
    """The customer and the state of the conversation; the countdown stands at the right."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "conversation-header--name",
        "conversation-header--muted",
        "conversation-header--private",
        "conversation-header--public",
        "conversation-header--claimed",
        "conversation-header--late",
        "conversation-header--soon",
        "conversation-header--fresh",
        "conversation-header--paused",
    }
    DEFAULT_CSS = """
    ConversationHeader {
        height: 2;
        & > .conversation-header--name { color: $theirs; text-style: bold; }
        & > .conversation-header--muted { color: $muted; }
        & > .conversation-header--private { color: $private; text-style: bold; }
        & > .conversation-header--public { color: $public; }
        & > .conversation-header--claimed { color: $accent; }
        & > .conversation-header--late { color: $late; text-style: bold; }
        & > .conversation-header--soon { color: $soon; }
        & > .conversation-header--fresh { color: $fresh; }
        & > .conversation-header--paused { color: $paused; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._view: ConversationView | None = None
        self._countdown: Countdown | None = None
        self._zone: tzinfo = UTC

    def show(self, view: ConversationView | None, countdown: Countdown | None, zone: tzinfo = UTC) -> None:
        """Show a conversation, its times in `zone`; None shows an empty header."""
        self._view, self._countdown, self._zone = view, countdown, zone
        self.repaint()

    def set_countdown(self, countdown: Countdown | None) -> None:
        """Let the clock go on."""
        self._countdown = countdown
        self.repaint()

    def lines(self, width: int) -> Sequence[Line]:
        if self._view is None:
            return ()
        room = max(0, width - 2)
        return [
            (Span(" "), *arrange(_customer(self._view), _claim(self._view, self._zone), room)),
            (Span(" "), *arrange(_standing(self._view, self._zone), _clock(self._countdown), room)),
        ]


def _customer(view: ConversationView) -> list[Piece]:
    handle = view.handle and f"@{view.handle.removeprefix('@')}"
    who = (Span(view.name or handle, "name"), Span(f" {handle}" if view.name and handle else "", "muted"))
    pieces = [Piece(who)]
    if view.contacts > 1:
        pieces.append(Piece((Span(f"{_ordinal(view.contacts)} contact this month", "muted"),), 3))
    if view.language:
        pieces.append(Piece((Span(view.language.upper(), "muted"),), 2))
    return pieces


def _claim(view: ConversationView, zone: tzinfo) -> list[Piece]:
    if not view.claimed_by:
        return []
    until = f" until {view.claimed_until.astimezone(zone):%H:%M}" if view.claimed_until else ""
    return [Piece((Span(f"⚑ {view.claimed_by}{until}", "claimed"),), 1)]


def _standing(view: ConversationView, zone: tzinfo) -> list[Piece]:
    count = sum(not row.missing and row.pending is None for row in view.thread)
    messages = f"{count} message" + ("" if count == 1 else "s")
    pieces = [Piece((Span(view.visibility.upper(), view.visibility), Span(f" thread · {messages}", "muted")))]
    if view.revealed:
        pieces.append(Piece((Span("personal data shown", "private"),), 0))
    if view.private_note:
        pieces.append(Piece((Span(view.private_note, "muted"),), 2))
    if view.snoozed_until is not None:
        pieces.append(Piece((Span(f"snoozed until {view.snoozed_until.astimezone(zone):%H:%M}", "claimed"),), 1))
    elif view.state == "needs_reply" and view.opened_at is not None:
        pieces.append(Piece((Span(f"waiting since {view.opened_at.astimezone(zone):%H:%M}", "muted"),), 2))
    else:
        pieces.append(Piece((Span(_STATES[view.state], "muted"),), 2))
    pieces.append(Piece((_interactions(view.interactions),), 4))
    if view.linked_to is not None:
        here_public = view.visibility == "public"
        words, ink = ("goes on in private", "private") if here_public else ("grew from a public one", "public")
        pieces.append(Piece((Span(words, ink),), 3))
    if view.reasons:
        pieces.append(Piece((Span(", ".join(view.reasons), "muted"),), 5))
    return pieces


def _interactions(count: int) -> Span:
    # Five are the field's average (practice 50); from six on the conversation asks for another way (practice 44).
    if count > _AVERAGE_INTERACTIONS:
        return Span(f"{count} interactions", "soon")
    return Span(f"{count} of ~{_AVERAGE_INTERACTIONS} interactions", "muted")


def _clock(countdown: Countdown | None) -> list[Piece]:
    return [] if countdown is None else [Piece((Span(long_text(countdown), urgency(countdown)),))]


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
