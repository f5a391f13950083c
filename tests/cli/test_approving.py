"""Replies that wait for a lead, by flags: `reply` says so and ends well, `outbox approve|return|edit` decide."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

TEXT = "Hi Andy, your line is back."


@pytest.fixture(autouse=True)
def beginner(folder: Path) -> None:
    """Rob is in training, and what he writes waits for Claire."""
    path = folder / "config.toml"
    text = path.read_text("utf-8").replace('name = "Rob Iyer"', 'name = "Rob Iyer"\ntraining = true')
    path.write_text(text.replace("[playbooks.desk]", '[playbooks.desk]\napproval = ["training"]'), "utf-8")


def waiting(run: Run) -> None:
    """Reply 1, of Rob's."""
    run("--agent", "rob", "reply", "1", TEXT, "--public")


def test_a_reply_that_waits_is_no_failure_and_tries_no_network(run: Run) -> None:
    done = run("--agent", "rob", "reply", "1", TEXT, "--public")
    assert done.code == 0
    assert done.out.splitlines() == [
        "Waits for a lead, public, as care:",
        f"{TEXT} ^RI",
        "Rob Iyer is in training.",
    ]
    assert run("outbox", "--json").data[0]["approval"] == [
        {"check": "training", "sentence": "Rob Iyer is in training."}
    ]


def test_a_dry_run_says_that_it_would_wait(run: Run) -> None:
    assert "Would wait for a lead" in run("--agent", "rob", "reply", "1", TEXT, "--public", "--dry-run").out


def test_it_is_listed_and_shown_with_what_a_lead_can_do(run: Run) -> None:
    waiting(run)
    assert run("outbox").out.splitlines()[1].split()[:2] == ["1", "approval"]
    page = run("outbox", "show", "1").out
    assert "asks for a lead: Rob Iyer is in training." in page and "`carecli outbox approve`" in page


def test_approve_sends_it_and_says_how_it_ended(run: Run) -> None:
    waiting(run)
    done = run("outbox", "approve", "1", "--json")
    assert (done.code, done.data["state"], done.data["approved_by"]) == (0, "sent", "claire")
    assert "approved by claire" in run("outbox", "show", "1").out


def test_its_author_does_not_approve_it(run: Run) -> None:
    waiting(run)
    done = run("--agent", "rob", "outbox", "approve", "1")
    assert (done.code, done.out) == (1, "")
    assert "Nobody approves a reply of their own." in done.err


def test_return_gives_it_back_with_the_reason_as_a_note(run: Run) -> None:
    waiting(run)
    assert run("outbox", "return", "1", "-", stdin="Say why it was slow.\n").code == 0
    assert run("show", "1", "--json").data["notes"][0]["text"] == "Sent back to rob: Say why it was slow."
    assert "Sent back by claire: Say why it was slow." in run("outbox", "show", "1").out
    assert run("outbox", "return", "1", "Once more.").code == 1


def test_a_reason_must_say_something(run: Run) -> None:
    waiting(run)
    assert run("outbox", "return", "1", " ").code == 2


def test_edit_changes_it_and_what_was_not_read_is_not_approved(run: Run) -> None:
    waiting(run)
    done = run("outbox", "edit", "1", "Hi Andy, it works.", "--then", "Tell us if not.", "--json")
    assert [part["text"] for part in done.data["parts"]] == ["Hi Andy, it works. ^RI", "Tell us if not. ^RI"]
    assert (done.data["state"], done.data["edited_by"], done.data["revision"]) == ("approval", "claire", 1)
    assert "changed by claire" in run("outbox", "show", "1").out
    stale = run("outbox", "approve", "1", "--if-revision", "0", "--json")
    assert (stale.code, stale.error["error"], stale.error["rule"]) == (1, "Stale", "revision")
    assert run("outbox", "approve", "1", "--if-revision", "1").code == 0


def test_what_a_lead_sends_against_a_rule_is_shown_with_the_reason(run: Run) -> None:
    run("reply", "1", TEXT, "--public", "--no-wait", "--override", "They asked for it.")
    page = run("outbox", "show", "1").out
    assert "sent against a rule, because: They asked for it." in page and "approved by claire" in page
    assert run("outbox", "--json").data[0]["override"] == "They asked for it."
