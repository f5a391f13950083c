"""The seam to the database: what the aggregates may ask of a transaction, whichever engine answers.

SQL is text with `:name` parameters that SQLite and PostgreSQL both accept; what differs between the engines
lives in their driver file. Not for: SQL of its own, or rules.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

Parameters = Mapping[str, Any]
Row = tuple[Any, ...]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Session(Protocol):
    """One transaction."""

    def all(self, sql: str, parameters: Parameters = ...) -> list[Row]:
        """Every row."""
        ...

    def one(self, sql: str, parameters: Parameters = ...) -> Row | None:
        """The first row, or None."""
        ...

    def numbers(self, sql: str, parameters: Parameters = ...) -> array[int]:
        """The only column of every row, a whole number each: for many rows, in little time and memory."""
        ...

    def run(self, sql: str, parameters: Parameters = ...) -> int:
        """Carry out a statement; how many rows it changed."""
        ...

    def run_many(self, sql: str, rows: Iterable[Row]) -> None:
        """Carry out a statement with `?` parameters for each row."""
        ...

    def next_id(self, table: str) -> int:
        """The first unused id of `table`; the ids from there on are the transaction's to give."""
        ...

    def machine_ms(self) -> int:
        """The database's own clock, in UTC milliseconds since 1970: what leases run on."""
        ...


class Database(Protocol):
    """A desk's database. Safe to use from several threads; one transaction at a time in each."""

    def read(self) -> AbstractContextManager[Session]:
        """A consistent view; nothing is written."""
        ...

    def write(self, *, durable: bool = True, shown: bool = True) -> AbstractContextManager[Session]:
        """A transaction that excludes other writers; committed at the end, undone on an exception.

        durable: once committed it survives a power cut. Without, only that may lose it, and nobody waits for the disk:
        for what is worth nothing after one, such as a claim. shown: a screen may show it. Without, this process's
        `change_number` does not tell of it: for what is renewed all day, such as a lease.
        """
        ...

    def at_rest(self) -> AbstractContextManager[None]:
        """While nobody in this process writes: who stops the process then keeps no lock from others."""
        ...

    def change_number(self) -> int:
        """A number that differs after any commit by anybody, in this process or another. Costs microseconds.

        It may differ at times when there was nothing to show, too.
        """
        ...

    def close(self) -> None:
        """Close every connection, those in use when their transaction ends."""
        ...


def to_ms(at: datetime) -> int:
    """Aware time as UTC milliseconds since 1970, the only form of a time in the database."""
    since = at - _EPOCH
    # Counted in whole numbers: intake asks five times for each message.
    return (since.days * 86_400 + since.seconds) * 1000 + (since.microseconds + 500) // 1000


def from_ms(ms: int) -> datetime:
    """UTC milliseconds since 1970 as aware time."""
    return _EPOCH + timedelta(milliseconds=ms)


def from_ms_or_none(ms: int | None) -> datetime | None:
    """As `from_ms`, for a time that may be absent."""
    return None if ms is None else from_ms(ms)


def to_ms_or_none(at: datetime | None) -> int | None:
    """As `to_ms`, for a time that may be absent."""
    return None if at is None else to_ms(at)
