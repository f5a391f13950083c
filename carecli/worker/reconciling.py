"""Reconciling: what became of a reply whose outcome nobody could read.

It is looked up by the channel's own means before anything else leaves for its conversation. Where the network
promises that repeating is safe, a clean miss is repeated; where not, it is looked for some times, and then left to a
person. What comes from a restored backup always is: its author may have cancelled it since.
Not for: what that person decides (`desk.outbox`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import assert_never

from carecli.channels.base import Inconclusive, NotFound, Prepared, Sent
from carecli.model import OutboxEntry, OutboxPart
from carecli.store import accounts, outbox, outbox_parts
from carecli.worker.delivery import Delivery
from carecli.worker.station import Station

# A network may show a post some seconds late: looked for after 2, 5 and 15 seconds, then each five minutes.
_PAUSES = (2.0, 5.0, 15.0)
_LONG_PAUSE = 300.0
_ABSENT = "It cannot be found at the network, but it may still arrive there. Decide in the outbox."


class Reconciling:
    """Looks up the unknown entries of one account, under the lease of its `delivery`."""

    def __init__(self, station: Station, delivery: Delivery) -> None:
        self._station = station
        self._delivery = delivery

    def run_once(self) -> None:
        """Look up every unknown entry whose time has come."""
        with self._station.database.read() as session:
            state = accounts.account_state(session, self._station.account)
            entries = [e for e in outbox.pending(session, state.id if state else 0) if e.state == "unknown"]
        for entry in entries:
            with self._station.database.read() as session:
                lookups = outbox.lookups(session, entry.id, self._station.clock.now())
            part = next((part for part in entry.parts if not part.remote_id), None)
            if lookups is not None and part is not None:
                self._look(entry, part, lookups)

    def _look(self, entry: OutboxEntry, part: OutboxPart, lookups: int) -> None:
        with self._station.database.read() as session:
            prepared = Prepared(part.key, outbox_parts.payload(session, entry.id, part.number))
        # No budget stops this: what it costs is little, and what it keeps from being said twice is not.
        with self._station.purse.paying(entry.conversation_id):
            outcome = self._station.channel.reconcile(prepared)
        if isinstance(outcome, Sent) and self._is_another(entry, part, outcome.remote_id):
            # Without keys a network cannot tell two equal replies to one message apart: this is the other one.
            outcome = NotFound()
        # Then the parts that follow may stand there too: none of them leaves before all have been looked up.
        restored = entry.error == outbox.RESTORED
        match outcome:
            case Sent():
                self._delivery.stands(entry, part, outcome)
                if part.number < len(entry.parts) and not restored:
                    self._queue_the_rest(entry)
            case _ if restored:
                self._later(entry, lookups, outbox.RESTORED)
            case NotFound() if outcome.safe_to_repeat:
                self._repeat(entry, lookups)
            case NotFound():
                reason = _ABSENT if lookups >= len(_PAUSES) else entry.error
                self._later(entry, lookups, reason)
            case Inconclusive():
                self._later(entry, lookups, outcome.reason)
            case _:
                assert_never(outcome)

    def _is_another(self, entry: OutboxEntry, part: OutboxPart, remote_id: str) -> bool:
        with self._station.database.read() as session:
            return outbox_parts.stands_as(session, remote_id, self._station.account) not in (
                None,
                (entry.id, part.number),
            )

    def _repeat(self, entry: OutboxEntry, lookups: int) -> None:
        # What may have left is finished rather than stopped. Only where it must not leave any more does a clean miss
        # count, and not the first one: a network may act on a request some seconds after it was cut off.
        reason = self._delivery.why_not(entry)
        if not reason:
            self._delivery.repeat(entry)
        elif lookups < len(_PAUSES):
            self._later(entry, lookups, entry.error)
        else:
            self._delivery.stop(entry, reason)

    def _queue_the_rest(self, entry: OutboxEntry) -> None:
        with self._delivery.writing() as session:
            if outbox.move(session, entry.id, ["unknown"], "queued"):
                self._delivery.log(session, "resumed", entry)

    def _later(self, entry: OutboxEntry, lookups: int, reason: str) -> None:
        # A person's patience, not the desk's clock, which may run faster.
        seconds = self._station.clock.desk_seconds(_PAUSES[lookups] if lookups < len(_PAUSES) else _LONG_PAUSE)
        with self._delivery.writing() as session:
            outbox.look_later(session, entry.id, self._station.clock.now() + timedelta(seconds=seconds), reason)
