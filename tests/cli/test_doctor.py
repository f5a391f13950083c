"""`carecli doctor`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")


def test_a_desk_in_order_has_nothing_that_fails(run: Run, folder: Path) -> None:
    answer = run("doctor")
    assert answer.code == 0
    assert "fail" not in answer.out
    for line in (
        f"ok    configuration: {folder / 'config.toml'} is in order.",
        f"ok    database: {folder / 'desk.db'} is sound.",
        "ok    account care: @NorthwindCare answers (sandbox).",
        "ok    hours of care: Open now. 0 holidays known, Europe/London.",
    ):
        assert line in answer.out.splitlines()


def test_as_json_each_check_has_its_verdict(run: Run) -> None:
    checks = run("doctor", "--json").data["checks"]
    assert {check["verdict"] for check in checks} <= {"ok", "warn"}
    assert {"configuration", "database", "agents"} <= {check["area"] for check in checks}


def test_without_a_configuration_it_says_how_to_get_one(run: Run) -> None:
    answer = run("doctor", config=None)
    assert answer.code == 6
    assert "fail  configuration: There is no configuration" in answer.out
    assert "carecli init" in answer.out


def test_it_ends_with_the_code_of_the_first_failure(run: Run, folder: Path) -> None:
    (folder / "desk.db").write_bytes(b"this is no database" * 100)
    answer = run("doctor")
    assert answer.code == 5
    assert "fail  database:" in answer.out


def test_every_problem_of_the_configuration_is_a_line(run: Run, folder: Path) -> None:
    (folder / "config.toml").write_text("mouse = 1\nthem = 'dark'\n", "utf-8")
    answer = run("doctor")
    assert answer.code == 2
    assert answer.out.count("fail  configuration:") == 2
