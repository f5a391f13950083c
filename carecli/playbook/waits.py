"""The wait as a state machine: what each arriving message does to a conversation's clock (practices 9-13).

Pure: a `Standing` and one message in, the next `Standing` and what changed out; intake and delivery keep the rows.
Not for: the order of the queue (`urgency`), or who may answer what (`desk`).

The rules, with every time the one at which the network published it:

- Covered. A reply covers what the customer wrote up to the moment its author could see, normally the moment it was
  published. Covered messages are answered: one that arrives late, out of order, opens nothing.
- Opened by the first uncovered message that speaks to us. Deadlines count from there and stay.
- A later one in the same wait is a bump: it adds to `bumps` and moves no time (practice 11). One within the playbook's
  bump minutes of the one before is the same breath, and counts for nothing.
- An uncovered message that arrives late but was published before the wait's opening moves the opening, and so the
  deadlines, back to itself: the customer's wait began there.
- A pure pleasantry never bumps, and opens nothing once we have answered; "thanks!" does not restart the clock.
- Closed by a delivered human reply that covers the opening. What it does not cover (written while the reply was on its
  way) is waited for on: the next wait opens at the customer's latest message. A caller that stores more uncovered
  messages passes them to `customer_wrote` again, oldest first; the opening then moves back to the first of them.

Messages published at the very time of the reply are covered: networks tell whole seconds, and an answer came.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal

from carecli.model import Calendar, Record, Target
from carecli.playbook.hours import NeverOpens, add_business

# none: nothing to store but perhaps the standing. opened, moved: the wait's times are new. bumped: only its bumps.
# answered: the wait is closed. answered_in_part: it is closed, and the standing holds the next one, already open.
Change = Literal["none", "opened", "moved", "bumped", "answered", "answered_in_part"]


class Policy(Record, frozen=True):
    """What is promised on one account at one visibility. Times in seconds; `breath` is how long one thought may last.

    text is what a wait is stamped with, such as "60 min target, 240 min limit, open hours Europe/London".
    """

    calendar: Calendar
    target: int
    limit: int
    breath: timedelta
    text: str


class OpenWait(Record, frozen=True):
    """A wait that runs. heard_at: when the customer last wrote in it; policy: what set due_at and limit_at."""

    opened_at: datetime
    due_at: datetime
    limit_at: datetime
    policy: str
    heard_at: datetime
    bumps: int = 0


class Standing(Record, frozen=True):
    """Where a conversation stands: the wait that runs, and up to when the customer's messages are answered."""

    wait: OpenWait | None = None
    covered_until: datetime | None = None


class Step(Record, frozen=True):
    """What one message changed, and where the conversation stands after it."""

    change: Change
    standing: Standing


@lru_cache(maxsize=256)
def policy_for(calendar: Calendar, target: Target, bump_minutes: int = 10) -> Policy:
    """The policy of one account and visibility: build it once, pass it with each message."""
    if not target.business:
        calendar, hours = Calendar(calendar.zone), "all hours"
    elif not calendar.week:
        hours = "around the clock"
    else:
        hours = f"open hours {calendar.zone}"
    text = f"{target.target_minutes} min target, {target.limit_minutes} min limit, {hours}"
    breath = timedelta(minutes=bump_minutes)
    return Policy(calendar, target.target_minutes * 60, target.limit_minutes * 60, breath, text)


def customer_wrote(
    standing: Standing, at: datetime, policy: Policy, *, addressed: bool = True, thanks: bool = False
) -> Step:
    """A customer's message, published at `at`, was stored. thanks: nothing but a pleasantry (`urgency.is_thanks`)."""
    wait, covered = standing.wait, standing.covered_until
    if not addressed or (covered is not None and at <= covered):
        return Step("none", standing)
    if thanks and (wait is not None or covered is not None):
        return Step("none", standing)
    if wait is None:
        return Step("opened", Standing(_open(at, at, policy), covered))
    if at < wait.opened_at:
        bumps = wait.bumps + (wait.opened_at - at > policy.breath)
        return Step("moved", Standing(_open(at, wait.heard_at, policy, bumps), covered))
    bumped = abs(at - wait.heard_at) > policy.breath
    if at > wait.heard_at or bumped:
        heard_at, bumps = max(at, wait.heard_at), wait.bumps + bumped
        wait = OpenWait(wait.opened_at, wait.due_at, wait.limit_at, wait.policy, heard_at, bumps)
        standing = Standing(wait, covered)
    return Step("bumped" if bumped else "none", standing)


def we_replied(standing: Standing, at: datetime, policy: Policy, *, covers: datetime | None = None) -> Step:
    """A human reply of ours was delivered, or found at the network, published at `at`.

    covers: the time of the newest customer message its author had seen, where that is known; what the customer
    wrote after it stays unanswered. An agent's "no reply needed" is the same step. Greetings, automatic and
    undelivered messages are none of it: they never come here.
    """
    wait, covered = standing.wait, standing.covered_until
    seen_until = at if covers is None else covers
    covered = seen_until if covered is None else max(covered, seen_until)
    if wait is None or seen_until < wait.opened_at:
        return Step("none", Standing(wait, covered))
    if wait.heard_at > covered:
        return Step("answered_in_part", Standing(_open(wait.heard_at, wait.heard_at, policy), covered))
    return Step("answered", Standing(None, covered))


def deadlines(policy: Policy, opened_at: datetime) -> tuple[datetime, datetime, str]:
    """due_at, limit_at and the policy's text for a wait that opened at `opened_at`.

    Where the calendar has no open hours ahead, all hours count and the text says so: a wait always has a deadline.
    """
    try:
        due_at = add_business(policy.calendar, opened_at, policy.target)
        return due_at, add_business(policy.calendar, opened_at, policy.limit), policy.text
    except NeverOpens:
        opened = opened_at.astimezone(UTC)
        text = f"{policy.text}: never open, so all hours count"
        return opened + timedelta(seconds=policy.target), opened + timedelta(seconds=policy.limit), text


def _open(at: datetime, heard_at: datetime, policy: Policy, bumps: int = 0) -> OpenWait:
    due_at, limit_at, text = deadlines(policy, at)
    return OpenWait(at, due_at, limit_at, text, heard_at, bumps)
