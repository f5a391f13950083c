"""`carecli cost`, and how a command ends where a budget does."""

from __future__ import annotations

from pathlib import Path

import pytest

from carecli.config import load
from carecli.desk.context import open_desk
from carecli.worker.loop import Worker
from tests.cli.conftest import Run
from tests.cli.test_replies import TEXT, posted


@pytest.fixture
def metered(folder: Path) -> Path:
    """The desk on a network that charges; a budget of one answer and what was read, one of which nobody has read."""
    configure(folder, "seed = 1, metered = true, budget = 0.03")
    return folder


def configure(folder: Path, sandbox: str) -> None:
    path = folder / "config.toml"
    path.write_text(path.read_text("utf-8").replace("seed = 1", sandbox), "utf-8")


def read_once(folder: Path) -> None:
    """What a desk that is open does by itself."""
    desk = open_desk(load(folder / "config.toml"))
    worker = Worker(desk.config, desk.database, desk.clock, desk.open_channel, "test-worker")
    with desk.database.write() as session:
        session.run("UPDATE account SET cursor = ''")
    worker._read("care", worker._polling("care"))
    worker.stop()
    desk.close()


def test_a_reply_beyond_the_budget_ends_with_three_and_until_when(run: Run, metered: Path) -> None:
    read_once(metered)
    assert run("reply", "1", TEXT, "--public").code == 0
    answer = run("reply", "3", "Dzień dobry.", "--public")
    assert answer.code == 3
    assert "waits until Tue 3 Mar 00:00" in answer.err and "budget is spent" in answer.err
    assert len(posted(metered)) == 1
    error = run("outbox", "list", "--json").data[0]
    assert (error["state"], error["not_before"]) == ("queued", "2026-03-03T00:00:00Z")
    assert "until Tue 3 Mar 00:00: Today's budget" in run("outbox", "show", str(error["entry_id"])).out


def test_a_greeting_beyond_the_budget_ends_the_same_way(run: Run, metered: Path) -> None:
    read_once(metered)
    run("reply", "1", TEXT, "--public")
    answer = run("greet", "--json")
    assert (answer.code, answer.error["error"], answer.error["until"]) == (3, "RateLimited", "2026-03-03T00:00:00Z")
    assert len(posted(metered)) == 1
