"""The group of commands that imports each one when it is called, and turns failures into exit codes.

Every way out of the command line passes here. Not for: the sentences of failures (`cli.failures`).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, MutableMapping, Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from carecli.errors import EXIT_INTERRUPTED, CareError


class CareGroup(click.Group):
    """A group whose commands are named in a table as `module:attribute`."""

    def __init__(self, *args: Any, table: Mapping[str, str], **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.table:
            return None
        module, _, attribute = self.table[cmd_name].partition(":")
        command = getattr(import_module(module), attribute)
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            likely = get_close_matches(args[0], self.table, 1)
            hint = f"Did you mean `carecli {likely[0]}`?" if likely else "`carecli --help` lists the commands."
            raise click.UsageError(f"There is no command {args[0]!r}. {hint}", ctx) from error

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> NoReturn:  # noqa: ANN401
        """Run, say on standard error what went wrong, and exit by the contract of `errors`."""
        words = list(sys.argv[1:] if args is None else args)
        sys.exit(self._run(words, rest, extra | {"standalone_mode": False}))

    def _run(self, words: list[str], rest: tuple[Any, ...], extra: MutableMapping[str, Any]) -> int:
        try:
            return super().main(words, *rest, **extra) or 0
        except click.Abort:
            return EXIT_INTERRUPTED
        except (CareError, click.ClickException) as error:
            from carecli.cli.failures import tell

            return tell(error, as_json=_asks_for_json(words))
        except Exception as error:
            from carecli.cli.failures import tell_fault

            return tell_fault(error, as_json=_asks_for_json(words))


def _asks_for_json(words: list[str]) -> bool:
    """Whether these arguments ask for JSON; they may not have been understood otherwise."""
    return "--json" in (words[: words.index("--")] if "--" in words else words)
