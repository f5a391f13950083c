"""The rig: what stands on the other side of a channel under test, and what its tests do again and again.

A rig lets customers write, breaks the line where it is told to, and says what really is at the network.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from carecli.channels.base import (
    Channel,
    NotFound,
    NotSent,
    Outgoing,
    Page,
    Prepared,
    ReconcileOutcome,
    SendOutcome,
    Unknown,
)
from carecli.model import Author, Item, Visibility
from tests.channels.proxy import Stage


class Rig(Protocol):
    """A channel under test and the world behind it."""

    @property
    def channel(self) -> Channel: ...

    def customer_posts(self, text: str, visibility: Visibility = "public", reply_to: str | None = None) -> str:
        """Let one and the same customer write exactly `text`; returns the message's remote id."""
        ...

    def customer_removes(self, remote_id: str) -> None:
        """Let the customer remove a message of theirs."""
        ...

    def cut_next_send(self, stage: Stage) -> None:
        """Cut the line in the next send; over a `CuttingProxy`, its next exchange."""
        ...

    def release(self) -> None:
        """Let what was cut off "late" reach the network now."""
        ...

    def unreachable(self) -> AbstractContextManager[None]:
        """Let no connection be made meanwhile."""
        ...

    def hide_next_read(self) -> None:
        """Let the next reading call fail."""
        ...

    def copies(self, text: str) -> int:
        """How many messages with this text stand at the network."""
        ...

    def now(self) -> datetime: ...


def everything(channel: Channel, cursor: str = "") -> tuple[list[Item], str]:
    """All pages after `cursor`, and where they end."""
    items: list[Item] = []
    while True:
        page = channel.fetch_mentions(cursor)
        items.extend(page.items)
        cursor = page.cursor
        if not page.more:
            return items, cursor


def ids(page: Page) -> list[str]:
    return [item.remote_id for item in page.items]


def found(channel: Channel, remote_id: str) -> Item:
    return next(item for item in everything(channel)[0] if item.remote_id == remote_id)


def private_to(customer: Author, text: str, key: str, reply_to: str | None = None) -> Outgoing:
    return Outgoing(text, key, "private", reply_to=reply_to, recipient=customer)


def attempted(channel: Channel, prepared: Prepared) -> SendOutcome | ReconcileOutcome:
    """Send once, and look it up where nobody knows what became of it: the most that one attempt may do."""
    outcome = channel.send(prepared)
    return channel.reconcile(prepared) if isinstance(outcome, Unknown) else outcome


def may_repeat(outcome: SendOutcome | ReconcileOutcome) -> bool:
    """Whether the worker sends again by itself after this; everything else is settled, or a person's."""
    return isinstance(outcome, NotSent) or (isinstance(outcome, NotFound) and outcome.safe_to_repeat)


def delivered(channel: Channel, prepared: Prepared, attempts: int = 4) -> SendOutcome | ReconcileOutcome:
    """What comes of it in the end, if the worker has so many attempts."""
    outcome = attempted(channel, prepared)
    for _ in range(attempts - 1):
        if not may_repeat(outcome):
            break
        outcome = attempted(channel, prepared)
    return outcome
