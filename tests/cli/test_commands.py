"""The `carecli` command itself: its table, its global options, what it does alone."""

from __future__ import annotations

from pathlib import Path

import click
import platformdirs
import pytest
from click.testing import CliRunner

from carecli import __version__
from carecli.cli.commands import COMMANDS, cli
from carecli.cli.invocation import user_config_folder


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("CARECLI_CONFIG", raising=False)


def said(*words: str) -> str:
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 0, done.stderr
    return done.stdout


def test_it_tells_its_version() -> None:
    assert said("--version") == f"carecli {__version__}\n"


def test_alone_without_a_configuration_it_says_in_three_lines_how_to_begin() -> None:
    lines = said().splitlines()
    assert len(lines) == 3
    assert "carecli demo" in lines[1]
    assert "carecli init" in lines[2]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_is_there_and_explains_itself(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.name == name
    assert command.help


def test_help_lists_every_command_in_the_order_of_the_table() -> None:
    listed = said("--help").split("Commands:")[1].splitlines()
    assert [line.split()[0] for line in listed if line.strip()] == list(COMMANDS)


def test_no_line_of_the_help_is_cut_short() -> None:
    assert "..." not in said("--help").split("Commands:")[1]


def test_a_group_called_alone_says_what_is_missing() -> None:
    done = CliRunner().invoke(cli, ["shift"])
    assert (done.exit_code, done.stderr) == (2, "Missing command. See `carecli shift --help`.\n")


def test_the_configuration_lies_where_the_platform_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in (str(tmp_path / "elsewhere"), ""):
        monkeypatch.setenv("XDG_CONFIG_HOME", place)
        assert user_config_folder() == platformdirs.user_config_path("carecli", appauthor=False)


def test_the_environment_names_the_configuration_unless_an_option_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARECLI_CONFIG", "/srv/one.toml")
    assert said("config", "path") == "/srv/one.toml\n"
    assert said("--config", "/srv/two.toml", "config", "path") == "/srv/two.toml\n"
