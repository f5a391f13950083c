"""The purse of one account: what its calls have cost is written down, and whether it may spend more.

A cost is recorded right after its call, failed or not, in a transaction of its own. A kill between the call and that
transaction loses the record of that one call, a power cut that of the last moments: it is an estimate, and the network
keeps the account. Not for: the rules (`budget`), or prices (each channel's own).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date

from carecli.channels.base import Channel, Spending
from carecli.clock import Clock
from carecli.errors import StoreError
from carecli.store import accounts, spending
from carecli.store.session import Database
from carecli.worker.budget import Halt, reading_halt, writing_halt


class Purse:
    """Belongs to one channel of one account, and to the thread that uses it. budget: micros a UTC day; 0: none."""

    def __init__(self, database: Database, clock: Clock, account: str, channel: Channel, budget: int) -> None:
        self._database = database
        self._clock = clock
        self._account = account
        self._channel = channel
        self._budget = budget
        self._owed: list[tuple[date, Spending, int | None]] = []

    @contextmanager
    def paying(self, conversation: int | None = None) -> Iterator[None]:
        """While calls are made for a conversation, or for none; what they cost is recorded even where they fail."""
        try:
            yield
        finally:
            self.settle(conversation)

    def settle(self, conversation: int | None = None) -> None:
        """Record what the calls since the last time have cost. Raises nothing.

        What cannot be stored now is kept and stored with the next: no outcome of a call must be lost for its price.
        """
        today = self._today()
        self._owed += ((today, one, conversation) for one in self._channel.take_spendings())
        if not self._owed:
            return
        try:
            with self._database.write(durable=False) as session:
                account = accounts.account_id(session, self._account)
                for day, one, where in self._owed:
                    spending.add(session, account, day, one.kind, one.count, one.micros, where)
        except StoreError:
            return
        self._owed.clear()

    def reading_halt(self) -> Halt | None:
        """Why nothing more may be read now; None where it may be. Raises `StoreError`."""
        return reading_halt(self._spent(), self._budget, self._clock.now()) if self._budget else None

    def writing_halt(self) -> Halt | None:
        """Why nothing more may be sent now; None where it may be. Raises `StoreError`."""
        return writing_halt(self._spent(), self._budget, self._clock.now()) if self._budget else None

    def _spent(self) -> int:
        with self._database.read() as session:
            state = accounts.account_state(session, self._account)
            stored = spending.on_day(session, state.id, self._today()) if state else 0
        return stored + sum(one.micros for day, one, _ in self._owed if day == self._today())

    def _today(self) -> date:
        return self._clock.now().astimezone(UTC).date()
