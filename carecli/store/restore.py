"""Putting a backup in the place of the desk's database, so that nothing is lost by it and nothing is posted twice.

The file that was there stays beside the new one. What was on its way when the backup was made may have been sent
since: it becomes `unknown`, and is looked up at the network before it could leave again.
Not for: making backups (`backup`), or looking up (`worker.delivery`).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from carecli.errors import Misuse, NotFound, StoreError
from carecli.model import Record
from carecli.store import accounts, events, leases, outbox
from carecli.store.backup import SIDE_FILES, Contents, contents, copy_database, sync
from carecli.store.integrity import damage, inspect
from carecli.store.migration import free_name, upgrade
from carecli.store.sqlite import DESK, PRAGMAS, Schema, SqliteSession, connect, explained, require_desk
from carecli.store.sqlite_errors import is_busy

# Where SQLite keeps the locks of a file: part of its file format, on the systems that have such locks.
_LOCK_BYTES = (0x40000000, 512)


class Restored(Record, frozen=True):
    """A backup that is the desk now.

    kept: where the file is that was there before, if there was one. unknown: the replies to be looked up at the
    network, by their ids in the outbox. problems: what `integrity.inspect` finds wrong with it.
    """

    path: Path
    kept: Path | None
    contents: Contents
    unknown: tuple[int, ...]
    problems: tuple[str, ...]


def restore(path: Path, backup: Path, *, now: datetime, stamp: str, schema: Schema = DESK) -> Restored:
    """Put `backup` in the place of the database at `path`. Nobody may have that open meanwhile.

    now: the desk's time, for its log. stamp: what the name of the file that was there ends with.
    Raises `NotFound` or `StoreError` where the backup is not there, damaged, or a newer carecli's; `StoreError`
    where somebody has the desk open; `Misuse` where nothing can be written. In all of these the desk is as it was.
    """
    if not backup.exists():
        raise NotFound(f"There is no file {backup}.", "Name a backup that `carecli db backup` has made.")
    if path.exists() and path.samefile(backup):
        raise Misuse(f"{backup} is the desk's database itself.", "Name a backup of it.")
    # Links stay links: what is replaced is the file that they lead to.
    path = Path(os.path.realpath(path))
    ready = free_name(path.with_name(f"{path.name}.restoring"))
    try:
        unknown = _prepare(backup, ready, now, schema)
        found = tuple(one.sentence for one in inspect(ready, schema=schema) if not one.sound)
        with explained(ready):
            copy = connect(ready)
            try:
                inside = contents(copy)
            finally:
                copy.close()
        kept = _swap(ready, path, stamp)
    except OSError as error:
        raise Misuse(f"{path} cannot be replaced: {error.strerror}.", "The desk is as it was.") from None
    finally:
        for side in ("", *SIDE_FILES):
            ready.with_name(ready.name + side).unlink(missing_ok=True)
    return Restored(path, kept, inside, unknown, found)


def _prepare(backup: Path, ready: Path, now: datetime, schema: Schema) -> tuple[int, ...]:
    """Copy the backup to `ready`, check it, and make it a desk's database; what is to be looked up."""
    with explained(backup):
        source = connect(backup)
        try:
            if not require_desk(source, backup, schema):
                raise StoreError(f"{backup} is empty.", "Name a backup that `carecli db backup` has made.")
            copy_database(source, backup, ready)
        finally:
            source.close()
    with explained(ready):
        copy = connect(ready)
        try:
            wrong = damage(copy, quick=False)
            if wrong:
                raise StoreError(f"The backup {backup} is damaged: {wrong}.", "The desk is as it was; use another.")
            for pragma in PRAGMAS:
                copy.execute(f"PRAGMA {pragma}")
            upgrade(copy, ready, schema, keep=False)
            return _distrust(copy, now)
        finally:
            copy.close()


def _distrust(connection: sqlite3.Connection, now: datetime) -> tuple[int, ...]:
    """Whatever may have happened since the backup was made is no longer taken for granted."""
    session = SqliteSession(connection)
    connection.execute("BEGIN IMMEDIATE")
    moved = outbox.distrust(session)
    for entry in moved:
        facts: dict[str, events.Fact] = {"entry": entry.id, "reason": outbox.RESTORED}
        account = accounts.account_id(session, entry.account)
        events.record(session, now, "unknown", account, entry.conversation_id, entry.agent, facts)
    leases.drop_all(session)
    events.record(session, now, "restored", None, None, "", {"unknown": len(moved)})
    connection.execute("COMMIT")
    return tuple(entry.id for entry in moved)


def _swap(ready: Path, path: Path, stamp: str) -> Path | None:
    """Give `ready` the name `path`, and what stood there another one; at no moment does nothing stand there."""
    sync(ready)
    if not path.exists():
        _move_side_files(path, free_name(path.with_name(f"{path.name}.before-restore-{stamp}")))
        ready.rename(path)
        sync(path.parent)
        return None
    kept = free_name(path.with_name(f"{path.name}.before-restore-{stamp}"))
    with _alone(path):
        try:
            kept.hardlink_to(path)
        except OSError:
            # A file system without links.
            path.rename(kept)
        _move_side_files(path, kept)
        ready.replace(path)
        sync(path.parent)
    return kept


def _move_side_files(path: Path, kept: Path) -> None:
    """A log that stayed behind belongs to the file before it, and must never be read into another."""
    for side in SIDE_FILES:
        file = path.with_name(path.name + side)
        if file.exists():
            file.rename(kept.with_name(kept.name + side))


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """While nobody else can open the database. Raises `StoreError` where somebody has it open, or a lease."""
    connection = connect(path)
    try:
        damaged = False
        try:
            _take_all_locks(connection)
            holders = leases.held(SqliteSession(connection))
            # Its log becomes part of the file, which so is whole by itself.
            connection.execute("COMMIT")
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if is_busy(error):
                raise _open_somewhere(path) from None
            # There may be nothing left of it that could be locked.
            damaged, holders = True, ()
        if holders:
            raise StoreError(
                f"A desk or worker is at work on {path}.",
                "Close it; one that was killed is forgotten after half a minute.",
            )
        if not damaged:
            yield
            return
    finally:
        connection.close()
    with _file_locked(path):
        yield


def _take_all_locks(connection: sqlite3.Connection) -> None:
    # In this mode the file itself is locked: also against those who have it open and do nothing.
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()


@contextmanager
def _file_locked(path: Path) -> Iterator[None]:
    """While SQLite's own locks on a file that it cannot read any more are ours."""
    try:
        import fcntl
    except ImportError:
        # Windows: a file that is open cannot be replaced there.
        yield
        return
    with path.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _LOCK_BYTES[1], _LOCK_BYTES[0])
        except OSError:
            raise _open_somewhere(path) from None
        yield


def _open_somewhere(path: Path) -> StoreError:
    return StoreError(f"{path} is in use.", "Close every desk, worker and `carecli watch`, then restore again.")
