"""Delivery: from the outbox to the network, one step at a time, each step committed before the next.

The frozen reply is in the database before the first byte leaves; `sending` is committed before each call; an outcome
that nobody can read becomes `unknown`, and is looked up before anything else leaves for that conversation.
Not for: what may enter the outbox (`desk.reply`), or looking unknown ones up (`reconciling`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import assert_never

from carecli.channels.base import (
    NotSent,
    Outgoing,
    Paused,
    Prepared,
    Rejected,
    SendOutcome,
    Sent,
    Unknown,
)
from carecli.model import Agent, Author, Draft, Item, OutboxEntry, OutboxPart, OutboxState, Visibility
from carecli.playbook.approval import is_unapproved
from carecli.playbook.signature import unsigned, verify
from carecli.store import accounts, conversations, events, media, messages, notes, outbox, outbox_parts, people, shifts
from carecli.store.events import Fact
from carecli.store.session import Session
from carecli.worker.budget import SPENT, Halt
from carecli.worker.intake import answered_elsewhere, take_in
from carecli.worker.lease import Lease
from carecli.worker.station import Station

_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=5)
_INTERRUPTED = "carecli stopped while it was being sent."
_MOVED_ON = "The customer wrote, or a colleague answered, before it left. Read what is new, then send it again."


class Delivery:
    """Sends what one account has to send, while it holds the account's delivery lease."""

    def __init__(self, station: Station, lease: Lease, signature: str, agents: dict[str, Agent]) -> None:
        self._station = station
        self._signature = signature
        self._agents = agents
        self._lease = lease
        # Networks limit posts and messages apart.
        self._halts: dict[Visibility, Halt] = {}

    def run_once(self) -> int:
        """Send what is ready; how many entries were tried. Raises `LostLease`, and `StoreError`.

        Where the network said "later", or the day's budget is spent, the others are put off without being tried.
        """
        tried = 0
        for entry in self._ready():
            halt = self._halt(entry)
            if halt is None:
                tried += self._send(entry)
            else:
                self._put_off(entry, halt)
        return tried

    def recover(self) -> None:
        """Let go what was held long enough, and take up what somebody left behind who is gone.

        Only the holder of the lease sends: nobody knows how far an entry came that is `sending` now.
        """
        now = self._station.clock.now()
        with self._station.database.read() as session:
            state = accounts.account_state(session, self._station.account)
            found = outbox.pending(session, state.id if state else 0)
        due = [e for e in found if e.state == "held" and e.held_until is not None and e.held_until <= now]
        left = [e for e in found if e.state == "sending"]
        richer = (
            any(e.state == "queued" and e.error == SPENT for e in found) and self._station.purse.writing_halt() is None
        )
        if not due and not left and not richer:
            return
        with self.writing() as session:
            if richer:
                outbox.let_go(session, accounts.account_id(session, self._station.account), SPENT)
            for entry in due:
                if outbox.move(session, entry.id, ["held"], "queued"):
                    self.log(session, "queued", entry)
            for entry in left:
                self._doubt(session, entry, now, _INTERRUPTED)

    # ── for reconciling too ───────────────────────────────────────────────────────────────────────

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that only the holder of the lease can commit."""
        with self._station.database.write() as session:
            self._lease.require(session)
            yield session

    def why_not(self, entry: OutboxEntry) -> str:
        """Why a reply must not leave now, as a sentence; "" where it may."""
        with self._station.database.read() as session:
            return self._why_not(session, entry)

    def repeat(self, entry: OutboxEntry) -> None:
        """Make the call once more, under the same key, of a reply that may stand at a network which knows keys."""
        self._lease.keep()
        with self.writing() as session:
            if not outbox.begin_attempt(session, entry.id, "unknown"):
                return
            self.log(session, "repeated", entry)
        self._send_parts(entry, doubtful=True)

    def stop(self, entry: OutboxEntry, reason: str) -> None:
        """Give a reply back to its author that was unknown, and is not at the network."""
        with self.writing() as session:
            self._reject(session, entry, "unknown", reason)

    def stands(self, entry: OutboxEntry, part: OutboxPart, sent: Sent) -> None:
        """A part stands at the network: it becomes a message, and with the last one the wait is over."""
        with self.writing() as session:
            account = accounts.account_id(session, self._station.account)
            self._sends_again(session, account)
            outbox_parts.part_sent(session, entry.id, part.number, sent.remote_id, sent.at)
            item = self._item(session, entry, part, sent)
            now = self._station.clock.now()
            take_in(session, account, (item,), received_at=now, policies=self._station.policies)
            # It may have come back by intake before this.
            messages.set_agent(session, account, sent.remote_id, entry.agent)
            if part.number < len(entry.parts):
                return
            if outbox.finish(session, entry.id, sent.at):
                self.log(session, "sent", entry, remote_id=sent.remote_id)
                self._after(session, account, entry, sent.at)

    def log(self, session: Session, kind: str, entry: OutboxEntry, **data: str) -> None:
        """Append what became of an entry."""
        account = accounts.account_id(session, self._station.account)
        facts: dict[str, Fact] = {"entry": entry.id, **data}
        events.record(session, self._station.clock.now(), kind, account, entry.conversation_id, entry.agent, facts)

    # ── one entry ─────────────────────────────────────────────────────────────────────────────────

    def _ready(self) -> tuple[OutboxEntry, ...]:
        """What may leave: past no unknown reply of the same conversation, and no earlier one that is not settled."""
        now = self._station.clock.now()
        with self._station.database.read() as session:
            state = accounts.account_state(session, self._station.account)
            account = state.id if state else 0
            found = outbox.pending(session, account)
            ready = outbox.ready_ids(session, account, now)
        blocked = {entry.conversation_id for entry in found if entry.state in ("sending", "unknown")} - {None}
        allowed: list[OutboxEntry] = []
        for entry in found:
            if entry.id in ready and entry.conversation_id not in blocked:
                allowed.append(entry)
            if entry.conversation_id is not None:
                blocked.add(entry.conversation_id)
        return tuple(allowed)

    def _halt(self, entry: OutboxEntry) -> Halt | None:
        """Why an entry must wait; None where it may leave. No budget keeps the rest of a reply that has begun."""
        halt = self._halts.get(entry.visibility)
        if halt is not None and halt.until > self._station.clock.now():
            return halt
        return None if any(part.remote_id for part in entry.parts) else self._station.purse.writing_halt()

    def _put_off(self, entry: OutboxEntry, halt: Halt) -> None:
        with self.writing() as session:
            if outbox.put_off(session, entry.id, halt.until, halt.reason):
                self.log(session, "postponed", entry, reason=halt.reason)

    def _send(self, entry: OutboxEntry) -> int:
        self._lease.keep()
        with self.writing() as session:
            reason = self._why_not(session, entry)
            if reason:
                self._reject(session, entry, "queued", reason)
                return 1
            if not outbox.begin_attempt(session, entry.id):
                return 0
            self.log(session, "sending", entry)
        self._send_parts(entry)
        return 1

    def _send_parts(self, entry: OutboxEntry, *, doubtful: bool = False) -> None:
        """Send the parts that are not at the network yet, each below the one before. doubtful: the first may be."""
        before = ""
        for part in entry.parts:
            if part.remote_id:
                before = part.remote_id if outbox_parts.named([part]) else before
                continue
            if before:
                self._lease.keep()
            sent = self._send_part(entry, part, before, doubtful=doubtful)
            if not sent:
                break
            before, doubtful = sent, False

    def _send_part(self, entry: OutboxEntry, part: OutboxPart, before: str, *, doubtful: bool) -> str:
        """Send one part below the one `before` it; its remote id, or "" where the next one must wait."""
        prepared = self._prepared(entry, part, before)
        # Whoever slept between the commit and this line must not send: another worker may have taken over.
        self._lease.require_awake()
        outcome = self._station.channel.send(prepared)
        try:
            return self._came_out(entry, part, outcome, doubtful=doubtful)
        finally:
            # What became of it comes first, what it cost after that.
            self._station.purse.settle(entry.conversation_id)

    def _came_out(self, entry: OutboxEntry, part: OutboxPart, outcome: SendOutcome, *, doubtful: bool) -> str:
        """Store what became of a part; its remote id, or "" where the next one must wait."""
        match outcome:
            case Sent():
                self.stands(entry, part, outcome)
                return outcome.remote_id
            case NotSent():
                self._later(entry, outcome.until, outcome.reason, doubtful=doubtful)
                if outcome.until is not None:
                    self._halts[entry.visibility] = Halt(outcome.reason, outcome.until)
            case Rejected():
                with self.writing() as session:
                    self._sends_again(session, accounts.account_id(session, self._station.account))
                    self._reject(session, entry, "sending", outcome.reason, outcome.link)
            case Paused():
                problem = f"{outcome.reason} {outcome.remedy}".strip()
                until = self._later(entry, None, problem, doubtful=doubtful)
                self._halts = {"public": Halt(problem, until), "private": Halt(problem, until)}
                with self.writing() as session:
                    account = accounts.account_id(session, self._station.account)
                    if accounts.set_sending_problem(session, account, problem):
                        facts: dict[str, Fact] = {"reason": problem}
                        events.record(session, self._station.clock.now(), "sending_stopped", account, None, "", facts)
            case Unknown():
                with self.writing() as session:
                    self._doubt(session, entry, self._station.clock.now(), outcome.reason)
            case _:
                assert_never(outcome)
        return ""

    def _sends_again(self, session: Session, account: int) -> None:
        """The network listens: what stood in the way of sending is gone."""
        if accounts.set_sending_problem(session, account, ""):
            events.record(session, self._station.clock.now(), "sending_resumed", account, None, "", {})

    def _reject(self, session: Session, entry: OutboxEntry, source: OutboxState, reason: str, link: str = "") -> None:
        if outbox.move(session, entry.id, [source], "rejected", reason):
            outbox.set_link(session, entry.id, link)
            self._give_back(session, entry)
            self.log(session, "rejected", entry, reason=reason)

    def _doubt(self, session: Session, entry: OutboxEntry, look_at: datetime, reason: str) -> None:
        if outbox.doubt(session, entry.id, look_at, reason):
            self.log(session, "unknown", entry, reason=reason)

    def _later(self, entry: OutboxEntry, until: datetime | None, reason: str, *, doubtful: bool) -> datetime:
        until = until or self._station.clock.now() + min(_FIRST_PAUSE * 2 ** min(entry.attempts, 10), _LONGEST_PAUSE)
        with self.writing() as session:
            if doubtful:
                # This call was not made, but the one before it may have been: queued would say that it was not.
                self._doubt(session, entry, until, reason)
            elif outbox.postpone(session, entry.id, until, reason):
                self.log(session, "postponed", entry, reason=reason)
        return until

    def _prepared(self, entry: OutboxEntry, part: OutboxPart, before: str) -> Prepared:
        if not before:
            with self._station.database.read() as session:
                return Prepared(part.key, outbox_parts.payload(session, entry.id, part.number))
        with self.writing() as session:
            customer = self._customer(session, entry)
            outgoing = Outgoing(part.text, part.key, entry.visibility, before, customer)
            prepared = self._station.channel.prepare(outgoing)
            outbox_parts.set_payload(session, entry.id, part.number, prepared.payload)
        return prepared

    def _why_not(self, session: Session, entry: OutboxEntry) -> str:
        """The same rules once more where it counts: rightly signed (practice 7), and nothing new to read. "" if so."""
        if entry.kind != "reply":
            return ""
        if is_unapproved(entry):
            return "No lead has approved it."
        agent = self._agents.get(entry.agent)
        if agent is None:
            return f"{entry.agent!r} is not among the agents any more, so nobody signs it."
        if not all(verify(part.text, self._signature, agent) for part in entry.parts):
            return "It is not signed as the playbook asks. Write it again."
        begun = any(part.remote_id for part in entry.parts)
        number = entry.conversation_id
        if number is not None and not begun and messages.has_news(session, number, entry.seen_version, entry.agent):
            return _MOVED_ON
        return ""

    def _give_back(self, session: Session, entry: OutboxEntry) -> None:
        """The text of a reply that will not leave is its author's draft again, unless they are writing another."""
        author = self._agents.get(entry.agent)
        number = entry.conversation_id
        if entry.kind != "reply" or number is None or author is None or notes.draft(session, number, entry.agent):
            return
        unsent = [part.text for part in entry.parts if not part.remote_id]
        text = "\n".join(unsigned(words, self._signature, author) for words in unsent)
        seen = entry.seen_version
        notes.save_draft(
            session, Draft(number, entry.agent, text, len(text), entry.visibility, seen, self._station.clock.now())
        )
        media.give_back(session, entry.id, number, entry.agent)

    def _item(self, session: Session, entry: OutboxEntry, part: OutboxPart, sent: Sent) -> Item:
        found = outbox.entry(session, entry.id)
        before = [p.remote_id for p in outbox_parts.named(found.parts) if p.number < part.number] if found else []
        return Item(
            remote_id=sent.remote_id,
            author=self._station.channel.me,
            text=part.text,
            published_at=sent.at,
            own=True,
            visibility=entry.visibility,
            parent_remote_id=before[-1] if before else entry.reply_to,
            recipient=self._customer(session, entry),
            attachments=media.in_words(entry.media) if part.number == 1 else (),
            delivery_key=part.key,
        )

    def _customer(self, session: Session, entry: OutboxEntry) -> Author | None:
        if entry.conversation_id is not None:
            return people.identity(session, conversations.customer_identity(session, entry.conversation_id)).author
        return Author(entry.recipient) if entry.recipient else None

    def _after(self, session: Session, account: int, entry: OutboxEntry, at: datetime) -> None:
        """What the end of an entry means for its shift or its conversation."""
        if entry.kind == "greeting" and entry.shift_id is not None:
            shifts.set_greeted(session, entry.shift_id, at)
        elif entry.kind == "signoff" and entry.shift_id is not None:
            shifts.set_signed_off(session, entry.shift_id, at)
        elif entry.conversation_id is not None:
            here = conversations.conversation(session, entry.conversation_id)
            # A public question that was answered in private has been answered.
            if here is not None and here.visibility != entry.visibility:
                answered_elsewhere(session, account, here, at, self._station.policies)
                moved_to = conversations.private_of(session, here.id)
                if moved_to is not None:
                    conversations.link(session, moved_to, here.id)
