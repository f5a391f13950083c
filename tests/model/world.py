"""The world that the model test drives: a desk, its agents, two workers that may die or sleep, customers, a network.

Everything is the product's own but the line and the clocks. Not for: what must hold in it (`promises`).
"""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Literal, NamedTuple

from carecli.channels.base import Prepared
from carecli.channels.sandbox.channel import Keys
from carecli.channels.sandbox.wire import Post
from carecli.desk.context import Desk
from carecli.errors import LostLease
from carecli.model import Calendar, OutboxEntry, Record, Target, Visibility
from carecli.playbook.waits import policy_for
from carecli.store import outbox
from carecli.store.session import Row
from carecli.worker.counting import Policies
from carecli.worker.delivery import Delivery
from carecli.worker.lease import Lease
from carecli.worker.loop import Worker
from carecli.worker.poll import Polling
from carecli.worker.purse import Purse
from carecli.worker.reconciling import Reconciling
from carecli.worker.station import Station
from tests.model.interruptions import (
    Crash,
    InterruptedChannel,
    InterruptedDatabase,
    Interruption,
    MachineClock,
    Moments,
)
from tests.model.line import Line
from tests.shop import CONFIG, START, Shop

AGENTS = ("claire", "rob")
SIGNATURES = {"claire": "^CL", "rob": "^RI"}
CUSTOMERS = ("andy", "zak")
LEAD = "claire"
# What nobody but a lead says without asking one.
CALL_US = "Please give us a call."
_CONFIG = CONFIG.replace('team = "', 'approval = ["deflection-call"]\nteam = "', 1)

Step = Literal["read", "recover", "reconcile", "send", "round"]

_POLICIES = Policies(policy_for(Calendar(), Target()), policy_for(Calendar(), Target()))


class Accepted(Record, frozen=True):
    """A reply that the desk has accepted: what its author wrote, signed, what they had seen, and who had the claim.

    unseen: the messages of others that there were beyond `seen`. claimed_by: who had the conversation until then.
    asks: it must not leave without a lead's word.
    """

    entry_id: int
    agent: str
    customer: str
    visibility: Visibility
    texts: tuple[str, ...]
    seen: int
    unseen: tuple[int, ...]
    claimed_by: str
    asks: bool


class Call(NamedTuple):
    """A call that a worker made, to send a part of `entry`.

    lease_holder: who had the lease then. clock_was_set: while the worker was at its step, so that nobody can tell
    whose the lease should be. may_be_undone: its author's time to take it back was not over. overtakes:
    another reply of the same conversation comes first. unseen: what others wrote that the author had not seen,
    as far as the worker could know. unapproved: it waits for a lead, and none has spoken.
    """

    entry: OutboxEntry
    worker: str
    lease_holder: str
    clock_was_set: bool
    may_be_undone: bool
    overtakes: bool
    unseen: tuple[int, ...]
    unapproved: bool


class World:
    """One desk and all around it. `keys`: whether the network knows idempotency keys."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        self.shop = Shop(folder, _CONFIG)
        self.keys = keys
        self.clock = self.shop.clock
        self.machine = MachineClock(START)
        self.line = Line(self.shop.network, self.clock, keys)
        self.accepted: dict[int, Accepted] = {}
        self.calls: list[Call] = []
        # Replies of which a person said that they are sent; and those of which they did not say under which id.
        self.settled_by_hand: set[int] = set()
        self.settled_blindly: set[int] = set()
        # Replies that wait for a lead no more, by whose word.
        self.approved: dict[int, str] = {}
        # What customers took away, as it was.
        self.removed: list[Post] = []
        # What each agent has typed, and has neither sent nor written something else in its place.
        self.typed: dict[str, set[str]] = {agent: set() for agent in AGENTS}
        # The latest that the desk's clock has shown.
        self.latest = START
        self._keys = count(1)
        self._names = count(1)
        self.processes = [self.start(), self.start()]
        self.desk_moments = Moments()
        database = InterruptedDatabase(self.shop.database, self.machine, self.desk_moments)
        self.desks = {
            agent: Desk(
                self.shop.config,
                database,
                self.clock,
                self.shop.config.agents[agent],
                lambda _: self.line,
                lambda: f"key-{next(self._keys)}",
            )
            for agent in AGENTS
        }

    def start(self) -> Process:
        """A worker as a new process runs it, under a name that no other one had."""
        return Process(self, f"worker-{next(self._names)}")

    def close(self) -> None:
        self.shop.close()

    # ── time ──────────────────────────────────────────────────────────────────────────────────────

    def pass_seconds(self, seconds: float) -> None:
        self.machine.pass_seconds(seconds)
        self.set_desk_clock(seconds)

    def set_desk_clock(self, seconds: float) -> None:
        """The desk's clock alone moves, forward or back."""
        self.clock.advance(seconds)
        self.latest = max(self.latest, self.clock.now())
        self.line.arrive()

    def desk_clock_is_set(self, seconds: float) -> None:
        """Nothing is under way meanwhile: how late it would come cannot be told any more."""
        self.line.mend()
        self.set_desk_clock(seconds)

    def catch_up(self) -> None:
        """The desk's clock shows again what it showed at its latest."""
        self.clock.set(self.latest)

    def remove(self, post: Post) -> None:
        """The author of a post removes it."""
        self.removed.append(post)
        self.shop.network.remove(post.id, self.clock.now())

    # ── looking ───────────────────────────────────────────────────────────────────────────────────

    def posts(self) -> list[Post]:
        """What stands at the network, in the order in which it came there."""
        return [post for post in self.shop.network.posts_after(0, 10_000) if not post.removed]

    def own_posts(self) -> list[Post]:
        return [post for post in self.posts() if post.author == self.shop.network.account]

    def entries(self) -> list[OutboxEntry]:
        """The outbox, in the order in which it filled."""
        with self.shop.database.read() as session:
            return list(reversed(outbox.entries(session, ())))

    def rows(self, sql: str) -> list[Row]:
        with self.shop.database.read() as session:
            return session.all(sql)

    def unseen(self, conversation: int, seen: int, agent: str) -> tuple[int, ...]:
        """The stored messages that somebody else wrote since `seen`, told apart by this test's own reading."""
        rows = self.rows(
            f"SELECT id FROM message WHERE conversation_id = {conversation} AND id > {seen}"
            f" AND (direction = 'inbound' OR agent <> '{agent}') ORDER BY id"
        )
        return tuple(row[0] for row in rows)

    def claimed_by(self, conversation: int) -> str:
        """Who has claimed a conversation now; "" where nobody has."""
        sql = f"SELECT claimed_by, claimed_until FROM conversation WHERE id = {conversation}"
        name, until = self.rows(sql)[0]
        return str(name) if until and until > self.clock.now().timestamp() * 1000 else ""

    def drafts_of(self, agent: str) -> dict[int, str]:
        """What an agent has begun to write, by conversation."""
        return dict(self.rows(f"SELECT conversation_id, text FROM draft WHERE agent = '{agent}'"))

    def customer_of(self, conversation: int) -> str:
        """The network's id of the customer in a conversation."""
        rows = self.rows(
            "SELECT identity.remote_id FROM conversation JOIN identity ON identity.id = conversation.author_id"
            f" WHERE conversation.id = {conversation}"
        )
        return str(rows[0][0])

    def is_in_flight(self, entry: OutboxEntry) -> bool:
        """Whether a request of it that nobody waits for any more may still put a part at the network."""
        return any(self.line.is_in_flight(part.key) for part in entry.parts if not part.remote_id)


