"""The desk is stopped and goes on as any program of a shell, in a real terminal with a real shell."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.flags import told
from tests.terminal.session import Session

STOPPED = "The desk is stopped"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "demo"


@pytest.fixture
def demo(folder: Path) -> list[str]:
    return [sys.executable, "-m", "carecli", "demo", "--folder", str(folder), "--seed", "7"]


@pytest.fixture
def shell(demo: list[str]) -> Iterator[Session]:
    with Session(["sh", "-i"], rows=30, columns=100, env={"PS1": "here $ ", "ENV": ""}) as session:
        session.wait_for("here $")
        session.type(f"{shlex.join(demo)}\n")
        session.wait_until(lambda rows: re.search(r"[2-9] waiting", rows[0]) is not None, what="waiting customers")
        yield session


def test_the_desk_goes_on_where_it_was_stopped(shell: Session, folder: Path) -> None:
    shell.press("ctrl+z")
    shell.wait_for(STOPPED)
    shell.wait_for("here $")
    # A line is edited and echoed as before, and others may write to the desk.
    shell.type("echo alive | tr a-z A-Z\n")
    shell.wait_for("ALIVE")
    told(folder, "greet")
    shell.resize(24, 80)
    shell.type("fg\n")
    assert "? keys" in shell.wait_for("shift greeted")[-1]
    shell.type("nrWritten after the stop")
    shell.wait_for("Written after the stop")


def test_a_desk_that_no_shell_could_wake_is_not_stopped(demo: list[str]) -> None:
    with Session(demo, rows=30, columns=100) as screen:
        screen.wait_for("? keys")
        screen.press("ctrl+z")
        screen.wait_for("No shell has started the desk.")
