"""Polling: from the network's pages to the store. The cursor moves only in the transaction that stores the page."""

from __future__ import annotations

from carecli.channels.base import Channel, Page
from carecli.clock import Clock
from carecli.errors import NeedsPerson, NetworkFailure
from carecli.store import accounts, events
from carecli.store.session import Database
from carecli.worker.counting import Policies
from carecli.worker.intake import Taken, take_in
from carecli.worker.lease import Lease

_PAGES_AT_ONCE = 50
# How late a post may come and still be found, in seconds, at least.
_LOOK_BACK_SECONDS = 600.0


class Polling:
    """Reads one account. Only ever used by the holder of the account's intake lease."""

    def __init__(
        self, database: Database, clock: Clock, account: str, channel: Channel, policies: Policies, lease: Lease
    ) -> None:
        self._database = database
        self._clock = clock
        self._account = account
        self._channel = channel
        self._policies = policies
        self._lease = lease

    def run_once(self) -> int:
        """Read until the network has no more pages now; how many new messages were stored.

        What the network says against it becomes the account's standing problem; the next good answer clears it.
        """
        stored = 0
        try:
            for _ in range(_PAGES_AT_ONCE):
                begun, new, more = self._page()
                stored += new
                if not more:
                    break
            stored += self._look_back(begun)
        except (NetworkFailure, NeedsPerson) as error:
            with self._database.write() as session:
                self._lease.require(session)
                account = accounts.account_id(session, self._account)
                accounts.set_problem(session, account, f"{error.sentence} {error.remedy}".strip())
        return stored

    def _look_back(self, begun: str) -> int:
        """Read once more from where the account stood some minutes ago; how many messages had been missed.

        begun: the cursor of the last page, from which is read once more another time. Networks show some posts late,
        behind a cursor that has moved on. What is known already costs nothing.
        """
        now = self._clock.now()
        with self._database.read() as session:
            state = accounts.account_state(session, self._account)
            cursor, since = accounts.overlap(session, state.id if state else 0)
        # A time that is still to come was told by a clock that has been set back since.
        interval = self._clock.desk_seconds(_LOOK_BACK_SECONDS)
        if state is None or (since is not None and 0 <= (now - since).total_seconds() < interval):
            return 0
        missed = 0
        for _ in range(_PAGES_AT_ONCE if since is not None else 0):
            page = self._channel.fetch_mentions(cursor)
            missed += len(self._store(page).stored)
            cursor = page.cursor
            if not page.more:
                break
        with self._database.write() as session:
            self._lease.require(session)
            accounts.keep_overlap(session, state.id, begun, now)
            if missed:
                events.record(session, now, "gap_filled", state.id, None, "", {"messages": missed})
        return missed

    def _page(self) -> tuple[str, int, bool]:
        """Read a page: the cursor that it begins at, how many new messages were on it, whether there are more."""
        with self._database.read() as session:
            state = accounts.account_state(session, self._account)
        cursor = state.cursor if state else ""
        page = self._channel.fetch_mentions(cursor)
        if state is not None and not page.items and page.cursor == cursor and self._fresh(state):
            return cursor, 0, page.more
        return cursor, len(self._store(page, move=True).stored), page.more

    def _store(self, page: Page, *, move: bool = False) -> Taken:
        """Store a page, and with it, in the same transaction, that it has been read."""
        now = self._clock.now()
        with self._database.write() as session:
            self._lease.require(session)
            account = accounts.account_id(session, self._account)
            taken = take_in(session, account, page.items, received_at=now, policies=self._policies)
            if move:
                accounts.move_cursor(session, account, page.cursor, now)
        return taken

    def _fresh(self, state: accounts.AccountState) -> bool:
        # An empty poll is worth a write only when it has something to tell: a minute of silence, or a problem gone.
        seen = state.last_success_at
        return not state.problem and seen is not None and (self._clock.now() - seen).total_seconds() < 60
