"""What a message changes in its conversation: the counts, the state, the clock.

Not for: which conversation a message belongs to (`intake`), or the rules of the clock (`playbook.waits`).
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

from carecli.model import Calendar, Item, Kind, Playbook, Record
from carecli.playbook.urgency import Reading, graver
from carecli.playbook.waits import OpenWait, Policy, Step, customer_wrote, policy_for, we_replied
from carecli.worker.in_hand import ConversationInHand, WaitInHand

# What networks call a language, such as "pl" and "zh-Hant-TW"; whatever else they tell is none.
_TAG = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,3}")


class Policies(Record, frozen=True):
    """What is promised on one account."""

    public: Policy
    private: Policy


def policies_for(playbook: Playbook, calendar: Calendar) -> Policies:
    """What the rules of an account promise."""
    return Policies(
        policy_for(calendar, playbook.public, playbook.bump_minutes),
        policy_for(calendar, playbook.private, playbook.bump_minutes),
    )


@lru_cache(maxsize=256)
def _is_tag(language: str) -> bool:
    return _TAG.fullmatch(language) is not None


class Counting:
    """Counts messages into conversations. `next_wait`: the first id for a new wait.

    closed: the waits that were answered; reopened: the resolved conversations in which a customer wrote again.
    """

    def __init__(self, policies: Policies, next_wait: int) -> None:
        self._policies = policies
        self._next_wait = next_wait
        self.closed: list[tuple[ConversationInHand, WaitInHand]] = []
        self.reopened: list[ConversationInHand] = []

    def count(
        self, found: ConversationInHand, item: Item, number: int, at_ms: int, reading: Reading, addressed: bool
    ) -> None:
        """Count a customer's message in.

        number: its id; at_ms: its time; reading: what it says; addressed: it speaks to us, by itself or by where it
        stands.
        """
        self._touch(found, number, at_ms)
        if _is_tag(item.language):
            found.language = item.language
        found.inbound += 1
        if found.last_inbound_ms is None or at_ms > found.last_inbound_ms:
            found.last_inbound_ms = at_ms
        step = customer_wrote(
            found.standing(), item.published_at, self._policy(found), addressed=addressed, thanks=reading.thanks
        )
        self._asked(found, step, reading, number)
        if not reading.thanks:
            found.snoozed = None
            if found.wait is not None and found.wait.snoozed:
                found.wait.snoozed = 0
                found.wait.changed = True

    def count_own(self, found: ConversationInHand, number: int, at: datetime, at_ms: int) -> None:
        """Count a reply of ours in."""
        self._touch(found, number, at_ms)
        found.outbound += 1
        self.answered(found, at, number)

    def answered(self, found: ConversationInHand, at: datetime, number: int | None) -> None:
        """Our answer to what the customer wrote up to `at` stands. number: its id, where it stands here."""
        found.changed = True
        self._answered(found, we_replied(found.standing(), at, self._policy(found)), at, number)

    def _touch(self, found: ConversationInHand, number: int, at_ms: int) -> None:
        found.changed = True
        if number > found.version:
            found.version = number
        if at_ms > found.last_message_ms:
            found.last_message_ms = at_ms

    def _policy(self, found: ConversationInHand) -> Policy:
        return self._policies.private if found.visibility == "private" else self._policies.public

    def _asked(self, found: ConversationInHand, step: Step, reading: Reading, number: int) -> None:
        run = step.standing.wait
        if run is None:
            return
        if found.wait is None:
            found.wait = self._new_wait(run, number, reading.kind, reading.asks)
            if found.state == "resolved":
                self.reopened.append(found)
            found.state = "needs_reply"
            return
        if run.heard_at > found.wait.run.heard_at:
            found.wait.heard_by = number
        if step.change == "moved":
            found.wait.opened_by = number
        found.wait.run = run
        found.wait.kind = graver(reading.kind, found.wait.kind)
        found.wait.asks = found.wait.asks or reading.asks
        found.wait.changed = True

    def _answered(self, found: ConversationInHand, step: Step, at: datetime, number: int | None) -> None:
        found.covered = step.standing.covered_until
        if step.change == "none" or found.wait is None:
            return
        wait = found.wait
        wait.closed_at, wait.closed_by, wait.outcome, wait.changed = at, number, "answered", True
        self.closed.append((found, wait))
        run = step.standing.wait
        found.wait = None if run is None else self._new_wait(run, wait.heard_by, wait.kind, wait.asks)
        found.state = "waiting" if run is None else "needs_reply"
        found.snoozed = None

    def _new_wait(self, run: OpenWait, opened_by: int, kind: Kind, asks: bool) -> WaitInHand:
        wait = WaitInHand(self._next_wait, run, opened_by, opened_by, kind, asks=asks, new=True)
        self._next_wait += 1
        return wait
