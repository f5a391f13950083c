"""The commands of the shift: open and close it, greet, sign off.

Not for: what the greeting says (`playbook.greeting`, and the templates in the configuration).
"""

from __future__ import annotations

import click

from carecli.cli import options
from carecli.cli.invocation import Invocation, pass_invocation
from carecli.cli.output import write, write_json


@click.command()
@options.account
@options.dry_run
@options.no_wait
@options.as_json
@pass_invocation
def greet(invocation: Invocation, account: str, dry_run: bool, no_wait: bool, as_json: bool) -> None:
    """Post the shift's greeting, once.

    Opens the shift if need be. Whoever asks again gets the greeting that stands.
    """
    from carecli.cli.sending import announced
    from carecli.desk import shifts

    with invocation.desk() as desk:
        told = shifts.greet(desk, desk.account_name(account), dry_run=dry_run)
        announced(desk, "greeting", told, wait=not (no_wait or dry_run), as_json=as_json)


@click.command()
@options.account
@options.dry_run
@options.no_wait
@options.as_json
@pass_invocation
def signoff(invocation: Invocation, account: str, dry_run: bool, no_wait: bool, as_json: bool) -> None:
    """Post the shift's sign-off, once."""
    from carecli.cli.sending import announced
    from carecli.desk import shifts

    with invocation.desk() as desk:
        told = shifts.sign_off(desk, desk.account_name(account), dry_run=dry_run)
        announced(desk, "signoff", told, wait=not (no_wait or dry_run), as_json=as_json)


@click.group(no_args_is_help=False)
def shift() -> None:
    """Open and close an account's shift, or see how it stands."""


@shift.command("open")
@options.account
@click.option(
    "--with", "roster", metavar="ID", multiple=True, help="Who is on duty, once for each; without any you are."
)
@options.as_json
@pass_invocation
def open_(invocation: Invocation, account: str, roster: tuple[str, ...], as_json: bool) -> None:
    """Open the shift of an account."""
    from carecli.cli.pages import shifts_page
    from carecli.desk import shifts

    with invocation.desk() as desk:
        view = shifts.open_shift(desk, desk.account_name(account), roster)
        write_json("shift", view) if as_json else write(shifts_page(desk, (view,)))


@shift.command()
@options.account
@click.option(
    "--handover",
    metavar="TEXT|-",
    default="",
    callback=options.text,
    help="What the next shift should know; - reads it.",
)
@options.as_json
@pass_invocation
def close(invocation: Invocation, account: str, handover: str, as_json: bool) -> None:
    """Close the shift of an account, with what is handed over."""
    from carecli.cli.pages import shifts_page
    from carecli.desk import shifts

    text = options.text_of(handover)
    with invocation.desk() as desk:
        view = shifts.close_shift(desk, desk.account_name(account), text)
        write_json("shift", view) if as_json else write(shifts_page(desk, (view,)))


@shift.command()
@options.account
@options.as_json
@pass_invocation
def status(invocation: Invocation, account: str, as_json: bool) -> None:
    """Tell how the shift of each account stands, or of one."""
    from carecli.cli.pages import shifts_page
    from carecli.desk import shifts

    with invocation.desk(needs_agent=False) as desk:
        views = (shifts.shift(desk, desk.account_name(account)),) if account else shifts.shifts(desk)
        write_json("shifts", views) if as_json else write(shifts_page(desk, views))
