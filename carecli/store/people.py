"""Who writes: identities on a network, and the customers they belong to.

Not for: agents (they stand in the configuration).
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from carecli.model import Author, Record
from carecli.store.session import Row, Session


class Identity(Record, frozen=True):
    """A stored identity. customer_id is None until the person has a conversation."""

    id: int
    author: Author
    customer_id: int | None


def identities(session: Session, account: int, remote_ids: Iterable[str]) -> dict[str, Identity]:
    """The stored identities among `remote_ids`."""
    rows = session.all(
        """
        SELECT identity.id, identity.remote_id, identity.handle, identity.display_name, identity.customer_id
        FROM json_each(:remote_ids) AS wanted CROSS JOIN identity
        WHERE identity.account_id = :account AND identity.remote_id = wanted.value
        """,
        {"account": account, "remote_ids": msgspec.json.encode(list(remote_ids)).decode()},
    )
    return {row[1]: Identity(row[0], Author(row[1], row[2], row[3]), row[4]) for row in rows}


def insert_identities(session: Session, rows: Iterable[Row]) -> None:
    """Store identities: (id, account id, remote id, handle, display name, customer id)."""
    session.run_many(
        """
        INSERT INTO identity (id, account_id, remote_id, handle, display_name, customer_id) VALUES (?, ?, ?, ?, ?, ?)
        """,
        rows,
    )


def rename_identities(session: Session, rows: Iterable[Row]) -> None:
    """Follow a change of name: (handle, display name, id)."""
    session.run_many("UPDATE identity SET handle = ?, display_name = ? WHERE id = ?", rows)


def set_customers(session: Session, rows: Iterable[Row]) -> None:
    """An identity has become a customer's: (customer id, identity id)."""
    session.run_many("UPDATE identity SET customer_id = ? WHERE id = ?", rows)


def insert_customers(session: Session, rows: Iterable[Row]) -> None:
    """Store customers: (id, first seen at)."""
    session.run_many("INSERT INTO customer (id, first_seen_at) VALUES (?, ?)", rows)


def identity(session: Session, identity_id: int) -> Identity:
    """A stored identity, by its id."""
    row = session.one(
        "SELECT id, remote_id, handle, display_name, customer_id FROM identity WHERE id = :id", {"id": identity_id}
    )
    return Identity(row[0], Author(row[1], row[2], row[3]), row[4]) if row else Identity(identity_id, Author(""), None)
