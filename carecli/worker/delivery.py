"""Delivery: from the outbox to the network, one step at a time, each step committed before the next.

The frozen reply is in the database before the first byte leaves; `sending` is committed before each call; an outcome
that nobody can read becomes `unknown`, and is looked up before anything else leaves for that conversation.
Not for: what may enter the outbox (`desk.reply`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never

from carecli.channels.base import (
    Channel,
    Inconclusive,
    NotFound,
    NotSent,
    Paused,
    Prepared,
    Rejected,
    Sent,
    Unknown,
)
from carecli.clock import Clock
from carecli.model import Agent, Author, Item, OutboxEntry, OutboxPart
from carecli.playbook.signature import verify
from carecli.store import accounts, conversations, events, outbox, people, shifts, waits
from carecli.store.events import Fact
from carecli.store.session import Database, Session
from carecli.worker.counting import Policies
from carecli.worker.intake import take_in

_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=5)
_INTERRUPTED = "carecli stopped while it was being sent"


class Delivery:
    """Sends what one account has to send. Only ever used by the holder of the account's delivery lease."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        account: str,
        channel: Channel,
        policies: Policies,
        signature: str,
        agents: dict[str, Agent],
    ) -> None:
        self._database = database
        self._clock = clock
        self._account = account
        self._channel = channel
        self._policies = policies
        self._signature = signature
        self._agents = agents

    def run_once(self) -> int:
        """One round: find out what is unknown, then send what is ready; how many entries moved."""
        moved = 0
        for entry in self._uncertain():
            moved += self._reconcile(entry)
        for entry in self._ready():
            moved += self._send(entry)
        return moved

    def _uncertain(self) -> tuple[OutboxEntry, ...]:
        with self._database.write() as session:
            account = accounts.account_id(session, self._account)
            outbox.release_held(session, self._clock.now())
            found = outbox.pending(session, account)
            # Only the holder of the lease sends: whoever left this behind is gone, and nobody knows how far it came.
            for entry in found:
                if entry.state == "sending":
                    outbox.move(session, entry.id, ["sending"], "unknown", _INTERRUPTED)
                    self._log(session, "unknown", entry, reason=_INTERRUPTED)
            return tuple(entry for entry in found if entry.state in ("sending", "unknown"))

    def _ready(self) -> tuple[OutboxEntry, ...]:
        """What may leave now: never past an earlier reply of the same conversation that is not settled."""
        now = self._clock.now()
        with self._database.read() as session:
            state = accounts.account_state(session, self._account)
            account = state.id if state else 0
            found = outbox.pending(session, account)
            ready = outbox.ready_ids(session, account, now)
        blocked: set[int] = set()
        allowed: list[OutboxEntry] = []
        for entry in found:
            if entry.id in ready and entry.conversation_id not in blocked:
                allowed.append(entry)
            elif entry.conversation_id is not None:
                blocked.add(entry.conversation_id)
        return tuple(allowed)

    def _send(self, entry: OutboxEntry) -> int:
        unsigned = self._why_unsigned(entry)
        with self._database.write() as session:
            if unsigned:
                outbox.move(session, entry.id, ["queued"], "rejected", unsigned)
                self._log(session, "rejected", entry, reason=unsigned)
                return 1
            if not outbox.begin_attempt(session, entry.id):
                return 0
        for part in entry.parts:
            if not part.remote_id and not self._send_part(entry, part):
                break
        return 1

    def _send_part(self, entry: OutboxEntry, part: OutboxPart) -> bool:
        """Send one part; whether the next one may follow."""
        outcome = self._channel.send(self._prepared(entry, part))
        match outcome:
            case Sent():
                self._stands(entry, part, outcome)
                return True
            case NotSent():
                self._later(entry, outcome.until, outcome.reason)
            case Rejected():
                self._settle(entry, "rejected", outcome.reason)
            case Paused():
                self._later(entry, None, outcome.reason)
                with self._database.write() as session:
                    account = accounts.account_id(session, self._account)
                    accounts.set_problem(session, account, f"{outcome.reason} {outcome.remedy}".strip())
            case Unknown():
                self._settle(entry, "unknown", outcome.reason)
            case _:
                assert_never(outcome)
        return False

    def _reconcile(self, entry: OutboxEntry) -> int:
        """Find out whether the part that was under way stands at the network."""
        part = next((part for part in entry.parts if not part.remote_id), None)
        if part is None:
            return 0
        outcome = self._channel.reconcile(self._prepared(entry, part))
        match outcome:
            case Sent():
                self._stands(entry, part, outcome)
                self._requeue_rest(entry, part)
                return 1
            case NotFound():
                if not outcome.safe_to_repeat:
                    return self._needs_person(entry, "It is not at the network, but may still arrive there.")
                with self._database.write() as session:
                    outbox.move(session, entry.id, ["unknown"], "queued", entry.error)
                    self._log(session, "repeated", entry)
                return 1
            case Inconclusive():
                return self._needs_person(entry, outcome.reason)
            case _:
                assert_never(outcome)

    def _requeue_rest(self, entry: OutboxEntry, found: OutboxPart) -> None:
        if found.number < len(entry.parts):
            with self._database.write() as session:
                outbox.move(session, entry.id, ["unknown", "sending"], "queued")

    def _needs_person(self, entry: OutboxEntry, reason: str) -> int:
        if reason == entry.error:
            return 0
        with self._database.write() as session:
            outbox.move(session, entry.id, ["unknown"], "unknown", reason)
        return 0

    def _stands(self, entry: OutboxEntry, part: OutboxPart, sent: Sent) -> None:
        """A part stands at the network: it becomes a message, and with the last one the wait is over."""
        with self._database.write() as session:
            account = accounts.account_id(session, self._account)
            outbox.part_sent(session, entry.id, part.number, sent.remote_id, sent.at)
            item = self._item(session, entry, part, sent)
            take_in(
                session,
                account,
                (item,),
                received_at=self._clock.now(),
                policies=self._policies,
                agents={sent.remote_id: entry.agent},
            )
            if part.number < len(entry.parts):
                return
            outbox.finish(session, entry.id, sent.at)
            self._log(session, "sent", entry, remote_id=sent.remote_id)
            self._after(session, entry, sent.at)

    def _after(self, session: Session, entry: OutboxEntry, at: datetime) -> None:
        if entry.kind == "greeting" and entry.shift_id is not None:
            shifts.set_greeted(session, entry.shift_id, at)
        elif entry.kind == "signoff" and entry.shift_id is not None:
            shifts.set_signed_off(session, entry.shift_id, at)
        elif entry.conversation_id is not None:
            here = conversations.conversation(session, entry.conversation_id)
            # A public question that was answered in private has been answered.
            if here is not None and here.visibility != entry.visibility:
                waits.close_wait(session, here.id, at, "answered")
                conversations.set_state(session, here.id, "waiting")
                moved_to = conversations.private_of(session, here.id)
                if moved_to is not None:
                    conversations.link(session, moved_to, here.id)

    def _item(self, session: Session, entry: OutboxEntry, part: OutboxPart, sent: Sent) -> Item:
        before = [p.remote_id for p in self._current(session, entry) if p.number < part.number]
        customer = None
        if entry.conversation_id is not None:
            identity = conversations.customer_identity(session, entry.conversation_id)
            customer = people.identity(session, identity).author
        return Item(
            remote_id=sent.remote_id,
            author=self._channel.me,
            text=part.text,
            published_at=sent.at,
            own=True,
            visibility=entry.visibility,
            parent_remote_id=before[-1] if before else entry.reply_to,
            recipient=customer or (Author(entry.recipient) if entry.recipient else None),
            delivery_key=part.key,
        )

    def _current(self, session: Session, entry: OutboxEntry) -> tuple[OutboxPart, ...]:
        found = outbox.entry(session, entry.id)
        return found.parts if found else ()

    def _later(self, entry: OutboxEntry, until: datetime | None, reason: str) -> None:
        pause = min(_FIRST_PAUSE * 2 ** min(entry.attempts, 10), _LONGEST_PAUSE)
        with self._database.write() as session:
            outbox.postpone(session, entry.id, until or self._clock.now() + pause, reason)
            self._log(session, "postponed", entry, reason=reason)

    def _settle(self, entry: OutboxEntry, state: str, reason: str) -> None:
        with self._database.write() as session:
            outbox.move(session, entry.id, ["sending"], "rejected" if state == "rejected" else "unknown", reason)
            self._log(session, state, entry, reason=reason)

    def _prepared(self, entry: OutboxEntry, part: OutboxPart) -> Prepared:
        with self._database.read() as session:
            return Prepared(part.key, outbox.payload(session, entry.id, part.number))

    def _why_unsigned(self, entry: OutboxEntry) -> str:
        """The invariant, checked once more where it counts (practice 7): "" where each part is rightly signed."""
        if entry.kind != "reply":
            return ""
        agent = self._agents.get(entry.agent)
        if agent is None:
            return f"{entry.agent!r} is not among the agents any more, so nobody signs it."
        if all(verify(part.text, self._signature, agent) for part in entry.parts):
            return ""
        return "It is not signed as the playbook asks. Write it again."

    def _log(self, session: Session, kind: str, entry: OutboxEntry, **data: str) -> None:
        account = accounts.account_id(session, self._account)
        facts: dict[str, Fact] = {"entry": entry.id, **data}
        events.record(session, self._clock.now(), kind, account, entry.conversation_id, entry.agent, facts)
