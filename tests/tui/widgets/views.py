"""Views for the widgets' tests, with what matters to a test given and the rest made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from carecli.desk.views import (
    AccountHealth,
    ComposerView,
    ConversationView,
    Countdown,
    QueueCounts,
    QueueRow,
    ShiftStanding,
    StatusView,
    ThreadRow,
)
from carecli.model import Length
from carecli.safetext import sanitize, sanitize_line

NOW = datetime(2026, 5, 6, 10, 6, tzinfo=UTC)


def queue_row(wait_id: int, *, due_in: int = 600, text: str = "Anyone there?", **given: object) -> QueueRow:
    """A wait that is due `due_in` seconds after `NOW`."""
    values: dict[str, Any] = {
        "conversation_id": wait_id,
        "account": "care",
        "network": "x",
        "visibility": "public",
        "handle": sanitize_line(f"customer{wait_id}"),
        "name": sanitize_line(f"Customer {wait_id}"),
        "kind": "other",
        "reasons": (),
        "opened_at": NOW - timedelta(minutes=30),
        "due_at": NOW + timedelta(seconds=due_in),
        "limit_at": NOW + timedelta(hours=4),
        "language": "en",
    }
    return QueueRow(wait_id=wait_id, excerpt=sanitize_line(text), **(values | given))


def countdown(row: QueueRow, now: datetime) -> Countdown:
    """What is left of a wait on a clock that never stands still."""
    return Countdown(int((row.due_at - now).total_seconds()), over_limit=now > row.limit_at)


def message(message_id: int, text: str = "Hello", *, minute: int = 0, **given: object) -> ThreadRow:
    """A message of the conversation's customer, sent `minute` minutes after nine."""
    values: dict[str, Any] = {
        "depth": 0,
        "name": sanitize_line("Andy Loynes"),
        "handle": sanitize_line("andy"),
        "direction": "inbound",
        "visibility": "public",
        "ours": False,
        "theirs": True,
    }
    published = NOW.replace(hour=9, minute=0) + timedelta(minutes=minute)
    return ThreadRow(message_id=message_id, text=sanitize(text), published_at=published, **(values | given))


def our_message(message_id: int, text: str = "Hello Andy", *, minute: int = 0, **given: object) -> ThreadRow:
    """A message of ours."""
    ours = {"ours": True, "theirs": False, "direction": "outbound", "name": sanitize_line("Northwind"), "agent": "rob"}
    return message(message_id, text, minute=minute, **(ours | {"handle": sanitize_line("NorthwindCare")} | given))


def conversation(*thread: ThreadRow, **given: object) -> ConversationView:
    """A public conversation with Andy that needs a reply."""
    values: dict[str, Any] = {
        "conversation_id": 1,
        "version": 1,
        "account": "care",
        "network": "x",
        "handle": sanitize_line("andy"),
        "name": sanitize_line("Andy Loynes"),
        "visibility": "public",
        "state": "needs_reply",
        "language": "en",
        "notes": (),
        "readers": (),
        "interactions": 4,
        "contacts": 1,
        "opened_at": NOW.replace(minute=2),
    }
    return ConversationView(thread=thread, **(values | given))


def composer_view(**given: object) -> ComposerView:
    """What the composer shows of a text that has no faults."""
    values: dict[str, Any] = {
        "account": "care",
        "handle": sanitize_line("NorthwindCare"),
        "visibility": "public",
        "signature": sanitize_line("^CL"),
        "length": Length(142, 280),
        "findings": (),
    }
    return ComposerView(**(values | given))


def shift(**given: object) -> ShiftStanding:
    """An open shift that has greeted."""
    values: dict[str, Any] = {
        "account": "care",
        "open": True,
        "desk_open": True,
        "greeted_at": NOW.replace(hour=8, minute=1),
        "signed_off_at": None,
    }
    return ShiftStanding(**(values | given))


def account(handle: str = "NorthwindCare", problem: str = "", **given: Any) -> AccountHealth:  # noqa: ANN401
    """An account, healthy unless there is a problem, that costs nothing."""
    return AccountHealth(handle.lower(), "x", handle, NOW, sanitize_line(problem), **given)


def status(**given: object) -> StatusView:
    """A desk at work."""
    values: dict[str, Any] = {
        "now": NOW,
        "counts": QueueCounts(12, 3, 1),
        "agent": "claire",
        "shifts": (shift(),),
        "accounts": (account(),),
        "outbox_held": 0,
        "outbox_stuck": 0,
    }
    return StatusView(**(values | given))
