"""Interruptions: what may happen to a process between any two of its steps, its end included.

A step is a transaction that writes, or a call to the network: whatever lies between two of them nobody else can see.
Not for: what the network does with a call that reaches it (`line`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, Literal, NamedTuple, cast

from carecli.channels.base import Channel, Page, Prepared, ReconcileOutcome, SendOutcome
from carecli.store.session import Database, Parameters, Row, Session

# The moments of a process: before and after each transaction that writes, and each call.
Moment = Literal[
    "before write", "after write", "before send", "after send", "before look", "after look", "before page", "after page"
]


class Crash(BaseException):
    """The process is no more: nothing of it runs after this, least of all an `except`."""


class Interruption(NamedTuple):
    """What happens at a moment of a process, once `after` moments of the kind have passed."""

    moment: Moment
    after: int
    happening: Callable[[], None]


class Moments:
    """The moments between a process's steps; `interruption`: what is to happen at one of them."""

    def __init__(self) -> None:
        self.interruption: Interruption | None = None

    def passed(self, moment: Moment) -> None:
        """One more moment has passed."""
        if self.interruption is None or self.interruption.moment != moment:
            return
        _, after, happening = self.interruption
        if after:
            self.interruption = Interruption(moment, after - 1, happening)
        else:
            self.interruption = None
            happening()


class MachineClock:
    """The machine's two clocks: one that only counts seconds, and the database's, which people set (`times_set`)."""

    def __init__(self, at: datetime) -> None:
        self._seconds = 0.0
        self._ms = round(at.timestamp() * 1000)
        self.times_set = 0

    def pass_seconds(self, seconds: float) -> None:
        self._seconds += seconds
        self._ms += round(seconds * 1000)

    def is_set(self, seconds: float) -> None:
        """Somebody sets the clock forward, or back."""
        self.times_set += 1
        self._ms += round(seconds * 1000)

    def seconds(self) -> float:
        return self._seconds

    def ms(self) -> int:
        return self._ms


class InterruptedDatabase:
    """A database as one process sees it: on the machine's clock, with a moment before and after each transaction.

    newest_message: the id of the newest message there was in the last transaction of this process. unfenced: how
    many transactions changed something while `holder` held no lease; a desk's, that of "", need none.
    """

    def __init__(self, database: Database, clock: MachineClock, moments: Moments, holder: str = "") -> None:
        self._database = database
        self._clock = clock
        self._moments = moments
        self._holder = holder
        self.newest_message = 0
        self.unfenced = 0

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self._database.read() as session:
            yield cast("Session", _ClockedSession(session, self._clock))

    @contextmanager
    def write(self, *, durable: bool = True, shown: bool = True) -> Iterator[Session]:
        self._moments.passed("before write")
        with self._database.write(durable=durable, shown=shown) as session:
            clocked = _ClockedSession(session, self._clock)
            yield cast("Session", clocked)
            if clocked.wrote and self._holder:
                self.unfenced += not self._is_fenced(session)
            self.newest_message = session.next_id("message") - 1
        self._moments.passed("after write")

    def _is_fenced(self, session: Session) -> bool:
        sql = "SELECT 1 FROM lease WHERE holder = :holder AND until > :now"
        return session.one(sql, {"holder": self._holder, "now": self._clock.ms()}) is not None

    def at_rest(self) -> AbstractContextManager[None]:
        return self._database.at_rest()

    def change_number(self) -> int:
        return self._database.change_number()

    def close(self) -> None:
        pass


class _ClockedSession:
    """A transaction on the machine's clock. wrote: whether it changed anything but a lease."""

    def __init__(self, session: Session, clock: MachineClock) -> None:
        self._session = session
        self.machine_ms = clock.ms
        self.wrote = False

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._session, name)

    def run(self, sql: str, parameters: Parameters = {}) -> int:  # noqa: B006
        self.wrote |= "lease" not in sql
        return self._session.run(sql, parameters)

    def run_many(self, sql: str, rows: Iterable[Row]) -> None:
        self.wrote = True
        self._session.run_many(sql, rows)


class InterruptedChannel:
    """A channel as one process calls it, with a moment before and after each call.

    sending: told of each call that sends, when it is made.
    """

    def __init__(self, channel: Channel, moments: Moments, sending: Callable[[Prepared], None]) -> None:
        self._channel = channel
        self._moments = moments
        self._sending = sending

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._channel, name)

    def fetch_mentions(self, cursor: str) -> Page:
        self._moments.passed("before page")
        page = self._channel.fetch_mentions(cursor)
        self._moments.passed("after page")
        return page

    def send(self, prepared: Prepared) -> SendOutcome:
        self._sending(prepared)
        # Whoever sleeps here has begun the call, and asks nobody any more.
        self._moments.passed("before send")
        outcome = self._channel.send(prepared)
        self._moments.passed("after send")
        return outcome

    def reconcile(self, prepared: Prepared) -> ReconcileOutcome:
        self._moments.passed("before look")
        outcome = self._channel.reconcile(prepared)
        self._moments.passed("after look")
        return outcome
