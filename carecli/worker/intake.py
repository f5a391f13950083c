"""Intake: a page of items becomes messages in threads, conversations and waits, in one transaction.

Reads what it must know in a few queries, decides in memory, writes each table once: intake costs little more than
the bare inserts. Whatever comes twice, out of order or with a parent that nobody has, ends up in the same place.
Not for: asking the network (`poll`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from carecli.model import Author, Item, Kind, Record, Visibility
from carecli.playbook.urgency import Reading, graver, read, urgency
from carecli.playbook.waits import OpenWait, Policy, Standing, Step, customer_wrote, we_replied
from carecli.store import conversations, messages, people, search, threads, waits
from carecli.store.messages import Place, attachments_text
from carecli.store.session import Row, Session, from_ms, from_ms_or_none, to_ms, to_ms_or_none


class Policies(Record, frozen=True):
    """What is promised on one account."""

    public: Policy
    private: Policy


class Taken(Record, frozen=True):
    """What became of a page: new messages by their remote ids, and how many were known already."""

    stored: tuple[str, ...]
    duplicates: int


class _Wait:
    """A wait while a batch works on it."""

    # fmt: off
    __slots__ = (
        "asks", "changed", "closed_at", "closed_by", "heard_by", "id", "kind", "new", "opened_by", "outcome", "run",
        "snoozed",
    )
    # fmt: on

    def __init__(
        self, number: int, run: OpenWait, opened_by: int, heard_by: int, kind: Kind, *, asks: bool, new: bool
    ) -> None:
        self.id = number
        self.run = run
        self.opened_by = opened_by
        self.heard_by = heard_by
        self.kind: Kind = kind
        self.asks = asks
        self.new = new
        self.changed = False
        self.snoozed = 0
        self.closed_at: datetime | None = None
        self.closed_by: int | None = None
        self.outcome = ""


class _Conversation:
    """A conversation while a batch works on it."""

    # fmt: off
    __slots__ = (
        "author_id", "changed", "covered", "customer_id", "id", "inbound", "language", "last_inbound", "last_message",
        "linked_to", "new", "opened_at", "outbound", "snoozed", "state", "thread_id", "version", "visibility", "wait",
    )
    # fmt: on

    def __init__(
        self, number: int, thread_id: int, author_id: int, customer_id: int, visibility: Visibility, opened_at: datetime
    ) -> None:
        self.id = number
        self.thread_id = thread_id
        self.author_id = author_id
        self.customer_id = customer_id
        self.visibility: Visibility = visibility
        self.opened_at = opened_at
        self.state = "waiting"
        self.version = 0
        self.language = ""
        self.last_message = opened_at
        self.last_inbound: datetime | None = None
        self.covered: datetime | None = None
        self.inbound = 0
        self.outbound = 0
        self.snoozed: int | None = None
        self.linked_to: int | None = None
        self.wait: _Wait | None = None
        self.new = True
        self.changed = False

    def standing(self) -> Standing:
        return Standing(self.wait.run if self.wait else None, self.covered)


def take_in(
    session: Session,
    account: int,
    items: Sequence[Item],
    *,
    received_at: datetime,
    policies: Policies,
    agents: Mapping[str, str] | None = None,
) -> Taken:
    """Store what is new among `items`, oldest first. `agents` says who wrote which of our own, by remote id."""
    batch = _Batch(session, account, received_at, policies, agents or {})
    batch.load(items)
    for item in items:
        batch.add(item)
    batch.write()
    return Taken(tuple(batch.stored), batch.duplicates)


class _Batch:
    """One transaction's worth of items, and what is known around them."""

    def __init__(
        self,
        session: Session,
        account: int,
        received_at: datetime,
        policies: Policies,
        agents: Mapping[str, str],
    ) -> None:
        self.session = session
        self.account = account
        self.received_at = received_at
        self.policies = policies
        self.agents = agents
        self.stored: list[str] = []
        self.duplicates = 0
        self._received_ms = to_ms(received_at)
        self._pending: Sequence[Item] = ()
        self._begin()

    def _begin(self) -> None:
        session = self.session
        self._places: dict[str, Place] = {}
        self._people: dict[str, people.Identity] = {}
        self._people_by_id: dict[int, people.Identity] = {}
        self._conversations: dict[tuple[int, int, str], _Conversation] = {}
        self._by_id: dict[int, _Conversation] = {}
        self._closed_waits: list[_Wait] = []
        self._owner: dict[int, _Conversation] = {}
        self._message_rows: list[Row] = []
        self._texts: list[tuple[int, str]] = []
        self._place_rows: list[Row] = []
        self._filled: list[Row] = []
        self._identity_rows: dict[int, Row] = {}
        self._renamed: dict[int, Row] = {}
        self._became_customers: list[Row] = []
        self._customer_rows: list[Row] = []
        self._next_message = session.next_id("message")
        self._next_identity = session.next_id("identity")
        self._next_customer = session.next_id("customer")
        self._next_conversation = session.next_id("conversation")
        self._next_wait = session.next_id("wait")

    # ── reading ───────────────────────────────────────────────────────────────────────────────────

    def load(self, items: Sequence[Item]) -> None:
        """Read all that is known of the items, their parents, threads, people and conversations."""
        self._pending = items
        remote_ids = {key for item in items for key in _keys(item)}
        self._places = messages.places(self.session, self.account, remote_ids)
        authors = {item.author.remote_id for item in items}
        authors.update(item.recipient.remote_id for item in items if item.recipient is not None)
        self._people = people.identities(self.session, self.account, authors)
        self._people_by_id = {identity.id: identity for identity in self._people.values()}
        known = {place.thread_id for place in self._places.values()}
        for row in conversations.counted_in_threads(self.session, known):
            self._keep(_conversation_of(row))
        for number, (wait, heard_by, heard_at) in waits.open_waits(self.session, self._by_id).items():
            found = self._by_id[number]
            run = OpenWait(wait.opened_at, wait.due_at, wait.limit_at, wait.policy, heard_at, wait.bumps)
            asks = "question" in wait.reasons
            found.wait = _Wait(wait.id, run, wait.opened_by, heard_by, wait.kind, asks=asks, new=False)
            found.wait.snoozed = 0 if found.snoozed is None else found.snoozed

    def _keep(self, found: _Conversation) -> None:
        self._conversations[found.thread_id, found.author_id, found.visibility] = found
        self._by_id[found.id] = found

    # ── deciding ──────────────────────────────────────────────────────────────────────────────────

    def add(self, item: Item) -> None:
        """Decide where an item belongs and what it changes."""
        here = self._places.get(item.remote_id)
        if here is not None and here.message_id is not None:
            self.duplicates += 1
            return
        parent = self._places.get(item.parent_remote_id) if item.parent_remote_id else None
        # A private answer to a public post begins a thread of its own: visibility is never mixed by a parent link.
        above = parent if parent is None or parent.message_id is None or parent.visibility == item.visibility else None
        number = self._next_message
        thread_id = self._thread(item, here, above, number)
        parent = self._places.get(item.parent_remote_id) if item.parent_remote_id else None
        author = self._identity(item.author)
        found = self._conversation_for(item, thread_id, author, parent)
        self._next_message += 1
        self._places[item.remote_id] = Place(
            thread_id, number, found.id if found else None, author.id, item.own, item.visibility
        )
        published_ms = to_ms(item.published_at)
        self._message_rows.append(
            (
                number,
                self.account,
                item.remote_id,
                thread_id,
                found.id if found else None,
                item.parent_remote_id,
                author.id,
                "outbound" if item.own else "inbound",
                item.visibility,
                item.text,
                published_ms,
                self._received_ms,
                self.agents.get(item.remote_id, ""),
                attachments_text(item.attachments),
            )
        )
        self._texts.append((number, item.text))
        self.stored.append(item.remote_id)
        if found is not None:
            # Who goes on below a message of their own still speaks to whom they spoke there.
            goes_on = parent is not None and parent.conversation_id == found.id and parent.author_id == author.id
            self._count(found, item, number, item.addressed or goes_on)
        if here is not None and not item.own:
            self._adopt(item.remote_id, thread_id)

    def _thread(self, item: Item, here: Place | None, above: Place | None, number: int) -> int:
        """The thread of an item; threads that it ties together become one."""
        thread_key = _thread_key(item)
        named = self._places.get(thread_key) if thread_key else None
        tied = sorted({place.thread_id for place in (here, above, named) if place is not None})
        if len(tied) > 1:
            self._join(tied)
        thread_id = tied[0] if tied else number
        if here is not None:
            self._filled.append((self.account, item.remote_id))
        same_visibility = above is not None or item.visibility == "public"
        if item.parent_remote_id and same_visibility and item.parent_remote_id not in self._places:
            self._point_to(item.parent_remote_id, thread_id)
        if thread_key and thread_key not in self._places:
            self._point_to(thread_key, thread_id)
        return thread_id

    def _point_to(self, remote_id: str, thread_id: int) -> None:
        self._places[remote_id] = Place(thread_id)
        self._place_rows.append((self.account, remote_id, thread_id, ""))

    def _join(self, tied: Sequence[int]) -> None:
        self.write()
        for joined in tied[1:]:
            threads.join_threads(self.session, joined, tied[0])
        self._begin()
        self.load(self._pending)

    def _adopt(self, remote_id: str, thread_id: int) -> None:
        """Our answers to a message that came before it did: they belong to its author's conversation."""
        self._write_down()
        answered = [remote_id]
        while answered:
            parent = answered.pop()
            found = self._by_id.get(self._places[parent].conversation_id or 0)
            for number, answer, at in messages.unclaimed_answers(self.session, thread_id, parent):
                if found is None:
                    author = self._people_by_id[self._places[parent].author_id or 0]
                    found = self._open_at(thread_id, author, "public", at)
                messages.set_conversation(self.session, number, found.id)
                self._places[answer] = Place(thread_id, number, found.id, None, True)
                self._count_own(found, at, number)
                answered.append(answer)

    def _write_down(self) -> None:
        """Write what has been decided so far, and go on from what the database knows: for rare cases only."""
        self.write()
        self._begin()
        self.load(self._pending)

    def _identity(self, author: Author) -> people.Identity:
        known = self._people.get(author.remote_id)
        if known is None:
            known = people.Identity(self._next_identity, author, None)
            self._next_identity += 1
            self._remember(known)
            self._identity_rows[known.id] = (
                known.id, self.account, author.remote_id, author.handle, author.display_name, None,
            )  # fmt: skip
        elif author != known.author and (author.handle or author.display_name):
            known = people.Identity(known.id, author, known.customer_id)
            self._remember(known)
            if known.id in self._identity_rows:
                row = self._identity_rows[known.id]
                self._identity_rows[known.id] = (*row[:3], author.handle, author.display_name, row[5])
            else:
                self._renamed[known.id] = (author.handle, author.display_name, known.id)
        return known

    def _remember(self, identity: people.Identity) -> None:
        self._people[identity.author.remote_id] = identity
        self._people_by_id[identity.id] = identity

    def _conversation_for(
        self, item: Item, thread_id: int, author: people.Identity, parent: Place | None
    ) -> _Conversation | None:
        """Whose conversation an item belongs to; None for a bystander's post and for one that answers nobody."""
        if not item.own:
            found = self._conversations.get((thread_id, author.id, item.visibility))
            if found is None and item.addressed:
                found = self._open(item, thread_id, author)
            return found
        if parent is not None and parent.conversation_id is not None:
            answered = self._by_id.get(parent.conversation_id)
            if answered is not None and answered.visibility == item.visibility:
                return answered
        customer = self._customer_answered(item, parent)
        if customer is None:
            return None
        return self._conversations.get((thread_id, customer.id, item.visibility)) or self._open(
            item, thread_id, customer
        )

    def _customer_answered(self, item: Item, parent: Place | None) -> people.Identity | None:
        if item.recipient is not None:
            return self._identity(item.recipient)
        if parent is None or parent.author_id is None or parent.own:
            return None
        if parent.author_id not in self._people_by_id:
            self._remember(people.identity(self.session, parent.author_id))
        return self._people_by_id[parent.author_id]

    def _open(self, item: Item, thread_id: int, author: people.Identity) -> _Conversation:
        return self._open_at(thread_id, author, item.visibility, item.published_at)

    def _open_at(self, thread_id: int, author: people.Identity, visibility: Visibility, at: datetime) -> _Conversation:
        customer = author.customer_id
        if customer is None:
            customer = self._next_customer
            self._next_customer += 1
            self._customer_rows.append((customer, to_ms(at)))
            self._remember(people.Identity(author.id, author.author, customer))
            if author.id in self._identity_rows:
                self._identity_rows[author.id] = (*self._identity_rows[author.id][:5], customer)
            else:
                self._became_customers.append((customer, author.id))
        found = _Conversation(self._next_conversation, thread_id, author.id, customer, visibility, at)
        self._next_conversation += 1
        if visibility == "private":
            found.linked_to = self._grown_from(author.id, customer)
        self._keep(found)
        return found

    def _grown_from(self, author: int, customer: int) -> int | None:
        """The public conversation that a private one grew from."""
        here = [c for c in self._by_id.values() if c.author_id == author and c.visibility == "public"]
        if here:
            return max(here, key=lambda c: c.last_message).id
        return conversations.latest_public(self.session, customer, self.account)

    def _count(self, found: _Conversation, item: Item, number: int, addressed: bool) -> None:
        """What a message changes in its conversation: the counts, the state, the clock."""
        if item.own:
            self._count_own(found, item.published_at, number)
            return
        self._touch(found, item.published_at)
        if item.language:
            found.language = item.language
        found.inbound += 1
        if found.last_inbound is None or item.published_at > found.last_inbound:
            found.last_inbound = item.published_at
        reading = read(item.text, item.language)
        step = customer_wrote(
            found.standing(),
            item.published_at,
            self._policy(found),
            addressed=addressed,
            thanks=reading.thanks,
        )
        self._asked(found, step, reading, number)
        if not reading.thanks:
            found.snoozed = None
            if found.wait is not None and found.wait.snoozed:
                found.wait.snoozed = 0
                found.wait.changed = True

    def _count_own(self, found: _Conversation, at: datetime, number: int) -> None:
        self._touch(found, at)
        found.outbound += 1
        self._answered(found, we_replied(found.standing(), at, self._policy(found)), at, number)

    def _touch(self, found: _Conversation, at: datetime) -> None:
        found.changed = True
        found.version += 1
        if at > found.last_message:
            found.last_message = at

    def _policy(self, found: _Conversation) -> Policy:
        return self.policies.private if found.visibility == "private" else self.policies.public

    def _asked(self, found: _Conversation, step: Step, reading: Reading, number: int) -> None:
        run = step.standing.wait
        if run is None:
            return
        if found.wait is None:
            found.wait = self._new_wait(run, number, reading.kind, reading.asks)
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

    def _answered(self, found: _Conversation, step: Step, at: datetime, number: int) -> None:
        found.covered = step.standing.covered_until
        if step.change == "none" or found.wait is None:
            return
        wait = found.wait
        wait.closed_at, wait.closed_by, wait.outcome, wait.changed = at, number, "answered", True
        self._closed_waits.append(wait)
        self._owner[wait.id] = found
        run = step.standing.wait
        found.wait = None if run is None else self._new_wait(run, wait.heard_by, wait.kind, wait.asks)
        found.state = "waiting" if run is None else "needs_reply"
        found.snoozed = None

    def _new_wait(self, run: OpenWait, opened_by: int, kind: Kind, asks: bool) -> _Wait:
        wait = _Wait(self._next_wait, run, opened_by, opened_by, kind, asks=asks, new=True)
        self._next_wait += 1
        return wait

    # ── writing ───────────────────────────────────────────────────────────────────────────────────

    def write(self) -> None:
        """Write each table once."""
        session = self.session
        people.insert_customers(session, self._customer_rows)
        people.insert_identities(session, self._identity_rows.values())
        people.rename_identities(session, self._renamed.values())
        people.set_customers(session, self._became_customers)
        fresh = [c for c in self._by_id.values() if c.new]
        conversations.insert_conversations(session, [self._inserted(c) for c in fresh])
        changed = [c for c in self._by_id.values() if c.changed and not c.new]
        conversations.update_counted(session, [_updated(c) for c in changed])
        messages.insert_messages(session, self._message_rows)
        search.index_messages(session, self._texts)
        messages.remove_places(session, self._filled)
        filled = {row[1] for row in self._filled}
        messages.insert_places(session, [row for row in self._place_rows if row[1] not in filled])
        self._write_waits()

    def _write_waits(self) -> None:
        # Closed ones first: a conversation has one open wait at a time, and the database holds us to it.
        owned = [(self._owner[wait.id], wait) for wait in self._closed_waits]
        owned += [(c, c.wait) for c in self._by_id.values() if c.wait is not None]
        waits.update_waits(self.session, [_wait_update(wait) for _, wait in owned if wait.changed and not wait.new])
        waits.insert_waits(self.session, [self._wait_insert(c, wait) for c, wait in owned if wait.new])

    def _inserted(self, c: _Conversation) -> Row:
        return (
            c.id, self.account, c.thread_id, c.customer_id, c.author_id, c.visibility, c.state, c.version, c.language,
            to_ms(c.opened_at), to_ms(c.last_message), to_ms_or_none(c.last_inbound), to_ms_or_none(c.covered),
            c.inbound, c.outbound, c.linked_to,
        )  # fmt: skip

    def _wait_insert(self, c: _Conversation, wait: _Wait) -> Row:
        run = wait.run
        order = urgency(run.due_at, wait.kind, asks=wait.asks, bumps=run.bumps)
        return (
            wait.id, c.id, self.account, c.visibility, wait.opened_by, to_ms(run.opened_at), wait.heard_by,
            to_ms(run.heard_at), to_ms(run.due_at), to_ms(run.limit_at), run.policy, wait.kind, run.bumps,
            waits.reasons_text(order.reasons), order.rank, to_ms(order.urgent_at), to_ms_or_none(wait.closed_at),
            wait.closed_by, wait.outcome,
        )  # fmt: skip


