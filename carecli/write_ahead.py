"""The write-ahead log of a file of SQLite's: with it, those who read and the one who writes do not wait for each other.

Not for: what the files hold, or what else is set on a connection (`store.sqlite`, `channels.sandbox.network`).
"""

from __future__ import annotations

import sqlite3


def write_ahead(connection: sqlite3.Connection) -> None:
    """Let the file have a log; where another is writing to it without one, or just making it, wait as for any lock.

    SQLite does not: of two processes that open a new file in the same moment, one would be told that it is locked, at
    once, whatever the connection's timeout (https://www.sqlite.org/c3ref/busy_handler.html). Raises `sqlite3.Error`.
    """
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        # For this lock it does wait, and for all that could be in the way.
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("ROLLBACK")
