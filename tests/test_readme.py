"""README, CONTRIBUTING and the docs say what is so: their commands, keys, exit codes, configuration and links."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from carecli import config, errors
from carecli.cli.commands import cli
from carecli.tui.keymap import COMMANDS
from scripts import picture

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def blocks(language: str) -> list[str]:
    """The fenced blocks of README in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def shell_lines() -> list[str]:
    return [line for block in blocks("sh") for line in block.splitlines()]


def section(title: str) -> str:
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def commands() -> Iterator[str]:
    """Every `carecli …` of README: in blocks, at the end of a chain or after uvx, and in running text."""
    for line in shell_lines():
        found = re.search(r"(?:^|[ /])(carecli(?: .*)?)$", line.partition("  #")[0].rstrip())
        if found and not line.startswith("export"):
            yield found[1]
    prose = re.sub(r"^```.*?^```$", "", README, flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"`(carecli [^`]+)`", prose)


@pytest.mark.parametrize("line", sorted(set(commands())))
def test_every_command_in_readme_is_one_that_carecli_understands(line: str) -> None:
    understand(line)


@pytest.mark.parametrize("line", ["quue", "queue --fastest", "shift begin", "claim one", "resolve 1 --outcome good"])
def test_a_command_that_carecli_does_not_understand_would_be_noticed(line: str) -> None:
    with pytest.raises(click.UsageError):
        understand(f"carecli {line}")


def understand(line: str) -> None:
    """Parse a line by the real commands and carry out nothing. Raises `click.UsageError`.

    A command that is only named may lack what it asks for.
    """
    command: click.Command = cli
    name, *words = shlex.split(line)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name, *words = words
        found = command.get_command(click.Context(command), name)
        if found is None:
            raise click.UsageError(f"There is no {name}.")
        command = found
    if words:
        command.make_context(name, words).close()


def test_ci_runs_the_test_command_of_readme() -> None:
    tests = next(line for line in shell_lines() if line.endswith("pytest") and "pip" in line)
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    assert tests.replace(".venv", ".venv-ci") in [line.strip() for line in ci.splitlines()]


def test_make_sets_up_and_tests_as_readme_does() -> None:
    tests = next(line for line in shell_lines() if line.endswith("pytest") and "pip" in line)
    recipes = dict(re.findall(r"^(\w+): *; (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert f"{recipes['setup']} && {recipes['test']}" == tests


def test_the_keys_of_the_first_shift_are_keys_of_the_desk() -> None:
    keys = {key for command in COMMANDS for key in command.keys.split(",")}
    steps = re.findall(r"^\d+\. (.+(?:\n   .+)*)", section("A first shift"), re.MULTILINE)
    named = {code for step in steps for code in re.findall(r"`([^`]+)`", step) if not code.startswith("carecli")}
    assert named and named <= keys


def test_the_exit_codes_are_those_of_the_errors() -> None:
    codes = {errors.EXIT_DONE, errors.EXIT_FAULT, errors.EXIT_INTERRUPTED}
    codes |= {kind.exit_code for kind in vars(errors).values() if isinstance(kind, type) and hasattr(kind, "exit_code")}
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)} == codes


def test_the_configuration_is_one_in_five_lines(tmp_path: Path) -> None:
    (text,) = blocks("toml")
    assert len(text.splitlines()) == 5
    assert list(config.parse(text, tmp_path / "config.toml").accounts) == ["care"]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_to_files_that_exist(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_the_picture_can_be_drawn_again(tmp_path: Path) -> None:
    line = re.search(r"^picture: .* -m scripts\.picture (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert line is not None
    drawn = tmp_path / "picture.svg"
    assert picture.main([*shlex.split(line[1]), str(drawn)]) == 0
    assert "@NorthwindCare" in picture.shown(drawn.read_text("utf-8"))
