"""The queue: who waits, the most urgent first, and how long each may still wait.

Not for: why one is more urgent than another (`playbook.urgency`), or when a wait opens (`playbook.waits`).
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from carecli.desk.context import Desk
from carecli.desk.masking import Masking, masking
from carecli.desk.views import Countdown, QueueCounts, QueueFilter, QueueRow
from carecli.model import Visibility
from carecli.safetext import SafeText, sanitize_line
from carecli.storable import storable
from carecli.store import accounts, waits
from carecli.store.session import Session

SOON = timedelta(minutes=10)
_EXCERPT = 200
# Characters of the longest number that may stand where an excerpt ends, with its separators.
_LONGEST_NUMBER = 100
_LEADING_MENTIONS = re.compile(r"^(?:@\w+(?:[.@-]\w+)*[\s:,]*)+")


def first_rows(desk: Desk, chosen: QueueFilter, limit: int) -> tuple[QueueRow, ...]:
    """The `limit` most urgent open waits."""
    now = desk.now()
    with desk.database.read() as session:
        ids = waits.queue_ids(session, _filter(desk, session, chosen), now, limit)
        rows = _rows(desk, session, ids, now)
    return tuple(rows[number] for number in ids)


def queue_ids(desk: Desk, chosen: QueueFilter) -> array[int]:
    """The ids of all open waits that `chosen` lets through, the most urgent first."""
    with desk.database.read() as session:
        return waits.queue_ids(session, _filter(desk, session, chosen), desk.now())


def queue_rows(desk: Desk, wait_ids: Sequence[int]) -> dict[int, QueueRow]:
    """What the queue shows of some waits; those that have closed meanwhile are absent."""
    with desk.database.read() as session:
        return _rows(desk, session, wait_ids, desk.now())


def next_wait_in(desk: Desk, session: Session, chosen: QueueFilter) -> QueueRow | None:
    """The most urgent wait that no colleague has claimed, within a transaction that the caller has open.

    Raises `NotFound` for an account that is not configured.
    """
    if chosen.account:
        desk.account_name(chosen.account)
    now = desk.now()
    free = _filter(desk, session, chosen)
    if free.free_for is None:
        free = msgspec.structs.replace(free, free_for=desk.agent.id)
    return next(iter(_rows(desk, session, waits.queue_ids(session, free, now, 1), now).values()), None)


def counts(desk: Desk) -> QueueCounts:
    """How many wait, are due within ten minutes, and are late."""
    now = desk.now()
    with desk.database.read() as session:
        return QueueCounts(*waits.counts(session, now, now + SOON, answered_for(desk, session)))


def due_until(desk: Desk, chosen: QueueFilter, until: datetime) -> int:
    """How many of the waits that `chosen` lets through are due at `until` or before, late ones included."""
    with desk.database.read() as session:
        return waits.due_until(session, _filter(desk, session, chosen), desk.now(), until)


def countdown(
    desk: Desk, account: str, visibility: Visibility, due_at: datetime, limit_at: datetime, now: datetime
) -> Countdown:
    """What is left of a wait at `now`, on the clock of its own promise (practices 12, 13). Pure and quick."""
    seconds = (due_at - now).total_seconds()
    if not desk.target(account, visibility).business:
        return Countdown(_whole(seconds), over_limit=now > limit_at)
    from carecli.playbook import hours

    calendar = desk.calendar(account)
    if not calendar.week:
        return Countdown(_whole(seconds), over_limit=now > limit_at)
    left = hours.business_between(calendar, now, due_at)
    return Countdown(_whole(left), paused=not hours.is_open(calendar, now), over_limit=now > limit_at)


def _whole(seconds: float) -> int:
    # Rounded towards "later", so that a late wait never shows as zero seconds early.
    return int(seconds // 1)


def answered_for(desk: Desk, session: Session) -> tuple[int, ...] | None:
    """The configured accounts where the database knows others, such as an imported archive's, too; else None.

    Nobody can answer on those others from here: they are looked at by their names, and wait in no queue.
    """
    names = accounts.account_names(session)
    inside = tuple(number for number, name in names.items() if name in desk.config.accounts)
    return None if len(inside) == len(names) else inside


def _filter(desk: Desk, session: Session, chosen: QueueFilter) -> waits.Filter:
    account = None
    if chosen.account:
        known = {name: number for number, name in accounts.account_names(session).items()}
        # An account that nothing was stored of yet has no waits: no id is 0.
        account = known.get(chosen.account, 0)
        if not account:
            desk.account_name(chosen.account)
    return waits.Filter(
        account=account,
        among=answered_for(desk, session),
        visibility=chosen.visibility,
        language=chosen.language,
        claimed_by=chosen.claimed_by,
        free_for="" if chosen.unclaimed else None,
        snoozed=chosen.snoozed,
        search=storable(chosen.search),
    )


def _rows(desk: Desk, session: Session, wait_ids: Sequence[int], now: datetime) -> dict[int, QueueRow]:
    names = accounts.account_names(session)
    shown = {account: masking(desk, name) for account, name in names.items()}
    return {
        entry.wait_id: QueueRow(
            wait_id=entry.wait_id,
            conversation_id=entry.conversation_id,
            account=names[entry.account_id],
            network=network_of(desk, names[entry.account_id]),
            visibility=entry.visibility,
            handle=sanitize_line(entry.handle),
            name=shown[entry.account_id].line(entry.display_name),
            excerpt=_excerpt(entry.text, shown[entry.account_id]),
            kind=entry.kind,
            reasons=entry.reasons,
            opened_at=entry.opened_at,
            due_at=entry.due_at,
            limit_at=entry.limit_at,
            language=entry.language,
            claimed_by=entry.claimed_by if entry.claimed_until and entry.claimed_until > now else "",
            snoozed_until=entry.snoozed_until if entry.snoozed_until and entry.snoozed_until > now else None,
        )
        for entry in waits.queue_entries(session, wait_ids)
    }


def _excerpt(text: str, shown: Masking) -> SafeText:
    """The beginning of a message, without the mentions in front of it: those are who is spoken to, not what is said."""
    # Masked before it is cut: half a number is not told from others.
    line = shown.line(text[: 2 * _EXCERPT + _LONGEST_NUMBER])[: 2 * _EXCERPT]
    spoken = _LEADING_MENTIONS.sub("", line)
    return SafeText((spoken or line)[:_EXCERPT])


def network_of(desk: Desk, account: str) -> str:
    """The network of an account; "" for one that has left the configuration."""
    section = desk.config.accounts.get(account)
    return section.network if section else ""
