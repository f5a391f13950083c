"""What a short command must not import: start-up time is a promise, and an import is where it is broken."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from carecli.cli.commands import cli
try:
    cli.main(sys.argv[1:])
except SystemExit as end:
    assert not end.code, end.code
print(*sorted(sys.modules), file=sys.stderr)
"""

HEAVY = {
    "asyncio", "concurrent.futures", "dataclasses", "difflib", "email", "holidays", "httpx", "importlib.metadata",
    "json", "logging", "multiprocessing", "nameparser", "platformdirs", "requests", "rich", "shutil", "socket", "ssl",
    "subprocess", "tempfile", "textual", "traceback", "tweepy", "unittest", "urllib.request", "wcwidth", "zoneinfo",
}  # fmt: skip


def imported(*words: str) -> set[str]:
    """The modules that a command has imported when it is done."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, *words], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_the_version_needs_click_and_nothing_of_weight() -> None:
    modules = imported("--version")
    assert not modules & (HEAVY | {"msgspec", "sqlite3", "tomllib"})
    assert {name for name in modules if name.startswith("carecli")} <= {
        "carecli", "carecli.cli", "carecli.cli.commands", "carecli.cli.group", "carecli.cli.invocation",
        "carecli.errors",
    }  # fmt: skip


def test_the_queue_as_json_needs_no_zone_no_holidays_and_no_network(folder: Path) -> None:
    modules = imported("--config", str(folder / "config.toml"), "queue", "--json")
    assert not modules & HEAVY
    assert not {name for name in modules if name.startswith(("carecli.tui", "carecli.worker", "carecli.channels.s"))}
    assert "carecli.desk.queue" in modules


def test_a_reply_needs_no_screen(folder: Path) -> None:
    modules = imported("--config", str(folder / "config.toml"), "reply", "1", "Hi Andy.", "--public", "--dry-run")
    assert not modules & {"textual", "rich", "holidays", "asyncio", "httpx"}


def test_a_check_needs_no_database_and_no_network() -> None:
    modules = imported("check", "It works again.")
    # What reads proofs is a process of its own, which has to be started.
    assert not modules & ((HEAVY - {"subprocess"}) | {"sqlite3", "tweepy", "harper", "hunspell"})


def test_what_reads_proofs_is_loaded_by_no_command_and_not_by_the_screen(folder: Path) -> None:
    modules = imported("--config", str(folder / "config.toml"), "reply", "1", "Hi Andy.", "--public", "--dry-run")
    program = "import sys, carecli.tui.app, carecli.desk.proofreading; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not (modules | set(done.stdout.split())) & {"harper", "hunspell", "carecli.proof.reader"}
