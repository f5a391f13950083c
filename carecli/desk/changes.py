"""What has changed: a cheap number to look at often, and the list of what happened, for `watch`."""

from __future__ import annotations

from datetime import datetime

from carecli.desk.context import Desk
from carecli.desk.masking import masking
from carecli.model import Record
from carecli.safetext import SafeText, sanitize
from carecli.store import accounts, events, messages

_AT_ONCE = 500


class Position(Record, frozen=True):
    """How far one has read."""

    message_id: int = 0
    event_id: int = 0


class Happening(Record, frozen=True):
    """One thing that happened: a message arrived (`kind` "message"), or an event of the log."""

    at: datetime
    kind: str
    account: str
    conversation_id: int | None
    agent: str = ""
    handle: SafeText = SafeText("")
    text: SafeText = SafeText("")
    visibility: str = ""
    direction: str = ""
    data: str = "{}"


def change_number(desk: Desk) -> int:
    """A number that differs after any commit by anybody. Compare it within one process."""
    return desk.database.change_number()


def position_now(desk: Desk) -> Position:
    """The present end of the list."""
    with desk.database.read() as session:
        return Position(*events.last_ids(session))


def happenings(desk: Desk, after: Position) -> tuple[tuple[Happening, ...], Position]:
    """What happened after a position, messages first, at most some hundreds of each, and where to go on."""
    with desk.database.read() as session:
        names = accounts.account_names(session)
        new_messages = messages.messages_after(session, after.message_id, _AT_ONCE)
        new_events = events.events_after(session, after.event_id, _AT_ONCE)
    found = [
        Happening(
            at=message.published_at,
            kind="message",
            account=names.get(account, ""),
            conversation_id=message.conversation_id,
            agent=message.agent,
            handle=sanitize(message.author.handle),
            text=masking(desk, names.get(account, "")).text(message.text),
            visibility=message.visibility,
            direction=message.direction,
        )
        for account, message in new_messages
    ]
    found += [
        Happening(event.at, event.kind, event.account, event.conversation_id, event.agent, data=event.data)
        for event in new_events
    ]
    return tuple(found), Position(
        new_messages[-1][1].id if new_messages else after.message_id,
        new_events[-1].id if new_events else after.event_id,
    )
