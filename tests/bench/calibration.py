"""The yardsticks measured against themselves: what the ratios are when nothing differs, and so how much they err."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from carecli.model import Item
from tests.bench.rows import Table
from tests.bench.yardsticks import BARE, TRIVIAL, Key, Subject

_SCHEMA = """
CREATE TABLE message (
  id INTEGER PRIMARY KEY, remote_id TEXT NOT NULL UNIQUE,
  author TEXT NOT NULL, text TEXT NOT NULL, language TEXT NOT NULL
);
CREATE INDEX message_author ON message (author, language);
CREATE VIRTUAL TABLE message_search USING fts5 (text);
"""


class Calibration:
    """The bare or the trivial app as the desk, an empty Python as the command, plain inserts as the intake."""

    move = Key("down")
    next = Key("down", (rb"count (\d+)",))

    def __init__(self, *, keys: bool) -> None:
        self._desk = TRIVIAL if keys else BARE

    def desk(self, conversations: int) -> Subject:
        return self._desk

    def queue_command(self) -> tuple[str, ...]:
        return sys.executable, "-c", "pass"

    def create(self, database: Path) -> None:
        with closing(sqlite3.connect(database)) as connection:
            connection.executescript(_SCHEMA)

    def intake(self, database: Path, material: Sequence[Item]) -> None:
        rows = [(n, item.remote_id, item.author.handle, item.text, item.language) for n, item in enumerate(material)]
        with closing(sqlite3.connect(database)) as connection:
            connection.executemany("INSERT INTO message VALUES (?, ?, ?, ?, ?)", rows)
            connection.executemany(
                "INSERT INTO message_search (rowid, text) VALUES (?, ?)", [(row[0], row[3]) for row in rows]
            )
            connection.commit()

    def unreadable(self, database: Path) -> list[Table]:
        return []
