"""Pictures and films that go out: with a draft while it is written, with a frozen reply until it was sent.

Not for: what a network takes (`channels`), or reading files (`desk.media`).
"""

from __future__ import annotations

from collections.abc import Sequence

from carecli.model import AttachedMedia, MediaFile
from carecli.store.session import Session

# What is left of the frozen call of a reply with media, once it was sent: the bytes stood in that, too.
_LEFT = b"-"


def attach(session: Session, conversation_id: int, agent: str, file: MediaFile) -> None:
    """Add to an agent's draft in a conversation, whether there is a text yet or not."""
    session.run(
        """
        INSERT INTO draft_media (conversation_id, agent, number, name, kind, alt, size, data)
        SELECT :conversation, :agent, coalesce(max(number), 0) + 1, :name, :kind, :alt, :size, :data FROM draft_media
        WHERE conversation_id = :conversation AND agent = :agent
        """,
        {
            "conversation": conversation_id,
            "agent": agent,
            "name": file.name,
            "kind": file.kind,
            "alt": file.alt,
            "size": len(file.data),
            "data": file.data,
        },
    )


def attached(session: Session, conversation_id: int, agent: str) -> tuple[AttachedMedia, ...]:
    """What an agent's draft in a conversation carries, in the order in which it was attached."""
    rows = session.all(
        """
        SELECT number, name, kind, alt, size FROM draft_media
        WHERE conversation_id = :conversation AND agent = :agent ORDER BY number
        """,
        {"conversation": conversation_id, "agent": agent},
    )
    return tuple(AttachedMedia(*row) for row in rows)


def attached_files(session: Session, conversation_id: int, agent: str) -> tuple[MediaFile, ...]:
    """As `attached`, with the bytes."""
    rows = session.all(
        """
        SELECT name, kind, alt, data FROM draft_media
        WHERE conversation_id = :conversation AND agent = :agent ORDER BY number
        """,
        {"conversation": conversation_id, "agent": agent},
    )
    return tuple(MediaFile(name, kind, alt, bytes(data)) for name, kind, alt, data in rows)


def detach(session: Session, conversation_id: int, agent: str, number: int) -> bool:
    """Take one off a draft; whether it was there."""
    changed = session.run(
        "DELETE FROM draft_media WHERE conversation_id = :conversation AND agent = :agent AND number = :number",
        {"conversation": conversation_id, "agent": agent, "number": number},
    )
    return changed == 1


def detach_all(session: Session, conversation_id: int, agent: str) -> None:
    """The draft was sent: it carries nothing any more."""
    session.run(
        "DELETE FROM draft_media WHERE conversation_id = :conversation AND agent = :agent",
        {"conversation": conversation_id, "agent": agent},
    )


def freeze(session: Session, entry_id: int, files: Sequence[MediaFile]) -> None:
    """Keep what goes out with a frozen reply."""
    session.run_many(
        "INSERT INTO outbox_media (outbox_id, number, name, kind, alt, size, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (entry_id, number, file.name, file.kind, file.alt, len(file.data), file.data)
            for number, file in enumerate(files, start=1)
        ],
    )


def frozen(session: Session, entry_id: int) -> tuple[AttachedMedia, ...]:
    """What goes out with a frozen reply, or went out with it."""
    rows = session.all(
        "SELECT number, name, kind, alt, size FROM outbox_media WHERE outbox_id = :id ORDER BY number",
        {"id": entry_id},
    )
    return tuple(AttachedMedia(*row) for row in rows)


def frozen_files(session: Session, entry_id: int) -> tuple[MediaFile, ...]:
    """As `frozen`, with the bytes of a reply that has not been sent."""
    rows = session.all(
        "SELECT name, kind, alt, data FROM outbox_media WHERE outbox_id = :id ORDER BY number", {"id": entry_id}
    )
    return tuple(MediaFile(name, kind, alt, bytes(data)) for name, kind, alt, data in rows)


def give_back(session: Session, entry_id: int, conversation_id: int, agent: str) -> None:
    """What was to go out with a reply is its author's draft's again, behind what that carries now; nothing twice."""
    session.run(
        """
        INSERT INTO draft_media (conversation_id, agent, number, name, kind, alt, size, data)
        SELECT :conversation, :agent,
               number + (SELECT coalesce(max(number), 0) FROM draft_media
                         WHERE conversation_id = :conversation AND agent = :agent),
               name, kind, alt, size, data
        FROM outbox_media AS frozen
        WHERE outbox_id = :id AND NOT EXISTS (
          SELECT 1 FROM draft_media
          WHERE conversation_id = :conversation AND agent = :agent AND size = frozen.size AND data = frozen.data
        )
        """,
        {"conversation": conversation_id, "agent": agent, "id": entry_id},
    )


def in_words(attached: Sequence[AttachedMedia]) -> tuple[str, ...]:
    """What a post carries as its message tells it, such as "image: a router with a red light"."""
    return tuple(f"{one.kind.partition('/')[0]}: {one.alt}" for one in attached)


def forget_bytes(session: Session, entry_id: int) -> None:
    """A reply was sent: what it carried is remembered by name and words alone."""
    parameters = {"id": entry_id, "left": _LEFT}
    session.run(
        """
        UPDATE outbox_part SET payload = :left
        WHERE outbox_id = :id AND EXISTS (SELECT 1 FROM outbox_media WHERE outbox_id = :id)
        """,
        parameters,
    )
    session.run("UPDATE outbox_media SET data = X'' WHERE outbox_id = :id", {"id": entry_id})
