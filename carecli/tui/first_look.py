"""What stands on the first picture, read from the desk while the screen's own modules are still being imported.

So nothing here imports them. Not for: what comes later, which the panes ask for themselves.
"""

from __future__ import annotations

from carecli.desk.context import Desk
from carecli.desk.opening import Opened, opened
from carecli.desk.queue import first_rows
from carecli.desk.status import status
from carecli.desk.views import QueueFilter, QueueRow, StatusView
from carecli.model import Record


class FirstLook(Record, frozen=True):
    """The status line; the most urgent waits, as many as a screen shows; the conversation of the first of them."""

    status: StatusView
    rows: tuple[QueueRow, ...]
    opened: Opened | None


def first_look(desk: Desk, height: int) -> FirstLook:
    """Read the first picture of a terminal of `height` lines. Raises `StoreError`, `NotFound`.

    The panes read it all once more as soon as it stands, and then what the conversation's texts ask and promise.
    """
    rows = first_rows(desk, QueueFilter(), height)
    first = opened(desk, rows[0].conversation_id, at_a_glance=True) if rows else None
    return FirstLook(status(desk), rows, first)
