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


def test_it_prints_what_each_day_has_cost_and_what_that_comes_to(run: Run, metered: Path) -> None:
    read_once(metered)
    run("reply", "1", TEXT, "--public")
    assert "It has cost about $0.010." in run("resolve", "1", "--outcome", "confirmed").out
    lines = run("cost").out.splitlines()
    assert [line.split() for line in lines[:2]] == [
        ["DAY", "ACCOUNT", "COUNT", "COST", "FOR"],
        ["2026-03-02", "care", "1", "$0.010", "messages", "read"],
    ]
    assert "2026-03-02  care         1  $0.010  summoned replies" in lines
    assert "care: about $0.030 in 7 days, $0.030 of it today; 100% of the day's $0.030" in lines
    assert "  $0.030 for each resolved conversation: 1 in that time" in lines
    assert "  $10.00 for each thousand messages from customers: 3 in that time" in lines
    assert "An estimate by the prices published on 2026-08-22" in lines[-1]


def test_its_json_holds_whole_numbers_of_micros(run: Run, metered: Path) -> None:
    read_once(metered)
    data = run("cost", "--days", "1", "--json").data
    assert data["since"] == data["until"] == "2026-03-02"
    assert {row["kind"]: row["micros"] for row in data["rows"]} == {"messages read": 10_000, "posts read": 10_000}
    (account,) = data["accounts"]
    assert (account["micros"], account["micros_per_resolved"], account["budget_micros"]) == (20_000, None, 30_000)


def test_where_nothing_costs_anything_it_says_so(run: Run) -> None:
    answer = run("cost")
    assert (answer.code, answer.out) == (0, "No account here is on a network that charges for its calls.\n")


def test_the_shift_tells_what_stands_in_an_account_s_way(run: Run, metered: Path) -> None:
    path = metered / "config.toml"
    path.write_text(path.read_text("utf-8").replace("budget = 0.03", "budget = 0.02"), "utf-8")
    read_once(metered)
    read_once(metered)
    told = run("shift", "status").out
    assert "about $0.020 of $0.020 spent today" in told
    assert "until Tue 3 Mar 00:00: Budget spent: nothing is read. Today's $0.020 are spent." in told
