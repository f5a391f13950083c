"""The simulated network as sparing as some real ones are: its feed brings no whole threads and tells of no removals, it
refuses what was not asked for, and leaves that to a person's browser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

import msgspec

from carecli.channels.base import (
    Capabilities,
    Missing,
    Page,
    Permission,
    Prepared,
    Rejected,
    SendOutcome,
    Spending,
    Thread,
)
from carecli.channels.sandbox.channel import SandboxChannel
from carecli.model import Item, Visibility

NOTE = "encrypted ones not seen"
DOUBT = "The customer did not mention the account."
LINK = "https://sandbox.example/intent?text=Hi"
PROTECTED = "Its author shows it to followers only."


class SparingChannel(SandboxChannel):
    """threads_read, asked_for: what was paid for, by any client. hidden: posts that only followers are shown."""

    threads_read: ClassVar[list[str]]
    asked_for: ClassVar[list[tuple[str, ...]]]
    hidden: ClassVar[set[str]]
    _unpaid = 0

    @classmethod
    def fresh(cls) -> type[SparingChannel]:
        """A class with counts of its own."""
        return type("FreshSparingChannel", (cls,), {"threads_read": [], "asked_for": [], "hidden": set()})

    @property
    def capabilities(self) -> Capabilities:
        return msgspec.structs.replace(
            super().capabilities, thread_on_opening=True, tells_removals=False, private_note=NOTE
        )

    def fetch_mentions(self, cursor: str) -> Page:
        page = super().fetch_mentions(cursor)
        told = tuple(item for item in page.items if (item.own or item.addressed) and not item.deleted)
        return msgspec.structs.replace(page, items=told)

    def fetch_thread(self, remote_id: str) -> Thread:
        thread = super().fetch_thread(remote_id)
        self.threads_read.append(remote_id)
        self._unpaid += len(thread.items)
        shown = tuple(item for item in thread.items if item.remote_id not in self.hidden)
        hidden = (item.remote_id for item in thread.items if item.remote_id in self.hidden)
        return Thread(shown, (*thread.missing, *(Missing(one, PROTECTED) for one in hidden)))

    def fetch_removed(self, remote_ids: Sequence[str]) -> frozenset[str]:
        self._may_read()
        self.asked_for.append(tuple(remote_ids))
        return frozenset(one for one in remote_ids if one in self._server.thread(one).removed)

    def take_spendings(self) -> tuple[Spending, ...]:
        count, self._unpaid = self._unpaid, 0
        return (Spending("posts read", count, count * 5_000),) if count else ()

    def can_reply(self, item: Item, visibility: Visibility, now: datetime) -> Permission:
        allowed = super().can_reply(item, visibility, now)
        if allowed.allowed and "perhaps" in item.text:
            return Permission(True, reason=DOUBT, doubtful=True)
        return allowed

    def send(self, prepared: Prepared) -> SendOutcome:
        if b"refuse me" in prepared.payload:
            return Rejected("It was not asked for.", LINK)
        return super().send(prepared)
