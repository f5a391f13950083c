"""Shifts: open and close a team's period on duty, greet and sign off, once each, whoever asks.

Not for: what a greeting says (`playbook.greeting`) or sending it (`worker.delivery`).
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping, Sequence
from typing import Literal

from carecli.channels.base import Outgoing
from carecli.desk.context import Desk, account_number
from carecli.desk.health import health
from carecli.desk.log import log
from carecli.desk.views import ShiftStanding, ShiftView
from carecli.errors import NotFound, Refused
from carecli.model import Calendar, OutboxEntry, OutboxPart, Record, Shift
from carecli.playbook import hours
from carecli.playbook.greeting import AnnouncementFacts, render_announcement
from carecli.safetext import literal, sanitize, sanitize_line
from carecli.store import accounts, outbox, outbox_parts, waits
from carecli.store import shifts as stored
from carecli.store.session import Session

Announcement = Literal["greeting", "signoff"]

# How many earlier texts a new one must differ from: networks refuse what was posted lately.
_REMEMBERED = 14


class Announced(Record, frozen=True):
    """A greeting or sign-off: its text, its outbox entry (None for a dry run), and whether it had been asked for.

    link_price: what its link makes it cost, in words; "" where it holds none, or where links are free.
    """

    text: str
    entry_id: int | None
    already: bool
    link_price: str = ""


def shift(desk: Desk, account: str) -> ShiftView:
    """The shift of an account now, with what its greeting and sign-off would say. Raises `NotFound`."""
    name = desk.account_name(account)
    with desk.database.write() as session:
        return _view(desk, session, name)


def shifts(desk: Desk) -> tuple[ShiftView, ...]:
    """The shift of each configured account."""
    return tuple(shift(desk, account) for account in desk.config.accounts)


def standings(desk: Desk, session: Session, numbers: Mapping[str, int]) -> tuple[ShiftStanding, ...]:
    """How the shift of each configured account stands. numbers: the ids of those that the database knows."""
    return tuple(_standing(desk, session, account, numbers.get(account)) for account in desk.config.accounts)


def _standing(desk: Desk, session: Session, account: str, number: int | None) -> ShiftStanding:
    current = None if number is None else stored.open_shift(session, number)
    return ShiftStanding(
        account=account,
        open=current is not None,
        desk_open=_is_open(desk.calendar(account), desk),
        greeted_at=current.greeted_at if current else None,
        signed_off_at=current.signed_off_at if current else None,
    )


def open_shift(desk: Desk, account: str, roster: Sequence[str] = ()) -> ShiftView:
    """Open a shift with `roster` (agents' ids; oneself where empty); in an open one, set the roster."""
    name = desk.account_name(account)
    people = tuple(roster) or (desk.agent.id,)
    _require_known(desk, people)
    with desk.database.write() as session:
        number = account_number(session, name)
        current = stored.open_shift(session, number)
        if current is None:
            _start(desk, session, name, number, people)
        elif roster:
            stored.set_roster(session, current.id, people)
            log(desk, session, "roster_set", name, roster=list(people))
        return _view(desk, session, name)


def close_shift(desk: Desk, account: str, handover: str = "") -> ShiftView:
    """Close the open shift, with what the next one must know (practice 6). Raises `Refused` where none is open."""
    name = desk.account_name(account)
    with desk.database.write() as session:
        number = account_number(session, name)
        current = stored.open_shift(session, number)
        if current is None:
            raise Refused("No shift is open.", "Open one with `carecli shift open`.", rule="shift")
        stored.end_shift(session, current.id, desk.now(), desk.agent.id, handover)
        log(desk, session, "shift_closed", name, handover=handover)
        return _view(desk, session, name)


def greet(desk: Desk, account: str, *, dry_run: bool = False) -> Announced:
    """Post the greeting of the shift, opening the shift if need be; once, whoever asks (practice 3)."""
    return _announce(desk, account, "greeting", dry_run)


def sign_off(desk: Desk, account: str, *, dry_run: bool = False) -> Announced:
    """Post the sign-off of the open shift; once, whoever asks. Raises `Refused` where no shift is open."""
    return _announce(desk, account, "signoff", dry_run)


def _announce(desk: Desk, account: str, kind: Announcement, dry_run: bool) -> Announced:
    name = desk.account_name(account)
    with desk.database.write() as session:
        number = account_number(session, name)
        current = stored.open_shift(session, number)
        before = outbox.announcement(session, current.id, kind) if current else None
        if before is not None:
            return Announced(before.parts[0].text, before.id, already=True)
        if current is None and kind == "signoff":
            raise Refused("No shift is open, so there is nothing to sign off from.", "Greet first.", rule="shift")
        people = current.roster if current else (desk.agent.id,)
        text = _text(desk, session, name, kind, people)
        price = _link_price(desk, name, kind, text)
        if dry_run:
            return Announced(text, None, already=False, link_price=price)
        if current is None:
            current = _start(desk, session, name, number, people)
        entry_id = _post(desk, session, current, number, kind, text)
        return Announced(text, entry_id, already=False, link_price=price)


def _link_price(desk: Desk, account: str, kind: Announcement, text: str) -> str:
    """What a link in `text` makes it cost. Raises `Refused` for one that nobody meant: a name with a point in it."""
    channel = desk.channel(account)
    links, price = channel.links(text), channel.capabilities.link_price
    accident = next((link.text for link in links if "://" not in link.text), "")
    if price and accident:
        raise Refused(
            f"{sanitize_line(accident)} becomes a link, and makes the {kind} cost {price}.",
            "Write it otherwise in the template, or with https:// if it is meant.",
            rule="link-price",
        )
    return price if links else ""


def _post(desk: Desk, session: Session, current: Shift, number: int, kind: Announcement, text: str) -> int:
    key = desk.new_key()
    entry = OutboxEntry(
        id=0,
        account=current.account,
        conversation_id=None,
        kind=kind,
        state="queued",
        visibility="public",
        agent=desk.agent.id,
        parts=(OutboxPart(1, text, key),),
        reply_to=None,
        recipient=None,
        seen_version=0,
        created_at=desk.now(),
        shift_id=current.id,
    )
    payload = desk.channel(current.account).prepare(Outgoing(text, key, "public")).payload
    entry_id = outbox.add(session, entry, number, (outbox_parts.FrozenPart(text, key, payload),))
    log(desk, session, f"{kind}_accepted", current.account, entry=entry_id)
    return entry_id


def _text(desk: Desk, session: Session, account: str, kind: Announcement, people: Sequence[str]) -> str:
    """The text that would be posted now. Raises `Refused` where the templates give none that fits."""
    playbook = desk.playbook(account)
    templates = playbook.greetings if kind == "greeting" else playbook.signoffs
    if not templates:
        raise Refused(
            f"The playbook of {account} has no {kind} text.",
            f"Add `{kind}s` to it in the configuration.",
            rule=kind,
        )
    recent = outbox.recent_announcements(session, account_number(session, account), kind, _REMEMBERED)
    facts = AnnouncementFacts(
        brand=desk.config.accounts[account].brand,
        team=playbook.team,
        roster=tuple(desk.config.agents[person].first_name for person in people if person in desk.config.agents),
        calendar=desk.calendar(account),
        now=desk.now(),
    )
    try:
        text = render_announcement(templates, facts, recent)
    except ValueError as error:
        raise Refused(f"The {kind} cannot be made: {error}.", "Mend its template in the playbook.", rule=kind) from None
    length = desk.channel(account).measure(text, "public", False)
    if length.over:
        raise Refused(
            f"The {kind} is {length.over} {length.unit} too long.", "Shorten its template.", rule="over-length"
        )
    return text


def _start(desk: Desk, session: Session, account: str, number: int, people: Sequence[str]) -> Shift:
    now = desk.now()
    day = now.astimezone(zoneinfo.ZoneInfo(desk.calendar(account).zone)).date()
    stored.start_shift(session, number, day, now, desk.agent.id, people)
    log(desk, session, "shift_opened", account, roster=list(people))
    current = stored.open_shift(session, number)
    assert current is not None
    return current


def _view(desk: Desk, session: Session, account: str) -> ShiftView:
    number = account_number(session, account)
    current = stored.open_shift(session, number)
    calendar = desk.calendar(account)
    now = desk.now()
    people = current.roster if current else (desk.agent.id,)
    stands = health(desk, session, account, accounts.account_state(session, account), now)
    return ShiftView(
        account=account,
        open=current is not None,
        roster=people,
        opened_at=current.opened_at if current else None,
        greeted_at=current.greeted_at if current else None,
        signed_off_at=current.signed_off_at if current else None,
        closes_at=hours.next_closing(calendar, now) if _is_open(calendar, desk) else None,
        desk_open=_is_open(calendar, desk),
        next_opening=hours.next_opening(calendar, now),
        unanswered=waits.open_count(session, number),
        greeting_text=sanitize(_preview(desk, session, account, "greeting", people)),
        signoff_text=sanitize(_preview(desk, session, account, "signoff", people)),
        problem=stands.problem,
        problem_until=stands.until,
        spent_micros=stands.spent,
        budget_micros=stands.budget,
    )


def _preview(desk: Desk, session: Session, account: str, kind: Announcement, people: Sequence[str]) -> str:
    try:
        return _text(desk, session, account, kind, people)
    except Refused as error:
        return literal(str(error))


def _is_open(calendar: Calendar, desk: Desk) -> bool:
    return hours.is_open(calendar, desk.now())


def _require_known(desk: Desk, people: Sequence[str]) -> None:
    for person in people:
        if person not in desk.config.agents:
            raise NotFound(f"There is no agent {person!r}.", f"The agents are: {', '.join(desk.config.agents)}.")
