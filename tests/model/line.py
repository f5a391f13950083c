"""The line to the network: requests are cut, arrive late, or are refused; pages come twice, or with a post left out.

One line for all processes, as there is one network. Not for: what happens to a process meanwhile (`interruptions`).
"""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Literal

from carecli.channels.base import Page, Prepared, ReconcileOutcome, Rejected, SendOutcome, Unknown
from carecli.channels.sandbox.channel import Faults, Keys, ReadFault, SandboxChannel, SendFault
from carecli.channels.sandbox.network import SandboxNetwork
from carecli.clock import Clock

# "late": the answer is lost, and the network acts on the request some seconds afterwards.
Sending = SendFault | Literal["rejected", "late"]
# "again": the page begins at the very beginning once more; "hidden": its newest post is shown only some minutes later.
Reading = ReadFault | Literal["again", "hidden"]

# Later than the first two looks for it, earlier than the last one.
LATE_SECONDS = 12.0
# Within the time in which the desk looks back.
HIDDEN_SECONDS = 300.0
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Line(SandboxChannel):
    """The sandbox's channel, with the failures that are put into `sending` and `reading`, one a call."""

    def __init__(self, network: SandboxNetwork, clock: Clock, keys: Keys) -> None:
        self.sending: deque[Sending] = deque()
        self.reading: deque[Reading] = deque()
        self.in_flight: list[tuple[datetime, Prepared]] = []
        self._shown_from: dict[str, datetime] = {}
        self._refused: set[str] = set()
        self._now = clock.now
        self._next_fault = Faults()
        super().__init__(network, clock, faults=self._next_fault, idempotency=keys)

    def mend(self) -> None:
        """No more failures: what was under way arrives, what was hidden is shown."""
        self.sending.clear()
        self.reading.clear()
        self._shown_from = dict.fromkeys(self._shown_from, _LONG_AGO)
        self.arrive(everything=True)

    def arrive(self, *, everything: bool = False) -> None:
        """Let the network act on the requests whose time has come."""
        waiting = [(at, prepared) for at, prepared in self.in_flight if prepared.key not in self._refused]
        self.in_flight = []
        for at, prepared in waiting:
            if everything or at <= self._now():
                self._act(prepared)
            else:
                self.in_flight.append((at, prepared))

    def is_in_flight(self, key: str) -> bool:
        """Whether a request is on its way to a network that may take it, after everybody has given up waiting."""
        return key not in self._refused and any(prepared.key == key for _, prepared in self.in_flight)

    def hides(self, remote_id: str) -> bool:
        """Whether a post has not been shown yet, or was shown behind a cursor that had passed it."""
        return remote_id in self._shown_from

    def send(self, prepared: Prepared) -> SendOutcome:
        self.arrive()
        fault = self.sending.popleft() if self.sending else "none"
        if fault == "late":
            self.in_flight.append((self._now() + timedelta(seconds=LATE_SECONDS), prepared))
            return Unknown("The connection was cut, and the network acts late.")
        # A network that takes a request does not refuse the same one, and what it refused it refuses again.
        if fault == "rejected" and not self.is_in_flight(prepared.key):
            self._refused.add(prepared.key)
        if prepared.key in self._refused:
            return Rejected("The network refused it.")
        if fault != "rejected":
            self._next_fault.send.append(fault)
        return self._act(prepared)

    def _act(self, prepared: Prepared) -> SendOutcome:
        outcome = super().send(prepared)
        if isinstance(outcome, Rejected):
            self._refused.add(prepared.key)
        return outcome

    def reconcile(self, prepared: Prepared) -> ReconcileOutcome:
        self.arrive()
        self._fail_reading()
        return super().reconcile(prepared)

    def fetch_mentions(self, cursor: str) -> Page:
        self.arrive()
        fault = self._fail_reading()
        page = super().fetch_mentions(cursor)
        items = super().fetch_mentions("").items if fault == "again" else page.items
        now = self._now()
        if fault == "hidden" and items:
            self._shown_from.setdefault(items[-1].remote_id, now + timedelta(seconds=HIDDEN_SECONDS))
        shown = tuple(item for item in items if self._shown_from.get(item.remote_id, now) <= now)
        return Page(shown, page.cursor, page.more)

    def _fail_reading(self) -> Reading:
        """The next failure, which the channel is told of unless it is one of pages."""
        fault = self.reading.popleft() if self.reading else "none"
        if fault != "again" and fault != "hidden":
            self._next_fault.read.append(fault)
        return fault
