"""`carecli outbox`: the replies on their way, and those that are stuck."""

from __future__ import annotations

import click

from carecli.cli import options
from carecli.cli.invocation import Invocation, pass_invocation
from carecli.cli.output import answer, write, write_json
from carecli.model import OutboxState

UNSETTLED: tuple[OutboxState, ...] = ("held", "queued", "sending", "unknown", "rejected")


@click.group(invoke_without_command=True)
@click.option("--all", "everything", is_flag=True, help="Those that were sent or cancelled, too.")
@options.as_json
@pass_invocation
@click.pass_context
def outbox(ctx: click.Context, invocation: Invocation, everything: bool, as_json: bool) -> None:
    """List what is on its way or needs a person."""
    if ctx.invoked_subcommand is not None:
        return
    from carecli.desk.outbox import outbox as entries

    with invocation.desk(needs_agent=False) as desk:
        rows = entries(desk, () if everything else UNSETTLED)
        if as_json:
            write_json("outbox", rows)
            return
        from carecli.cli.pages import outbox_page

        write(outbox_page(desk, rows))


@outbox.command()
@click.argument("entry_id", metavar="ENTRY", type=int)
@options.as_json
@pass_invocation
def cancel(invocation: Invocation, entry_id: int, as_json: bool) -> None:
    """Take back a reply that has not left yet; its text is a draft again."""
    from carecli.desk.outbox import cancel as take_back
    from carecli.safetext import sanitize

    with invocation.desk() as desk:
        text = sanitize(take_back(desk, entry_id))
    answer("cancel", {"entry_id": entry_id, "text": text}, f"Cancelled {entry_id}: {text}", as_json=as_json)
