"""Messages and the threads they form.

Not for: deciding which thread a new item belongs to (`worker.intake` does), or the queue (`waits`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from carecli.model import Author, Direction, Message, Record, Visibility
from carecli.store.session import Row, Session, from_ms, from_ms_or_none, to_ms

_COLUMNS = """
  message.id, message.thread_id, message.conversation_id, message.remote_id, message.parent_remote_id,
  identity.remote_id, identity.handle, identity.display_name,
  message.direction, message.visibility, message.text, message.published_at, message.received_at,
  message.agent, message.attachments, message.deleted_at IS NOT NULL
"""


class Place(Record, frozen=True):
    """Where a remote id stands: its thread, and, if the message is stored, what intake needs to know of it."""

    thread_id: int
    message_id: int | None = None
    conversation_id: int | None = None
    author_id: int | None = None
    own: bool = False
    visibility: Visibility = "public"


def places(session: Session, account: int, remote_ids: Iterable[str]) -> dict[str, Place]:
    """What is known of each of `remote_ids`: stored messages, and places that others point to."""
    # CROSS: each id is looked up as it stands in the list. `IN` sorts the list first, at three times the cost.
    parameters = {"account": account, "remote_ids": msgspec.json.encode(list(remote_ids)).decode()}
    known = {
        remote_id: Place(thread)
        for remote_id, thread in session.all(
            """
            SELECT remote_id, thread_id FROM json_each(:remote_ids) AS wanted CROSS JOIN thread_place
            WHERE thread_place.account_id = :account AND thread_place.remote_id = wanted.value
            """,
            parameters,
        )
    }
    for remote_id, thread, message, conversation, author, direction, visibility in session.all(
        """
        SELECT message.remote_id, message.thread_id, message.id, message.conversation_id, message.author_id,
               message.direction, message.visibility
        FROM json_each(:remote_ids) AS wanted CROSS JOIN message
        WHERE message.account_id = :account AND message.remote_id = wanted.value
        """,
        parameters,
    ):
        known[remote_id] = Place(thread, message, conversation, author, direction == "outbound", visibility)
    return known


def insert_messages(session: Session, rows: Iterable[Row]) -> None:
    """Store messages; columns as listed here. The caller has made sure that none is stored already."""
    session.run_many(
        """
        INSERT INTO message (id, account_id, remote_id, thread_id, conversation_id, parent_remote_id, author_id,
                             direction, visibility, text, published_at, received_at, agent, attachments)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        rows,
    )


def insert_places(session: Session, rows: Iterable[Row]) -> None:
    """Remember places that are pointed to: (account id, remote id, thread id, reason)."""
    session.run_many("INSERT INTO thread_place (account_id, remote_id, thread_id, reason) VALUES (?, ?, ?, ?)", rows)


def remove_places(session: Session, rows: Iterable[Row]) -> None:
    """Forget places that have been filled: (account id, remote id)."""
    session.run_many("DELETE FROM thread_place WHERE account_id = ? AND remote_id = ?", rows)


def last_heard(session: Session, account: int, limit: int) -> tuple[datetime, ...]:
    """When customers' newest messages on an account were published."""
    rows = session.all(
        """
        SELECT published_at FROM (SELECT published_at, account_id, direction FROM message ORDER BY id DESC LIMIT 2000)
        WHERE account_id = :account AND direction = 'inbound' LIMIT :limit
        """,
        {"account": account, "limit": limit},
    )
    return tuple(from_ms(row[0]) for row in rows)


def heard_since(session: Session, account: int, since: datetime) -> int:
    """How many messages from customers have come in on an account since then."""
    row = session.one(
        """
        SELECT count(*) FROM message
        WHERE id >= :first AND account_id = :account AND direction = 'inbound' AND conversation_id IS NOT NULL
        """,
        {"first": _first_since(session, since), "account": account},
    )
    return int(row[0]) if row else 0


def _first_since(session: Session, since: datetime) -> int:
    """The first id that can have come in since then.

    Ids grow with the time of receipt, so that it is found by halving; no index is kept for this.
    """
    moment = to_ms(since)
    row = session.one("SELECT coalesce(max(id), 0) + 1 FROM message")
    first, end = 1, int(row[0]) if row else 1
    while first < end:
        middle = (first + end) // 2
        found = session.one("SELECT received_at FROM message WHERE id >= :id ORDER BY id LIMIT 1", {"id": middle})
        if found is not None and found[0] < moment:
            first = middle + 1
        else:
            end = middle
    return first


