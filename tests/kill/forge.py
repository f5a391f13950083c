"""Makes the processes that are killed: one program that has imported everything forks a desk for each order.

`python -m tests.kill.forge` reads orders as JSON lines and answers each when its process has ended. A forked desk is a
process of its own: SIGKILL ends it at the very instruction, and nothing of it runs on. Not for: judging (`test_kill`).
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Literal

import msgspec

# Imported before forking, so that a desk starts in milliseconds.
import carecli.channels.sandbox.remote
import carecli.playbook.checks
import carecli.playbook.greeting
import carecli.worker.reconciling  # noqa: F401
from carecli.channels.base import Channel, Prepared, ReconcileOutcome, SendOutcome
from carecli.channels.factory import open_channel
from carecli.config import load
from carecli.desk.approval import approve
from carecli.desk.context import Desk
from carecli.desk.outbox import outbox as outbox_rows
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.views import QueueFilter
from carecli.playbook.urgency import read
from carecli.store import outbox
from carecli.store.session import Database, Session
from carecli.store.sqlite import open_database
from carecli.worker.holder import holder_name
from carecli.worker.loop import Worker

Step = Literal["", "commit", "call"]

# What each reply says; the second has three parts, the third is a beginner's and waits for a lead.
REPLIES = (
    ("First answer.",),
    ("Second answer, one.", "Second answer, two.", "Second answer, three."),
    ("Third answer.",),
)
AUTHORS = ("claire", "claire", "mira")
_ROUNDS = 400


class Order(msgspec.Struct, frozen=True):
    """One desk to run in `folder`. accept: whether it accepts the replies, or only goes on with what is there.

    step, at, after: kill it at the at-th commit or call to the network, before it or after it.
    seconds: kill it after so long, wherever it is.
    """

    folder: str
    accept: bool = True
    step: Step = ""
    at: int = 0
    after: bool = False
    seconds: float = 0.0


class Ended(msgspec.Struct, frozen=True):
    """How a desk ended: by SIGKILL, or by itself with what it counted."""

    killed: bool
    code: int


class Executioner:
    """Kills its own process at the step that the order names."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self.counts: dict[str, int] = {"commit": 0, "call": 0}

    @contextmanager
    def around(self, step: str) -> Iterator[None]:
        self.counts[step] += 1
        here = self._order.step == step and self._order.at == self.counts[step]
        if here and not self._order.after:
            os.kill(os.getpid(), signal.SIGKILL)
        yield
        if here:
            os.kill(os.getpid(), signal.SIGKILL)


class MortalDatabase:
    """A database whose process may be killed right before a commit, or right after it."""

    def __init__(self, inner: Database, executioner: Executioner) -> None:
        self._inner = inner
        self._executioner = executioner

    def read(self) -> AbstractContextManager[Session]:
        return self._inner.read()

    @contextmanager
    def write(self, *, durable: bool = True, shown: bool = True) -> Iterator[Session]:
        transaction = self._inner.write(durable=durable, shown=shown)
        session = transaction.__enter__()
        try:
            yield session
        except BaseException as error:
            transaction.__exit__(type(error), error, error.__traceback__)
            raise
        with self._executioner.around("commit"):
            transaction.__exit__(None, None, None)

    def at_rest(self) -> AbstractContextManager[None]:
        return self._inner.at_rest()

    def change_number(self) -> int:
        return self._inner.change_number()

    def close(self) -> None:
        self._inner.close()


class MortalChannel:
    """A channel whose process may be killed right before a call that posts, or right after its answer."""

    def __init__(self, inner: Channel, executioner: Executioner) -> None:
        self._inner = inner
        self._executioner = executioner

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def send(self, prepared: Prepared) -> SendOutcome:
        with self._executioner.around("call"):
            return self._inner.send(prepared)

    def reconcile(self, prepared: Prepared) -> ReconcileOutcome:
        with self._executioner.around("call"):
            return self._inner.reconcile(prepared)


def run(order: Order) -> None:
    """A desk from its start to the moment when nothing is left to do, or to its death."""
    folder = Path(order.folder)
    executioner = Executioner(order)
    config = load(folder / "config.toml")
    clock = config.clock()
    database = MortalDatabase(open_database(folder / "desk.db"), executioner)
    keys = count()

    def opened(account: str) -> Channel:
        return MortalChannel(open_channel(config, account, clock), executioner)  # type: ignore[return-value]

    desks = {
        name: Desk(config, database, clock, agent, opened, lambda: f"{os.getpid()}-{next(keys)}")
        for name, agent in config.agents.items()
    }
    worker = Worker(config, database, clock, opened, holder_name("kill", str(os.getpid())))
    worker.run_once()
    with (folder / "accepted").open("a") as accepted:
        rows = first_rows(desks["claire"], QueueFilter(), 10) if order.accept else ()
        in_order = sorted(rows, key=lambda row: row.handle)
        for row, texts, author in zip(in_order, REPLIES, AUTHORS, strict=False):
            entry = reply(
                desks[author], row.conversation_id, texts[0], "public", seen_version=None, hold=False, further=texts[1:]
            )
            accepted.write(f"{entry.id}\n")
            accepted.flush()
            worker.run_once()
    for waiting in outbox_rows(desks["claire"], {"approval"}):
        approve(desks["claire"], waiting.entry_id)
    for _ in range(_ROUNDS):
        worker.run_once()
        with database.read() as session:
            if not outbox.has_pending(session, "care"):
                break
        time.sleep(0.01)
    else:
        os._exit(9)
    worker.run_once()
    worker.stop()
    (folder / "counts.json").write_bytes(msgspec.json.encode(executioner.counts))


def forge(order: Order) -> Ended:
    """Fork a desk, kill it if the order says when, and wait for its end."""
    child = os.fork()
    if child == 0:
        try:
            run(order)
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)  # noqa: T201
            os._exit(1)
        os._exit(0)
    if order.seconds:
        time.sleep(order.seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return Ended(os.WIFSIGNALED(status), os.waitstatus_to_exitcode(status))


def main() -> None:
    """Take orders until there are no more."""
    read("warm", "en")
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(msgspec.json.encode(forge(msgspec.json.decode(line, type=Order))) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
