"""Claims: a lease on a conversation that colleagues see, so that two people never answer the same customer.

A claim holds for some minutes and is renewed while its owner types; nobody is ever locked out for long.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from carecli.desk.context import Desk, conversation_of
from carecli.desk.log import log
from carecli.desk.queue import next_wait_in
from carecli.desk.views import QueueFilter, QueueRow
from carecli.errors import Refused
from carecli.model import Conversation, Record
from carecli.store import conversations
from carecli.store.session import Session

CLAIM_SECONDS = 600.0


class Claim(Record, frozen=True):
    """Who has a conversation, and until when if they do nothing more."""

    agent: str
    until: datetime


def claim(desk: Desk, conversation_id: int, *, takeover: bool = False) -> Claim:
    """Claim a conversation. Raises `Refused` while a colleague has it, unless `takeover`."""
    with desk.database.write(durable=False) as session:
        return _claim_in(desk, session, conversation_id, takeover=takeover)


def _claim_in(desk: Desk, session: Session, conversation_id: int, *, takeover: bool = False) -> Claim:
    found = conversation_of(session, conversation_id)
    now = desk.now()
    holder = holder_of(found, now)
    if takeover and holder not in ("", desk.agent.id):
        conversations.drop_claim(session, conversation_id)
    taken = Claim(desk.agent.id, until(desk, now))
    if not conversations.take_claim(session, conversation_id, taken.agent, taken.until, now):
        raise _theirs(desk, found)
    if holder != desk.agent.id:
        log(desk, session, "claimed", found.account, conversation_id, taken_from=holder)
    return taken


def take_next(desk: Desk, chosen: QueueFilter) -> QueueRow | None:
    """Claim the most urgent conversation that no colleague has; None where there is none (practice 20)."""
    # In one transaction: nobody is quicker in between.
    with desk.database.write(durable=False) as session:
        row = next_wait_in(desk, session, chosen)
        if row is not None:
            _claim_in(desk, session, row.conversation_id)
        return row


def release(desk: Desk, conversation_id: int) -> None:
    """Give a conversation back to the queue. Raises `Refused` where a colleague has it."""
    with desk.database.write() as session:
        found = conversation_of(session, conversation_id)
        if holder_of(found, desk.now()) not in ("", desk.agent.id):
            raise _theirs(desk, found)
        if found.claimed_by == desk.agent.id:
            conversations.drop_claim(session, conversation_id)
            log(desk, session, "released", found.account, conversation_id)


def renew(desk: Desk, conversation_id: int) -> bool:
    """Keep one's claim for longer, as one does while typing; whether it is still one's own."""
    now = desk.now()
    with desk.database.write(durable=False) as session:
        found = conversation_of(session, conversation_id)
        if holder_of(found, now) not in ("", desk.agent.id):
            return False
        return conversations.take_claim(session, conversation_id, desk.agent.id, until(desk, now), now)


def until(desk: Desk, now: datetime) -> datetime:
    """When a claim taken now ends: ten minutes of the agent's own time, however fast the desk's runs."""
    return now + timedelta(seconds=desk.clock.desk_seconds(CLAIM_SECONDS))


def holder_of(found: Conversation, now: datetime) -> str:
    """Who has the conversation now; "" where nobody does."""
    return found.claimed_by if found.claimed_until and found.claimed_until > now else ""


def require_free(desk: Desk, session: Session, found: Conversation) -> None:
    """Raise `Refused` while a colleague has the conversation; claim it otherwise."""
    now = desk.now()
    if not conversations.take_claim(session, found.id, desk.agent.id, until(desk, now), now):
        raise _theirs(desk, found)


def require_not_taken(desk: Desk, found: Conversation, author: str) -> None:
    """Raise `Refused` while somebody has the conversation who is neither the agent nor the `author` of a reply."""
    if holder_of(found, desk.now()) not in ("", desk.agent.id, author):
        raise _theirs(desk, found)


def _theirs(desk: Desk, found: Conversation) -> Refused:
    from zoneinfo import ZoneInfo

    end = ""
    if found.claimed_until is not None:
        end = f" until {found.claimed_until.astimezone(ZoneInfo(desk.config.zone(found.account))):%H:%M}"
    return Refused(
        f"{found.claimed_by} has this conversation{end}.", "Take it over, or take the next one.", rule="claimed"
    )
