"""A desk that is killed, wherever it is: what it accepted stands at the network exactly once, in order; the rest never.

The network is the simulated one, served over HTTP by this process, which survives; the desk is a process of its own.
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from carecli.channels.sandbox.faults import After, Before, Fault
from carecli.channels.sandbox.network import SandboxNetwork
from carecli.channels.sandbox.server import SandboxServer
from carecli.model import Author
from carecli.store.sqlite import open_database
from tests.kill.forge import REPLIES, Ended, Order

# How many random instants: a few always, the long form's are those that docs/reliability.md tells of.
FEW, MANY = 10, 320
_LONGEST = 0.12
_FAULTS: tuple[Before | After, ...] = (
    "cut_after_acting",
    "cut_before_acting",
    "error_after_acting",
    "error_before_acting",
    "truncated",
    "html",
)

_CONFIG = """
version = 1
agent = "claire"
agents = [
  {{ id = "claire", name = "Claire Lowe", lead = true }},
  {{ id = "mira", name = "Mira Novak", training = true }},
]

[[accounts]]
id = "care"
network = "sandbox"
handle = "NorthwindCare"
playbook = "desk"
sandbox = {{ url = "{url}" }}

[playbooks.desk]
approval = ["training"]
"""


class Forge:
    """The program that makes desks and kills them."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.kill.forge"]
        root = Path(__file__).parents[2]
        self._process = subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, order: Order) -> Ended:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(msgspec.json.encode(order) + b"\n")
        self._process.stdin.flush()
        return msgspec.json.decode(self._process.stdout.readline(), type=Ended)

    def close(self) -> None:
        self._process.communicate()


class Place:
    """A desk's folder, a network served for it, and three customers who wait."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.network = SandboxNetwork(folder / "sandbox.db", 1, start=datetime.now(UTC), pace=0, waiting=0)
        self.server = SandboxServer(self.network)
        for handle in ("a", "b", "c"):
            person = Author(f"id-{handle}", handle, handle)
            self.network.write_as(person, "@NorthwindCare my line is slow", datetime.now(UTC), language="en")
        (folder / "config.toml").write_text(_CONFIG.format(url=self.server.url), "utf-8")

    def __enter__(self) -> Place:
        self.server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.__exit__(None, None, None)
        self.server.close()
        self.network.close()

    def order(self, **given: object) -> Order:
        return msgspec.convert({"folder": str(self.folder), **given}, Order)

    def judge(self) -> None:
        """What the desk promised before it died, and all that its database promises, holds at the network."""
        told = [int(line) for line in (self.folder / "accepted").read_text().split()]
        database = open_database(self.folder / "desk.db")
        with database.read() as session:
            entries = session.all("SELECT id, state FROM outbox ORDER BY id")
            unapproved = session.all("SELECT id FROM outbox WHERE agent = 'mira' AND approved_by <> 'claire'")
            parts = session.all("SELECT text, remote_id FROM outbox_part ORDER BY outbox_id, number")
            open_waits = session.one("SELECT count(*) FROM wait WHERE closed_at IS NULL")
            ours = session.all("SELECT remote_id FROM message WHERE direction = 'outbound' ORDER BY published_at, id")
        database.close()
        posts = [post for post in self.network.posts_after(0, 100) if post.author == self.network.account]
        assert set(told) <= {number for number, _ in entries}, "a reply was told as accepted and is gone"
        assert {state for _, state in entries} <= {"sent"}
        assert not unapproved, "it left without a lead"
        assert sorted(text for text, _ in parts) == sorted(post.text for post in posts), "lost, doubled or invented"
        assert {remote_id for _, remote_id in parts} == {post.id for post in posts}
        assert [remote_id for (remote_id,) in ours] == [post.id for post in posts], (
            "not the same messages here and there"
        )
        assert open_waits == (3 - len(entries),)
        at = {post.text.rpartition(" ")[0]: number for number, post in enumerate(posts)}
        for texts in REPLIES:
            places = [at[text] for text in texts if text in at]
            assert places == sorted(places) and len(places) in (0, len(texts)), "parts out of order, or some of them"


@pytest.fixture(scope="module")
def forge() -> Iterator[Forge]:
    opened = Forge()
    yield opened
    opened.close()


def killed_and_recovered(forge: Forge, place: Place, order: Order) -> bool:
    """Run an order, then a desk that only goes on; whether the first was killed."""
    first = forge(order)
    assert first.killed or first.code == 0
    again = forge(place.order(accept=False))
    assert again == Ended(killed=False, code=0)
    place.judge()
    return first.killed


def steps(forge: Forge, folder: Path) -> dict[str, int]:
    """How many commits and calls a run takes that nobody disturbs."""
    with Place(folder) as place:
        assert forge(place.order()) == Ended(killed=False, code=0)
        place.judge()
        return msgspec.json.decode((folder / "counts.json").read_bytes(), type=dict[str, int])


def test_a_desk_that_nobody_kills_sends_everything_once(forge: Forge, tmp_path: Path) -> None:
    counted = steps(forge, tmp_path / "whole")
    assert counted["call"] == sum(len(texts) for texts in REPLIES)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", [1, 2, 3, 5])
def test_a_desk_killed_beside_a_call_to_the_network(forge: Forge, tmp_path: Path, at: int, after: bool) -> None:
    with Place(tmp_path / "desk") as place:
        assert killed_and_recovered(forge, place, place.order(step="call", at=at, after=after))


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", [4, 5, 6, 8, 11])
def test_a_desk_killed_beside_a_commit(forge: Forge, tmp_path: Path, at: int, after: bool) -> None:
    with Place(tmp_path / "desk") as place:
        assert killed_and_recovered(forge, place, place.order(step="commit", at=at, after=after))


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_desk_killed_beside_every_call_and_every_commit(
    forge: Forge, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    counted = steps(forge, tmp_path / "whole")
    kills = 0
    for step, times in counted.items():
        for at in range(1, times + 1):
            for after in (False, True):
                with Place(tmp_path / f"{step}-{at}-{after}") as place:
                    kills += killed_and_recovered(forge, place, place.order(step=step, at=at, after=after))
    tell(f"{kills} kills survived, before and after each of {counted['commit']} commits and {counted['call']} calls.")


def at_random(forge: Forge, folder: Path, wanted: int) -> int:
    """Kill desks at random instants, most of them while the network fails as well, until `wanted` died at work."""
    chance = random.Random(2026)
    kills = 0
    for number in range(4 * wanted):
        with Place(folder / str(number)) as place:
            for _ in range(chance.randrange(3)):
                place.server.faults.add(Fault(chance.choice(_FAULTS), "publish"))
            kills += killed_and_recovered(forge, place, place.order(seconds=chance.uniform(0.005, _LONGEST)))
        if kills == wanted:
            break
    return kills


def test_a_desk_killed_at_some_random_instants(forge: Forge, tmp_path: Path, tell: Callable[[str], None]) -> None:
    kills = at_random(forge, tmp_path, FEW)
    tell(f"{kills} kills survived, at random instants.")
    assert kills == FEW


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_desk_killed_at_hundreds_of_random_instants(
    forge: Forge, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    kills = at_random(forge, tmp_path, MANY)
    tell(f"{kills} kills survived, at random instants.")
    assert kills == MANY
