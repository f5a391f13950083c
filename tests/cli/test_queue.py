"""`carecli queue`."""

from __future__ import annotations

from carecli.cli.pages import EMPTY_QUEUE
from tests.cli.conftest import NOW, Run


def ids(run: Run, *words: str) -> list[int]:
    return [row["conversation_id"] for row in run("queue", "--json", *words).data["rows"]]


def test_it_lists_who_waits_with_what_is_left_and_the_id_that_other_commands_take(run: Run) -> None:
    answer = run("queue")
    head, *rows = answer.out.splitlines()
    assert head.split() == ["ID", "LEFT", "ACCOUNT", "WHERE", "WHO", "WHY", "WHOSE", "MESSAGE"]
    andy = next(row for row in rows if "@andy" in row)
    assert andy.split()[:4] == ["1", "30:00", "care", "public"]
    assert "My line has been slow since Friday" in andy
    assert (answer.code, answer.err, len(rows)) == (0, "", 3)


def test_as_json_it_tells_the_desks_time_and_the_seconds_until_each_is_due(run: Run) -> None:
    data = run("queue", "--json").data
    assert data["now"] == NOW
    assert {row["seconds_until_due"] for row in data["rows"]} == {1800}


def test_hostile_texts_reach_neither_the_table_nor_the_json_as_they_are(run: Run) -> None:
    for words in (("queue",), ("queue", "--json")):
        out = run(*words).out
        assert "owned" in out
        assert not {"\x1b", "\x07", "\u202e"} & set(out)
        assert "\\u001b" not in out


def test_filters_choose(run: Run) -> None:
    assert ids(run, "--private") == [2]
    assert sorted(ids(run, "--public")) == [1, 3]
    assert ids(run, "--language", "pl") == [3]
    assert ids(run, "--search", "slow friday") == [1]
    assert sorted(ids(run, "--account", "care")) == [1, 2, 3]
    assert len(ids(run, "--limit", "2")) == 2


def test_mine_and_unclaimed_are_the_two_sides_of_a_claim(run: Run) -> None:
    run("claim", "2")
    assert ids(run, "--mine") == [2]
    assert sorted(ids(run, "--unclaimed")) == [1, 3]


def test_snoozed_conversations_are_shown_only_on_request(run: Run) -> None:
    run("snooze", "2", "1h")
    assert sorted(ids(run)) == [1, 3]
    assert ids(run, "--snoozed") == [2]


def test_an_empty_queue_is_a_sentence_for_people_and_an_empty_list_for_programs(run: Run) -> None:
    assert run("queue", "--language", "tr").out == f"{EMPTY_QUEUE}\n"
    assert run("queue", "--language", "tr", "--json").data["rows"] == []


def test_it_fails_if_something_is_due_within_the_time_and_prints_the_queue_all_the_same(run: Run) -> None:
    answer = run("queue", "--fail-if-due", "31m", "--limit", "1")
    assert answer.code == 7
    assert len(answer.out.splitlines()) == 2
    assert answer.err.startswith("Waiting and due within that time: 3.")


def test_it_does_not_fail_if_nothing_is_due_within_the_time(run: Run) -> None:
    assert run("queue", "--fail-if-due", "29m").code == 0


def test_what_the_filters_leave_out_does_not_fail(run: Run) -> None:
    assert run("queue", "--fail-if-due", "31m", "--language", "tr").code == 0


def test_a_mistyped_duration_is_refused_before_anything_is_printed(run: Run) -> None:
    answer = run("queue", "--fail-if-due", "soon")
    assert (answer.code, answer.out) == (2, "")
    assert "1h30m" in answer.err


def test_public_and_private_exclude_each_other(run: Run) -> None:
    answer = run("queue", "--public", "--private", "--json")
    assert answer.code == 2
    assert answer.error["sentence"] == "--public and --private exclude each other."


def test_an_unknown_account_is_told_with_those_that_there_are(run: Run) -> None:
    answer = run("queue", "--account", "main")
    assert answer.code == 6
    assert "care" in answer.err


def test_without_a_configuration_it_says_how_to_get_one(run: Run) -> None:
    answer = run("queue", config=None)
    assert answer.code == 6
    assert "carecli init" in answer.err
