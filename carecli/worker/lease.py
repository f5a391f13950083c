"""One lease in the hands of one worker: taken, renewed, and shown to be still held before each write and each call.

The database's clock decides who holds it; a clock that runs on while the machine sleeps tells the holder that it
slept. Not for: the table of leases (`store.leases`).
"""

from __future__ import annotations

import time
from collections.abc import Callable

from carecli.errors import LostLease
from carecli.store import leases
from carecli.store.session import Database, Session
from carecli.worker.holder import is_gone

LEASE_SECONDS = 30.0
# A call begins only while so much of the lease is left that it ends within it.
CALL_SECONDS = 20.0


def machine_seconds() -> float:
    """Seconds since the machine started, its sleep included where the system can tell."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Lease:
    """A lease named `name` for `holder`. Nothing is held until `take` says so."""

    def __init__(
        self, database: Database, name: str, holder: str, seconds: Callable[[], float] = machine_seconds
    ) -> None:
        self._database = database
        self._name = name
        self._holder = holder
        self._seconds = seconds
        self._token = 0
        self._until = 0.0

    def take(self) -> bool:
        """Take or renew the lease unless somebody else holds it, who is still there; whether it is ours.

        Renewed after a sixth of it, so that at least another sixth is left for a call to begin in.
        """
        if self._token and self._seconds() < self._until - LEASE_SECONDS * 5 / 6:
            return True
        asked_at = self._seconds()
        with self._database.write(shown=False) as session:
            other = leases.holder_of(session, self._name)
            if other != self._holder and is_gone(other):
                leases.drop(session, self._name, other)
            token = leases.take(session, self._name, self._holder, LEASE_SECONDS)
        self._token = token or 0
        self._until = asked_at + LEASE_SECONDS if token else 0.0
        return token is not None

    def keep(self) -> None:
        """Renew the lease before a step that ends with a call. Raises `LostLease` where it is not ours since `take`."""
        token = self._token
        if not self.take() or self._token != token:
            raise LostLease("Another process has worked for the account meanwhile.", "It goes on with it.")

    def require(self, session: Session) -> None:
        """Raise `LostLease` unless this transaction's database still knows us as the holder."""
        leases.require(session, self._name, self._holder, self._token)

    def require_awake(self) -> None:
        """Raise `LostLease` unless enough of the lease is left for a call to the network."""
        if self._seconds() > self._until - CALL_SECONDS:
            raise LostLease("This process slept through its time to send.", "Another one goes on with it.")

    def drop(self, *, for_good: bool = False) -> None:
        """Give it back, if it was ever held. for_good: nobody may need one of this name again."""
        if not self._token:
            return
        with self._database.write(shown=False) as session:
            (leases.remove if for_good else leases.drop)(session, self._name, self._holder)
        self._token, self._until = 0, 0.0
