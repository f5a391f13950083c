"""`carecli greet`, `carecli signoff`, `carecli shift`."""

from __future__ import annotations

from pathlib import Path

import pytest

from carecli.channels.base import Rejected
from carecli.channels.sandbox.channel import SandboxChannel
from tests.cli.conftest import Run
from tests.cli.test_replies import posted


def test_a_greeting_is_posted_once_whoever_asks(run: Run, folder: Path) -> None:
    first = run("greet")
    assert (first.code, first.err) == (0, "")
    assert "Claire" in first.out
    second = run("--agent", "rob", "greet")
    assert (second.code, second.out) == (0, first.out)
    assert "posted once" in second.err
    assert posted(folder) == [first.out.rstrip("\n")]


def test_a_greeting_that_the_network_refused_is_said_in_other_words_the_next_time(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as refusing:
        refusing.setattr(SandboxChannel, "send", lambda *_: Rejected("It was posted before."))
        refused = run("greet")
    assert refused.code == 1
    assert "It was posted before. Ask for it again with `carecli greet`" in refused.err
    second = run("greet")
    assert second.code == 0
    assert second.out != refused.out
    assert posted(folder) == [second.out.rstrip("\n")]


def test_a_dry_run_prints_the_greeting_and_posts_nothing(run: Run, folder: Path) -> None:
    assert "Claire" in run("greet", "--dry-run").out
    assert posted(folder) == []
    assert run("shift", "status", "--json").data[0]["greeted_at"] is None


@pytest.mark.parametrize("command", ["greet", "signoff"])
def test_a_dry_run_sends_nothing_that_was_left_to_a_running_desk(run: Run, folder: Path, command: str) -> None:
    run("shift", "open")
    run(command, "--no-wait")
    run("reply", "1", "Hi Andy, we look into it.", "--public", "--no-wait")
    answer = run(command, "--dry-run", "--json")
    assert (answer.code, answer.data["already"], answer.data["state"]) == (0, True, "queued")
    assert posted(folder) == []


def test_a_greeting_names_those_on_duty(run: Run) -> None:
    run("shift", "open", "--with", "rob", "--with", "claire")
    assert "Rob and Claire" in run("greet", "--dry-run").out


def test_a_sign_off_needs_an_open_shift(run: Run) -> None:
    answer = run("signoff")
    assert (answer.code, answer.out) == (1, "")
    assert "shift" in answer.err


def test_a_closed_shift_is_not_said_to_lack_its_greeting(run: Run) -> None:
    assert "greeted" not in run("shift", "status").out
    assert "not greeted" in run("shift", "open").out
    run("greet")
    assert "greeted" not in run("shift", "close").out


def test_a_shift_opens_greets_signs_off_and_closes(run: Run, folder: Path) -> None:
    assert "care: shift open, desk open" in run("shift", "open").out
    run("greet")
    assert "greeted 09:30" in run("shift", "status").out
    run("signoff")
    assert len(posted(folder)) == 2
    closed = run("shift", "close", "--handover", "Andy waits for a call", "--json").data
    assert (closed["open"], closed["unanswered"]) == (False, 3)


def test_a_shift_that_is_not_open_cannot_be_closed(run: Run) -> None:
    assert run("shift", "close").code == 1


def test_an_unknown_agent_is_not_on_duty(run: Run) -> None:
    answer = run("shift", "open", "--with", "zoe")
    assert answer.code == 6
    assert "claire, rob" in answer.err


def test_where_there_are_several_accounts_one_must_be_named(run: Run, folder: Path) -> None:
    with (folder / "config.toml").open("a", encoding="utf-8") as file:
        file.write("\n[[accounts]]\nid = 'mobile'\nnetwork = 'sandbox'\nhandle = 'NorthwindMobile'\n")
    answer = run("greet")
    assert answer.code == 2
    assert "--account: care, mobile" in answer.err
    assert [shift["account"] for shift in run("shift", "status", "--json").data] == ["care", "mobile"]


@pytest.mark.parametrize("words", [("greet",), ("shift", "open"), ("shift", "status"), ("queue",)])
def test_an_unknown_account_is_told(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words, "--account", "x").code == 6
