"""Conversations and waits while a batch works on them, and the rows that they become.

The only mutable nouns: they live for one transaction. Not for: what changes them (`counting`).
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from carecli.model import Kind, Visibility
from carecli.playbook.urgency import urgency
from carecli.playbook.waits import OpenWait, Standing
from carecli.store import waits
from carecli.store.session import Row, from_ms_or_none, to_ms, to_ms_or_none


class WaitInHand(msgspec.Struct, gc=False):
    """A wait while a batch works on it."""

    id: int
    run: OpenWait
    opened_by: int
    heard_by: int
    kind: Kind
    asks: bool
    new: bool
    changed: bool = False
    snoozed: int = 0
    closed_at: datetime | None = None
    closed_by: int | None = None
    outcome: str = ""


class ConversationInHand(msgspec.Struct, gc=False):
    """A conversation while a batch works on it."""

    id: int
    thread_id: int
    author_id: int
    customer_id: int
    visibility: Visibility
    opened_ms: int
    last_message_ms: int
    state: str = "waiting"
    version: int = 0
    language: str = ""
    last_inbound_ms: int | None = None
    covered: datetime | None = None
    inbound: int = 0
    outbound: int = 0
    snoozed: int | None = None
    linked_to: int | None = None
    wait: WaitInHand | None = None
    new: bool = True
    changed: bool = False

    def standing(self) -> Standing:
        """Where it stands, as the playbook sees it."""
        return Standing(self.wait.run if self.wait else None, self.covered)


def inserted(c: ConversationInHand, account: int) -> Row:
    """A new conversation, as `store.conversations.insert_conversations` takes it."""
    return (
        c.id, account, c.thread_id, c.customer_id, c.author_id, c.visibility, c.state, c.version, c.language,
        c.opened_ms, c.last_message_ms, c.last_inbound_ms, to_ms_or_none(c.covered),
        c.inbound, c.outbound, c.linked_to,
    )  # fmt: skip


def wait_inserted(c: ConversationInHand, wait: WaitInHand, account: int) -> Row:
    """A new wait, as `store.waits.insert_waits` takes it."""
    run = wait.run
    order = urgency(run.due_at, wait.kind, asks=wait.asks, bumps=run.bumps)
    opened_ms = to_ms(run.opened_at)
    heard_ms = opened_ms if run.heard_at is run.opened_at else to_ms(run.heard_at)
    return (
        wait.id, c.id, account, c.visibility, wait.opened_by, opened_ms, wait.heard_by, heard_ms, to_ms(run.due_at),
        to_ms(run.limit_at), run.policy, wait.kind, run.bumps, waits.reasons_text(order.reasons), order.rank,
        to_ms(order.urgent_at), to_ms_or_none(wait.closed_at), wait.closed_by, wait.outcome,
    )  # fmt: skip


def wait_updated(wait: WaitInHand) -> Row:
    """A changed wait, as `store.waits.update_waits` takes it."""
    run = wait.run
    order = urgency(run.due_at, wait.kind, asks=wait.asks, bumps=run.bumps)
    return (
        wait.opened_by, to_ms(run.opened_at), wait.heard_by, to_ms(run.heard_at), to_ms(run.due_at),
        to_ms(run.limit_at), run.policy, wait.kind, run.bumps, waits.reasons_text(order.reasons), order.rank,
        to_ms(order.urgent_at), wait.snoozed, to_ms_or_none(wait.closed_at), wait.closed_by, wait.outcome, wait.id,
    )  # fmt: skip


def updated(c: ConversationInHand) -> Row:
    """A changed conversation, as `store.conversations.update_counted` takes it."""
    return (
        c.thread_id, c.state, c.version, c.last_message_ms, c.last_inbound_ms,
        to_ms_or_none(c.covered), c.inbound, c.outbound, c.language, c.snoozed, c.linked_to, c.id,
    )  # fmt: skip


def conversation_of(row: Row) -> ConversationInHand:
    """A stored conversation, from `store.conversations.counted_in_threads`."""
    number, thread, author, visibility, customer, state, version, last, inbound_at, covered, inbound, outbound = row[
        :12
    ]
    found = ConversationInHand(number, thread, author, customer, visibility, last, last)
    found.state = state
    found.version = version
    found.last_inbound_ms = inbound_at
    found.covered = from_ms_or_none(covered)
    found.inbound = inbound
    found.outbound = outbound
    found.language, found.snoozed, found.linked_to = row[12:15]
    found.new = False
    return found
