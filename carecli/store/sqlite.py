"""The SQLite driver: connections, transactions, migrations, and what its errors mean in a person's words.

One of the two places that know which engine it is. Not for: SQL of the desk (that is in the aggregates).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from carecli.errors import StoreError
from carecli.store.session import Parameters, Row

SCHEMA_VERSION = 1
_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_SECONDS = 5.0
_NOTHING: dict[str, object] = {}


class SqliteSession:
    """A transaction on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self, sql: str, parameters: Parameters = _NOTHING) -> list[Row]:
        return self._connection.execute(sql, parameters).fetchall()

    def one(self, sql: str, parameters: Parameters = _NOTHING) -> Row | None:
        row: Row | None = self._connection.execute(sql, parameters).fetchone()
        return row

    def run(self, sql: str, parameters: Parameters = _NOTHING) -> int:
        return self._connection.execute(sql, parameters).rowcount

    def run_many(self, sql: str, rows: Iterable[Row]) -> None:
        self._connection.executemany(sql, rows)

    def next_id(self, table: str) -> int:
        row = self.one(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")
        return int(row[0]) if row else 1

    def machine_ms(self) -> int:
        row = self.one("SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)")
        return int(row[0]) if row else 0


class SqliteDatabase:
    """A desk in one file. `open_database` makes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._lock = threading.Lock()
        self._connections: list[sqlite3.Connection] = []

    @contextmanager
    def read(self) -> Iterator[SqliteSession]:
        with explained(self.path):
            connection = self.connection()
            connection.execute("BEGIN")
            try:
                yield SqliteSession(connection)
            finally:
                connection.execute("ROLLBACK")

    @contextmanager
    def write(self) -> Iterator[SqliteSession]:
        with explained(self.path):
            connection = self.connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield SqliteSession(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def change_number(self) -> int:
        with explained(self.path):
            row = self.connection().execute("PRAGMA data_version").fetchone()
            return int(row[0])

    def close(self) -> None:
        with self._lock:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
            self._local = threading.local()

    def connection(self) -> sqlite3.Connection:
        """This thread's own connection, for what only this engine can do (backup, integrity)."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = _connect(self.path)
            self._local.connection = connection
            with self._lock:
                self._connections.append(connection)
        return connection


def open_database(path: Path) -> SqliteDatabase:
    """Open the desk at `path`, making or upgrading it as needed. Raises `StoreError`."""
    with explained(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                # It will hold private messages: only its owner reads it, and SQLite's files beside it follow.
                path.touch(mode=0o600)
        except OSError as error:
            raise StoreError(
                f"The database {path} cannot be made: {error.strerror}.", "Choose another `database`."
            ) from None
        database = SqliteDatabase(path)
        try:
            _migrate(database.connection(), path)
        except BaseException:
            database.close()
            raise
    return database


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    # FULL: a reply that was accepted survives a power cut, not only a kill. References are right by construction.
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = OFF", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    version = _version(connection)
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"{path} was written by a newer carecli (schema {version}; this one knows {SCHEMA_VERSION}).",
            "Upgrade carecli; the file was left as it is.",
        )
    if version == SCHEMA_VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number in range(_version(connection) + 1, SCHEMA_VERSION + 1):
            for script in sorted(_MIGRATIONS.glob(f"{number:04d}_*.sql")):
                for statement in statements(script.read_text("utf-8")):
                    connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def statements(script: str) -> list[str]:
    """The statements of a script, apart, so that they run inside one transaction."""
    found: list[str] = []
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            found.append(statement.strip())
            statement = ""
    return found


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the engine's errors into a `StoreError` with a sentence and a remedy."""
    try:
        yield
    except sqlite3.Error as error:
        raise _explain(error, path) from error


def _explain(error: sqlite3.Error, path: Path) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreError(
            f"The database {path} is locked by another process.", "Nothing was changed; try again in a moment."
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return StoreError(f"The database {path} is read-only.", "Give yourself write permission on it and its folder.")
    if code == sqlite3.SQLITE_FULL:
        return StoreError("The disk is full.", "Free some room; nothing that was saved before is lost.")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreError(
            f"{path} is damaged, or is not a carecli database.", "Restore it from a backup; it was left as it is."
        )
    if code == sqlite3.SQLITE_CANTOPEN:
        return StoreError(f"The database {path} cannot be opened.", "Check that its folder exists and is yours.")
    return StoreError(f"The database {path} failed: {error}.", "Run `carecli doctor`.")
