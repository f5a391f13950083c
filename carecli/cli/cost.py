"""`carecli cost`: what the networks' calls have cost, as an estimate.

Not for: the budget itself, which stands in the configuration.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
import msgspec

from carecli.cli import options
from carecli.cli.invocation import Invocation, pass_invocation
from carecli.cli.output import write, write_json

if TYPE_CHECKING:
    from carecli.desk.cost import AccountCost, CostView

_NOTHING = "No account here is on a network that charges for its calls."


@click.command()
@click.option(
    "--days", metavar="N", type=click.IntRange(1, 3660), default=7, show_default=True, help="How many, today included."
)
@options.account
@options.as_json
@pass_invocation
def cost(invocation: Invocation, days: int, account: str, as_json: bool) -> None:
    """Tell what the networks' calls have cost.

    By UTC day and kind, with today's budget, and for each resolved conversation. An estimate by published prices.
    """
    from carecli.desk.cost import cost as asked

    with invocation.desk(needs_agent=False) as desk:
        view = asked(desk, days, account)
    if as_json:
        write_json("cost", cost_data(view))
    else:
        write("\n".join(_lines(view)))


def cost_data(view: CostView) -> dict[str, object]:
    """The view with the figures that follow from it."""
    accounts = [
        msgspec.structs.asdict(one)
        | {
            "micros_per_resolved": one.micros_per_resolved,
            "micros_per_thousand_heard": one.micros_per_thousand_heard,
        }
        for one in view.accounts
    ]
    return msgspec.structs.asdict(view) | {"accounts": accounts}


def _lines(view: CostView) -> Iterator[str]:
    from carecli.cli.tables import table
    from carecli.money import dollars
    from carecli.safetext import literal, sanitize_line

    if not view.accounts:
        yield _NOTHING
        return
    if view.rows:
        width = max(len(dollars(row.micros)) for row in view.rows)
        yield table(
            ("DAY", "ACCOUNT", "COUNT", f"{'COST':>{width}}", "FOR"),
            [
                (
                    literal(row.day.isoformat()),
                    sanitize_line(row.account),
                    literal(f"{row.count:>5}"),
                    literal(f"{dollars(row.micros):>{width}}"),
                    sanitize_line(row.kind),
                )
                for row in view.rows
            ],
        )
        yield ""
    for one in view.accounts:
        yield from _account_lines(one, (view.until - view.since).days + 1)


def _account_lines(one: AccountCost, days: int) -> Iterator[str]:
    from carecli.money import dollars
    from carecli.safetext import sanitize_line

    budget = "no budget is set"
    if one.budget_micros:
        budget = f"{round(100 * one.today_micros / one.budget_micros)}% of the day's {dollars(one.budget_micros)}"
    span = "today" if days == 1 else f"in {days} days, {dollars(one.today_micros)} of it today"
    yield f"{sanitize_line(one.account)}: about {dollars(one.micros)} {span}; {budget}"
    for each, count, what in (
        (one.micros_per_resolved, one.resolved, "each resolved conversation"),
        (one.micros_per_thousand_heard, one.heard, "each thousand messages from customers"),
    ):
        if each is not None:
            yield f"  {dollars(each)} for {what}: {count:,} in that time"
    if one.prices_published:
        yield f"  An estimate by the prices published on {one.prices_published}; what counts is the network's own bill."
