"""Migrations: numbered scripts that lead a database of an earlier version to the present one, all of them or none.

Before the first step a copy is made beside the file. Not for: what the tables mean (the scripts say it themselves).
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from carecli.errors import StoreError
from carecli.store.sqlite import APPLICATION_ID, Schema, connect, version_of

# What a script itself can get wrong; all else is the disk's, or somebody else's.
_OF_THE_SCRIPT = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH)


def upgrade(connection: sqlite3.Connection, path: Path, schema: Schema, *, keep: bool = True) -> None:
    """Bring the database at `path` to `schema`; `keep`: with a copy of it beside, as `desk.db.before-VERSION`.

    Raises `StoreError` where a script fails, and `sqlite3.Error`; then the file is as it was, and no copy stays.
    """
    connection.execute("BEGIN IMMEDIATE")
    copy: Path | None = None
    try:
        # Somebody else may have done it while this one waited for the lock.
        version = version_of(connection)
        if keep and 0 < version < schema.version:
            copy = _keep(path, schema.version)
        for number in range(version + 1, schema.version + 1):
            _step(connection, path, schema, number)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if copy is not None:
            copy.unlink(missing_ok=True)
        raise


def _step(connection: sqlite3.Connection, path: Path, schema: Schema, number: int) -> None:
    try:
        for script in sorted(schema.folder.glob(f"{number:04d}_*.sql")):
            for statement in statements(script.read_text("utf-8")):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF not in _OF_THE_SCRIPT:
            raise
        raise StoreError(
            f"{path} cannot be upgraded to schema {number}: {str(error).rstrip('.')}.",
            "It was left as it was: go on with the carecli that you had before, and report this.",
        ) from error


def _keep(path: Path, version: int) -> Path:
    """Copy the database aside, as it is before an upgrade to `version`, under a name that is free; the copy's path."""
    from carecli.store.backup import copy_database

    copy = free_name(path.with_name(f"{path.name}.before-{version}"))
    # By a connection of its own: the one that holds the lock is about to write.
    source = connect(path)
    try:
        copy_database(source, path, copy)
    finally:
        source.close()
    return copy


def free_name(path: Path) -> Path:
    """`path`, or where something stands there the same with `-2`, `-3` and so on."""
    number, name = 1, path
    while name.exists() or name.is_symlink():
        number += 1
        name = path.with_name(f"{path.name}-{number}")
    return name


def statements(script: str) -> list[str]:
    """The statements of a script, apart, so that they run inside one transaction."""
    found: list[str] = []
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            found.append(statement.strip())
            statement = ""
    # What is left is a comment, or a mistake that is told when it is run.
    return [*found, statement.strip()] if statement.strip() else found
