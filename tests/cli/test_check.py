"""`carecli check`: the composer's checks on any text, told in the way of compilers, with the worst as the exit code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.cli.test_process import carecli_process

CALL = "Hi Andy, please call us."


def checks(out: str) -> list[str]:
    return re.findall(r"\[([a-z-]+)\]", out)


def test_an_editor_gets_a_line_for_each_finding_and_the_worst_as_the_exit_code(tmp_path: Path) -> None:
    file = tmp_path / "reply.txt"
    file.write_text("Hi Andy!\n\nIt works again . Please call us.\n", "utf-8")
    done = carecli_process("check", "--file", str(file), XDG_CONFIG_HOME=str(tmp_path / "nothing"))
    assert done.returncode == 9
    first, second = done.stdout.splitlines()
    assert first == f"{file}:3:15: hint: A space before a stop. [punctuation] — Take it out."
    assert second.startswith(f"{file}:3:18: warn: It sends the customer to the telephone. [deflection-call] — ")
    assert done.stderr == "Findings: 2, the worst a warning.\n"


@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("Hi Andy, it works again.", 0, []),
        ("Hi Andy, it works again .", 8, ["punctuation"]),
        (CALL, 9, ["deflection-call"]),
        ("Hi {name}, it works again.", 1, ["unfilled"]),
        ("", 1, ["empty"]),
        ("It works again. " * 20, 1, ["wall-of-text", "over-length"]),
    ],
)
def test_the_exit_code_says_the_worst_level(run: Run, text: str, code: int, found: list[str]) -> None:
    answer = run("check", text, config=None)
    assert (answer.code, checks(answer.out)) == (code, found)
    assert (answer.err == "") == (code == 0)


def test_standard_input_and_an_argument_are_named_as_such(run: Run) -> None:
    text = "It works again ."
    assert run("check", "-", stdin=f"{text}\r\n", config=None).out.startswith("-:1:15: hint: ")
    assert run("check", text, config=None).out.startswith("1:15: hint: ")


def test_each_line_is_a_text_of_its_own_when_asked(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "templates.txt"
    file.write_bytes(b"\xef\xbb\xbfIt works again.\r\n\r\n" + CALL.encode() + b"\r\n")
    answer = run("check", "--file", str(file), "--each-line", "--json", config=None)
    assert [(row["line"], row["length"]["used"]) for row in answer.data["texts"]] == [(1, 19), (3, 28)]
    assert [row["line"] for row in answer.data["texts"][1]["findings"]] == [3]


def test_a_template_may_have_gaps_and_be_like_one_of_the_desk_s_own(run: Run) -> None:
    template = "Hi {name}, there is a fault in {area} and engineers are on it. I'll write here by {time}."
    filled = template.format(name="Andy", area="Leeds", time="noon")
    assert checks(run("check", template, "--account", "care").out) == ["template-likeness", "unfilled"]
    assert checks(run("check", filled, "--account", "care").out) == ["template-likeness"]
    assert run("check", template, "--account", "care", "--template").code == 0


def test_it_goes_by_the_account_s_playbook(run: Run, folder: Path) -> None:
    path = folder / "config.toml"
    levels = '"greeting-missing" = "hint", "deflection-call" = "block"'
    path.write_text(path.read_text("utf-8").replace('"greeting-missing" = "hint"', levels), "utf-8")
    assert run("check", CALL).code == 9
    answer = run("check", CALL, "--account", "care", "--json")
    assert (answer.code, answer.error["rule"], answer.data["worst"]) == (1, "deflection-call", "block")


def test_it_signs_as_whoever_asks_and_knows_colleagues_signatures(run: Run) -> None:
    assert checks(run("check", "It works again. ^RI", "--account", "care").out) == ["foreign-signature"]
    assert run("--agent", "rob", "check", "It works again. ^RI", "--account", "care").code == 0


AT_X = """
credentials = "keyring"
[[accounts]]
id = "x"
network = "x"
handle = "north"
x = { limit = 300 }
"""


def test_an_account_at_x_is_measured_as_x_counts_without_any_keys(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(AT_X, "utf-8")

    def checked(*words: str) -> Any:  # noqa: ANN401
        return run("check", *words, "--account", "x", "--json", config=tmp_path).data["texts"][0]

    public = checked("👍🏽 https://example.com/a/long/path/of/a/page")
    assert public["length"] == {"used": 30, "limit": 300, "unit": "weighted characters"}
    assert "link-price" in [one["check"] for one in public["findings"]]
    assert checked(CALL, "--private")["length"] == {"used": 28, "limit": 10_000, "unit": "characters"}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("It works again.", "--customer", "Andy Loynes"), ["name-missing"]),
        (("It works again.", "--asked", "This is the third time it is down, terrible!"), ["no-empathy"]),
        (("Skontaktujemy się z działem. Proszę zadzwonić.", "--language", "pl"), ["deflection-call"]),
        (("Andy, tell me your account number.", "--private"), []),
        (("Andy, tell me your account number.",), ["asks-personal-data"]),
    ],
)
def test_what_is_told_of_its_circumstances_counts(run: Run, words: tuple[str, ...], found: list[str]) -> None:
    assert checks(run("check", *words, config=None).out) == found


def test_what_it_quotes_never_acts_on_the_terminal(run: Run) -> None:
    answer = run("check", "\x1b]0;owned\x07\u202e It works.", config=None)
    assert "control-characters" in answer.out
    assert "\x1b" not in answer.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "check -"),
        ((CALL, "--file", "a.txt"), 2, "check -"),
        (("--file", "nowhere.txt"), 6, "nowhere.txt"),
        ((CALL, "--account", "nobody"), 6, "care"),
        ((CALL, "--public", "--private"), 2, "--private"),
    ],
)
def test_what_cannot_be_meant_is_told_with_the_remedy(run: Run, words: tuple[str, ...], code: int, said: str) -> None:
    answer = run("check", *words)
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err


def test_a_file_that_is_no_text_is_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "latin.txt"
    file.write_bytes(b"caf\xe9")
    assert "UTF-8" in run("check", "--file", str(file), config=None).err
    assert run("check", "--file", str(tmp_path), config=None).code == 2
