"""The SQLite driver: connections, transactions, and the file that they belong to.

With the modules beside it that are named for SQLite's own business (`migration`, `sqlite_errors`, `integrity`,
`backup`, `restore`) the only place that knows which engine it is.
Not for: SQL of the desk (that is in the aggregates).
"""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from carecli.errors import StoreError
from carecli.store.session import Parameters, Row
from carecli.write_ahead import write_ahead

SCHEMA_VERSION = 5
# "care": tells a desk's file from any other that SQLite can read.
APPLICATION_ID = 0x63617265

# FULL: a reply that was accepted survives a power cut, not only a kill.
DURABLE, IN_HASTE = "synchronous = FULL", "synchronous = NORMAL"
# References are right by construction. A quarter of a MiB of pages for each connection, in place of two: a commit by
# another empties it, and the system keeps the file in memory anyway.
PRAGMAS = ("foreign_keys = OFF", "temp_store = MEMORY", "cache_size = -256")
_BUSY_SECONDS = 5.0
_IDLE_CONNECTIONS = 4
_TRIES = 3
# Characters of a list of numbers.
_DECODED_AT_ONCE = 32_768
_NOTHING: dict[str, object] = {}
# In one look: somebody else may be making the desk just now.
_MADE_BY = """SELECT user_version, application_id, EXISTS (SELECT 1 FROM sqlite_schema)
    FROM pragma_user_version, pragma_application_id"""


class Schema(NamedTuple):
    """A version of the schema, and the folder of numbered scripts that lead to it."""

    version: int
    folder: Path


DESK = Schema(SCHEMA_VERSION, Path(__file__).parent / "migrations")


class SqliteSession:
    """A transaction on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self, sql: str, parameters: Parameters = _NOTHING) -> list[Row]:
        return self._connection.execute(sql, parameters).fetchall()

    def one(self, sql: str, parameters: Parameters = _NOTHING) -> Row | None:
        row: Row | None = self._connection.execute(sql, parameters).fetchone()
        return row

    def numbers(self, sql: str, parameters: Parameters = _NOTHING) -> array[int]:
        # All in one row: a third of the time of a row each, and the interpreter's lock is free meanwhile.
        (listed,) = self._connection.execute(
            f"WITH found (number) AS ({sql}) SELECT coalesce(group_concat(number), '') FROM found", parameters
        ).fetchone()
        return _numbers_of(listed)

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


def _numbers_of(listed: str) -> array[int]:
    """The numbers between the commas, some thousands at a time: as objects, 100,000 of them take 4 MiB."""
    numbers = array("q")
    at = 0
    while at < len(listed):
        end = listed.find(",", at + _DECODED_AT_ONCE)
        end = len(listed) if end < 0 else end
        numbers.extend(msgspec.json.decode(f"[{listed[at:end]}]", type=list[int]))
        at = end + 1
    return numbers


class _Connected(NamedTuple):
    """A connection, its file, the inode of that file's write-ahead log (0: it has none), and when it was made."""

    connection: sqlite3.Connection
    file: tuple[int, int]
    log: int
    generation: int


