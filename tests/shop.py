"""A whole desk for tests: a real database file, the simulated network with customers of the test's own making, and
a clock that moves only when told to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from carecli.channels.base import Channel
from carecli.channels.sandbox.channel import Faults, SandboxChannel
from carecli.channels.sandbox.network import SandboxNetwork
from carecli.channels.sandbox.wire import Post
from carecli.clock import ManualClock
from carecli.config import parse
from carecli.desk.context import Desk
from carecli.model import Author, Draft, Visibility
from carecli.store import notes
from carecli.store.sqlite import open_database
from carecli.worker.loop import Worker

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

CONFIG = """
version = 1
agent = "claire"

[[agents]]
id = "claire"
name = "Claire Lowe"
lead = true

[[agents]]
id = "rob"
name = "Rob Iyer"

[[accounts]]
id = "care"
network = "sandbox"
handle = "NorthwindCare"
brand = "Northwind Broadband"
calendar = "desk"
playbook = "desk"

[[snippets]]
name = "outage"
text = "Hi {name}, there is a fault in {area} and engineers are on it. I'll write here by {time}."
languages = ["en"]

[calendars.desk]
timezone = "Europe/London"
monday = ["08:00-22:00"]
tuesday = ["08:00-22:00"]
wednesday = ["08:00-22:00"]
thursday = ["08:00-22:00"]
friday = ["08:00-22:00"]

[playbooks.desk]
team = "Team North"
greetings = ["Good morning! {roster} here until {closes}.", "Hello from {roster}, at your service until {closes}."]
signoffs = ["Good night from {roster}. Back {next_opening}.", "{team} signs off. Back {next_opening}."]
checks = { "greeting-missing" = "hint", "unanswered-question" = "hint" }
"""


@cache
def empty_desk() -> bytes:
    """The file of a desk where nothing has happened: made once, since each test begins with one."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "desk.db"
        database = open_database(file)
        with database.read():
            pass
        database.close()
        return file.read_bytes()


class Shop:
    """One desk, one network, one worker; `now` is the clock of all three."""

    def __init__(self, folder: Path, config: str = CONFIG) -> None:
        self.config = parse(config, folder / "config.toml")
        self.clock = ManualClock(START)
        # Which client speaks to the network; a test may have it see less, or be refused more.
        self.client: type[SandboxChannel] = SandboxChannel
        self.network = SandboxNetwork(folder / "sandbox.db", 1, start=START, pace=0, waiting=0)
        self.faults = Faults()
        file = folder / "desk.db"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_bytes(empty_desk())
        self.database = open_database(file)
        self._keys = count(1)
        self.desk = self.desk_of("claire")
        self.worker = Worker(self.config, self.database, self.clock, self._channel, "test-worker")

    def desk_of(self, agent: str) -> Desk:
        """The same desk as another agent has it open."""
        return Desk(
            self.config,
            self.database,
            self.clock,
            self.config.agents[agent],
            self._channel,
            lambda: f"key-{next(self._keys)}",
        )

    def customer_writes(
        self,
        text: str,
        handle: str = "andy",
        *,
        name: str = "Andy Loynes",
        reply_to: str | None = None,
        visibility: Visibility = "public",
        language: str = "en",
    ) -> Post:
        """A customer posts, mentioning the account unless it answers something; the worker has not looked yet."""
        said = text if reply_to or visibility == "private" else f"@NorthwindCare {text}"
        author = Author(f"id-{handle}", handle, name)
        return self.network.write_as(
            author, said, self.clock.now(), visibility=visibility, reply_to=reply_to, language=language
        )

    def another_worker(self) -> Worker:
        """A second worker on the same desk, as another process would run it."""
        return Worker(self.config, self.database, self.clock, self._channel, "other-worker")

    def work(self) -> None:
        """One round of the worker: read, then send."""
        self.worker.run_once()

    def pass_minutes(self, minutes: float) -> None:
        self.clock.advance(minutes * 60)

    def posts_by_us(self) -> list[Post]:
        """What stands at the network under the account's name, oldest first."""
        return [post for post in self.network.posts_after(0, 10_000) if post.author == self.network.account]

    def close(self) -> None:
        self.worker.stop()
        self.desk.close()
        self.network.close()

    def _channel(self, account: str) -> Channel:
        metered = self.config.accounts[account].sandbox.metered
        return self.client(self.network, self.clock, faults=self.faults, metered=metered)


def load_draft(desk: Desk, conversation_id: int) -> Draft | None:
    """The agent's own draft in a conversation."""
    with desk.database.read() as session:
        return notes.draft(session, conversation_id, desk.agent.id)


@contextmanager
def open_shop(folder: Path, config: str = CONFIG) -> Iterator[Shop]:
    """A shop that is closed at the end."""
    shop = Shop(folder, config)
    try:
        yield shop
    finally:
        shop.close()
