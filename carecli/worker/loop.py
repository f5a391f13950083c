"""The worker's threads: for each account one that reads and one that sends, each under its own lease.

Not for: what a round does (`poll`, `delivery`).
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable

from carecli.channels.base import Channel, Listens
from carecli.clock import Clock
from carecli.config import Config
from carecli.errors import CareError, LostLease, NotFound
from carecli.model import Calendar, OutboxEntry
from carecli.playbook import hours
from carecli.store import accounts, messages, outbox, shifts
from carecli.store.session import Database
from carecli.worker.counting import Policies, policies_for
from carecli.worker.delivery import Delivery
from carecli.worker.lease import LEASE_SECONDS, Lease, machine_seconds
from carecli.worker.pace import SLOWEST, pause
from carecli.worker.poll import Polling
from carecli.worker.purse import Purse
from carecli.worker.reconciling import Reconciling
from carecli.worker.removals import Removals
from carecli.worker.station import Station

_Sending = tuple[Delivery, Reconciling]

_LOOK_SECONDS = 0.25
# With nothing to send, the outbox is looked into when somebody says so, and this often in case that nobody does.
_UNTOLD_SECONDS = 5.0
_AFTER_TROUBLE_SECONDS = 5.0
# Renewed so often during a long pause, or taken when its holder is gone.
_KEEP_LEASE_SECONDS = LEASE_SECONDS / 2
# A network that allows 300 readings in a quarter of an hour bears one each three seconds.
_ARRIVES_TOGETHER_SECONDS = 4.0
_SETTLED = ("sent", "rejected", "unknown", "cancelled")


class Worker:
    """Reads and sends for all accounts of a desk. `holder` tells this worker from every other."""

    def __init__(
        self,
        config: Config,
        database: Database,
        clock: Clock,
        open_channel: Callable[[str], Channel],
        holder: str,
        seconds: Callable[[], float] = machine_seconds,
    ) -> None:
        self._config = config
        self._database = database
        self._clock = clock
        self._open_channel = open_channel
        self._stop = threading.Event()
        self._wakes = {account: threading.Event() for account in config.accounts}
        self._arrivals = {account: threading.Event() for account in config.accounts}
        self._leases = {
            (account, role): Lease(database, f"{role}:{account}", holder, seconds)
            for account in config.accounts
            for role in ("intake", "delivery")
        }
        self._threads: list[threading.Thread] = []
        self._channels: dict[tuple[str, str], Channel] = {}
        self._calendars: dict[str, Calendar] = {}
        self._removals: dict[str, Removals] = {}
        self.problem = ""

    def run_once(self) -> None:
        """One round over all accounts: read, then send."""
        for account in self._config.accounts:
            self._read(account, self._polling(account))
            self._send(account, self._delivery(account))

    def start(self) -> None:
        """Begin reading and sending in threads of their own. Whoever starts them calls `wake` after each commit."""
        for account in self._config.accounts:
            for name, body in (("intake", self._intake_loop), ("delivery", self._delivery_loop)):
                thread = threading.Thread(target=body, args=(account,), name=f"{name} {account}", daemon=True)
                self._threads.append(thread)
                thread.start()

    def wake(self) -> None:
        """Somebody has committed something: look into the outbox now."""
        for wake in self._wakes.values():
            wake.set()

    def stop(self, seconds: float = 5.0) -> None:
        """End the threads after the step that they are in, and give the leases back."""
        self._stop.set()
        self.wake()
        for arrival in self._arrivals.values():
            arrival.set()
        for thread in self._threads:
            thread.join(seconds)
        for lease in self._leases.values():
            lease.drop()
        for channel in self._channels.values():
            channel.close()

    def deliver(self, entry_id: int, seconds: float) -> OutboxEntry:
        """See one entry through: send it here, or wait while another worker holds the lease; as it stands then.

        seconds: of the machine's clock, after which it is left to whoever comes next.
        """
        entry = self._entry(entry_id)
        sending = self._delivery(entry.account)
        for number in range(max(1, round(seconds / _LOOK_SECONDS))):
            if number:
                self._stop.wait(_LOOK_SECONDS)
            self._send(entry.account, sending)
            entry = self._entry(entry_id)
            if entry.state in _SETTLED or (entry.state == "queued" and (entry.attempts or self._waits(entry))):
                break
        return entry

    def _waits(self, entry: OutboxEntry) -> bool:
        """Whether it leaves at a time of its own, or after a person has said what became of an earlier one."""
        if entry.not_before is not None and entry.not_before > self._clock.now():
            return True
        if entry.conversation_id is None:
            return False
        with self._database.read() as session:
            ahead = outbox.pending_in(session, entry.conversation_id)
        return any(one.state == "unknown" and one.id < entry.id for one in ahead)

    def _entry(self, entry_id: int) -> OutboxEntry:
        with self._database.read() as session:
            entry = outbox.entry(session, entry_id)
        if entry is None:
            raise NotFound(f"There is no outbox entry {entry_id}.", "`carecli outbox` lists them.")
        return entry

    def _intake_loop(self, account: str) -> None:
        polling: Polling | None = None
        while not self._stop.is_set():
            try:
                polling = polling or self._polling(account)
                self._read(account, polling)
                seconds = self._clock.real_seconds(self._pause(account, polling))
                self._listen(account, polling)
                self._rest(self._leases[account, "intake"], self._arrivals[account], max(_LOOK_SECONDS, seconds))
            except LostLease:
                self._stop.wait(_LOOK_SECONDS)
            except CareError as error:
                self.problem = str(error)
                self._stop.wait(_AFTER_TROUBLE_SECONDS)

    def _listen(self, account: str, polling: Polling) -> None:
        """Let the channel say when something arrives, while this worker reads the account and may go on reading."""
        channel = self._open(account, "intake")
        if channel.capabilities.streaming and isinstance(channel, Listens):
            reads = self._leases[account, "intake"].take() and polling.not_before is None and not polling.needs_person
            channel.listen(self._arrivals[account].set if reads else None)

    def _rest(self, lease: Lease, arrival: threading.Event, seconds: float) -> None:
        """Wait so long in real time, until the worker is stopped, or until the lease of one who is gone is ours.

        A lease runs out sooner than a long pause does: without it others would read too. What arrives ends the pause
        some seconds later, together with what arrives in these.
        """
        held = lease.take()
        while not self._stop.is_set():
            if arrival.wait(min(seconds, _KEEP_LEASE_SECONDS)):
                self._stop.wait(min(seconds, _ARRIVES_TOGETHER_SECONDS))
                arrival.clear()
                return
            seconds -= _KEEP_LEASE_SECONDS
            if seconds <= 0 or lease.take() is not held:
                return

    def _pause(self, account: str, polling: Polling) -> float:
        """Seconds of the desk's clock until an account is read again."""
        now = self._clock.now()
        if polling.not_before is not None and polling.not_before > now:
            return (polling.not_before - now).total_seconds()
        capabilities = self._open(account, "intake").capabilities
        if not capabilities.metered:
            return max(capabilities.shortest_poll, self._config.accounts[account].poll_seconds)
        if polling.needs_person:
            return max(capabilities.shortest_poll, SLOWEST)
        calendar = self._calendar(account)
        with self._database.read() as session:
            state = accounts.account_state(session, account)
            number = state.id if state else 0
            heard = messages.last_heard(session, number, 1)
            attended = hours.is_open(calendar, now) or shifts.open_shift(session, number) is not None
        quiet = (now - heard[0]).total_seconds() if heard else math.inf
        opening = hours.next_opening(calendar, now)
        opens_in = None if opening is None else (opening - now).total_seconds()
        return pause(quiet, capabilities.shortest_poll, attended=attended, opens_in=opens_in)

    def _delivery_loop(self, account: str) -> None:
        sending: _Sending | None = None
        pause = 0.0
        while not self._stop.is_set():
            self._wakes[account].wait(pause)
            self._wakes[account].clear()
            if self._stop.is_set():
                return
            try:
                if self._nothing_to_do(account):
                    pause = _UNTOLD_SECONDS
                    continue
                sending = sending or self._delivery(account)
                self._send(account, sending)
                pause = _LOOK_SECONDS
                self.problem = ""
            except LostLease:
                pause = _LOOK_SECONDS
            except CareError as error:
                self.problem = str(error)
                # Nobody's commits shorten this pause.
                self._stop.wait(_AFTER_TROUBLE_SECONDS)
                pause = 0.0

    def _nothing_to_do(self, account: str) -> bool:
        with self._database.read() as session:
            return not outbox.has_pending(session, account)

    def _read(self, account: str, polling: Polling) -> None:
        if self._leases[account, "intake"].take():
            polling.run_once()
            if polling.not_before is None and not polling.needs_person:
                self._removals_of(account).run_once()

    def _send(self, account: str, sending: _Sending) -> None:
        if self._leases[account, "delivery"].take():
            delivery, reconciling = sending
            delivery.recover()
            reconciling.run_once()
            delivery.run_once()

    def _open(self, account: str, role: str) -> Channel:
        """The channel of an account for one of its two threads: networks' clients are not shared between threads."""
        if (account, role) not in self._channels:
            self._channels[account, role] = self._open_channel(account)
        return self._channels[account, role]

    def _station(self, account: str, role: str) -> Station:
        channel = self._open(account, role)
        purse = Purse(self._database, self._clock, account, channel, self._config.budget(account))
        return Station(self._database, self._clock, account, channel, self._policies(account), purse)

    def _polling(self, account: str) -> Polling:
        return Polling(self._station(account, "intake"), self._leases[account, "intake"])

    def _removals_of(self, account: str) -> Removals:
        if account not in self._removals:
            station, lease = self._station(account, "intake"), self._leases[account, "intake"]
            self._removals[account] = Removals(station, lease, self._config.accounts[account].recheck_days)
        return self._removals[account]

    def _delivery(self, account: str) -> _Sending:
        station, lease = self._station(account, "delivery"), self._leases[account, "delivery"]
        delivery = Delivery(station, lease, self._config.playbook(account).signature, self._config.agents)
        return delivery, Reconciling(station, delivery)

    def _calendar(self, account: str) -> Calendar:
        if account not in self._calendars:
            self._calendars[account] = self._config.calendar(account, self._clock.now().date())
        return self._calendars[account]

    def _policies(self, account: str) -> Policies:
        return policies_for(self._config.playbook(account), self._calendar(account))
