"""The parts of what is in the outbox: frozen, each with its key, and found again at the network.

Not for: the state of an entry as a whole (`outbox`), or into how many parts a text is cut (`playbook.parts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from carecli.model import OutboxPart, Record
from carecli.store.session import Session, from_ms_or_none, to_ms

# How the remote id of a part begins that a person saw at the network and gave no id of.
_UNNAMED = "unknown:"


def unnamed(key: str) -> str:
    """What stands in the place of a remote id that nobody has told, for the part with this key."""
    return f"{_UNNAMED}{key}"


def named(parts: Iterable[OutboxPart]) -> tuple[OutboxPart, ...]:
    """The parts whose place at the network is known."""
    return tuple(part for part in parts if part.remote_id and not part.remote_id.startswith(_UNNAMED))


class FrozenPart(Record, frozen=True):
    """One part as it enters the outbox: its final text, its key, and the channel's frozen call."""

    text: str
    key: str
    payload: bytes


def add_parts(session: Session, entry_id: int, parts: Sequence[FrozenPart]) -> None:
    """Freeze the parts of an entry that has none."""
    session.run_many(
        "INSERT INTO outbox_part (outbox_id, number, text, key, payload) VALUES (?, ?, ?, ?, ?)",
        [(entry_id, index, part.text, part.key, part.payload) for index, part in enumerate(parts, start=1)],
    )


def parts_of(session: Session, entry_id: int) -> tuple[OutboxPart, ...]:
    """The parts of an entry, in their order."""
    rows = session.all(
        "SELECT number, text, key, remote_id, sent_at FROM outbox_part WHERE outbox_id = :id ORDER BY number",
        {"id": entry_id},
    )
    return tuple(OutboxPart(row[0], row[1], row[2], row[3], from_ms_or_none(row[4])) for row in rows)


def set_payload(session: Session, entry_id: int, number: int, payload: bytes) -> None:
    """Freeze the call of a later part, now that the part before it has its id."""
    session.run(
        "UPDATE outbox_part SET payload = :payload WHERE outbox_id = :id AND number = :number AND remote_id = ''",
        {"payload": payload, "id": entry_id, "number": number},
    )


def refreeze(session: Session, entry_id: int, number: int, key: str, payload: bytes) -> None:
    """Give a part that is certainly not at the network a new key, and the call that goes with it."""
    session.run(
        """
        UPDATE outbox_part SET key = :key, payload = :payload
        WHERE outbox_id = :id AND number = :number AND remote_id = ''
        """,
        {"key": key, "payload": payload, "id": entry_id, "number": number},
    )


def part_sent(session: Session, entry_id: int, number: int, remote_id: str, at: datetime) -> None:
    """A part stands at the network."""
    session.run(
        "UPDATE outbox_part SET remote_id = :remote, sent_at = :at WHERE outbox_id = :id AND number = :number",
        {"remote": remote_id, "at": to_ms(at), "id": entry_id, "number": number},
    )


def payload(session: Session, entry_id: int, number: int) -> bytes:
    """The channel's frozen call of one part."""
    row = session.one(
        "SELECT payload FROM outbox_part WHERE outbox_id = :id AND number = :number",
        {"id": entry_id, "number": number},
    )
    return bytes(row[0]) if row else b""


def stands_as(session: Session, remote_id: str, account: str) -> tuple[int, int] | None:
    """Which part of an account's outbox stands at the network under this id: (entry id, part number)."""
    row = session.one(
        """
        SELECT outbox_part.outbox_id, outbox_part.number
        FROM outbox_part JOIN outbox ON outbox.id = outbox_part.outbox_id JOIN account ON account.id = outbox.account_id
        WHERE outbox_part.remote_id = :remote AND account.name = :account
        """,
        {"remote": remote_id, "account": account},
    )
    return None if row is None else (int(row[0]), int(row[1]))


def authors(session: Session, account: int, keys: Mapping[str, str]) -> dict[str, str]:
    """Who wrote which of our posts, by remote id, for those that went through this outbox.

    keys: the remote id of each, and the key that it was sent under, or "" where the network does not tell.
    """
    rows = session.all(
        """
        SELECT outbox_part.key, outbox_part.remote_id, outbox.agent
        FROM outbox_part JOIN outbox ON outbox.id = outbox_part.outbox_id
        WHERE outbox_part.key IN (SELECT value FROM json_each(:keys))
        UNION ALL
        SELECT '', outbox_part.remote_id, outbox.agent
        FROM outbox_part JOIN outbox ON outbox.id = outbox_part.outbox_id
        WHERE outbox_part.remote_id IN (SELECT value FROM json_each(:ids)) AND outbox_part.remote_id <> ''
          AND outbox.account_id = :account
        """,
        {
            "account": account,
            "keys": msgspec.json.encode([key for key in keys.values() if key]).decode(),
            "ids": msgspec.json.encode(list(keys)).decode(),
        },
    )
    by_key = {key: agent for key, _, agent in rows if key}
    by_id = {remote_id: agent for _, remote_id, agent in rows}
    found = {remote_id: by_key.get(key) or by_id.get(remote_id) for remote_id, key in keys.items()}
    return {remote_id: agent for remote_id, agent in found.items() if agent}