def _wait_update(wait: _Wait) -> Row:
    run = wait.run
    order = urgency(run.due_at, wait.kind, asks=wait.asks, bumps=run.bumps)
    return (
        wait.opened_by, to_ms(run.opened_at), wait.heard_by, to_ms(run.heard_at), to_ms(run.due_at),
        to_ms(run.limit_at), run.policy, wait.kind, run.bumps, waits.reasons_text(order.reasons), order.rank,
        to_ms(order.urgent_at), wait.snoozed, to_ms_or_none(wait.closed_at), wait.closed_by, wait.outcome, wait.id,
    )  # fmt: skip


def _updated(c: _Conversation) -> Row:
    return (
        c.thread_id, c.state, c.version, to_ms(c.last_message), to_ms_or_none(c.last_inbound),
        to_ms_or_none(c.covered), c.inbound, c.outbound, c.language, c.snoozed, c.linked_to, c.id,
    )  # fmt: skip


def _conversation_of(row: Row) -> _Conversation:
    number, thread, author, visibility, customer, state, version, last, inbound_at, covered, inbound, outbound = row[
        :12
    ]
    found = _Conversation(number, thread, author, customer, visibility, from_ms(last))
    found.state = state
    found.version = version
    found.last_inbound = from_ms_or_none(inbound_at)
    found.covered = from_ms_or_none(covered)
    found.inbound = inbound
    found.outbound = outbound
    found.language, found.snoozed, found.linked_to = row[12:15]
    found.new = False
    return found


def _thread_key(item: Item) -> str:
    """The network's own name of an item's thread; private messages have one a person."""
    if item.thread_remote_id:
        return f"thread:{item.thread_remote_id}"
    if item.visibility == "private":
        other = item.recipient if item.own else item.author
        if other is not None:
            return f"thread:private:{other.remote_id}"
    return ""


def _keys(item: Item) -> Iterable[str]:
    yield item.remote_id
    if item.parent_remote_id:
        yield item.parent_remote_id
    key = _thread_key(item)
    if key:
        yield key
