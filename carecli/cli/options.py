"""The options that several commands share, each written once.

Not for: options of one command, which stand at that command.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

import click

from carecli.errors import Misuse
from carecli.model import Visibility


def text(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """A click callback: an argument that is a text. Raises `Misuse` for bytes that are none."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Misuse(f"{param.name} is not UTF-8.", "Set LANG to a UTF-8 locale, or give the text on -.") from None
    return value


def text_if_any(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """A click callback: an argument that may be left out."""
    return None if value is None else text(ctx, param, value)


def texts(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """A click callback: an option that may be given several times, each time with a text."""
    return tuple(text(ctx, param, value) for value in values)


class Whole(click.types.IntParamType):
    """A whole number from `lowest` on, as far as the database can count."""

    name = "whole number"

    def __init__(self, lowest: int) -> None:
        self._lowest = lowest

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401
        number = int(super().convert(value, param, ctx))
        if number < self._lowest:
            self.fail(f"{value} is too small; the least is {self._lowest}.", param, ctx)
        if number >= 2**63:
            self.fail(f"{value} is too large.", param, ctx)
        return number


# An id of ours, or a version or revision of something.
number = Whole(0)
conversation = click.argument("conversation_id", metavar="ID", type=number)
as_json = click.option("--json", "as_json", is_flag=True, help="Print one line of JSON (docs/json.md).")
dry_run = click.option("--dry-run", is_flag=True, help="Show what would be posted; post and store nothing.")
account = click.option(
    "--account", metavar="ID", default="", callback=text, help="The account, by its id in the configuration."
)
no_wait = click.option("--no-wait", is_flag=True, help="Queue it for a running desk; do not wait for the network.")
further = click.option(
    "--then",
    "further",
    metavar="TEXT",
    multiple=True,
    callback=texts,
    help="A further part, posted below the one before; may be given several times.",
)
public = click.option("--public", is_flag=True, help="What everybody can read.")
private = click.option("--private", is_flag=True, help="Private messages.")


def duration(ctx: click.Context, param: click.Parameter, value: str | None) -> timedelta | None:
    """A click callback: a duration such as 10m. Raises `Misuse`."""
    if value is None:
        return None
    from carecli.when import duration as read

    return read(value)


def visibility_of(public: bool, private: bool) -> Visibility | None:
    """What `--public` and `--private` say together; None where neither is given. Raises `Misuse` for both."""
    if public and private:
        raise Misuse("--public and --private exclude each other.", "Choose one.")
    if public:
        return "public"
    return "private" if private else None


def text_of(argument: str) -> str:
    """The text that an argument gives; `-` reads it from standard input, less the line's end. Raises `Misuse`."""
    if argument != "-":
        return argument
    if sys.stdin is None:
        raise Misuse("Standard input is closed.", "Pipe the text in, or give it as an argument.")
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise Misuse("Standard input is not UTF-8.", "Convert it, such as with `iconv -t UTF-8`.") from None
