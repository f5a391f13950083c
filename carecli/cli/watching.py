"""`carecli watch`: what happens on the desk, as it happens, one line of JSON each.

Reads only: what comes from the networks is brought in by a desk or a worker that runs elsewhere.
"""

from __future__ import annotations

import select
import sys
import time

import click
import msgspec

from carecli.cli.invocation import Invocation, pass_invocation
from carecli.cli.main import outlast
from carecli.cli.output import write_json
from carecli.desk.changes import Happening

_EVERY_SECONDS = 0.25


@click.command()
@pass_invocation
def watch(invocation: Invocation) -> None:
    """Print what happens, as it happens.

    One line of JSON (docs/json.md) for each message and event. Runs until ^C, or until nobody reads any more.
    """
    from carecli.desk.changes import change_number, happenings, position_now

    outlast()
    with invocation.desk(needs_agent=False) as desk:
        position, seen = position_now(desk), -1
        while _somebody_reads():
            number = change_number(desk)
            if number == seen:
                continue
            seen = number
            found = True
            while found:
                some, position = happenings(desk, position)
                found = bool(some)
                if not all(write_json("happening", happening_data(one)) for one in some):
                    return


def happening_data(one: Happening) -> dict[str, object]:
    """A happening with its `data` as JSON instead of a text that holds JSON."""
    return msgspec.structs.asdict(one) | {"data": msgspec.Raw(one.data.encode())}


def _somebody_reads() -> bool:
    """Wait a moment; whether standard output is still open at its other end."""
    if not hasattr(select, "poll"):  # Windows: a closed pipe is noticed when something is written
        time.sleep(_EVERY_SECONDS)
        return True
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    return not poll.poll(_EVERY_SECONDS * 1000)
