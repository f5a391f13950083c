"""Reading a thread at the network when its conversation is opened, where the feed brings no whole threads.

What is read is paid for, so it is read once for each new message, by one process: whoever comes second finds it stored.
Not for: which conversation is opened, or whether its network needs this (`desk.threads`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from carecli.channels.base import Thread
from carecli.errors import NetworkFailure, RateLimited
from carecli.model import Item, Record
from carecli.store import accounts, conversations, messages, threads
from carecli.store.session import Session
from carecli.worker.intake import take_in
from carecli.worker.lease import Lease
from carecli.worker.station import Station

# read: it was asked for now; known: nothing was to ask; elsewhere: another process asks for it at this moment.
Outcome = Literal["read", "known", "elsewhere"]

_NEXT_TIME = "It is asked for again when the conversation is opened the next time."


class _Wanted(Record, frozen=True):
    """Which thread to read, and by which of its messages the network finds it."""

    thread_id: int
    remote_id: str


class ThreadReader:
    """Reads threads of one account, by a channel of its own. For one thread of the machine at a time."""

    def __init__(self, station: Station, holder: str) -> None:
        self._station = station
        self._holder = holder

    def read(self, conversation_id: int) -> Outcome:
        """Read the thread of a conversation, unless it is stored as a whole, and store what was not known of it.

        Raises `NetworkFailure`, also where the day's budget for reading is spent, `NeedsPerson` and `StoreError`; then
        what is stored stays as it is, and the next opening tries again.
        """
        wanted = self._wanted(conversation_id)
        if wanted is None:
            return "known"
        lease = Lease(self._station.database, f"thread:{self._station.account}:{wanted.thread_id}", self._holder)
        if not lease.take():
            return "elsewhere"
        try:
            # Whoever held the lease until now may have read it.
            if self._wanted(conversation_id) is None:
                return "known"
            halt = self._station.purse.reading_halt()
            if halt is not None:
                raise NetworkFailure(halt.reason, "What is stored is shown.")
            with self._station.purse.paying(conversation_id):
                thread = self._asked(wanted.remote_id)
            # Paid for: stored whoever holds the lease by now. Taking it in twice changes nothing.
            self._store(wanted, thread)
        finally:
            lease.drop(for_good=True)
        return "read"

    def close(self) -> None:
        self._station.channel.close()

    def _asked(self, remote_id: str) -> Thread:
        # Nobody comes back to a thread by itself, as a channel's own remedy says of its feed.
        try:
            return self._station.channel.fetch_thread(remote_id)
        except RateLimited as error:
            raise RateLimited(error.sentence, _NEXT_TIME, until=error.until) from error
        except NetworkFailure as error:
            raise NetworkFailure(error.sentence, _NEXT_TIME) from error

    def _wanted(self, conversation_id: int) -> _Wanted | None:
        with self._station.database.read() as session:
            found = conversations.conversation(session, conversation_id)
            if found is None or found.visibility != "public" or threads.is_whole(session, found.thread_id):
                return None
            remote_id = messages.newest_standing(session, conversation_id)
            return _Wanted(found.thread_id, remote_id) if remote_id else None

    def _store(self, wanted: _Wanted, thread: Thread) -> None:
        now = self._station.clock.now()
        with self._station.database.write() as session:
            account = accounts.account_id(session, self._station.account)
            before = messages.newest_in(session, wanted.thread_id)
            taken = take_in(session, account, thread.items, received_at=now, policies=self._station.policies)
            messages.set_belated(session, account, _history(thread.items, frozenset(taken.stored), before))
            thread_id = self._thread_of(session, account, wanted)
            missing = {one.remote_id: one.reason for one in thread.missing}
            threads.keep_missing(session, account, thread_id, missing)
            threads.keep_reading(session, thread_id, now)

    def _thread_of(self, session: Session, account: int, wanted: _Wanted) -> int:
        """Where the thread is now: what was read may have tied it to another."""
        place = messages.places(session, account, [wanted.remote_id]).get(wanted.remote_id)
        return place.thread_id if place else wanted.thread_id


def _history(items: Iterable[Item], stored: frozenset[str], before: datetime | None) -> list[str]:
    """What was new to us and is no news: written before what was known, and by us or not to us."""
    return [
        item.remote_id
        for item in items
        if item.remote_id in stored and before is not None and item.published_at < before
        if item.own or not item.addressed
    ]
