"""Commands that end badly, for the tests of every way out."""

from __future__ import annotations

import click

from carecli.errors import RateLimited, Refused


@click.command()
@click.option("--json", is_flag=True)
def refused(json: bool) -> None:
    raise Refused("The greeting is not out.", "Post it with `carecli greet`.", rule="greeting-missing")


@click.command()
@click.option("--json", is_flag=True)
def limited(json: bool) -> None:
    raise RateLimited("The network said: \x1b[2Jlater.", "Wait a moment.")


@click.command()
@click.option("--json", is_flag=True)
def broken(json: bool) -> None:
    raise ZeroDivisionError("division by zero")


@click.command()
def quoting() -> None:
    raise ValueError("My card is 4111 1111 1111 1111")


@click.command()
def interrupted() -> None:
    raise KeyboardInterrupt