def unclaimed_answers(session: Session, thread_id: int, parent: str) -> list[tuple[int, str, datetime]]:
    """Our own messages that answer `parent` and belong to no conversation yet: id, remote id, published at."""
    rows = session.all(
        """
        SELECT id, remote_id, published_at FROM message
        WHERE thread_id = :thread AND parent_remote_id = :parent
          AND direction = 'outbound' AND conversation_id IS NULL
        ORDER BY published_at, id
        """,
        {"thread": thread_id, "parent": parent},
    )
    return [(row[0], row[1], from_ms(row[2])) for row in rows]


def set_conversation(session: Session, message_id: int, conversation_id: int) -> None:
    """A message has found its conversation."""
    session.run(
        "UPDATE message SET conversation_id = :conversation WHERE id = :id",
        {"conversation": conversation_id, "id": message_id},
    )


def has_news(session: Session, conversation_id: int, seen_version: int, agent: str) -> bool:
    """Whether anything came after `seen_version` that `agent` did not write: the customer, or a colleague.

    What came with the reading of the thread, and had been written before what was known, is no news.
    """
    row = session.one(
        """
        SELECT 1 FROM message JOIN conversation ON conversation.thread_id = message.thread_id
        WHERE conversation.id = :conversation AND message.conversation_id = conversation.id
          AND message.id > :seen AND NOT (message.direction = 'outbound' AND message.agent = :agent)
          AND NOT message.belated
        LIMIT 1
        """,
        {"conversation": conversation_id, "seen": seen_version, "agent": agent},
    )
    return row is not None


def newest_standing(session: Session, conversation_id: int) -> str:
    """The remote id of the customer's newest message that was not taken away; "" where there is none."""
    row = session.one(
        """
        SELECT message.remote_id FROM message JOIN conversation ON conversation.thread_id = message.thread_id
        WHERE conversation.id = :id AND message.conversation_id = conversation.id
          AND message.direction = 'inbound' AND message.deleted_at IS NULL
        ORDER BY message.published_at DESC, message.id DESC LIMIT 1
        """,
        {"id": conversation_id},
    )
    return str(row[0]) if row else ""


def newest_in(session: Session, thread_id: int) -> datetime | None:
    """When the newest message of a thread was published."""
    row = session.one("SELECT max(published_at) FROM message WHERE thread_id = :thread", {"thread": thread_id})
    return None if row is None else from_ms_or_none(row[0])


def set_belated(session: Session, account: int, remote_ids: Iterable[str]) -> None:
    """These came with the reading of their thread, and had been written before what was known of it."""
    session.run(
        """
        UPDATE message SET belated = 1
        WHERE account_id = :account AND remote_id IN (SELECT value FROM json_each(:remote_ids))
        """,
        {"account": account, "remote_ids": msgspec.json.encode(list(remote_ids)).decode()},
    )


def to_check(session: Session, account: int, since: datetime, before: datetime, limit: int) -> tuple[str, ...]:
    """Public messages of others to ask the network for: received since then, and not asked for since `before`.

    Those of conversations that are not resolved come first, then the newest.
    """
    rows = session.all(
        """
        SELECT message.remote_id FROM message
        LEFT JOIN conversation ON conversation.id = message.conversation_id
        WHERE message.id >= :first AND message.account_id = :account AND message.direction = 'inbound'
          AND message.visibility = 'public' AND message.deleted_at IS NULL
          AND message.received_at >= :since AND coalesce(message.checked_at, message.received_at) <= :before
        ORDER BY coalesce(conversation.state = 'resolved', 1), message.id DESC LIMIT :limit
        """,
        {
            "first": _first_since(session, since),
            "account": account,
            "since": to_ms(since),
            "before": to_ms(before),
            "limit": limit,
        },
    )
    return tuple(row[0] for row in rows)


def set_checked(session: Session, account: int, remote_ids: Iterable[str], at: datetime) -> None:
    """The network was asked at `at` whether it still shows these."""
    session.run(
        """
        UPDATE message SET checked_at = :at
        WHERE account_id = :account AND remote_id IN (SELECT value FROM json_each(:remote_ids))
        """,
        {"at": to_ms(at), "account": account, "remote_ids": msgspec.json.encode(list(remote_ids)).decode()},
    )


