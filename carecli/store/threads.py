"""Threads as wholes: when one was last read at the network, what is missing in it, and two that turn out to be one.

Not for: finding out that they are one (`worker.intake`), or asking the network (`worker.thread_reader`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from carecli.store import spending
from carecli.store.session import Session, to_ms

_NEWEST = """
SELECT coalesce(max(id), 0) FROM message WHERE thread_id = :thread AND direction = 'inbound'
"""


def is_whole(session: Session, thread_id: int) -> bool:
    """Whether a thread has been read at the network since the newest message of others in it was stored."""
    row = session.one(
        f"SELECT version >= ({_NEWEST}) FROM thread_reading WHERE thread_id = :thread", {"thread": thread_id}
    )
    return row is not None and bool(row[0])


def keep_reading(session: Session, thread_id: int, at: datetime) -> None:
    """A thread was read at the network, and is stored as it was shown there."""
    session.run(
        f"""
        INSERT INTO thread_reading (thread_id, version, read_at) VALUES (:thread, ({_NEWEST}), :at)
        ON CONFLICT (thread_id) DO UPDATE SET version = excluded.version, read_at = excluded.read_at
        """,
        {"thread": thread_id, "at": to_ms(at)},
    )


def keep_missing(session: Session, account: int, thread_id: int, missing: Mapping[str, str]) -> None:
    """What the network does not show of a thread, and why, in the place of what it said before.

    What is stored all the same is not missing.
    """
    session.run(
        "UPDATE thread_place SET reason = '' WHERE thread_id = :thread AND remote_id NOT LIKE 'thread:%'",
        {"thread": thread_id},
    )
    session.run_many(
        """
        INSERT INTO thread_place (account_id, remote_id, thread_id, reason)
        SELECT ?1, ?2, ?3, ?4
        WHERE NOT EXISTS (SELECT 1 FROM message WHERE account_id = ?1 AND remote_id = ?2)
        ON CONFLICT (account_id, remote_id) DO UPDATE SET reason = excluded.reason
        """,
        [(account, remote_id, thread_id, reason) for remote_id, reason in missing.items()],
    )


def join_threads(session: Session, joined: int, into: int) -> None:
    """All that belonged to thread `joined` belongs to thread `into`; the same customer's conversations become one."""
    parameters = {"joined": joined, "into": into}
    pairs = session.all(
        """
        SELECT kept.id, spare.id FROM conversation AS spare
        JOIN conversation AS kept
          ON kept.thread_id = :into AND kept.author_id = spare.author_id AND kept.visibility = spare.visibility
        WHERE spare.thread_id = :joined
        """,
        parameters,
    )
    for kept, spare in pairs:
        _absorb(session, spare, kept)
    for table in ("message", "thread_place", "conversation"):
        session.run(f"UPDATE {table} SET thread_id = :into WHERE thread_id = :joined", parameters)
    # One of the two was never read as a whole.
    session.run("DELETE FROM thread_reading WHERE thread_id = :joined", parameters)


def _absorb(session: Session, spare: int, kept: int) -> None:
    """Make one conversation of two. Of two open waits the one that began earlier runs on."""
    parameters = {"spare": spare, "kept": kept}
    session.run(
        """
        UPDATE wait SET closed_at = opened_at, outcome = 'joined'
        WHERE closed_at IS NULL AND conversation_id IN (:spare, :kept) AND id <> (
          SELECT id FROM wait WHERE closed_at IS NULL AND conversation_id IN (:spare, :kept)
          ORDER BY opened_at, id LIMIT 1
        )
        """,
        parameters,
    )
    for table in ("message", "wait", "note", "outbox", "event"):
        session.run(f"UPDATE {table} SET conversation_id = :kept WHERE conversation_id = :spare", parameters)
    spending.absorb(session, spare, kept)
    # Who was writing in both goes on with both texts, as private and as little seen as either.
    session.run(
        """
        UPDATE draft AS kept
        SET text = kept.text || char(10) || spare.text,
            visibility = CASE WHEN 'private' IN (kept.visibility, spare.visibility) THEN 'private' ELSE 'public' END,
            seen_version = min(kept.seen_version, spare.seen_version)
        FROM draft AS spare
        WHERE kept.conversation_id = :kept AND spare.conversation_id = :spare AND spare.agent = kept.agent
        """,
        parameters,
    )
    session.run(
        """
        UPDATE draft_media
        SET conversation_id = :kept,
            number = number + (SELECT coalesce(max(other.number), 0) FROM draft_media AS other
                               WHERE other.conversation_id = :kept AND other.agent = draft_media.agent)
        WHERE conversation_id = :spare
        """,
        parameters,
    )
    for table in ("draft", "read_mark"):
        session.run(f"UPDATE OR IGNORE {table} SET conversation_id = :kept WHERE conversation_id = :spare", parameters)
        session.run(f"DELETE FROM {table} WHERE conversation_id = :spare", parameters)
    session.run("UPDATE conversation SET linked_to = :kept WHERE linked_to = :spare", parameters)
    session.run(
        """
        UPDATE conversation AS kept
        SET version = max(kept.version, spare.version),
            state = CASE WHEN 'needs_reply' IN (kept.state, spare.state) THEN 'needs_reply' ELSE kept.state END,
            opened_at = min(kept.opened_at, spare.opened_at),
            last_message_at = max(kept.last_message_at, spare.last_message_at),
            last_inbound_at = max(coalesce(kept.last_inbound_at, 0), coalesce(spare.last_inbound_at, 0)),
            covered_until = nullif(max(coalesce(kept.covered_until, 0), coalesce(spare.covered_until, 0)), 0),
            inbound_count = kept.inbound_count + spare.inbound_count,
            outbound_count = kept.outbound_count + spare.outbound_count,
            claimed_by = CASE WHEN kept.claimed_by = '' THEN spare.claimed_by ELSE kept.claimed_by END,
            claimed_until = CASE WHEN kept.claimed_by = '' THEN spare.claimed_until ELSE kept.claimed_until END
        FROM conversation AS spare
        WHERE kept.id = :kept AND spare.id = :spare
        """,
        parameters,
    )
    session.run("DELETE FROM conversation WHERE id = :spare", parameters)
