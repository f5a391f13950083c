"""`carecli reply`: what reaches the network, and what is refused before it could."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from carecli.channels.answers import Answer, failure_in, outcome_of
from carecli.channels.base import Inconclusive, Permission, Rejected
from carecli.channels.sandbox.channel import SandboxChannel
from carecli.channels.sandbox.network import SandboxNetwork
from tests.cli.conftest import Run
from tests.files import PNG
from tests.shop import START

TEXT = "Hi Andy, sorry for the wait. Your line is back."


def posted(folder: Path) -> list[str]:
    """What stands at the network under the account's name."""
    network = SandboxNetwork(folder / "sandbox.db", 1, start=START)
    try:
        return [post.text for post in network.posts_after(0, 1000) if post.author == network.account]
    finally:
        network.close()


def test_a_reply_arrives_signed_by_the_desk(run: Run, folder: Path) -> None:
    answer = run("reply", "1", TEXT, "--public")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("Sent, public, as care:\n")
    assert answer.out.endswith(f"{TEXT} ^CL\n")
    (text,) = posted(folder)
    assert text.endswith(f"{TEXT} ^CL")
    assert "@andy" not in run("queue").out


def test_a_reply_is_signed_by_whoever_sends_it(run: Run) -> None:
    assert run("--agent", "rob", "reply", "1", TEXT, "--public").out.endswith(" ^RI\n")


def test_a_text_can_come_from_standard_input(run: Run) -> None:
    assert run("reply", "1", "-", "--public", stdin=f"{TEXT}\n").out.endswith(f"{TEXT} ^CL\n")


@pytest.mark.parametrize("words", [(), ("--public", "--private")])
def test_a_reply_is_refused_unless_it_is_either_public_or_private(
    run: Run, folder: Path, words: tuple[str, ...]
) -> None:
    answer = run("reply", "1", TEXT, *words)
    assert (answer.code, answer.out) == (2, "")
    assert "--public" in answer.err
    assert posted(folder) == []


def test_a_dry_run_shows_the_signed_text_and_leaves_no_trace(run: Run, folder: Path) -> None:
    answer = run("reply", "1", TEXT, "--public", "--dry-run")
    assert answer.code == 0
    assert answer.out.startswith(f"Would send, public, as care:\n{TEXT} ^CL\n")
    assert posted(folder) == []
    assert run("outbox", "--all", "--json").data == []
    assert run("show", "1", "--json").data["claimed_by"] == ""


def test_without_waiting_it_stays_queued_for_a_running_desk(run: Run, folder: Path) -> None:
    data = run("reply", "1", TEXT, "--public", "--no-wait", "--json").data
    assert data["state"] == "queued"
    assert posted(folder) == []


def test_a_reply_to_a_conversation_that_moved_on_is_refused(run: Run, folder: Path) -> None:
    version = run("show", "1", "--json").data["version"]
    answer = run("reply", "1", TEXT, "--public", "--if-unchanged", str(version - 1), "--json")
    assert (answer.code, answer.out) == (1, "")
    assert (answer.error["error"], answer.error["rule"]) == ("Stale", "unchanged")
    assert posted(folder) == []
    assert run("reply", "1", TEXT, "--public", "--if-unchanged", str(version)).code == 0


def refusal(run: Run, *words: str) -> Any:  # noqa: ANN401
    answer = run("reply", *words, "--json")
    assert (answer.code, answer.out) == (1, "")
    return answer.error["rule"]


def test_what_a_check_blocks_is_refused_with_the_checks_id(run: Run, folder: Path) -> None:
    assert refusal(run, "1", "   ", "--public") == "empty"
    assert refusal(run, "1", "x" * 300, "--public") == "over-length"
    assert refusal(run, "1", f"{TEXT} ^RI", "--public") == "foreign-signature"
    assert posted(folder) == []


def test_only_a_lead_overrides_a_check(run: Run, folder: Path) -> None:
    path = folder / "config.toml"
    path.write_text(
        path.read_text("utf-8").replace('"greeting-missing" = "hint"', '"greeting-missing" = "block"'), "utf-8"
    )
    assert refusal(run, "1", TEXT, "--public") == "greeting-missing"
    answer = run("--agent", "rob", "reply", "1", TEXT, "--public", "--override", "urgent", "--json")
    assert (answer.code, answer.error["rule"]) == (1, "override")
    data = run("reply", "1", TEXT, "--public", "--override", "urgent", "--json").data
    assert (data["state"], data["approved_by"], data["override"]) == ("sent", "claire", "urgent")


