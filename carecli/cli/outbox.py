"""`carecli outbox`: the replies on their way, and those that are stuck."""

from __future__ import annotations

import click

from carecli.cli import options
from carecli.cli.invocation import Invocation, pass_invocation
from carecli.cli.output import answer, write, write_json
from carecli.errors import Misuse
from carecli.model import OutboxState

_entry = click.argument("entry_id", metavar="ENTRY", type=options.number)

UNSETTLED: tuple[OutboxState, ...] = ("approval", "held", "queued", "sending", "unknown", "rejected")


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


@outbox.command("list")
@click.option("--all", "everything", is_flag=True, help="Those that were sent or cancelled, too.")
@options.as_json
@click.pass_context
def list_(ctx: click.Context, everything: bool, as_json: bool) -> None:
    """List what is on its way or needs a person, as `outbox` alone does."""
    ctx.invoked_subcommand = None
    ctx.invoke(outbox, everything=everything, as_json=as_json)


@outbox.command()
@_entry
@options.as_json
@pass_invocation
def show(invocation: Invocation, entry_id: int, as_json: bool) -> None:
    """Show one reply on its way: its parts, how it stands, and what can be done about it."""
    from carecli.cli.pages import entry_page
    from carecli.desk.outbox import entry_of

    with invocation.desk(needs_agent=False) as desk:
        entry = entry_of(desk, entry_id)
        answer("reply", entry, entry_page(desk, entry), as_json=as_json)


@outbox.command()
@_entry
@options.no_wait
@options.as_json
@pass_invocation
def retry(invocation: Invocation, entry_id: int, no_wait: bool, as_json: bool) -> None:
    """Send a rejected reply again, as it is."""
    from carecli.cli.sending import conclude
    from carecli.desk.outbox import retry as again

    with invocation.desk() as desk:
        conclude(desk, again(desk, entry_id), wait=not no_wait, as_json=as_json)


@outbox.command()
@_entry
@click.option("--sent", "remote_id", metavar="ID", help="It is at the network, under this id; it is not sent again.")
@click.option("--not-sent", is_flag=True, help="It is not at the network; send it again.")
@options.no_wait
@options.as_json
@pass_invocation
def resolve(
    invocation: Invocation, entry_id: int, remote_id: str | None, not_sent: bool, no_wait: bool, as_json: bool
) -> None:
    """Settle a reply of which nobody knows whether it arrived, after looking at the network."""
    from carecli.cli.sending import conclude
    from carecli.desk.outbox import resolve as settle

    if not_sent == (remote_id is not None):
        raise Misuse("Say what you found at the network.", "Add either --sent ID or --not-sent.")
    with invocation.desk() as desk:
        entry = settle(desk, entry_id, "not_sent" if not_sent else "sent", remote_id or "")
        conclude(desk, entry, wait=not no_wait, as_json=as_json)


@outbox.command()
@_entry
@options.as_json
@pass_invocation
def cancel(invocation: Invocation, entry_id: int, as_json: bool) -> None:
    """Take back a reply that has not left yet; its text is a draft again."""
    from carecli.desk.outbox import cancel as take_back
    from carecli.safetext import sanitize

    with invocation.desk() as desk:
        text = sanitize(take_back(desk, entry_id))
    answer("cancel", {"entry_id": entry_id, "text": text}, f"Cancelled {entry_id}: {text}", as_json=as_json)


_if_revision = click.option(
    "--if-revision",
    "revision",
    metavar="N",
    type=options.number,
    help="Only if its `revision` is N still: what you have read.",
)


@outbox.command()
@_entry
@_if_revision
@options.no_wait
@options.as_json
@pass_invocation
def approve(invocation: Invocation, entry_id: int, revision: int | None, no_wait: bool, as_json: bool) -> None:
    """Let a reply go that waits for a lead, as it stands."""
    from carecli.cli.sending import conclude
    from carecli.desk.approval import approve as let_go

    with invocation.desk() as desk:
        conclude(desk, let_go(desk, entry_id, revision=revision), wait=not no_wait, as_json=as_json)


@outbox.command("return")
@_entry
@click.argument("reason", metavar="REASON|-", callback=options.text)
@options.as_json
@pass_invocation
def return_(invocation: Invocation, entry_id: int, reason: str, as_json: bool) -> None:
    """Send a reply that waits for a lead back to its author, and say why.

    It is their draft again, and the reason stands as a note on the conversation.
    """
    from carecli.cli.pages import entry_page
    from carecli.desk.approval import return_reply

    with invocation.desk() as desk:
        entry = return_reply(desk, entry_id, options.text_of(reason))
        answer("reply", entry, entry_page(desk, entry), as_json=as_json)


@outbox.command()
@_entry
@click.argument("text", metavar="TEXT|-", callback=options.text)
@options.further
@_if_revision
@options.as_json
@pass_invocation
def edit(
    invocation: Invocation, entry_id: int, text: str, further: tuple[str, ...], revision: int | None, as_json: bool
) -> None:
    """Change the text of a reply that waits for a lead.

    It waits on, and stays signed by its author, so do not sign it.
    """
    from carecli.cli.pages import entry_page
    from carecli.desk.approval import edit as change

    with invocation.desk() as desk:
        entry = change(desk, entry_id, options.text_of(text), further, revision=revision)
        answer("reply", entry, entry_page(desk, entry), as_json=as_json)