def set_agent(session: Session, account: int, remote_id: str, agent: str) -> None:
    """A message of ours that came by the network first: now it is known who wrote it."""
    session.run(
        "UPDATE message SET agent = :agent WHERE account_id = :account AND remote_id = :remote AND agent = ''",
        {"agent": agent, "account": account, "remote": remote_id},
    )


def stored_text(session: Session, message_id: int) -> tuple[str, bool]:
    """A message's text as stored, and whether it has been erased."""
    row = session.one("SELECT text, deleted_at IS NOT NULL FROM message WHERE id = :id", {"id": message_id})
    return (row[0], bool(row[1])) if row else ("", True)


def revise(session: Session, message_id: int, text: str) -> None:
    """The author has edited a message."""
    session.run("UPDATE message SET text = :text WHERE id = :id", {"text": text, "id": message_id})


def erase(session: Session, message_id: int, at: datetime) -> None:
    """The author, or the network, has taken a message away: nothing of what it said stays here."""
    session.run(
        "UPDATE message SET text = '', attachments = '[]', deleted_at = :at WHERE id = :id",
        {"at": to_ms(at), "id": message_id},
    )


def thread_messages(session: Session, thread_id: int) -> tuple[Message, ...]:
    """The messages of a thread, oldest first."""
    rows = session.all(
        f"""
        SELECT {_COLUMNS} FROM message JOIN identity ON identity.id = message.author_id
        WHERE message.thread_id = :thread ORDER BY message.published_at, message.id
        """,
        {"thread": thread_id},
    )
    return tuple(_message(row) for row in rows)


LATEST = """
SELECT direction, text FROM message
WHERE thread_id = :thread AND conversation_id = :conversation AND deleted_at IS NULL
ORDER BY published_at DESC, id DESC LIMIT :limit
"""


def latest_texts(session: Session, thread_id: int, conversation_id: int, limit: int) -> list[tuple[Direction, str]]:
    """The newest messages of a conversation that still stand, oldest first: who wrote, and what."""
    rows = session.all(LATEST, {"thread": thread_id, "conversation": conversation_id, "limit": limit})
    return [(row[0], row[1]) for row in reversed(rows)]


SENT_BY = """
SELECT text FROM message
WHERE account_id = :account AND agent = :agent AND agent <> '' AND deleted_at IS NULL
ORDER BY id DESC LIMIT :limit
"""


def sent_by(session: Session, account: int, agent: str, limit: int) -> tuple[str, ...]:
    """What an agent last sent for an account, newest first, signed as it went out."""
    rows = session.all(SENT_BY, {"account": account, "agent": agent, "limit": limit})
    return tuple(row[0] for row in rows)


def missing_places(session: Session, thread_id: int) -> dict[str, str]:
    """The places of a thread that are empty: remote id → reason, the network's name of the thread left out."""
    rows = session.all(
        """
        SELECT remote_id, reason FROM thread_place
        WHERE thread_id = :thread AND remote_id NOT LIKE 'thread:%'
        """,
        {"thread": thread_id},
    )
    return dict(rows)


def message(session: Session, message_id: int) -> Message | None:
    """One message."""
    row = session.one(
        f"SELECT {_COLUMNS} FROM message JOIN identity ON identity.id = message.author_id WHERE message.id = :id",
        {"id": message_id},
    )
    return None if row is None else _message(row)


def messages_after(session: Session, message_id: int, limit: int) -> tuple[tuple[int, Message], ...]:
    """Messages stored after `message_id`, in the order of their arrival, each with its account's id."""
    rows = session.all(
        f"""
        SELECT {_COLUMNS}, message.account_id FROM message JOIN identity ON identity.id = message.author_id
        WHERE message.id > :after ORDER BY message.id LIMIT :limit
        """,
        {"after": message_id, "limit": limit},
    )
    return tuple((row[-1], _message(row)) for row in rows)


def _message(row: Row) -> Message:
    return Message(
        id=row[0],
        thread_id=row[1],
        conversation_id=row[2],
        remote_id=row[3],
        parent_remote_id=row[4],
        author=Author(row[5], row[6], row[7]),
        direction=row[8],
        visibility=row[9],
        text=row[10],
        published_at=from_ms(row[11]),
        received_at=from_ms(row[12]),
        agent=row[13],
        attachments=tuple(msgspec.json.decode(row[14])) if row[14] != "[]" else (),
        deleted=bool(row[15]),
    )


def attachments_text(attachments: tuple[str, ...]) -> str:
    """Attachments as stored."""
    return msgspec.json.encode(attachments).decode() if attachments else "[]"