def test_a_conversation_that_a_colleague_has_is_left_to_them(run: Run, folder: Path) -> None:
    run("--agent", "rob", "claim", "1")
    assert refusal(run, "1", TEXT, "--public") == "claimed"
    assert posted(folder) == []


def test_a_dry_run_is_refused_as_the_reply_would_be_while_a_colleague_has_it(run: Run) -> None:
    run("--agent", "rob", "claim", "1")
    answer = run("reply", "1", TEXT, "--public", "--dry-run")
    assert (answer.code, answer.out) == (1, "")
    assert "rob has this conversation" in answer.err


def test_a_private_reply_to_a_private_message_is_private_at_the_network(run: Run) -> None:
    data = run("reply", "2", "Hi Mira, noted.", "--private", "--json").data
    assert (data["state"], data["visibility"]) == ("sent", "private")


def test_private_tells_where_to_go_on(run: Run) -> None:
    assert "https://sandbox.example/messages/NorthwindCare" in run("private", "1").out
    assert run("private", "2").out == "2\n"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "box.png"
    path.write_bytes(PNG)
    return path


def test_a_picture_goes_out_with_its_words(run: Run, picture: Path) -> None:
    answer = run("reply", "1", TEXT, "--public", "--media", str(picture), "--alt", "The back of the box", "--json")
    assert (answer.code, answer.err) == (0, "")
    (sent,) = answer.data["media"]
    assert (sent["name"], sent["kind"], sent["alt"]) == ("box.png", "image/png", "The back of the box")
    assert "[image: The back of the box]" in run("show", "1").out
    assert "with box.png: The back of the box" in run("outbox", "show", str(answer.data["id"])).out


@pytest.mark.parametrize("words", [(), ("--alt", ""), ("--alt", "one", "--alt", "two")])
def test_a_picture_without_its_words_is_refused(run: Run, folder: Path, picture: Path, words: tuple[str, ...]) -> None:
    answer = run("reply", "1", TEXT, "--public", "--media", str(picture), *words)
    assert (answer.code, answer.out) == (2, "")
    assert "what" in answer.err and "shows" in answer.err
    assert posted(folder) == []


def test_the_network_s_doubt_is_told_beside_the_reply(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        SandboxChannel, "can_reply", lambda *_: Permission(True, reason="You were not mentioned.", doubtful=True)
    )
    answer = run("reply", "1", TEXT, "--public", "--dry-run", "--json")
    assert answer.code == 0
    assert answer.data["doubt"] == "You were not mentioned."
    assert answer.err == "The network may refuse it: You were not mentioned.\n"


def test_a_refused_reply_tells_the_link_to_the_network_s_own_page(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SandboxChannel, "send", lambda *_: Rejected("Not mentioned.", "https://sandbox.example/intent"))
    answer = run("reply", "1", TEXT, "--public")
    assert answer.code == 1
    assert "https://sandbox.example/intent" in answer.err
    assert "https://sandbox.example/intent" in run("outbox", "show", "1").out


def test_the_author_of_a_refused_reply_is_told_each_thing_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SandboxChannel, "send", lambda *_: Rejected("They said no: \x1b[2Jthat is the same again"))
    answer = run("reply", "1", TEXT, "--public")
    assert answer.err == "It was not sent: They said no: �[2Jthat is the same again. It is a draft again.\n"


# What an answer of the network means for who waits for the reply: 1 refused, 3 it leaves by itself, 4 a person acts.
@pytest.mark.parametrize(
    ("status", "code"),
    [(302, 4), (400, 1), (401, 4), (402, 4), (403, 1), (404, 1), (408, 4), (429, 3), (500, 4), (503, 4)],
)
def test_each_answer_of_a_network_ends_a_reply_by_what_has_to_be_done(
    run: Run, monkeypatch: pytest.MonkeyPatch, status: int, code: int
) -> None:
    failure = failure_in(Answer(status), "The network", START)
    assert failure is not None
    outcome = outcome_of(failure)
    monkeypatch.setattr("carecli.cli.sending.WAIT_SECONDS", 0.1)
    monkeypatch.setattr(SandboxChannel, "send", lambda *_: outcome)
    monkeypatch.setattr(SandboxChannel, "reconcile", lambda *_: Inconclusive("It cannot be read."))
    answer = run("reply", "1", TEXT, "--public", "--json")
    assert (answer.code, answer.error["exit_code"]) == (code, code)
    assert len(answer.out.splitlines()) == 1


