"""Polling: from the network's pages to the store. The cursor moves only in the transaction that stores the page."""

from __future__ import annotations

from datetime import datetime, timedelta

from carecli.channels.base import Page
from carecli.errors import NeedsPerson, NetworkFailure, RateLimited
from carecli.store import accounts, events
from carecli.worker.intake import Taken, take_in
from carecli.worker.lease import Lease
from carecli.worker.station import Station

_PAGES_AT_ONCE = 50
# How late a post may come and still be found, in seconds, at least.
_LOOK_BACK_SECONDS = 600.0
# No network keeps anybody out for longer than this by itself, whatever its answer says.
_LONGEST_PAUSE = timedelta(days=1)


class Polling:
    """Reads one account. Only ever used by the holder of the account's intake lease.

    not_before: until then the network asked not to be asked; nothing is read, whoever calls.
    needs_person: nothing can be read until a person acts.
    """

    def __init__(self, station: Station, lease: Lease) -> None:
        self._station = station
        self.not_before: datetime | None = None
        self.needs_person = False
        self._lease = lease

    def run_once(self) -> int:
        """Read until the network has no more pages now, or the day's budget ends; how many new messages were stored.

        What the network says against it becomes the account's standing problem; the next good answer clears it.
        """
        now = self._station.clock.now()
        if self.not_before is not None and self.not_before > now:
            return 0
        self.not_before, self.needs_person = None, False
        stored = 0
        try:
            for _ in range(_PAGES_AT_ONCE):
                if self._halted():
                    return stored
                begun, new, more = self._page()
                stored += new
                if not more:
                    break
            stored += self._look_back(begun)
        except RateLimited as error:
            until = None if error.until is None else min(error.until, now + _LONGEST_PAUSE)
            self.not_before = until
            # Where it is known until when, that is the remedy.
            self._stopped(error.sentence if until else str(error), until)
        except (NetworkFailure, NeedsPerson) as error:
            self.needs_person = isinstance(error, NeedsPerson)
            self._stopped(str(error), None)
        return stored

    def _halted(self) -> bool:
        """Whether the day's budget ends here. Asked before each page: a page may cost as much as a day."""
        halt = self._station.purse.reading_halt()
        if halt is not None:
            self._stopped(halt.reason, halt.until)
        return halt is not None

    def _stopped(self, problem: str, until: datetime | None) -> None:
        """Nothing is read now: the account's standing problem, logged where it is a new one."""
        with self._station.database.read() as session:
            state = accounts.account_state(session, self._station.account)
        if state is not None and (state.problem, state.until) == (problem, until):
            return
        with self._station.database.write() as session:
            self._lease.require(session)
            account = accounts.account_id(session, self._station.account)
            accounts.set_problem(session, account, problem, until)
            if state is None or state.problem != problem:
                facts = {"reason": problem, "until": until.isoformat() if until else None}
                events.record(session, self._station.clock.now(), "reading_stopped", account, None, "", facts)

    def _look_back(self, begun: str) -> int:
        """Read once more from where the account stood some minutes ago; how many messages had been missed.

        begun: the cursor of the last page, from which is read once more another time. Networks show some posts late,
        behind a cursor that has moved on. What is known already costs nothing.
        """
        now = self._station.clock.now()
        with self._station.database.read() as session:
            state = accounts.account_state(session, self._station.account)
            cursor, since = accounts.overlap(session, state.id if state else 0)
        # A time that is still to come was told by a clock that has been set back since.
        interval = self._station.clock.desk_seconds(_LOOK_BACK_SECONDS)
        if state is None or (since is not None and 0 <= (now - since).total_seconds() < interval):
            return 0
        missed = 0
        for _ in range(_PAGES_AT_ONCE if since is not None else 0):
            if self._halted():
                return missed
            page = self._fetch(cursor)
            missed += len(self._store(page).stored)
            cursor = page.cursor
            if not page.more:
                break
        with self._station.database.write() as session:
            self._lease.require(session)
            accounts.keep_overlap(session, state.id, begun, now)
            if missed:
                events.record(session, now, "gap_filled", state.id, None, "", {"messages": missed})
        return missed

    def _page(self) -> tuple[str, int, bool]:
        """Read a page: the cursor that it begins at, how many new messages were on it, whether there are more."""
        with self._station.database.read() as session:
            state = accounts.account_state(session, self._station.account)
        cursor = state.cursor if state else ""
        page = self._fetch(cursor)
        if state is not None and not page.items and page.cursor == cursor and self._fresh(state):
            return cursor, 0, page.more
        return cursor, len(self._store(page, move=True).stored), page.more

    def _fetch(self, cursor: str) -> Page:
        with self._station.purse.paying():
            return self._station.channel.fetch_mentions(cursor)

    def _store(self, page: Page, *, move: bool = False) -> Taken:
        """Store a page, and with it, in the same transaction, that it has been read."""
        now = self._station.clock.now()
        with self._station.database.write() as session:
            self._lease.require(session)
            account = accounts.account_id(session, self._station.account)
            taken = take_in(session, account, page.items, received_at=now, policies=self._station.policies)
            if move:
                state = accounts.account_state(session, self._station.account)
                if state is not None and state.problem:
                    events.record(session, now, "reading_resumed", account, None, "", {})
                accounts.move_cursor(session, account, page.cursor, now)
        return taken

    def _fresh(self, state: accounts.AccountState) -> bool:
        # An empty poll is worth a write only when it has something to tell: a minute of silence, or a problem gone.
        seen = state.last_success_at
        return not state.problem and seen is not None and (self._station.clock.now() - seen).total_seconds() < 60
