"""`carecli playbook`: a playbook to begin with, everything that is wrong with one, and what each check is for."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest

from carecli import config
from carecli.config import PlaybookSection
from carecli.playbook.checks import ALWAYS, CHECKS
from carecli.simulation import demo_config
from tests.cli.conftest import Run
from tests.cli.test_process import carecli_process
from tests.config.test_example import COMMENTED_OUT
from tests.shop import START

# ── init ──────────────────────────────────────────────────────────────────────────────────────────


def test_what_init_prints_can_be_appended_and_is_in_order(folder: Path) -> None:
    path = folder / "config.toml"
    printed = carecli_process("playbook", "init", "acme")
    assert printed.returncode == 0
    assert 'playbook = "acme"' in printed.stderr
    path.write_text(path.read_text("utf-8") + printed.stdout, "utf-8")
    done = carecli_process("--config", str(path), "playbook", "check")
    assert (done.returncode, done.stdout) == (0, f"The playbooks in {path} are in order.\n")
    assert "acme" in config.load(path).playbook_sections


def test_every_key_and_every_check_that_can_be_set_stands_in_it(run: Run) -> None:
    printed = run("playbook", "init", config=None).out
    whole = tomllib.loads(COMMENTED_OUT.sub(r"\1", printed))["playbooks"]["desk"]
    assert set(whole) == {field.name for field in msgspec.structs.fields(PlaybookSection)}
    levels = {line.removeprefix("# ").split(" = ")[0] for line in printed.splitlines() if ' = "' in line}
    assert set(CHECKS) - ALWAYS <= levels


def test_a_name_that_is_no_bare_key_is_quoted(run: Run) -> None:
    printed = run("playbook", "init", "north & south", config=None).out
    assert list(tomllib.loads(printed)["playbooks"]) == ["north & south"]


@pytest.mark.parametrize("name", ["", "a\nb", "\x1b[2J"])
def test_what_is_no_name_is_refused(run: Run, name: str) -> None:
    assert run("playbook", "init", name, config=None).code == 2


# ── check ─────────────────────────────────────────────────────────────────────────────────────────


def test_mistakes_in_the_keys_are_told_first(run: Run, folder: Path) -> None:
    text = (
        "[[snippets]]\nname = 's'\ntext = 'Hi {name'\n[playbooks.p]\nsignature = 'us'\n"
        "greetings = ['Hello from {rooster} .']\n[playbooks.p.checks]\nhedgehog = 'off'\n"
    )
    (folder / "config.toml").write_text(text, "utf-8")
    answer = run("playbook", "check", "--json")
    assert (answer.code, answer.error["error"]) == (2, "ConfigError")
    assert {problem["key"] for problem in answer.data["problems"]} == {
        "snippets[0]", "playbooks.p.signature", "playbooks.p.greetings[0]", "playbooks.p.checks.hedgehog",
    }  # fmt: skip
    assert answer.data["findings"] == []


def test_an_unknown_check_is_told_beside_a_wrong_level(run: Run, folder: Path) -> None:
    (folder / "config.toml").write_text("[playbooks.p.checks]\nhedgehog = 'off'\nhedge = 'loud'\n", "utf-8")
    for command in ("playbook", "config"):
        problems = run(command, "check", "--json").data["problems"]
        assert [one["key"] for one in problems] == ["playbooks.p.checks.hedge", "playbooks.p.checks.hedgehog"]


def test_a_file_of_the_wrong_shape_is_told(run: Run, folder: Path) -> None:
    (folder / "config.toml").write_text("[playbooks.p]\ntaem = 'us'\n", "utf-8")
    answer = run("playbook", "check")
    assert answer.code == 2
    assert answer.out == "`playbooks.p.taem` is not a key that carecli knows. Did you mean `team`?\n"


def test_then_the_checks_read_its_own_texts(run: Run, folder: Path) -> None:
    path = folder / "config.toml"
    text = path.read_text("utf-8").replace("there is a fault in {area}", "please call us about {area}")
    path.write_text(text.replace("Good night from {roster}.", "Good night from  {roster}."), "utf-8")
    answer = run("playbook", "check")
    signoff, snippet = answer.out.splitlines()
    assert answer.code == 9
    assert signoff.startswith("playbooks.desk.signoffs[0]: hint: Two spaces. [punctuation]")
    assert snippet.startswith("snippets[0].text: warn: It sends the customer to the telephone. [deflection-call]")


def test_a_snippet_is_checked_by_the_playbook_of_its_account(run: Run, folder: Path) -> None:
    path = folder / "config.toml"
    text = path.read_text("utf-8").replace("there is a fault in {area}", "please call us about {area}")
    levels = '"greeting-missing" = "hint", "deflection-call" = "off"'
    path.write_text(text.replace('"greeting-missing" = "hint"', levels), "utf-8")
    assert run("playbook", "check").code == 0


def test_a_greeting_has_no_signature_and_may_use_all_of_the_room(run: Run, folder: Path) -> None:
    path = folder / "config.toml"
    greeting = "Here we are. " * 9 + "\\n\\n" + "Here we are. " * 11 + "Good morning, all."
    text = path.read_text("utf-8").replace("Good morning! {roster} here until {closes}.", greeting)
    path.write_text(text, "utf-8")
    assert run("playbook", "check").code == 0
    path.write_text(text.replace("Good morning, all.", "Good mornings, all."), "utf-8")
    assert "[over-length]" in run("playbook", "check").out


def test_the_texts_that_are_shipped_pass_the_checks(tmp_path: Path, run: Run) -> None:
    demo_config(tmp_path / "demo", seed=7, speed=1, now=START)
    assert run("playbook", "check", config=tmp_path / "demo").code == 0
    run("init", config=None)
    assert run("playbook", "check", config=None).code == 0


# ── explain ───────────────────────────────────────────────────────────────────────────────────────


def test_a_check_is_explained_with_examples_and_its_level_in_each_playbook(run: Run, folder: Path) -> None:
    path = folder / "config.toml"
    levels = 'private_checks = { hedge = "warn" }\ntraining_checks = { hedge = "block" }\n[simulation]'
    path.write_text(path.read_text("utf-8").replace("[simulation]", levels), "utf-8")
    lines = run("playbook", "explain", "hedge").out.splitlines()
    assert lines[0] == "hedge looks for an answer on which nobody can rely."
    assert any(line.startswith("Found: ") for line in lines)
    assert "By default it says hint." in lines
    assert lines[-1].split() == ["desk", "hint", "warn", "block"]


def test_it_is_told_whether_one_key_mends_it_and_whether_it_can_be_changed(run: Run) -> None:
    assert "one key mends it" in run("playbook", "explain", "deflection-call", config=None).out
    assert "one key mends it" not in run("playbook", "explain", "hedge", config=None).out
    assert run("playbook", "explain", "unsigned", config=None).out.endswith("It always says block.\n")


def test_what_nobody_would_see_is_spelt_out(run: Run) -> None:
    assert "It\\u200b works" in run("playbook", "explain", "control-characters", config=None).out


def test_without_a_check_all_are_listed(run: Run) -> None:
    head, *rows = run("playbook", "explain", config=None).out.splitlines()
    assert head.split() == ["CHECK", "LEVEL", "LOOKS", "FOR"]
    assert [row.split()[0] for row in rows] == list(CHECKS)
    assert [one["check"] for one in run("playbook", "explain", "--json", config=None).data] == list(CHECKS)


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("deflexion-call", "'deflection-call'"),
        ("empathy", "Did you mean 'no-empathy'?"),
        ("deflect", "'deflection-form' or 'deflection-other-team'?"),
        ("qqq", "playbook explain"),
    ],
)
def test_a_check_that_is_not_there_is_told(run: Run, check: str, said: str) -> None:
    answer = run("playbook", "explain", check)
    assert answer.code == 6
    assert said in answer.err
