"""Removals: what its authors took away at a network that does not tell of it goes here, too.

Each public message is asked for once a day for some days, those of open conversations first. Asking may cost as much as
reading did. Not for: networks whose feed tells of removals (`intake` follows those).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from carecli.errors import NeedsPerson, NetworkFailure
from carecli.model import Author, Item
from carecli.store import accounts, messages
from carecli.worker.intake import take_in
from carecli.worker.lease import Lease
from carecli.worker.station import Station

_DAY = timedelta(days=1)
# After the last day that it is asked for, a message is still found due for so long: nobody may have been there.
_GRACE = timedelta(hours=12)
_EVERY = timedelta(minutes=10)
_AT_ONCE = 100
_CALLS_A_ROUND = 5


class Removals:
    """Asks for one account. Only ever used by the holder of the account's intake lease. days: 0 asks never."""

    def __init__(self, station: Station, lease: Lease, days: int) -> None:
        self._station = station
        self._lease = lease
        self._days = days
        self._next_at: datetime | None = None

    def run_once(self) -> int:
        """Ask for what is due, at most every ten minutes and within the day's budget; how many messages were gone.

        A network that does not answer is asked again the next time. Raises `LostLease` and `StoreError`.
        """
        now = self._station.clock.now()
        if (
            not self._days
            or self._station.channel.capabilities.tells_removals
            or (self._next_at and now < self._next_at)
        ):
            return 0
        self._next_at = now + _EVERY
        gone = 0
        for _ in range(_CALLS_A_ROUND):
            due = self._due(now)
            if not due or self._station.purse.reading_halt() is not None:
                break
            try:
                with self._station.purse.paying():
                    removed = self._station.channel.fetch_removed(due)
            except (NetworkFailure, NeedsPerson):
                break
            gone += self._store(due, removed, now)
        return gone

    def _due(self, now: datetime) -> tuple[str, ...]:
        with self._station.database.read() as session:
            state = accounts.account_state(session, self._station.account)
            if state is None:
                return ()
            return messages.to_check(session, state.id, now - self._days * _DAY - _GRACE, now - _DAY, _AT_ONCE)

    def _store(self, asked: Collection[str], removed: frozenset[str], now: datetime) -> int:
        """What is gone is deleted as if the feed had told of it; of all it is remembered when they were asked for."""
        gone = [Item(one, Author(""), "", now, deleted=True) for one in asked if one in removed]
        with self._station.database.write() as session:
            self._lease.require(session)
            account = accounts.account_id(session, self._station.account)
            take_in(session, account, gone, received_at=now, policies=self._station.policies)
            messages.set_checked(session, account, asked, now)
        return len(gone)
