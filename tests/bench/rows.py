"""Any SQLite database as plain rows, and back: the least that storing the same thing can cost.

Not for: knowing what the rows mean.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

_CONTENTLESS = re.compile(r"USING\s+fts5\s*\(.*content\s*=\s*''", re.IGNORECASE | re.DOTALL)


class Table(msgspec.Struct, frozen=True):
    """All rows of one table."""

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def final_rows(database: Path) -> list[Table]:
    """Every table with its rows, full-text indexes included; an engine's own tables and contentless indexes are not.

    A contentless index keeps no texts: whoever made it has to name them again.
    """
    with closing(sqlite3.connect(database)) as connection:
        return [_table(connection, name) for name in _table_names(connection)]


def write_rows(database: Path, tables: Iterable[Table]) -> None:
    """Write the rows into a database that has the tables already, in one transaction of `executemany`."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("BEGIN IMMEDIATE")
        for table in tables:
            places = ", ".join("?" * len(table.columns))
            connection.executemany(
                f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({places})", table.rows
            )
        connection.execute("COMMIT")


def empty_copy(database: Path, copy: Path) -> None:
    """Make `copy` with the tables and indexes of `database` and without its rows and triggers."""
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        (mode,) = source.execute("PRAGMA journal_mode").fetchone()
        target.execute(f"PRAGMA journal_mode = {mode}")
        shadows = _shadow_names(source)
        for name, sql in source.execute("SELECT name, sql FROM sqlite_schema WHERE type IN ('table', 'index')"):
            if sql and name not in shadows and not name.startswith("sqlite_"):
                target.execute(sql)
        target.commit()


def _table_names(connection: sqlite3.Connection) -> list[str]:
    shadows = _shadow_names(connection)
    tables = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")
    return [
        name
        for name, sql in tables
        if name not in shadows and not name.startswith("sqlite_") and not _CONTENTLESS.search(sql)
    ]


def _shadow_names(connection: sqlite3.Connection) -> set[str]:
    return {name for name, kind in connection.execute("SELECT name, type FROM pragma_table_list") if kind == "shadow"}


def _table(connection: sqlite3.Connection, name: str) -> Table:
    found = connection.execute(f"SELECT name FROM pragma_table_xinfo('{name}') WHERE hidden = 0")
    columns = tuple(column for (column,) in found)
    (kind,) = connection.execute("SELECT type FROM pragma_table_list WHERE name = ?", (name,)).fetchone()
    if kind == "virtual":  # A full-text index is found by its row ids.
        columns = ("rowid", *columns)
    return Table(name, columns, connection.execute(f"SELECT {', '.join(columns)} FROM {name}").fetchall())
