"""The commands of `carecli`: the global options, and the table that says where each command lives.

A command's module is imported when it is called, so that `carecli --version` imports click and nothing else of
weight. Not for: what a command does (one module a group of commands beside this one).
"""

from __future__ import annotations

import click

from carecli import __version__
from carecli.cli.group import CareGroup
from carecli.cli.invocation import Invocation

# The order is that of `carecli --help`.
COMMANDS = {
    "desk": "carecli.cli.screens:desk",
    "demo": "carecli.cli.screens:demo",
    "replay": "carecli.cli.screens:replay",
    "import": "carecli.cli.archives:import_",
    "queue": "carecli.cli.queue:queue",
    "next": "carecli.cli.conversations:next_",
    "show": "carecli.cli.conversations:show",
    "reply": "carecli.cli.replies:reply",
    "private": "carecli.cli.replies:private",
    "snippets": "carecli.cli.snippets:snippets",
    "claim": "carecli.cli.conversations:claim",
    "release": "carecli.cli.conversations:release",
    "snooze": "carecli.cli.conversations:snooze",
    "resolve": "carecli.cli.conversations:resolve",
    "reopen": "carecli.cli.conversations:reopen",
    "note": "carecli.cli.conversations:note",
    "outbox": "carecli.cli.outbox:outbox",
    "greet": "carecli.cli.shifts:greet",
    "signoff": "carecli.cli.shifts:signoff",
    "shift": "carecli.cli.shifts:shift",
    "cost": "carecli.cli.cost:cost",
    "watch": "carecli.cli.watching:watch",
    "check": "carecli.cli.texts:check",
    "init": "carecli.cli.configuration:init",
    "login": "carecli.cli.signing_in:login",
    "logout": "carecli.cli.signing_in:logout",
    "config": "carecli.cli.configuration:config",
    "playbook": "carecli.cli.playbook:playbook",
    "db": "carecli.cli.database:db",
    "doctor": "carecli.cli.doctor:doctor",
}

WELCOME = """\
carecli is a social care desk in the terminal. There is no configuration here yet.
  carecli demo   work a shift on a simulated network, nothing to set up
  carecli init   write a configuration to start your own desk from"""


@click.group("carecli", cls=CareGroup, table=COMMANDS, invoke_without_command=True)
@click.option("--config", "config_path", metavar="PATH", envvar="CARECLI_CONFIG", help="The configuration to use.")
@click.option(
    "--agent", metavar="ID", envvar="CARECLI_AGENT", default="", help="Who you are, by the id in the configuration."
)
@click.version_option(__version__, message="carecli %(version)s")
@click.pass_context
def cli(ctx: click.Context, config_path: str | None, agent: str) -> None:
    """The social care desk in a terminal: answer a brand's customers from the keyboard.

    Without a command it opens the desk.
    """
    ctx.obj = invocation = Invocation(config_path, agent)
    if ctx.invoked_subcommand is not None:
        return
    if invocation.path().exists():
        from carecli.cli.screens import desk

        ctx.invoke(desk)
    else:
        from carecli.cli.output import write

        write(WELCOME)
