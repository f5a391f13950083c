"""`carecli init`, `carecli config check`, `carecli config path`."""

from __future__ import annotations

from pathlib import Path

from carecli.cli.configuration import example_text
from tests.cli.conftest import Run


def test_init_writes_the_example_where_the_configuration_is_looked_for(run: Run, tmp_path: Path) -> None:
    answer = run("init", config=None)
    path = tmp_path / "home" / "carecli" / "config.toml"
    assert (answer.code, answer.out) == (0, f"{path}\n")
    assert "carecli config check" in answer.err
    assert path.read_text("utf-8") == example_text()


def test_what_init_wrote_is_in_order(run: Run) -> None:
    run("init", config=None)
    assert run("config", "check", config=None).out.endswith("config.toml is in order.\n")


def test_init_never_overwrites_unless_told_to(run: Run, folder: Path) -> None:
    before = (folder / "config.toml").read_text("utf-8")
    answer = run("init")
    assert answer.code == 2
    assert "--force" in answer.err
    assert (folder / "config.toml").read_text("utf-8") == before
    assert run("init", "--force").code == 0
    assert (folder / "config.toml").read_text("utf-8") == example_text()


def test_init_where_nothing_can_be_written_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    answer = run("init", config=tmp_path / "file" / "below")
    assert answer.code == 2
    assert "--config" in answer.err


def test_check_tells_every_problem_with_its_key_and_remedy(run: Run, folder: Path) -> None:
    (folder / "config.toml").write_text("mouse = 1\nthem = 'dark'\n", "utf-8")
    answer = run("config", "check")
    assert answer.code == 2
    assert answer.out.splitlines() == [
        "`them` is not a key that carecli knows. Did you mean `theme`?",
        "`mouse` must be true or false. It is 1 now.",
    ]
    assert answer.err.startswith(f"Problems in {folder / 'config.toml'}: 2.")


def test_check_as_json_lists_the_keys(run: Run, folder: Path) -> None:
    (folder / "config.toml").write_text("mouse = 1\n", "utf-8")
    answer = run("config", "check", "--json")
    assert answer.data == {
        "path": str(folder / "config.toml"),
        "problems": [{"key": "mouse", "sentence": "`mouse` must be true or false.", "remedy": "It is 1 now."}],
    }
    assert answer.error["exit_code"] == 2


def test_check_looks_into_playbooks_keys_and_themes_once_the_file_is_in_order(run: Run, folder: Path) -> None:
    text = (
        "theme = 'sunset'\n[keys]\n'queue.next' = 'r'\n[playbooks.p]\nsignature = 'us'\n"
        "greetings = ['Hello from {rooster}']\n[playbooks.p.checks]\nhedgehog = 'off'\n"
    )
    (folder / "config.toml").write_text(text, "utf-8")
    problems = {problem["key"]: problem for problem in run("config", "check", "--json").data["problems"]}
    assert set(problems) == {
        "theme", "keys.queue.next", "playbooks.p.signature", "playbooks.p.greetings[0]", "playbooks.p.checks.hedgehog",
    }  # fmt: skip
    assert "{rooster}" in problems["playbooks.p.greetings[0]"]["sentence"]


def test_check_without_a_configuration_says_how_to_get_one(run: Run) -> None:
    answer = run("config", "check", config=None)
    assert answer.code == 6
    assert "carecli init" in answer.err
