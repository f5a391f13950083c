"""`carecli doctor`: whether everything a shift needs is in order, and what to do where it is not.

Not for: what is looked at (`desk.doctor`, `cli.terminal`, `cli.checking`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from carecli.cli import options
from carecli.cli.invocation import Invocation, pass_invocation
from carecli.cli.main import outlast
from carecli.cli.output import write, write_json
from carecli.cli.tables import Tone, toned

if TYPE_CHECKING:
    from carecli.desk.doctor import Check, Verdict

_TONES: dict[Verdict, Tone] = {"ok": "good", "warn": "soon", "fail": "late"}


@click.command()
@options.as_json
@pass_invocation
@click.pass_context
def doctor(ctx: click.Context, invocation: Invocation, as_json: bool) -> None:
    """Look whether all that a shift needs is in order.

    Configuration, playbook, terminal, database, hours and accounts. Ends with the exit code of the first
    thing that failed; warnings do not count.
    """
    outlast()
    checks: list[Check] = []
    for check in examined(invocation):
        checks.append(check)
        if not as_json:
            write(line_of(check))
    if as_json:
        write_json("doctor", {"checks": checks})
    ctx.exit(next((check.exit_code for check in checks if check.verdict == "fail"), 0))


def examined(invocation: Invocation) -> Iterator[Check]:
    """Every check, the slow ones last."""
    from carecli.cli.checking import config_problems
    from carecli.cli.terminal import terminal_checks
    from carecli.desk.doctor import Check, examine, failed
    from carecli.errors import NotFound

    path = invocation.path()
    size = os.get_terminal_size(sys.stdout.fileno()) if sys.stdout.isatty() else None
    yield from terminal_checks(os.environ, size, sys.stdout.encoding)
    try:
        problems = config_problems(path, datetime.now(UTC).date())
    except NotFound as error:
        yield failed("configuration", error)
        return
    yield from (failed("configuration", problem) for problem in problems)
    if not problems:
        yield Check("configuration", "ok", f"{path} is in order.")
        yield from examine(invocation.config(), os.environ)


def line_of(check: Check) -> str:
    """A check as a line for people."""
    remedy = f" {check.remedy}" if check.remedy else ""
    return f"{toned(f'{check.verdict:4}', _TONES[check.verdict])}  {check.area}: {check.sentence}{remedy}"