class SqliteDatabase:
    """A desk in one file. `open_database` makes it.

    A connection is lent for a transaction and not kept by a thread, so that threads may come and go. Once open, it
    holds to its file: whatever stands under the same name later is not written to.
    """

    def __init__(self, path: Path, schema: Schema = DESK) -> None:
        self.path = path
        self._schema = schema
        # SQLite follows a link, and has its log beside the file itself.
        self._log = Path(os.path.realpath(path) + "-wal")
        self._file: tuple[int, int] | None = None
        # Guards the three below, for microseconds; `_writer` is held for a whole transaction.
        self._guard = threading.Lock()
        self._idle: list[_Connected] = []
        self._generation = 0
        self._writer = threading.Lock()
        self._watching = threading.Lock()
        self._watch: _Connected | None = None
        self._seen: int | None = None
        self._changes = 0

    @contextmanager
    def read(self) -> Iterator[SqliteSession]:
        with explained(self.path), self._lent() as lent:
            self._begin(lent, "BEGIN")
            try:
                yield SqliteSession(lent.connection)
            finally:
                undo(lent.connection)

    @contextmanager
    def write(self, *, durable: bool = True, shown: bool = True) -> Iterator[SqliteSession]:
        # Threads of one process wait for each other here, where the next one goes on at once: SQLite would have
        # them look again and again.
        with self.at_rest(), explained(self.path), self._lent() as lent, _in_haste(lent.connection, durable=durable):
            self._begin(lent, "BEGIN IMMEDIATE")
            try:
                with nullcontext() if shown else self._overlooked(lent):
                    yield SqliteSession(lent.connection)
                    lent.connection.execute("COMMIT")
            except BaseException:
                undo(lent.connection)
                raise

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        if not self._writer.acquire(timeout=_BUSY_SECONDS):
            from carecli.store.sqlite_errors import locked

            raise locked(self.path)
        try:
            yield
        finally:
            self._writer.release()

    def change_number(self) -> int:
        with explained(self.path), self._watching:
            # SQLite counts for each connection by itself, and leaves out what that one wrote: so one that never writes.
            if self._watch is None:
                self._watch, self._seen = self._connect(), None
            self._require_in_place(self._watch)
            number = _data_version(self._watch.connection)
            if number != self._seen:
                self._seen = number
                self._changes += 1
            return self._changes

    @contextmanager
    def _overlooked(self, lent: _Connected) -> Iterator[None]:
        """Leave the commit that `lent` makes in here out of the changes; begun when nobody else can commit."""
        others = _data_version(lent.connection)
        if self._watch is not None:
            # What was committed before counts.
            self.change_number()
        yield
        with self._watching:
            if self._watch is not None:
                number = _data_version(self._watch.connection)
                # Looked at last: what others have committed in between counts, too.
                if _data_version(lent.connection) == others:
                    self._seen = number

    def close(self) -> None:
        """Close every connection, those that are lent as soon as they come back. A later use opens the file anew."""
        with self._watching, self._guard:
            self._generation += 1
            self._file = None
            closing = [*self._idle, *([self._watch] if self._watch else [])]
            self._idle.clear()
            self._watch = None
            for connected in closing:
                connected.connection.close()

    # ── connections ───────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def _lent(self) -> Iterator[_Connected]:
        with self._guard:
            lent = self._idle.pop() if self._idle else None
        lent = lent or self._connect()
        try:
            yield lent
        finally:
            self._take_back(lent)

    def _take_back(self, lent: _Connected) -> None:
        with self._guard:
            # One that failed goes on: on a full disk a new one could not even read.
            usable = lent.generation == self._generation and not lent.connection.in_transaction
            if usable and len(self._idle) < _IDLE_CONNECTIONS:
                self._idle.append(lent)
                return
        lent.connection.close()

    def _connect(self) -> _Connected:
        """A new connection. The first one decides which file is meant; the later ones hold to it."""
        generation = self._generation
        for _ in range(_TRIES):
            file = file_identity(self.path)
            if self._file not in (None, file):
                # Not even looked into: the log beside it is that of the file which was there before.
                raise _replaced(self.path)
            connection = connect(self.path)
            try:
                version = require_desk(connection, self.path, self._schema)
                outdated = version < self._schema.version
                if outdated and self._file is not None:
                    from carecli.store.sqlite_errors import damaged

                    # It was of this version a moment ago, and has been emptied or overwritten.
                    raise damaged(self.path)
                for pragma in (*PRAGMAS, DURABLE):
                    connection.execute(f"PRAGMA {pragma}")
                write_ahead(connection)
                if outdated:
                    from carecli.store.migration import upgrade

                    upgrade(connection, self.path, self._schema)
                # Something is read, so that the log is there from now on for as long as the connection is.
                connection.execute("PRAGMA user_version")
                # A restore may have come between: then this is a connection to the file before it.
                if file_identity(self.path) == file:
                    self._file = file
                    return _Connected(connection, file, self._log_inode(), generation)
            except BaseException:
                connection.close()
                raise
            connection.close()
        raise _replaced(self.path)

    def _begin(self, lent: _Connected, how: str) -> None:
        lent.connection.execute(how)
        try:
            self._require_in_place(lent)
        except BaseException:
            undo(lent.connection)
            raise

    def _require_in_place(self, connected: _Connected) -> None:
        """Raise `StoreError` where others no longer find what is written through this connection."""
        if file_identity(self.path) != connected.file:
            self._set_log_aside(connected)
            raise _replaced(self.path)
        if connected.log and self._log_inode() != connected.log:
            raise StoreError(
                f"{self._log} was removed while the desk was open.",
                "Close every desk now: the last one writes back what it held. Then run `carecli db check`.",
            )

    def _set_log_aside(self, connected: _Connected) -> None:
        """Keep the log of a file that was replaced from being read into the one that stands there now."""
        from carecli.store.migration import free_name

        if connected.log and self._log_inode() == connected.log:
            for side in ("-wal", "-shm"):
                file = self._log.with_name(self._log.name.removesuffix("-wal") + side)
                with suppress(OSError):
                    file.rename(free_name(file.with_name(f"{file.name}.stray")))

    def _log_inode(self) -> int:
        try:
            return self._log.stat().st_ino
        except OSError:
            return 0


