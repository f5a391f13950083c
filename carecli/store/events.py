"""The append-only log: one line for each thing that people or the worker did.

Arriving messages are not repeated here; they are rows of `message`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from carecli.model import Event
from carecli.store.session import Session, from_ms, to_ms

Fact = str | int | float | bool | list[str] | None


def record(
    session: Session,
    at: datetime,
    kind: str,
    account: int | None,
    conversation: int | None,
    agent: str,
    facts: Mapping[str, Fact],
) -> None:
    """Append an event."""
    session.run(
        """
        INSERT INTO event (at, kind, account_id, conversation_id, agent, data)
        VALUES (:at, :kind, :account, :conversation, :agent, :data)
        """,
        {
            "at": to_ms(at),
            "kind": kind,
            "account": account,
            "conversation": conversation,
            "agent": agent,
            "data": msgspec.json.encode(facts).decode(),
        },
    )


def events_after(session: Session, event_id: int, limit: int) -> tuple[Event, ...]:
    """Events after `event_id`, in order."""
    rows = session.all(
        """
        SELECT event.id, event.at, event.kind, account.name, event.conversation_id, event.agent, event.data
        FROM event LEFT JOIN account ON account.id = event.account_id
        WHERE event.id > :after ORDER BY event.id LIMIT :limit
        """,
        {"after": event_id, "limit": limit},
    )
    return tuple(Event(row[0], from_ms(row[1]), row[2], row[3] or "", row[4], row[5], row[6]) for row in rows)


def last_ids(session: Session) -> tuple[int, int]:
    """The newest message id and the newest event id."""
    row = session.one("SELECT (SELECT coalesce(max(id), 0) FROM message), (SELECT coalesce(max(id), 0) FROM event)")
    return (int(row[0]), int(row[1])) if row else (0, 0)
