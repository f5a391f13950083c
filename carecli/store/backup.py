"""Copies of a database, made while others work on it: whole, checked, and on the disk before they have their name.

Not for: putting one back (`restore`).
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from carecli.errors import Misuse, NotFound, StoreError
from carecli.model import Record
from carecli.store.integrity import damage
from carecli.store.sqlite import DESK, Schema, connect, explained, require_desk, undo

# 16 MB with SQLite's usual pages: between two steps ^C is heard.
_PAGES_AT_ONCE = 4096
SIDE_FILES = ("-journal", "-wal", "-shm")


class Contents(Record, frozen=True):
    """What is in a database. `pending`: replies that are on their way, or stuck; `version` is the schema's."""

    version: int
    conversations: int
    messages: int
    pending: int


class Backup(Record, frozen=True):
    """A backup that was made; `size` in bytes."""

    path: Path
    size: int
    contents: Contents


def back_up(path: Path, target: Path, *, overwrite: bool = False, schema: Schema = DESK) -> Backup:
    """Copy the database at `path` to `target`, a single file that only its owner reads, while others work on.

    Raises `NotFound` where there is no database, `Misuse` where something stands at `target` that is not to be
    overwritten or nothing can be written there, `StoreError` where the database is damaged or the disk full.
    """
    if not path.exists():
        raise _nothing(path)
    if target.exists() and path.samefile(target):
        raise Misuse(f"{target} is the database itself.", "Name another file for its backup.")
    with explained(path):
        source = connect(path)
        try:
            if not require_desk(source, path, schema):
                raise _nothing(path)
            copy_database(source, path, target, overwrite=overwrite)
        finally:
            source.close()
    with explained(target):
        copy = connect(target)
        try:
            return Backup(target, target.stat().st_size, contents(copy))
        finally:
            copy.close()


def contents(connection: sqlite3.Connection) -> Contents:
    """Count what is in a database, of whichever schema."""
    row = connection.execute(
        """
        SELECT (SELECT user_version FROM pragma_user_version),
               (SELECT count(*) FROM conversation),
               (SELECT count(*) FROM message),
               (SELECT count(*) FROM outbox WHERE state IN ('approval', 'held', 'queued', 'sending', 'unknown'))
        """
    ).fetchone()
    return Contents(*row)


def copy_database(
    source: sqlite3.Connection, path: Path, target: Path, *, overwrite: bool = False, thorough: bool = False
) -> None:
    """Copy what `source`, a connection to the database at `path`, sees at this moment to the file `target`.

    The copy is made beside `target`, checked, brought to the disk, and then given its name, or not at all.
    thorough: compare each index with its table, too.
    Raises `Misuse`, `StoreError`, `sqlite3.Error`.
    """
    import tempfile

    _require_free(target, overwrite)
    try:
        # Made so that only its owner reads it.
        handle, name = tempfile.mkstemp(".part", f".{target.name}.", target.parent)
        os.close(handle)
    except OSError as error:
        raise _not_written(target, error) from None
    part = Path(name)
    try:
        with explained(target):
            found = _copy(source, part, thorough)
        if found:
            raise StoreError(
                f"{path} is damaged: {found}.",
                "No copy was kept. `carecli db check` tells more; restore an earlier backup.",
            )
        _publish(part, target, overwrite)
    except OSError as error:
        raise _not_written(target, error) from None
    finally:
        for side in ("", *SIDE_FILES):
            part.with_name(part.name + side).unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk. Raises `OSError`."""
    if os.name == "nt" and path.is_dir():
        # Windows has no such thing.
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy(source: sqlite3.Connection, part: Path, thorough: bool) -> str:
    """Copy, and say what is damaged in the copy; "" where nothing is."""
    copy = sqlite3.connect(part, isolation_level=None)
    try:
        # The transaction holds one moment fast, however many steps it takes and whoever writes meanwhile.
        source.execute("BEGIN")
        try:
            source.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
            source.backup(copy, pages=_PAGES_AT_ONCE)
        finally:
            undo(source)
        # One file that needs no others beside it, and can be read from where nothing can be written.
        copy.execute("PRAGMA journal_mode = DELETE")
        return damage(copy, quick=not thorough)
    finally:
        copy.close()


def _publish(part: Path, target: Path, overwrite: bool) -> None:
    sync(part)
    if overwrite:
        part.replace(target)
    else:
        try:
            # Unlike a renaming, this fails where somebody else has been quicker.
            target.hardlink_to(part)
        except FileExistsError:
            raise _exists(target) from None
        except OSError:
            # A file system without links.
            _require_free(target, overwrite)
            part.replace(target)
    sync(target.parent)


def _require_free(target: Path, overwrite: bool) -> None:
    if target.is_dir():
        raise Misuse(f"{target} is a folder.", "Name a file in it.")
    if not overwrite and (target.exists() or target.is_symlink()):
        raise _exists(target)
    if target.with_name(f"{target.name}-wal").exists():
        # Its log would be read into the copy.
        raise Misuse(f"{target} is a database that is in use.", "Name another file.")


def _nothing(path: Path) -> NotFound:
    return NotFound(f"There is no desk in {path} yet.", "It is made when the desk is first opened.")


def _exists(target: Path) -> Misuse:
    return Misuse(f"{target} exists.", "Name another file, or replace it with --force.")


def _not_written(target: Path, error: OSError) -> Misuse:
    return Misuse(f"{target} cannot be written: {error.strerror}.", "Name another place.")
