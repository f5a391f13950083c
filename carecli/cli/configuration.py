"""The commands for the configuration: write the first one, find it, check it.

Not for: whether the desk runs with it (`cli.doctor`).
"""

from __future__ import annotations

from pathlib import Path

import click

import carecli
from carecli.cli import options
from carecli.cli.invocation import Invocation, pass_invocation
from carecli.cli.output import narrate, write, write_json
from carecli.errors import ConfigError, Misuse
from carecli.safetext import sanitize


@click.command()
@click.option("--force", is_flag=True, help="Replace the configuration that is there.")
@pass_invocation
def init(invocation: Invocation, force: bool) -> None:
    """Write a configuration to begin with.

    Every key is explained in it, and it runs as it is, on a simulated network. Asks nothing, and never
    overwrites one without --force.
    """
    path = invocation.path()
    if path.exists() and not force:
        raise Misuse(f"{path} exists.", "Edit it, or replace it with --force.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(example_text(), "utf-8")
    except OSError as error:
        raise Misuse(f"{path} cannot be written: {error.strerror}.", "Name another place with --config.") from None
    write(str(path))
    narrate("Edit it, then run `carecli config check`; `carecli` opens the desk.")


@click.group(no_args_is_help=False)
def config() -> None:
    """Find and check the configuration."""


@config.command()
@options.as_json
@pass_invocation
def check(invocation: Invocation, as_json: bool) -> None:
    """Say everything that is wrong with the configuration, each with its key and the remedy."""
    from datetime import UTC, datetime

    from carecli.cli.checking import config_problems

    path = invocation.path()
    problems = config_problems(path, datetime.now(UTC).date())
    if as_json:
        found = [{"key": one.key, "sentence": one.sentence, "remedy": one.remedy} for one in problems]
        shown = str(path).encode(errors="replace").decode()
        write_json("config_check", {"path": shown, "problems": found})
    elif not problems:
        write(sanitize(f"{path} is in order."))
    else:
        write(sanitize("\n".join(str(one) for one in problems)))
    if problems:
        raise ConfigError(f"Problems in {path}: {len(problems)}.", "docs/configuration.md explains every key.")


@config.command("path")
@pass_invocation
def path_(invocation: Invocation) -> None:
    """Print where the configuration is looked for, whether it is there or not."""
    write(str(invocation.path()))


def example_text() -> str:
    """`config.example.toml`: shipped in the package, or beside it in a working copy."""
    package = Path(carecli.__file__).parent
    places = (package / "config.example.toml", package.parent / "config.example.toml")
    return next(place for place in places if place.exists()).read_text("utf-8")