class Process:
    """One worker, from its start to its end. `moments`: where it can be interrupted."""

    def __init__(self, world: World, name: str) -> None:
        self.moments = Moments()
        self.name = name
        self._world = world
        self._times_set = 0
        clock, agents = world.clock, world.shop.config.agents
        self.database = InterruptedDatabase(world.shop.database, world.machine, self.moments, name)
        self._channel = InterruptedChannel(world.line, self.moments, self._is_sending)
        self._intake = Lease(self.database, "intake:care", name, world.machine.seconds)
        self._lease = Lease(self.database, "delivery:care", name, world.machine.seconds)
        purse = Purse(self.database, clock, "care", self._channel, 0)
        station = Station(self.database, clock, "care", self._channel, _POLICIES, purse)
        self._polling = Polling(station, self._intake)
        self._delivery = Delivery(station, self._lease, "^{initials}", agents)
        self._reconciling = Reconciling(station, self._delivery)
        self._worker = Worker(
            world.shop.config, self.database, clock, lambda _: self._channel, name, world.machine.seconds
        )

    def work(self, step: Step, interruption: Interruption | None = None) -> bool:
        """Do one step, in which something may happen. Whether the process is still there."""
        self.moments.interruption = interruption
        self._times_set = self._world.machine.times_set
        try:
            self._do(step)
        except Crash:
            return False
        except LostLease:
            pass
        finally:
            self.moments.interruption = None
        return True

    def _do(self, step: Step) -> None:
        if step == "round":
            self._worker.run_once()
        elif step == "read":
            if self._intake.take():
                self._polling.run_once()
        elif self._lease.take():
            {
                "recover": self._delivery.recover,
                "reconcile": self._reconciling.run_once,
                "send": self._delivery.run_once,
            }[step]()

    def _is_sending(self, prepared: Prepared) -> None:
        world = self._world
        entries = world.entries()
        entry = next(entry for entry in entries if prepared.key in [part.key for part in entry.parts])
        others = [other for other in entries if other.conversation_id == entry.conversation_id and other.id != entry.id]
        accepted = world.accepted[entry.id]
        unseen = world.unseen(entry.conversation_id or 0, accepted.seen, accepted.agent)
        ((holder,),) = world.rows("SELECT holder FROM lease WHERE name = 'delivery:care'")
        world.calls.append(
            Call(
                entry=entry,
                worker=self.name,
                lease_holder=holder,
                clock_was_set=world.machine.times_set != self._times_set,
                may_be_undone=entry.held_until is not None and entry.held_until > world.latest,
                overtakes=any(_comes_first(other, entry) for other in others),
                unseen=tuple(number for number in unseen if number <= self.database.newest_message),
                unapproved=accepted.asks and entry.id not in world.approved,
            )
        )


def _comes_first(other: OutboxEntry, entry: OutboxEntry) -> bool:
    """Whether another reply to the same customer must be settled before a call for `entry` is made."""
    # One that has begun is not held up by what a person sent again since.
    is_earlier = other.id < entry.id and entry.attempts == 1
    return other.state in ("sending", "unknown") or (is_earlier and other.state in ("held", "queued"))
