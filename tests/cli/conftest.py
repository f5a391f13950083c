"""A desk in a folder, as the commands find it: a real database and simulated network, and a clock that stands still.

Three customers wait there: Andy (conversation 1, public), Mira (2, private) and Ewa (3, public, Polish), whose name
and message attack the terminal.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from carecli.cli.commands import cli
from tests.shop import CONFIG, open_shop

ATTACK = "\x1b]0;owned\x07\x1b[2J[red]Ewa[/red]\u202e"
# The desk's clock in these tests: half an hour after the customers wrote.
NOW = "2026-03-02T09:30:00Z"


class Answer(NamedTuple):
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:  # noqa: ANN401
        """The data of the JSON that was printed."""
        return json.loads(self.out)["data"]

    @property
    def error(self) -> Any:  # noqa: ANN401
        """The data of the JSON that was told on standard error."""
        return json.loads(self.err)["data"]


Run = Callable[..., Answer]


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that each test gets a copy of."""
    folder = tmp_path_factory.mktemp("stocked")
    with open_shop(folder) as shop:
        shop.customer_writes("My line has been slow since Friday, what can I do?")
        shop.customer_writes("Here is my new address.", "mira", name="Mira Novak", visibility="private")
        shop.customer_writes(f"Nie działa internet! {ATTACK}", "ewa", name=ATTACK, language="pl")
        shop.work()
    # A simulation that begins tomorrow: until then its clock stands still.
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    simulation = f"\n[simulation]\nreal = {tomorrow.isoformat()}\ndesk = {NOW}\n"
    account = CONFIG.replace('network = "sandbox"', 'network = "sandbox"\nsandbox = { seed = 1 }')
    (folder / "config.toml").write_text(account + simulation, "utf-8")
    return folder


@pytest.fixture
def folder(stocked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk of this test's own; the user's folders lie within it, too."""
    desk = tmp_path / "desk"
    shutil.copytree(stocked, desk)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    for name in ("CARECLI_CONFIG", "CARECLI_AGENT", "CARECLI_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return desk


@pytest.fixture
def run(folder: Path) -> Run:
    """Runs a command on that desk, in this process."""

    def run_command(*words: str, stdin: str | bytes | None = None, config: Path | None = folder) -> Answer:
        words = ("--config", str(config / "config.toml"), *words) if config else words
        done = CliRunner().invoke(cli, words, input=stdin)
        return Answer(done.exit_code, done.stdout, done.stderr)

    return run_command
