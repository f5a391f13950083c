"""What the engine's errors mean in a person's words: each becomes a `StoreError` with a sentence and a remedy.

Imported when something has failed, and not before. Not for: noticing that something is wrong (`sqlite`).
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from carecli.errors import StoreError

_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_DAMAGED_READING = (sqlite3.SQLITE_IOERR_SHORT_READ,)
_NOT_TAKEN = (sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_TRUNCATE)


def explain(error: sqlite3.Error, path: Path) -> StoreError:
    """The engine's error about the database at `path`."""
    exact = getattr(error, "sqlite_errorcode", 0)
    code = exact & 0xFF
    if code in _BUSY:
        return locked(path)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return StoreError(f"The database {path} is read-only.", "Give yourself write permission on it and its folder.")
    if code == sqlite3.SQLITE_FULL:
        return StoreError(
            f"The disk that holds {path} is full.", "Free some room; nothing that was saved before is lost."
        )
    if is_damage(error):
        return damaged(path)
    if code == sqlite3.SQLITE_CANTOPEN:
        return StoreError(f"The database {path} cannot be opened.", "Check that its folder exists and is yours.")
    if exact in _NOT_TAKEN:
        return StoreError(
            f"The disk does not take what is written to {path}.",
            "It is full, over its quota, or failing; nothing that was saved before is lost.",
        )
    if code == sqlite3.SQLITE_IOERR:
        return StoreError(f"The disk that holds {path} does not answer as it should.", "Look at the disk first.")
    if str(error).startswith("no such "):
        return StoreError(f"{path} lacks what a desk's database holds: {error}.", "Look with `carecli db check`.")
    return StoreError(f"The database {path} failed: {error}.", "Run `carecli doctor`.")


def is_busy(error: sqlite3.Error) -> bool:
    """Whether somebody else holds the lock that was asked for."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _BUSY


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file does not hold what the engine once wrote."""
    exact = getattr(error, "sqlite_errorcode", 0)
    return exact & 0xFF in _DAMAGED or exact in _DAMAGED_READING


def locked(path: Path) -> StoreError:
    """Somebody else has been writing for longer than one waits."""
    return StoreError(
        f"The database {path} is locked by another writer.", "Nothing was changed; try again in a moment."
    )


def damaged(path: Path) -> StoreError:
    """The file is no database, or one that has been damaged."""
    return StoreError(
        f"{path} is damaged, or is not a carecli database.",
        "Restore a backup with `carecli db restore FILE`; it was left as it is.",
    )