@pytest.mark.parametrize(("status", "remedy"), [(401, "Sign in again."), (402, "Buy some")])
def test_where_a_person_must_act_the_reply_says_how_and_stays_queued(
    run: Run, monkeypatch: pytest.MonkeyPatch, status: int, remedy: str
) -> None:
    failure = failure_in(Answer(status), "The network", START)
    assert failure is not None
    outcome = outcome_of(failure)
    monkeypatch.setattr(SandboxChannel, "send", lambda *_: outcome)
    answer = run("reply", "1", TEXT, "--public", "--json")
    assert (answer.code, answer.error["error"]) == (4, "NeedsPerson")
    assert remedy in answer.error["sentence"]
    assert answer.data["state"] == "queued"


def test_a_text_too_long_for_one_post_is_cut_into_signed_parts_when_asked(run: Run, folder: Path) -> None:
    text = "Hi Andy, sorry for the wait. The exchange near you lost a card at 3 a.m. today. " * 5
    refused = run("reply", "1", text, "--public")
    assert refused.code == 1
    assert "parts" in refused.err
    answer = run("reply", "1", text, "--public", "--split", "--json")
    assert [part["text"][-5:] for part in answer.data["parts"]] == [". ^CL", ". ^CL"]
    assert len(posted(folder)) == 2


def test_a_reply_is_cut_by_hand_or_by_the_desk(run: Run) -> None:
    answer = run("reply", "1", TEXT, "--then", "And more.", "--public", "--split")
    assert answer.code == 2
    assert "--then" in answer.err


def test_a_dry_run_shows_each_part_as_the_network_will(run: Run) -> None:
    text = "Hi Andy, it is told at https://example.com/help, or ask @north. " * 5
    answer = run("reply", "1", text, "--public", "--split", "--dry-run")
    *_, head, first, second = answer.out.splitlines()
    assert head.split() == ["part", "length", "mentions", "links"]
    assert first.split("  ")[0] == "1/2" and "https://example.com/help (23)" in first
    assert second.split("  ")[0] == "2/2" and "@north (6)" in second
    rows = run("reply", "1", text, "--public", "--split", "--dry-run", "--json").data["preview"]
    assert list(rows[0]) == ["number", "text", "length", "links", "mentions", "draft_start", "draft_end"]
    assert rows[0]["length"] == {"used": 255, "limit": 280, "unit": "weighted characters"}
    assert list(rows[0]["links"][0].values()) == [23, 47, "https://example.com/help", 23]
    assert text[rows[1]["draft_start"] : rows[1]["draft_end"]] + " ^CL" == rows[1]["text"]


def test_only_a_dry_run_has_a_preview(run: Run) -> None:
    assert not {"preview", "findings"} & run("reply", "1", TEXT, "--public", "--json").data.keys()


def test_who_sees_no_composer_is_told_what_the_checks_warn_of(run: Run) -> None:
    text = "We may look into it. Please call us."
    tried = run("reply", "1", text, "--public", "--dry-run")
    assert tried.code == 0
    assert "reply: warn: It sends the customer to the telephone. [deflection-call] — " in tried.err
    assert "[hedge]" in tried.err
    found = run("reply", "1", text, "--public", "--dry-run", "--json")
    assert {one["check"] for one in found.data["findings"]} >= {"deflection-call", "hedge"}
    assert found.err == ""
    sent = run("reply", "1", text, "--public")
    assert (sent.code, sent.out.splitlines()[0]) == (0, "Sent, public, as care:")
    assert "[deflection-call]" in sent.err and "[hedge]" not in sent.err


@pytest.mark.parametrize(("level", "code"), [("off", 0), ("hint", 0), ("warn", 0), ("block", 1)])
def test_a_reply_before_the_greeting_is_what_the_playbook_makes_of_it(
    run: Run, folder: Path, level: str, code: int
) -> None:
    config = folder / "config.toml"
    text = config.read_text("utf-8")
    assert '"greeting-missing" = "hint"' in text
    config.write_text(text.replace('"greeting-missing" = "hint"', f'"greeting-missing" = "{level}"'), "utf-8")
    answer = run("reply", "1", TEXT, "--public")
    assert answer.code == code
    assert ("good morning" in answer.err) == (level in ("warn", "block"))
    run("greet")
    assert run("reply", "1", f"{TEXT} Enjoy it.", "--public").code == 0
