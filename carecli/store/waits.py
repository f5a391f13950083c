"""Waits, and the queue: the open waits in order of urgency.

`closed_at IS NULL` stands as a literal in each query of the queue, so that its partial index serves it.
Not for: when a wait opens and closes (`playbook.waits`).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from carecli.model import Kind, Record, Visibility, Wait
from carecli.store.search import query_of
from carecli.store.session import Row, Session, from_ms, from_ms_or_none, to_ms

_COLUMNS = """
  id, conversation_id, opened_by, opened_at, due_at, limit_at, policy, rank, urgent_at, kind, bumps, reasons,
  closed_at, closed_by, outcome
"""

# The conditions that a filter can set; each is complete SQL, joined with AND.
_SEARCH = """
  wait.conversation_id IN (
    SELECT message.conversation_id FROM message
    WHERE message.id IN (SELECT rowid FROM message_search WHERE message_search MATCH :query)
    UNION
    SELECT conversation.id FROM conversation JOIN identity ON identity.id = conversation.author_id
    WHERE identity.handle LIKE :handle
  )
"""


_AMONG = "account_id IN (SELECT value FROM json_each(:among))"


class Filter(Record, frozen=True):
    """Which open waits; empty fields ask for nothing.

    `among` are the accounts that count where `account` names none; None: all of them.
    `claimed_by` and `free_for` look at claims that still hold; `free_for` leaves out what others than that agent have,
    and "" what anybody has.
    """

    account: int | None = None
    among: tuple[int, ...] | None = None
    visibility: Visibility | None = None
    language: str = ""
    claimed_by: str = ""
    free_for: str | None = None
    snoozed: bool = False
    search: str = ""


class QueueEntry(Record, frozen=True):
    """An open wait with what a row of the queue shows; the texts are a stranger's."""

    wait_id: int
    conversation_id: int
    account_id: int
    visibility: Visibility
    handle: str
    display_name: str
    text: str
    kind: Kind
    reasons: tuple[str, ...]
    opened_at: datetime
    due_at: datetime
    limit_at: datetime
    language: str
    claimed_by: str
    claimed_until: datetime | None
    snoozed_until: datetime | None


def queue_ids(session: Session, chosen: Filter, now: datetime, limit: int = -1) -> array[int]:
    """The ids of the open waits, the most urgent first; `limit` -1 means all of them."""
    return session.numbers(*queue_query(chosen, now, limit))


def due_until(session: Session, chosen: Filter, now: datetime, until: datetime) -> int:
    """How many of the open waits are due at `until` or before."""
    sql, parameters = queue_query(chosen, now, -1)
    row = session.one(
        f"SELECT count(*) FROM wait WHERE id IN ({sql}) AND due_at <= :until", {**parameters, "until": to_ms(until)}
    )
    return int(row[0]) if row else 0


def queue_query(chosen: Filter, now: datetime, limit: int) -> tuple[str, dict[str, object]]:
    """The text and parameters by which `queue_ids` asks (shown to its index by a test)."""
    conditions = [
        "wait.closed_at IS NULL",
        "wait.snoozed_until > :now" if chosen.snoozed else "wait.snoozed_until <= :now",
    ]
    parameters: dict[str, object] = {"now": to_ms(now), "limit": limit}
    if chosen.account is not None:
        conditions.append("wait.account_id = :account")
        parameters["account"] = chosen.account
    elif chosen.among is not None:
        conditions.append(f"wait.{_AMONG}")
        parameters["among"] = _numbers(chosen.among)
    if chosen.visibility is not None:
        conditions.append("wait.visibility = :visibility")
        parameters["visibility"] = chosen.visibility
    joined = ""
    if chosen.language or chosen.claimed_by or chosen.free_for is not None:
        joined = "JOIN conversation ON conversation.id = wait.conversation_id"
    if chosen.language:
        conditions.append("conversation.language = :language")
        parameters["language"] = chosen.language
    if chosen.claimed_by:
        conditions.append("conversation.claimed_by = :agent AND conversation.claimed_until > :now")
        parameters["agent"] = chosen.claimed_by
    if chosen.free_for is not None:
        conditions.append("(conversation.claimed_by IN ('', :free_for) OR conversation.claimed_until <= :now)")
        parameters["free_for"] = chosen.free_for
    if chosen.search.strip():
        conditions.append(_SEARCH)
        parameters["query"] = query_of(chosen.search) or '""'
        parameters["handle"] = chosen.search.strip().lstrip("@").replace("%", "").replace("_", "") + "%"
    return (
        f"""
        SELECT wait.id FROM wait {joined}
        WHERE {" AND ".join(conditions)}
        ORDER BY wait.rank, wait.urgent_at, wait.id LIMIT :limit
        """,
        parameters,
    )


def queue_entries(session: Session, wait_ids: Sequence[int]) -> list[QueueEntry]:
    """The open waits among `wait_ids`, with what a row shows, in no particular order."""
    rows = session.all(
        """
        SELECT wait.id, wait.conversation_id, wait.account_id, wait.visibility, identity.handle, identity.display_name,
               message.text, wait.kind, wait.reasons, wait.opened_at, wait.due_at, wait.limit_at,
               conversation.language, conversation.claimed_by, conversation.claimed_until, wait.snoozed_until
        FROM wait
        JOIN conversation ON conversation.id = wait.conversation_id
        JOIN identity ON identity.id = conversation.author_id
        JOIN message ON message.id = wait.opened_by
        WHERE wait.id IN (SELECT value FROM json_each(:ids)) AND wait.closed_at IS NULL
        """,
        {"ids": msgspec.json.encode(list(wait_ids)).decode()},
    )
    return [
        QueueEntry(
            wait_id=row[0],
            conversation_id=row[1],
            account_id=row[2],
            visibility=row[3],
            handle=row[4],
            display_name=row[5],
            text=row[6],
            kind=row[7],
            reasons=_reasons(row[8]),
            opened_at=from_ms(row[9]),
            due_at=from_ms(row[10]),
            limit_at=from_ms(row[11]),
            language=row[12],
            claimed_by=row[13],
            claimed_until=from_ms_or_none(row[14]),
            snoozed_until=from_ms_or_none(row[15] or None),
        )
        for row in rows
    ]


