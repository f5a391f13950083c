"""Putting a backup in the place of the desk's database, so that nothing is lost by it and nothing is posted twice.

The file that was there stays beside the new one. What was on its way when the backup was made may have been sent
since: it becomes `unknown`, and is looked up at the network before it could leave again.
Not for: making backups (`backup`), or looking up (`worker.delivery`).
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from carecli.errors import Misuse, NotFound, StoreError
from carecli.model import Record
from carecli.store import accounts, events, leases, outbox
from carecli.store.backup import SIDE_FILES, Contents, contents, copy_database, sync
from carecli.store.integrity import inspections
from carecli.store.migration import free_name, upgrade
from carecli.store.sqlite import DESK, DURABLE, PRAGMAS, Schema, SqliteSession, connect, explained, require_desk
from carecli.store.sqlite_errors import is_busy
from carecli.write_ahead import write_ahead

_PATIENCE_MS = 1000
# Where SQLite locks a file, on systems that lock bytes: fixed, for all versions must respect each other's locks.
_LOCK_START, _LOCK_LENGTH = 0x40000000, 512


class Restored(Record, frozen=True):
    """A backup that is the desk now.

    kept: where the file is that was there before, if there was one. unknown: the replies to be looked up at the
    network, by their ids in the outbox. problems: what `integrity` finds wrong with it, though it can be worked with.
    """

    path: Path
    kept: Path | None
    contents: Contents
    unknown: tuple[int, ...]
    problems: tuple[str, ...]


def restore(
    path: Path,
    backup: Path,
    *,
    now: datetime,
    stamp: str,
    gone: Callable[[str], bool] = lambda _: False,
    schema: Schema = DESK,
) -> Restored:
    """Put `backup` in the place of the database at `path`. Nobody may have that open meanwhile.

    now: the desk's time, for its log. stamp: what the name of the file that was there ends with. gone: whether the
    process of a lease's holder has certainly ended.
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
    kept = free_name(path.with_name(f"{path.name}.before-restore-{stamp}"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with explained(path), _alone(path, gone) as there:
            inside, unknown, problems = _prepare(backup, ready, now, schema)
            _swap(ready, path, kept)
    except OSError as error:
        raise Misuse(f"{path} cannot be replaced: {error.strerror}.", "The desk is as it was.") from None
    finally:
        for side in ("", *SIDE_FILES):
            ready.with_name(ready.name + side).unlink(missing_ok=True)
    return Restored(path, kept if there else None, inside, unknown, problems)


def _prepare(
    backup: Path, ready: Path, now: datetime, schema: Schema
) -> tuple[Contents, tuple[int, ...], tuple[str, ...]]:
    """Copy the backup to `ready`, and make it a database that a desk can go on with."""
    with explained(backup):
        source = connect(backup)
        try:
            if not require_desk(source, backup, schema):
                raise StoreError(f"{backup} is empty.", "Name a backup that `carecli db backup` has made.")
            copy_database(source, backup, ready, thorough=True)
        finally:
            source.close()
    with explained(ready):
        copy = connect(ready)
        try:
            write_ahead(copy)
            for pragma in (*PRAGMAS, DURABLE):
                copy.execute(f"PRAGMA {pragma}")
            upgrade(copy, ready, schema, keep=False)
            unknown = _distrust(copy, now)
            found = inspections(copy, ready, schema, quick=False)
            return contents(copy), unknown, tuple(one.sentence for one in found if not one.sound)
        finally:
            copy.close()


def _distrust(connection: sqlite3.Connection, now: datetime) -> tuple[int, ...]:
    """Whatever may have happened since the backup was made is no longer taken for granted."""
    session = SqliteSession(connection)
    connection.execute("BEGIN IMMEDIATE")
    moved = outbox.distrust(session)
    events.record(session, now, "restored", None, None, "", {"unknown": len(moved)})
    for entry in moved:
        facts: dict[str, events.Fact] = {"entry": entry.id, "reason": outbox.RESTORED}
        account = accounts.account_id(session, entry.account)
        events.record(session, now, "unknown", account, entry.conversation_id, entry.agent, facts)
    leases.drop_all(session)
    connection.execute("COMMIT")
    return tuple(entry.id for entry in moved)


def _swap(ready: Path, path: Path, kept: Path) -> None:
    """Give `ready` the name `path`, and what stood there the name `kept`; at no moment does nothing stand there."""
    if path.exists():
        _make_like(ready, path)
        try:
            kept.hardlink_to(path)
        except OSError:
            # A file system without links.
            path.rename(kept)
    for side in SIDE_FILES:
        # A log that stayed behind belongs to the file before it, and must never be read into another.
        file = path.with_name(path.name + side)
        if file.exists():
            file.rename(kept.with_name(kept.name + side))
    sync(ready)
    ready.replace(path)
    sync(path.parent)


def _make_like(ready: Path, path: Path) -> None:
    """Let those who could open the file that was there open the new one."""
    there = path.stat()
    ready.chmod(stat.S_IMODE(there.st_mode))
    if (there.st_uid, there.st_gid) != (ready.stat().st_uid, ready.stat().st_gid):
        os.chown(ready, there.st_uid, there.st_gid)


@contextmanager
def _alone(path: Path, gone: Callable[[str], bool]) -> Iterator[bool]:
    """While nobody else can open the database; whether there is one. Raises `StoreError` where somebody works on it."""
    if not path.exists():
        yield False
        return
    connection = connect(path)
    try:
        if _locked(connection, path, gone):
            yield True
            return
    finally:
        connection.close()
    with _file_locked(path):
        yield True


def _locked(connection: sqlite3.Connection, path: Path, gone: Callable[[str], bool]) -> bool:
    """Lock the database for ourselves, as a single file; False where it is too damaged for that."""
    try:
        connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
        # In this mode the file itself is locked: also against those who have it open and do nothing.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        held = leases.held(SqliteSession(connection), gone)
        connection.execute("COMMIT")
        if not held:
            # As a single file, which has no log beside it, it is locked for as long as a transaction lasts.
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA locking_mode = NORMAL")
            connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
            connection.execute("BEGIN EXCLUSIVE")
            if connection.execute("PRAGMA journal_mode").fetchone() != ("delete",):
                raise _in_use(path)
    except sqlite3.Error as error:
        if is_busy(error):
            raise _in_use(path) from None
        return False
    if held:
        raise StoreError(
            f"A desk or worker is at work on {path} ({', '.join(held)}).",
            "Close it, then restore again. One that was killed on another machine is forgotten after half a minute.",
        )
    return True


@contextmanager
def _file_locked(path: Path) -> Iterator[None]:
    """While SQLite's locks on a file that it cannot read any more are ours."""
    try:
        import fcntl
    except ImportError:
        # Windows: there a file that is open cannot be replaced.
        yield
        return
    with path.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _LOCK_LENGTH, _LOCK_START)
        except OSError:
            raise _in_use(path) from None
        yield


def _in_use(path: Path) -> StoreError:
    return StoreError(f"{path} is in use.", "Close every desk, worker and `carecli watch`, then restore again.")
