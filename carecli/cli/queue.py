"""`carecli queue`: who waits, the most urgent first.

The command that cron and status bars call: what it imports is watched by a test.
"""

from __future__ import annotations

from datetime import timedelta

import click

from carecli.cli import options
from carecli.cli.invocation import Invocation, pass_invocation
from carecli.cli.output import write, write_json
from carecli.errors import Due


@click.command()
@options.account
@options.public
@options.private
@click.option(
    "--language",
    metavar="CODE",
    default="",
    callback=options.text,
    help="Only conversations in a language, such as pl.",
)
@click.option("--mine", is_flag=True, help="Only those that you have claimed.")
@click.option("--unclaimed", is_flag=True, help="Only those that nobody has claimed.")
@click.option("--snoozed", is_flag=True, help="The snoozed ones instead.")
@click.option(
    "--search",
    metavar="WORDS",
    default="",
    callback=options.text,
    help="Only conversations whose messages hold these words.",
)
@click.option("--limit", metavar="N", type=options.Whole(1), default=50, show_default=True, help="How many.")
@click.option("--fail-if-due", metavar="DURATION", callback=options.duration, help="Exit with 7 if any is due by then.")
@options.as_json
@pass_invocation
def queue(
    invocation: Invocation,
    account: str,
    public: bool,
    private: bool,
    language: str,
    mine: bool,
    unclaimed: bool,
    snoozed: bool,
    search: str,
    limit: int,
    fail_if_due: timedelta | None,
    as_json: bool,
) -> None:
    """List who waits, the most urgent first.

    With --fail-if-due 10m it ends with exit code 7 if one of them, listed or not, is due within ten minutes.
    """
    from carecli.desk import queue as waiting
    from carecli.desk.views import QueueFilter

    visibility = options.visibility_of(public, private)
    with invocation.desk(needs_agent=mine) as desk:
        claimed_by = desk.agent.id if mine else ""
        chosen = QueueFilter(account, visibility, language, claimed_by, unclaimed, snoozed, search)
        rows = waiting.first_rows(desk, chosen, limit)
        if as_json:
            from carecli.cli.shapes import queue_data

            write_json("queue", queue_data(rows, desk.now()))
        else:
            from carecli.cli.pages import queue_page

            write(queue_page(desk, rows))
        if fail_if_due is not None:
            due = waiting.due_until(desk, chosen, desk.now() + fail_if_due)
            if due:
                raise Due(f"Waiting and due within that time: {due}.", "Answer them: `carecli desk`.")
