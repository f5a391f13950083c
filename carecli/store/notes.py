"""What colleagues leave on a conversation: notes, read marks and drafts.

Not for: what leaves the desk (`outbox`).
"""

from __future__ import annotations

from datetime import datetime

from carecli.model import Draft, Note, ReadMark
from carecli.store.session import Session, from_ms, to_ms


def add_note(session: Session, conversation_id: int, agent: str, text: str, at: datetime) -> Note:
    """Store a note."""
    note = Note(session.next_id("note"), conversation_id, agent, text, at)
    session.run(
        "INSERT INTO note (id, conversation_id, agent, text, at) VALUES (:id, :conversation, :agent, :text, :at)",
        {"id": note.id, "conversation": conversation_id, "agent": agent, "text": text, "at": to_ms(at)},
    )
    return note


def notes(session: Session, conversation_id: int) -> tuple[Note, ...]:
    """The notes of a conversation, oldest first."""
    rows = session.all(
        """
        SELECT id, conversation_id, agent, text, at FROM note WHERE conversation_id = :conversation ORDER BY at, id
        """,
        {"conversation": conversation_id},
    )
    return tuple(Note(row[0], row[1], row[2], row[3], from_ms(row[4])) for row in rows)


def mark_read(session: Session, conversation_id: int, agent: str, at: datetime, seen_version: int) -> None:
    """The agent has opened the conversation, and seen it as it was at `seen_version`."""
    session.run(
        """
        INSERT INTO read_mark (conversation_id, agent, at, seen_version) VALUES (:conversation, :agent, :at, :seen)
        ON CONFLICT (conversation_id, agent) DO UPDATE SET at = excluded.at, seen_version = excluded.seen_version
        """,
        {"conversation": conversation_id, "agent": agent, "at": to_ms(at), "seen": seen_version},
    )


def seen_version(session: Session, conversation_id: int, agent: str) -> int | None:
    """The conversation's version when the agent last opened it; None where they never did."""
    row = session.one(
        "SELECT seen_version FROM read_mark WHERE conversation_id = :conversation AND agent = :agent",
        {"conversation": conversation_id, "agent": agent},
    )
    return None if row is None else int(row[0])


def readers(session: Session, conversation_id: int) -> tuple[ReadMark, ...]:
    """Who opened the conversation, the last one first."""
    rows = session.all(
        "SELECT agent, at FROM read_mark WHERE conversation_id = :conversation ORDER BY at DESC",
        {"conversation": conversation_id},
    )
    return tuple(ReadMark(agent, from_ms(at)) for agent, at in rows)


def save_draft(session: Session, draft: Draft) -> None:
    """Keep a draft in the place of the one before it."""
    session.run(
        """
        INSERT INTO draft (conversation_id, agent, text, cursor, visibility, seen_version, updated_at)
        VALUES (:conversation, :agent, :text, :cursor, :visibility, :seen, :at)
        ON CONFLICT (conversation_id, agent) DO UPDATE
        SET text = excluded.text, cursor = excluded.cursor, visibility = excluded.visibility,
            seen_version = excluded.seen_version, updated_at = excluded.updated_at
        """,
        {
            "conversation": draft.conversation_id,
            "agent": draft.agent,
            "text": draft.text,
            "cursor": draft.cursor,
            "visibility": draft.visibility,
            "seen": draft.seen_version,
            "at": to_ms(draft.updated_at),
        },
    )


def remove_draft(session: Session, conversation_id: int, agent: str) -> None:
    """The draft was sent, or emptied."""
    session.run(
        "DELETE FROM draft WHERE conversation_id = :conversation AND agent = :agent",
        {"conversation": conversation_id, "agent": agent},
    )


def draft(session: Session, conversation_id: int, agent: str) -> Draft | None:
    """The agent's draft in a conversation."""
    row = session.one(
        """
        SELECT conversation_id, agent, text, cursor, visibility, seen_version, updated_at FROM draft
        WHERE conversation_id = :conversation AND agent = :agent
        """,
        {"conversation": conversation_id, "agent": agent},
    )
    return None if row is None else Draft(row[0], row[1], row[2], row[3], row[4], row[5], from_ms(row[6]))
