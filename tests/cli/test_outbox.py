"""`carecli outbox` and what it does with one reply: show, cancel, retry, resolve."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from carecli.cli.pages import EMPTY_OUTBOX
from carecli.store import outbox
from carecli.store.sqlite import open_database
from tests.cli.conftest import NOW, Run

TEXT = "Hi Andy, your line is back."


def stuck(run: Run, folder: Path, state: str, look_at: str = NOW) -> None:
    """Reply 1 as a worker leaves it whose call was refused, or whose call got no answer."""
    run("reply", "1", TEXT, "--public", "--no-wait")
    database = open_database(folder / "desk.db")
    with database.write() as session:
        outbox.begin_attempt(session, 1)
        if state == "rejected":
            outbox.move(session, 1, ["sending"], "rejected", "The network refused it.")
        else:
            outbox.doubt(session, 1, datetime.fromisoformat(look_at), "The connection was cut.")
    database.close()


def test_a_reply_behind_one_that_may_have_arrived_says_at_once_which_to_settle(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carecli.cli.sending.WAIT_SECONDS", 3600.0)
    stuck(run, folder, "unknown", look_at="2026-03-02T10:30:00Z")
    answer = run("reply", "1", "Hi Andy, once more.", "--public", "--json")
    assert (answer.code, answer.error["exit_code"]) == (4, 4)
    assert "`carecli outbox resolve 1`" in answer.error["remedy"]


def test_it_lists_what_has_not_left_yet(run: Run) -> None:
    assert run("outbox").out == f"{EMPTY_OUTBOX}\n"
    run("reply", "1", TEXT, "--public", "--no-wait")
    head, row = run("outbox").out.splitlines()
    assert head.split() == ["ENTRY", "STATE", "ACCOUNT", "KIND", "WHERE", "BY", "SINCE", "TEXT"]
    assert row.split()[:7] == ["1", "queued", "care", "reply", "public", "claire", "09:30"]
    assert TEXT in row


def test_what_was_sent_is_listed_only_on_request(run: Run) -> None:
    run("reply", "1", TEXT, "--public")
    assert run("outbox", "--json").data == []
    assert [row["state"] for row in run("outbox", "--all", "--json").data] == ["sent"]


def test_cancelling_gives_the_text_back_without_its_signature(run: Run) -> None:
    run("reply", "1", TEXT, "--public", "--no-wait")
    data = run("outbox", "cancel", "1", "--json").data
    assert data["entry_id"] == 1
    assert data["text"].endswith(TEXT)
    assert run("outbox").out == f"{EMPTY_OUTBOX}\n"


def test_what_has_left_cannot_be_cancelled(run: Run) -> None:
    run("reply", "1", TEXT, "--public")
    answer = run("outbox", "cancel", "1", "--json")
    assert (answer.code, answer.error["rule"]) == (1, "undo")


def test_an_entry_that_is_not_there_is_told(run: Run) -> None:
    assert run("outbox", "cancel", "99").code == 6


def test_one_reply_is_shown_with_why_it_is_stuck(run: Run, folder: Path) -> None:
    stuck(run, folder, "unknown")
    shown = run("outbox", "show", "1").out
    assert all(words in shown for words in (TEXT, "unknown", "The connection was cut."))
    data = run("outbox", "show", "1", "--json").data
    assert (data["state"], data["error"]) == ("unknown", "The connection was cut.")


def test_a_rejected_reply_is_sent_again_as_it_is(run: Run, folder: Path) -> None:
    stuck(run, folder, "rejected")
    assert run("outbox", "retry", "1", "--json").data["state"] == "sent"
    assert run("outbox", "retry", "1", "--json").error["rule"] == "retry"


def test_a_reply_found_at_the_network_is_not_sent_again(run: Run, folder: Path) -> None:
    stuck(run, folder, "unknown")
    data = run("outbox", "resolve", "1", "--sent", "4711", "--json").data
    assert (data["state"], [part["remote_id"] for part in data["parts"]]) == ("sent", ["4711"])
    assert [row["state"] for row in run("outbox", "--all", "--json").data] == ["sent"]


def test_a_reply_not_found_at_the_network_is_sent_again(run: Run, folder: Path) -> None:
    stuck(run, folder, "unknown")
    data = run("outbox", "resolve", "1", "--not-sent", "--json").data
    assert data["state"] == "sent"
    assert data["parts"][0]["remote_id"] not in ("", "4711")


@pytest.mark.parametrize("words", [(), ("--sent", "4711", "--not-sent")])
def test_who_settles_a_reply_says_what_they_found(run: Run, folder: Path, words: tuple[str, ...]) -> None:
    stuck(run, folder, "unknown")
    assert run("outbox", "resolve", "1", *words).code == 2
    assert run("outbox", "show", "1", "--json").data["state"] == "unknown"
