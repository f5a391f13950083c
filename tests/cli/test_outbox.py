"""`carecli outbox` and `carecli outbox cancel`."""

from __future__ import annotations

from carecli.cli.pages import EMPTY_OUTBOX
from tests.cli.conftest import Run

TEXT = "Hi Andy, your line is back."


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