@contextmanager
def _in_haste(connection: sqlite3.Connection, *, durable: bool) -> Iterator[None]:
    """Let a commit that need not be durable leave the disk to the system: in the log, order is kept all the same."""
    if durable:
        yield
        return
    connection.execute(f"PRAGMA {IN_HASTE}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA {DURABLE}")


def open_database(path: Path, schema: Schema = DESK) -> SqliteDatabase:
    """Open the desk at `path`, making or upgrading it as needed. Raises `StoreError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            # It will hold private messages: only its owner reads it, and SQLite's files beside it follow.
            path.touch(mode=0o600)
    except OSError as error:
        raise StoreError(
            f"The database {path} cannot be made: {error.strerror}.", "Choose another `database`."
        ) from None
    database = SqliteDatabase(path, schema)
    with database.read():
        pass
    return database


def connect(path: Path) -> sqlite3.Connection:
    """A connection to a file that is there, with nothing set on it yet. Raises `StoreError`, `sqlite3.Error`."""
    file_identity(path)
    return sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)


def _data_version(connection: sqlite3.Connection) -> int:
    """A number that differs after any commit through another connection, in this process or another."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def version_of(connection: sqlite3.Connection) -> int:
    """The schema's version, 0 for an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def file_identity(path: Path) -> tuple[int, int]:
    """Which file stands at `path`. Raises `StoreError` where there is none, or something else than a file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        raise StoreError(
            f"The database {path} is not there any more.",
            "Put it back, or restore a backup with `carecli db restore FILE`.",
        ) from None
    except OSError as error:
        raise StoreError(
            f"The database {path} cannot be opened: {error.strerror}.", "Check that its folder exists and is yours."
        ) from None
    if not stat.S_ISREG(found.st_mode):
        raise StoreError(f"{path} is not a file, so it cannot be opened as a database.", "Choose another `database`.")
    return found.st_dev, found.st_ino


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the engine's errors into a `StoreError` with a sentence and a remedy."""
    try:
        yield
    except sqlite3.Error as error:
        from carecli.store.sqlite_errors import explain

        raise explain(error, path) from error


def newer(path: Path, version: int, known: int) -> StoreError:
    """The file was written by a later version of carecli."""
    return StoreError(
        f"{path} was written by a newer carecli (schema {version}; this one knows {known}).",
        "Upgrade carecli; the file was left as it is.",
    )


def require_desk(connection: sqlite3.Connection, path: Path, schema: Schema) -> int:
    """The file's schema version, where it is a desk's, or still empty. Raises `StoreError`."""
    version, application, used = connection.execute(_MADE_BY).fetchone()
    if version > schema.version:
        raise newer(path, version, schema.version)
    if application == APPLICATION_ID or (not application and version):
        return int(version)
    if application or used:
        raise StoreError(f"{path} is a database of some other program.", "Choose another `database`.")
    return int(version)


def _replaced(path: Path) -> StoreError:
    return StoreError(
        f"Another file stands at {path} since this desk was opened.", "Close this desk and open it again."
    )


def undo(connection: sqlite3.Connection) -> None:
    """End a transaction without it having happened."""
    # After some failures SQLite has undone the transaction by itself.
    if connection.in_transaction:
        connection.execute("ROLLBACK")
