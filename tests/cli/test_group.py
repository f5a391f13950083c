"""Every way out of the command line: the sentence, the exit code, and nothing of a trace."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from carecli.cli.commands import cli
from carecli.cli.group import CareGroup

NAMES = ("refused", "limited", "broken", "quoting", "interrupted")


@pytest.fixture(autouse=True)
def state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("CARECLI_DEBUG", raising=False)
    return tmp_path


def ended(*words: str) -> Result:
    group = CareGroup("carecli", table={name: f"tests.cli.faulty:{name}" for name in NAMES})
    return CliRunner().invoke(group, words)


def test_a_failure_is_a_sentence_with_its_remedy_on_standard_error() -> None:
    result = ended("refused")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "The greeting is not out. Post it with `carecli greet`.\n"


def test_a_failure_is_one_line_of_json_where_json_was_asked_for() -> None:
    result = ended("refused", "--json")
    assert json.loads(result.stderr) == {
        "version": 1,
        "kind": "error",
        "data": {
            "error": "Refused",
            "sentence": "The greeting is not out.",
            "remedy": "Post it with `carecli greet`.",
            "exit_code": 1,
            "rule": "greeting-missing",
        },
    }


@pytest.mark.parametrize("words", [("limited",), ("limited", "--json")])
def test_what_a_network_said_cannot_drive_the_terminal(words: tuple[str, ...]) -> None:
    result = ended(*words)
    assert result.exit_code == 3
    assert "\x1b" not in result.stderr


def test_a_word_after_two_dashes_is_no_wish_for_json() -> None:
    assert ended("refused", "--", "--json").stderr.startswith("Got unexpected extra argument")


def test_a_fault_says_so_and_saves_its_trace(state_folder: Path) -> None:
    result = ended("broken")
    assert result.exit_code == 70
    assert result.stderr.startswith("This is a fault in carecli: ZeroDivisionError. The trace is in ")
    (saved,) = (state_folder / "carecli" / "faults").iterdir()
    assert str(saved) in result.stderr
    assert "division by zero" in saved.read_text("utf-8")
    assert saved.stat().st_mode & 0o077 == 0


def test_the_trace_of_a_fault_holds_nobodys_personal_data(state_folder: Path) -> None:
    ended("quoting")
    (saved,) = (state_folder / "carecli" / "faults").iterdir()
    assert "ValueError: My card is **** **** **** 1111" in saved.read_text("utf-8")
    assert "4111" not in saved.read_text("utf-8")


def test_a_fault_is_json_too_and_names_the_trace(state_folder: Path) -> None:
    told = json.loads(ended("broken", "--json").stderr)["data"]
    assert (told["error"], told["exit_code"]) == ("Fault", 70)
    assert Path(told["trace"]).is_relative_to(state_folder)


def test_a_fault_whose_trace_cannot_be_saved_is_told_all_the_same(
    state_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (state_folder / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(state_folder / "file"))
    result = ended("broken")
    assert result.exit_code == 70
    assert "CARECLI_DEBUG=1" in result.stderr


def test_a_fault_shows_its_trace_to_a_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARECLI_DEBUG", "1")
    assert "Traceback (most recent call last)" in ended("broken").stderr


def test_an_interrupted_command_ends_with_130_and_without_a_word() -> None:
    result = ended("interrupted")
    assert result.exit_code == 130
    assert result.stderr.strip() == ""


def test_an_unknown_command_is_told_with_the_likely_one() -> None:
    result = ended("refuse")
    assert result.exit_code == 2
    assert result.stderr == "There is no command 'refuse'. Did you mean `carecli refused`?\n"


def test_an_unknown_command_like_no_other_is_told_where_the_list_is() -> None:
    assert "`carecli --help` lists the commands." in ended("xyz").stderr


def test_an_unknown_option_is_told_with_the_help_of_its_command() -> None:
    result = ended("refused", "--loud")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--loud" in result.stderr
    assert "`carecli refused --help`" in result.stderr


def test_wrong_usage_is_one_line_however_many_choices_there_are() -> None:
    result = CliRunner().invoke(cli, ["resolve", "1"])
    assert result.exit_code == 2
    assert result.stderr == (
        "Missing option '--outcome'. Choose from: confirmed, claimed, silent, no_reply_needed, lost. "
        "See `carecli resolve --help`.\n"
    )


@pytest.mark.parametrize(
    "words",
    [("queue", "--limit", "9" * 30), ("reply", "1", "Hi", "--public", "--if-unchanged", "9" * 30),
     ("outbox", "approve", "1", "--if-revision", "9" * 30), ("show", "9" * 30), ("show", "one"),
     ("demo", "--seed", "9" * 30), ("demo", "--speed", "nan"), ("demo", "--speed", "inf")],
)  # fmt: skip
def test_a_number_that_nothing_can_count_to_is_wrong_usage(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 2
    assert result.stderr.startswith("Invalid value for")


def test_wrong_usage_is_json_too() -> None:
    told = json.loads(ended("refused", "--json", "--loud").stderr)["data"]
    assert (told["error"], told["exit_code"]) == ("Misuse", 2)