def counts(
    session: Session, now: datetime, soon: datetime, among: tuple[int, ...] | None = None
) -> tuple[int, int, int]:
    """How many wait, how many of them are due until `soon`, and how many are late; snoozed ones left out.

    among: the accounts that count; None: all of them.
    """
    row = session.one(
        f"""
        SELECT count(*), count(*) FILTER (WHERE due_at > :now AND due_at <= :soon),
               count(*) FILTER (WHERE due_at <= :now)
        FROM wait WHERE closed_at IS NULL AND snoozed_until <= :now {"" if among is None else f"AND {_AMONG}"}
        """,
        {"now": to_ms(now), "soon": to_ms(soon)} | ({} if among is None else {"among": _numbers(among)}),
    )
    return (int(row[0]), int(row[1]), int(row[2])) if row else (0, 0, 0)


def _numbers(numbers: Iterable[int]) -> str:
    return msgspec.json.encode(list(numbers)).decode()


def open_count(session: Session, account: int) -> int:
    """How many of an account's customers wait, snoozed ones included."""
    row = session.one(
        "SELECT count(*) FROM wait WHERE closed_at IS NULL AND account_id = :account", {"account": account}
    )
    return int(row[0]) if row else 0


def open_wait(session: Session, conversation_id: int) -> Wait | None:
    """The open wait of a conversation."""
    row = session.one(
        f"SELECT {_COLUMNS} FROM wait WHERE conversation_id = :conversation AND closed_at IS NULL",
        {"conversation": conversation_id},
    )
    return None if row is None else _wait(row)


def open_waits(session: Session, conversations: Iterable[int]) -> dict[int, tuple[Wait, int, datetime]]:
    """The open waits of some conversations, each with the customer's last message in it and its time."""
    rows = session.all(
        f"""
        SELECT {_COLUMNS}, heard_by, heard_at FROM wait
        WHERE conversation_id IN (SELECT value FROM json_each(:conversations)) AND closed_at IS NULL
        """,
        {"conversations": msgspec.json.encode(list(conversations)).decode()},
    )
    return {row[1]: (_wait(row), row[15], from_ms(row[16])) for row in rows}


def insert_waits(session: Session, rows: Iterable[Row]) -> None:
    """Store waits, open or closed at once; columns as listed here."""
    session.run_many(
        """
        INSERT INTO wait (id, conversation_id, account_id, visibility, opened_by, opened_at, heard_by, heard_at, due_at,
                          limit_at, policy, kind, bumps, reasons, rank, urgent_at, closed_at, closed_by, outcome)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        rows,
    )


def update_waits(session: Session, rows: Iterable[Row]) -> None:
    """Write back waits that were bumped or closed; columns as listed here, the id last."""
    session.run_many(
        """
        UPDATE wait
        SET opened_by = ?, opened_at = ?, heard_by = ?, heard_at = ?, due_at = ?, limit_at = ?, policy = ?, kind = ?,
            bumps = ?, reasons = ?, rank = ?, urgent_at = ?, snoozed_until = ?, closed_at = ?, closed_by = ?,
            outcome = ?
        WHERE id = ?
        """,
        rows,
    )


def close_wait(
    session: Session, conversation_id: int, at: datetime, outcome: str, message_id: int | None = None
) -> bool:
    """Close the open wait of a conversation, if it has one."""
    changed = session.run(
        """
        UPDATE wait SET closed_at = :at, closed_by = :message, outcome = :outcome
        WHERE conversation_id = :conversation AND closed_at IS NULL
        """,
        {"at": to_ms(at), "message": message_id, "outcome": outcome, "conversation": conversation_id},
    )
    return changed == 1


def reopen_wait(session: Session, conversation_id: int) -> bool:
    """Open the last wait of a conversation again, as it was; whether there was one that no reply had closed."""
    changed = session.run(
        """
        UPDATE wait SET closed_at = NULL, closed_by = NULL, outcome = ''
        WHERE id = (SELECT max(id) FROM wait WHERE conversation_id = :conversation) AND outcome <> 'answered'
        """,
        {"conversation": conversation_id},
    )
    return changed == 1


def snooze_wait(session: Session, conversation_id: int, until: datetime | None) -> None:
    """Leave the open wait out of the queue until then. Its clock runs on: only the row is out of sight."""
    session.run(
        "UPDATE wait SET snoozed_until = :until WHERE conversation_id = :conversation AND closed_at IS NULL",
        {"until": 0 if until is None else to_ms(until), "conversation": conversation_id},
    )


def reasons_text(reasons: tuple[str, ...]) -> str:
    """Reasons as stored: joined by a bar, which no reason contains."""
    return "|".join(reasons)


def _reasons(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _wait(row: Row) -> Wait:
    return Wait(
        id=row[0],
        conversation_id=row[1],
        opened_by=row[2],
        opened_at=from_ms(row[3]),
        due_at=from_ms(row[4]),
        limit_at=from_ms(row[5]),
        policy=row[6],
        rank=row[7],
        urgent_at=from_ms(row[8]),
        kind=row[9],
        bumps=row[10],
        reasons=_reasons(row[11]),
        closed_at=from_ms_or_none(row[12]),
        closed_by=row[13],
        outcome=row[14],
    )
