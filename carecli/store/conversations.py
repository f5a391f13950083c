"""Conversations: who talks with us about what, in which state, and who has claimed it.

Not for: the clock (`waits`) or the messages themselves (`messages`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from carecli.model import Conversation, ConversationState
from carecli.store.session import Row, Session, from_ms, from_ms_or_none, to_ms

_COLUMNS = """
  conversation.id, account.name, conversation.thread_id, conversation.customer_id, conversation.visibility,
  conversation.state, conversation.version, conversation.language, conversation.last_message_at,
  conversation.inbound_count, conversation.outbound_count, conversation.snoozed_until,
  conversation.claimed_by, conversation.claimed_until, conversation.linked_to, conversation.resolution
"""

_COUNTED = """
  id, thread_id, author_id, visibility, customer_id, state, version, last_message_at, last_inbound_at, covered_until,
  inbound_count, outbound_count, language, snoozed_until, linked_to
"""


def conversation(session: Session, conversation_id: int) -> Conversation | None:
    """One conversation."""
    row = session.one(
        f"""
        SELECT {_COLUMNS} FROM conversation JOIN account ON account.id = conversation.account_id
        WHERE conversation.id = :id
        """,
        {"id": conversation_id},
    )
    return None if row is None else _conversation(row)


def customer_identity(session: Session, conversation_id: int) -> int:
    """The identity of the conversation's customer."""
    row = session.one("SELECT author_id FROM conversation WHERE id = :id", {"id": conversation_id})
    return int(row[0]) if row else 0


def counted_in_threads(session: Session, threads: Iterable[int]) -> list[Row]:
    """The conversations of some threads, as intake counts them on: see `_COUNTED` for the columns."""
    return session.all(
        f"SELECT {_COUNTED} FROM conversation WHERE thread_id IN (SELECT value FROM json_each(:threads))",
        {"threads": msgspec.json.encode(list(threads)).decode()},
    )


