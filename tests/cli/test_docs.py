"""docs/commands.md, docs/configuration.md and the exit codes say what is so."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from carecli import errors
from carecli.cli.commands import cli
from carecli.playbook import greeting, snippets
from carecli.playbook.checks import CHECKS
from carecli.playbook.explaining import explanations

DOCS = Path(__file__).parents[2] / "docs"
COMMANDS = (DOCS / "commands.md").read_text("utf-8")
EXAMPLE = re.compile(r"^\$ (?:.*\| )?(carecli\b[^|<>\n]*)", re.MULTILINE)


def commands(group: click.Group, path: str = "carecli") -> Iterator[tuple[str, click.Command]]:
    """Every command below a group with the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


ALL = dict(commands(cli))


def section(title: str) -> str:
    """The text below the heading `title`."""
    found = re.search(rf"^#+ {re.escape(title)}$\n(.*?)(?=^#|\Z)", COMMANDS, re.MULTILINE | re.DOTALL)
    assert found, f"docs/commands.md has no heading {title!r}"
    return found[1]


def options_of(command: click.Command) -> set[str]:
    return {name for parameter in command.params if isinstance(parameter, click.Option) for name in parameter.opts}


def test_every_command_has_its_heading_and_no_heading_is_without_its_command() -> None:
    assert set(re.findall(r"^### (carecli .*)$", COMMANDS, re.MULTILINE)) == set(ALL)


@pytest.mark.parametrize("path", ALL)
def test_every_option_of_a_command_is_described_and_no_other(path: str) -> None:
    told = {
        name
        for row in re.findall(r"^\| (`.*?) \|", section(path), re.MULTILINE)
        for name in re.findall(r"--[a-z0-9-]+", row)
    }
    assert told == options_of(ALL[path])


def test_the_global_options_are_described() -> None:
    rows = re.findall(r"^\| `(--[a-z]+)", section("For all commands"), re.MULTILINE)
    assert set(rows) == options_of(cli) | {"--help"}


@pytest.mark.parametrize("path", [path for path, command in ALL.items() if not isinstance(command, click.Group)])
def test_every_command_has_an_example(path: str) -> None:
    assert [words for words in EXAMPLE.findall(section(path)) if path in words]


@pytest.mark.parametrize("line", EXAMPLE.findall(COMMANDS))
def test_every_example_can_be_typed(line: str) -> None:
    words = shlex.split(line)[1:]
    command: click.Command = cli
    context = command.make_context("carecli", words)
    while isinstance(command, click.Group) and (rest := context._protected_args + context.args):
        _, found, words = command.resolve_command(context, rest)
        assert found is not None
        command, context = found, found.make_context(found.name, words, parent=context)


def test_the_exit_codes_are_those_of_the_errors() -> None:
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", section("Exit codes"), re.MULTILINE)}
    raised = {errors.EXIT_DONE, errors.EXIT_FAULT, errors.EXIT_INTERRUPTED}
    classes = [errors.CareError]
    while classes:
        one = classes.pop()
        raised.add(one.exit_code)
        classes += one.__subclasses__()
    assert documented == raised


def test_the_tree_in_the_errors_docstring_tells_each_errors_code() -> None:
    told = dict(re.findall(r"[├└]── (\w+) +(\d)", errors.__doc__ or ""))
    assert told
    for name, code in told.items():
        assert getattr(errors, name).exit_code == int(code)


def test_every_placeholder_of_the_templates_is_documented() -> None:
    text = (DOCS / "configuration.md").read_text("utf-8")
    for heading, known in (("Greeting and sign-off", greeting.PLACEHOLDERS), ("Snippets", snippets.PLACEHOLDERS)):
        body = text.split(f"## {heading}\n")[1].split("\n## ")[0]
        rows = "".join(re.findall(r"^\| `\{.*?\|", body, re.MULTILINE))
        assert set(re.findall(r"\{(\w+)\}", rows)) == set(known)


def test_every_check_is_documented_with_its_default() -> None:
    text = (DOCS / "configuration.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| (off|hint|warn|block) \| (.*) \|$", text, re.MULTILINE)
    assert rows == [(name, level, explanations()[name].looks_for) for name, (level, _) in CHECKS.items()]
