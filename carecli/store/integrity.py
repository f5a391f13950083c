"""Whether a database holds together: its pages, its references, its search index, and what the desk relies on.

Reads only. Not for: mending, or what is around the file (`desk.doctor`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from carecli.errors import NotFound
from carecli.model import Record
from carecli.store.sqlite import DESK, Schema, connect, explained, require_desk, undo
from carecli.store.sqlite_errors import is_busy, is_damage

_SHOWN = 5


class Inspection(Record, frozen=True):
    """One thing that was looked at, and what was found, as a sentence."""

    name: str
    sound: bool
    sentence: str


class Invariant(NamedTuple):
    """What the desk relies on. `broken` selects the ids of what is not so; `quick`: it costs little on a big desk."""

    name: str
    holds: str
    fails: str
    broken: str
    quick: bool = True


INVARIANTS = (
    Invariant(
        "waits",
        "Each open wait has a conversation that needs a reply.",
        "Open waits without a conversation that needs a reply",
        """
        SELECT wait.id FROM wait LEFT JOIN conversation ON conversation.id = wait.conversation_id
        WHERE wait.closed_at IS NULL AND conversation.state IS NOT 'needs_reply'
        """,
    ),
    Invariant(
        "conversations",
        "Each conversation that needs a reply has an open wait.",
        "Conversations that need a reply and have no open wait",
        """
        SELECT id FROM conversation
        WHERE state = 'needs_reply'
          AND id NOT IN (SELECT conversation_id FROM wait WHERE closed_at IS NULL)
        """,
    ),
    Invariant(
        "messages",
        "Each message is stored once.",
        "Messages that are stored more than once",
        """
        SELECT max(id) FROM message NOT INDEXED GROUP BY account_id, remote_id HAVING count(*) > 1
        """,
        quick=False,
    ),
    Invariant(
        "threads",
        "Each message of a conversation stands in its thread.",
        "Messages that do not stand in the thread of their conversation",
        """
        SELECT message.id FROM message LEFT JOIN conversation ON conversation.id = message.conversation_id
        WHERE message.conversation_id IS NOT NULL AND message.thread_id IS NOT conversation.thread_id
        """,
        quick=False,
    ),
    Invariant(
        "outbox",
        "Each reply on its way or sent has its parts, in order, none of them empty.",
        "Outbox entries whose parts are incomplete or out of order",
        """
        SELECT outbox.id FROM outbox LEFT JOIN outbox_part AS part ON part.outbox_id = outbox.id
        GROUP BY outbox.id
        HAVING count(part.number) = 0 OR min(part.number) <> 1 OR max(part.number) <> count(part.number)
            OR min(length(part.payload)) = 0
        """,
    ),
    Invariant(
        "order",
        "Parts were sent one after another.",
        "Outbox entries of which a later part was sent before an earlier one",
        """
        SELECT DISTINCT part.outbox_id FROM outbox_part AS part
        JOIN outbox_part AS earlier ON earlier.outbox_id = part.outbox_id AND earlier.number < part.number
        WHERE part.remote_id <> '' AND earlier.remote_id = ''
        """,
    ),
    Invariant(
        "sent",
        "Each part of a sent reply has the network's id.",
        "Outbox entries that are sent and lack a network's id",
        """
        SELECT DISTINCT outbox.id FROM outbox JOIN outbox_part AS part ON part.outbox_id = outbox.id
        WHERE outbox.state = 'sent' AND (part.remote_id = '' OR part.sent_at IS NULL)
        """,
    ),
    Invariant(
        "drafts",
        "Each draft belongs to a conversation.",
        "Drafts whose conversation is gone, by its id",
        "SELECT conversation_id FROM draft WHERE conversation_id NOT IN (SELECT id FROM conversation)",
    ),
)

_NOT_FOUND_BY_SEARCH = """
SELECT id FROM message WHERE deleted_at IS NULL AND id NOT IN (SELECT id FROM message_search_docsize)
"""


def inspect(path: Path, *, quick: bool = False, schema: Schema = DESK) -> tuple[Inspection, ...]:
    """Look at the database at `path`, while others work on it; `quick`: only what costs little on a big desk.

    Raises `NotFound` where there is none, `StoreError` where it cannot be read at all.
    """
    if not path.exists():
        raise NotFound(f"There is no database {path} yet.", "It is made when the desk is first opened.")
    with explained(path):
        connection = connect(path)
        try:
            return tuple(inspections(connection, path, schema, quick=quick))
        finally:
            connection.close()


def is_current(path: Path, *, schema: Schema = DESK) -> bool:
    """Whether a database stands at `path` that is of this version, so that opening it changes nothing."""
    if not path.exists():
        return False
    with explained(path):
        connection = connect(path)
        try:
            return require_desk(connection, path, schema) == schema.version
        finally:
            connection.close()


def damage(connection: sqlite3.Connection, *, quick: bool) -> str:
    """What SQLite itself finds wrong with the pages and indexes of a database; "" where nothing is."""
    try:
        rows = connection.execute(f"PRAGMA {'quick_check' if quick else 'integrity_check'}({_SHOWN})").fetchall()
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return str(error)
    found = [str(row[0]).replace("*** in database main ***\n", "") for row in rows]
    return "" if found == ["ok"] else "; ".join(found)


def inspections(connection: sqlite3.Connection, path: Path, schema: Schema, *, quick: bool) -> Iterator[Inspection]:
    """As `inspect`, through a connection. Raises `StoreError`, `sqlite3.Error`."""
    version = require_desk(connection, path, schema)
    wrong = damage(connection, quick=quick)
    yield Inspection("pages", not wrong, f"Damaged: {wrong}." if wrong else "Its pages and indexes are sound.")
    if wrong:
        # What else is read from such a file may be anything.
        return
    if version < schema.version:
        sentence = f"Schema {version}: it is upgraded to {schema.version} when a desk next opens it."
        yield Inspection("schema", True, sentence)
        return
    yield Inspection("schema", True, f"Schema {version}, the present one.")
    if not quick:
        yield _references(connection)
        yield _search(connection)
    for invariant in INVARIANTS:
        if invariant.quick or not quick:
            ids = [row[0] for row in connection.execute(invariant.broken)]
            yield Inspection(invariant.name, not ids, _told(invariant.fails, ids) if ids else invariant.holds)


def _references(connection: sqlite3.Connection) -> Inspection:
    rows = connection.execute("PRAGMA foreign_key_check").fetchall()
    tables = sorted({f"{row[0]} to {row[2]}" for row in rows})
    sentence = f"References that lead nowhere: {len(rows)} (from {', '.join(tables)})."
    return Inspection("references", not rows, sentence if rows else "All references lead somewhere.")


def _search(connection: sqlite3.Connection) -> Inspection:
    missing = [row[0] for row in connection.execute(_NOT_FOUND_BY_SEARCH)]
    if missing:
        return Inspection("search", False, _told("Messages that the search does not find", missing))
    try:
        # An insertion by its form, and so it needs the writer's lock; it writes nothing.
        connection.execute("BEGIN IMMEDIATE")
        try:
            connection.execute("INSERT INTO message_search (message_search) VALUES ('integrity-check')")
        finally:
            undo(connection)
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return Inspection("search", False, "The index of the search is damaged.")
        if is_busy(error) or error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY:
            return Inspection("search", True, "The search finds every message; its index could not be locked to look.")
        raise
    return Inspection("search", True, "The search finds every message, and its index is sound.")


def _told(what: str, ids: list[int]) -> str:
    shown = ", ".join(str(one) for one in ids[:_SHOWN])
    return f"{what}: {len(ids)} ({shown}{', …' if len(ids) > _SHOWN else ''})."
