"""Polling: from the network's pages to the store. The cursor moves only in the transaction that stores the page."""

from __future__ import annotations

from carecli.channels.base import Channel
from carecli.clock import Clock
from carecli.errors import NeedsPerson, NetworkFailure
from carecli.store import accounts
from carecli.store.session import Database
from carecli.worker.counting import Policies
from carecli.worker.intake import take_in

_PAGES_AT_ONCE = 50


class Polling:
    """Reads one account. Only ever used by the holder of the account's intake lease."""

    def __init__(self, database: Database, clock: Clock, account: str, channel: Channel, policies: Policies) -> None:
        self._database = database
        self._clock = clock
        self._account = account
        self._channel = channel
        self._policies = policies

    def run_once(self) -> int:
        """Read until the network has no more pages now; how many new messages were stored.

        What the network says against it becomes the account's standing problem; the next good answer clears it.
        """
        stored = 0
        try:
            for _ in range(_PAGES_AT_ONCE):
                new, more = self._page()
                stored += new
                if not more:
                    break
        except (NetworkFailure, NeedsPerson) as error:
            with self._database.write() as session:
                account = accounts.account_id(session, self._account)
                accounts.set_problem(session, account, f"{error.sentence} {error.remedy}".strip())
        return stored

    def _page(self) -> tuple[int, bool]:
        with self._database.read() as session:
            state = accounts.account_state(session, self._account)
        page = self._channel.fetch_mentions(state.cursor if state else "")
        if state is not None and not page.items and page.cursor == state.cursor and self._fresh(state):
            return 0, page.more
        with self._database.write() as session:
            account = accounts.account_id(session, self._account)
            now = self._clock.now()
            taken = take_in(session, account, page.items, received_at=now, policies=self._policies)
            accounts.move_cursor(session, account, page.cursor, now)
        return len(taken.stored), page.more

    def _fresh(self, state: accounts.AccountState) -> bool:
        # An empty poll is worth a write only when it has something to tell: a minute of silence, or a problem gone.
        seen = state.last_success_at
        return not state.problem and seen is not None and (self._clock.now() - seen).total_seconds() < 60
