"""The commands that take one conversation."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import NOW, Run


def test_show_tells_the_thread_and_marks_it_as_read(run: Run) -> None:
    page = run("show", "1").out
    assert "Andy Loynes @andy  public  care  needs_reply" in page
    assert "30:00 left" in page
    assert "My line has been slow since Friday, what can I do?" in page
    assert "read by claire" in run("--agent", "rob", "show", "1").out


def test_show_as_json_leaves_no_mark_for_a_program_is_no_reader(run: Run) -> None:
    run("show", "1", "--json")
    assert run("show", "1", "--json").data["readers"] == []


def test_show_tells_notes_claims_and_snoozing(run: Run) -> None:
    run("note", "1", "Eligible for an upgrade")
    run("claim", "1")
    run("snooze", "1", "tomorrow 9:00")
    page = run("show", "1").out
    assert "claire: Eligible for an upgrade" in page
    assert "claimed by claire until 09:40" in page
    assert "snoozed until Tue 3 Mar 09:00" in page


def test_show_keeps_hostile_text_harmless(run: Run) -> None:
    page = run("show", "3").out
    assert "owned" in page
    assert not {"\x1b", "\x07", "\u202e"} & set(page)


def test_show_masks_personal_data_unless_somebody_asks_for_it_by_name(run: Run, folder: Path) -> None:
    assert run("note", "1", "Call +44 7700 900123", "--json").data["text"] == "Call +** **** ****23"
    assert "+** **** ****23" in run("show", "1").out
    assert run("show", "1", "--json").data["masked"]
    revealed = run("--agent", "rob", "show", "1", "--reveal", "--json").data
    assert (revealed["notes"][0]["text"], revealed["masked"], revealed["revealed"]) == (
        "Call +44 7700 900123",
        False,
        True,
    )
    assert "+44 7700 900123" in run("show", "1", "--reveal").out
    with closing(sqlite3.connect(folder / "desk.db")) as database:
        logged = database.execute("SELECT agent FROM event WHERE kind = 'revealed' ORDER BY id").fetchall()
    assert logged == [("rob",), ("claire",)]


def test_nobody_reveals_without_a_name(run: Run, folder: Path) -> None:
    config = folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace('agent = "claire"', ""), "utf-8")
    assert run("show", "1", "--json").code == 0
    assert run("show", "1", "--reveal").code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("show", "99"),
        ("claim", "99"),
        ("release", "99"),
        ("snooze", "99", "1h"),
        ("resolve", "99", "--outcome", "lost"),
        ("reopen", "99"),
        ("note", "99", "x"),
        ("reply", "99", "Hello", "--public"),
    ],
)
def test_a_conversation_that_is_not_there_is_told(run: Run, words: tuple[str, ...]) -> None:
    answer = run(*words)
    assert (answer.code, answer.out) == (6, "")
    assert answer.err.startswith("There is no conversation 99. ")


@pytest.mark.parametrize("number", ["9" * 30, "-1"])
def test_an_id_that_the_database_could_not_hold_is_wrong_usage(run: Run, number: str) -> None:
    answer = run("show", "--", number)
    assert answer.code == 2
    assert "Traceback" not in answer.err


def test_an_id_that_is_no_number_is_wrong_usage(run: Run) -> None:
    assert run("show", "andy").code == 2


def test_a_claim_keeps_colleagues_away_until_it_is_released(run: Run) -> None:
    assert run("claim", "1").out == "Conversation 1 is yours for 10 minutes.\n"
    refused = run("--agent", "rob", "claim", "1", "--json")
    assert (refused.code, refused.error["rule"]) == (1, "claimed")
    run("release", "1")
    assert run("--agent", "rob", "claim", "1").code == 0


def test_a_colleagues_claim_is_theirs_to_give_back(run: Run) -> None:
    run("--agent", "rob", "claim", "1")
    refused = run("release", "1")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith("rob has this conversation until 09:40.")
    assert run("show", "1", "--json").data["claimed_by"] == "rob"


def test_a_snooze_may_be_as_long_as_any_calendar(run: Run) -> None:
    assert run("snooze", "1", "999999w").code == 0
    assert run("snooze", "1", "9999-12-31T23:59").code == 0
    assert "@andy" in run("queue", "--snoozed").out


def test_what_is_late_has_nothing_left(run: Run, folder: Path) -> None:
    assert "30:00 left  waiting since" in run("show", "1").out
    config = folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace(NOW, "2026-03-02T14:30:00Z"), "utf-8")
    assert "−4 h 30 over limit  waiting since" in run("show", "1").out


def test_a_claim_can_be_taken_over(run: Run) -> None:
    run("claim", "1")
    assert run("--agent", "rob", "claim", "1", "--takeover", "--json").data["agent"] == "rob"


def test_snooze_reads_its_time_in_the_accounts_zone_without_quotes(run: Run) -> None:
    assert run("snooze", "1", "tomorrow", "9:00", "--json").data["until"] == "2026-03-03T09:00:00Z"
    assert run("snooze", "1", "30m").out == "Snoozed 1 until 10:00 (Europe/London).\n"


@pytest.mark.parametrize("until", ["yesterday", "2026-03-01T09:00"])
def test_snooze_refuses_what_is_no_coming_time(run: Run, until: str) -> None:
    answer = run("snooze", "1", until)
    assert answer.code == 2
    assert "tomorrow 9:00" in answer.err


def test_a_snoozed_conversation_can_be_shown_again(run: Run) -> None:
    run("snooze", "1", "2h")
    assert run("snooze", "1", "off").out == "Back: 1.\n"
    assert "@andy" in run("queue").out


def test_next_claims_and_shows_the_most_urgent_that_nobody_has(run: Run) -> None:
    order = [row["conversation_id"] for row in run("queue", "--json").data["rows"]]
    run("--agent", "rob", "claim", str(order[0]))
    taken = run("next", "--json").data
    assert (taken["conversation_id"], taken["claimed_by"]) == (order[1], "claire")


def test_next_says_when_nobody_waits(run: Run) -> None:
    answer = run("next", "--language", "tr")
    assert (answer.code, answer.out) == (6, "")


def test_resolve_takes_the_conversation_off_the_queue_and_reopen_brings_it_back(run: Run) -> None:
    assert run("resolve", "1", "--outcome", "confirmed").out == "Resolved 1: confirmed.\n"
    assert "@andy" not in run("queue").out
    assert run("reopen", "1").out == "Reopened 1.\n"
    assert "@andy" in run("queue").out


def test_resolve_asks_how_it_ended(run: Run) -> None:
    assert run("resolve", "1").code == 2
    assert "confirmed" in run("resolve", "1", "--outcome", "fine").err


def test_no_reply_needed_asks_why(run: Run) -> None:
    assert run("resolve", "1", "--outcome", "no_reply_needed").code == 2
    assert run("resolve", "1", "--outcome", "no_reply_needed", "--reason", "praise").code == 0


def test_a_note_can_come_from_standard_input(run: Run) -> None:
    assert run("note", "1", "-", "--json", stdin="Zażółć\nsecond line\n").data["text"] == "Zażółć\nsecond line"


def test_standard_input_that_is_no_utf8_is_refused(run: Run) -> None:
    answer = run("note", "1", "-", stdin=b"\xff\xfe")
    assert answer.code == 2
    assert "UTF-8" in answer.err


def test_an_unknown_agent_is_told_with_those_that_there_are(run: Run) -> None:
    answer = run("--agent", "zoe", "claim", "1")
    assert answer.code == 2
    assert "claire, rob" in answer.err