def insert_conversations(session: Session, rows: Iterable[Row]) -> None:
    """Store conversations; columns as listed here."""
    session.run_many(
        """
        INSERT INTO conversation (id, account_id, thread_id, customer_id, author_id, visibility, state, version,
                                  language, opened_at, last_message_at, last_inbound_at, covered_until,
                                  inbound_count, outbound_count, linked_to)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        rows,
    )


def update_counted(session: Session, rows: Iterable[Row]) -> None:
    """Write back what intake counted on; columns as listed here, the id last."""
    session.run_many(
        """
        UPDATE conversation
        SET thread_id = ?, state = ?, version = ?, last_message_at = ?, last_inbound_at = ?, covered_until = ?,
            inbound_count = ?, outbound_count = ?, language = ?, snoozed_until = ?, linked_to = ?
        WHERE id = ?
        """,
        rows,
    )


def set_state(session: Session, conversation_id: int, state: ConversationState, resolution: str = "") -> None:
    """Move a conversation to another state, with how it was resolved if it was."""
    session.run(
        "UPDATE conversation SET state = :state, resolution = :resolution, snoozed_until = NULL WHERE id = :id",
        {"state": state, "resolution": resolution, "id": conversation_id},
    )


def set_snoozed(session: Session, conversation_id: int, until: datetime | None) -> None:
    """Hide a conversation from the queue until then; None shows it again."""
    session.run(
        "UPDATE conversation SET snoozed_until = :until WHERE id = :id",
        {"until": None if until is None else to_ms(until), "id": conversation_id},
    )


def take_claim(session: Session, conversation_id: int, agent: str, until: datetime, now: datetime) -> bool:
    """Claim a conversation unless a colleague's claim still holds; whether it is now the agent's."""
    changed = session.run(
        """
        UPDATE conversation SET claimed_by = :agent, claimed_until = :until
        WHERE id = :id AND (claimed_by IN ('', :agent) OR claimed_until <= :now)
        """,
        {"agent": agent, "until": to_ms(until), "id": conversation_id, "now": to_ms(now)},
    )
    return changed == 1


def drop_claim(session: Session, conversation_id: int) -> None:
    """Nobody has claimed the conversation any more."""
    session.run("UPDATE conversation SET claimed_by = '', claimed_until = NULL WHERE id = :id", {"id": conversation_id})


def last_inbound(session: Session, conversation_id: int) -> int | None:
    """The customer's newest message in a conversation."""
    row = session.one(
        """
        SELECT message.id FROM message JOIN conversation ON conversation.thread_id = message.thread_id
        WHERE conversation.id = :id AND message.conversation_id = conversation.id AND message.direction = 'inbound'
        ORDER BY message.published_at DESC, message.id DESC LIMIT 1
        """,
        {"id": conversation_id},
    )
    return None if row is None else int(row[0])


def contacts(session: Session, customer_id: int, since: datetime) -> int:
    """How many conversations a customer has opened since then."""
    row = session.one(
        "SELECT count(*) FROM conversation WHERE customer_id = :customer AND opened_at >= :since",
        {"customer": customer_id, "since": to_ms(since)},
    )
    return int(row[0]) if row else 0


def private_of(session: Session, conversation_id: int) -> int | None:
    """The newest private conversation of the same customer on the same account."""
    row = session.one(
        """
        SELECT other.id FROM conversation AS here
        JOIN conversation AS other ON other.customer_id = here.customer_id
        WHERE here.id = :id AND other.visibility = 'private' AND other.account_id = here.account_id
        ORDER BY other.last_message_at DESC LIMIT 1
        """,
        {"id": conversation_id},
    )
    return None if row is None else int(row[0])


def grown_private(session: Session, conversation_id: int) -> int | None:
    """The newest private conversation that is linked to a public one."""
    row = session.one(
        """
        SELECT other.id FROM conversation AS here
        JOIN conversation AS other ON other.customer_id = here.customer_id
        WHERE here.id = :id AND other.linked_to = here.id ORDER BY other.last_message_at DESC LIMIT 1
        """,
        {"id": conversation_id},
    )
    return None if row is None else int(row[0])


def public_since(session: Session, customer_id: int, account: int, since_ms: int) -> int | None:
    """The newest public conversation in which something was written since then, by a customer or to them."""
    row = session.one(
        """
        SELECT id FROM conversation
        WHERE customer_id = :customer AND account_id = :account AND visibility = 'public'
          AND last_message_at > :since
        ORDER BY last_message_at DESC, id DESC LIMIT 1
        """,
        {"customer": customer_id, "account": account, "since": since_ms},
    )
    return None if row is None else int(row[0])


def latest_public(session: Session, customer_id: int, account: int) -> int | None:
    """The newest public conversation of a customer: what a private one most likely grew from."""
    row = session.one(
        """
        SELECT id FROM conversation
        WHERE customer_id = :customer AND account_id = :account AND visibility = 'public'
        ORDER BY opened_at DESC, id DESC LIMIT 1
        """,
        {"customer": customer_id, "account": account},
    )
    return None if row is None else int(row[0])


def link(session: Session, private: int, public: int) -> None:
    """The private conversation grew from the public one."""
    session.run(
        "UPDATE conversation SET linked_to = :public WHERE id = :private AND linked_to IS NULL",
        {"public": public, "private": private},
    )


def _conversation(row: Row) -> Conversation:
    return Conversation(
        id=row[0],
        account=row[1],
        thread_id=row[2],
        customer_id=row[3],
        visibility=row[4],
        state=row[5],
        version=row[6],
        language=row[7],
        last_message_at=from_ms(row[8]),
        inbound_count=row[9],
        outbound_count=row[10],
        snoozed_until=from_ms_or_none(row[11]),
        claimed_by=row[12],
        claimed_until=from_ms_or_none(row[13]),
        linked_to=row[14],
        resolution=row[15],
    )
