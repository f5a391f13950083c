"""Intake: a page of items becomes messages in threads, conversations and waits, in one transaction.

Reads what it must know in a few queries, decides in memory, writes each table once: intake costs little more than
the bare inserts. Whatever comes twice, out of order or with a parent that nobody has, ends up in the same place.
Not for: asking the network (`poll`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from carecli.model import Author, Conversation, Item, Record, Visibility
from carecli.playbook.folding import fold
from carecli.playbook.waits import OpenWait
from carecli.store import conversations, events, messages, outbox_parts, people, search, threads, waits
from carecli.store.messages import Place, attachments_text
from carecli.store.session import Row, Session, to_ms
from carecli.worker.arrival import arrived
from carecli.worker.counting import Counting, Policies
from carecli.worker.in_hand import (
    ConversationInHand,
    WaitInHand,
    conversation_of,
    inserted,
    updated,
    wait_inserted,
    wait_updated,
)


class Taken(Record, frozen=True):
    """What became of a page: new messages by their remote ids, and how many were known already."""

    stored: tuple[str, ...]
    duplicates: int


def take_in(
    session: Session,
    account: int,
    items: Sequence[Item],
    *,
    received_at: datetime,
    policies: Policies,
) -> Taken:
    """Store what is new among `items`, oldest first, and follow what was edited or deleted since it was stored."""
    items = [arrived(item, received_at) for item in items]
    batch = _Batch(session, account, received_at, policies)
    batch.load(items)
    for item in items:
        batch.add(item)
    batch.write()
    return Taken(tuple(batch.stored), batch.duplicates)


def answered_elsewhere(session: Session, account: int, found: Conversation, at: datetime, policies: Policies) -> None:
    """A conversation's customer was answered at `at` in another one: its clock goes on as if that had been here."""
    batch = _Batch(session, account, at, policies)
    batch.load_conversations({found.thread_id})
    batch.answer(found.id, at)
    batch.write()


class _Batch:
    """One transaction's worth of items, and what is known around them."""

    def __init__(
        self,
        session: Session,
        account: int,
        received_at: datetime,
        policies: Policies,
    ) -> None:
        self.session = session
        self.account = account
        self.received_at = received_at
        self.policies = policies
        self.stored: list[str] = []
        self.duplicates = 0
        self._received_ms = to_ms(received_at)
        self._pending: Sequence[Item] = ()
        self._begin()

    def _begin(self) -> None:
        session = self.session
        self._agents: dict[str, str] = {}
        self._places: dict[str, Place] = {}
        self._people: dict[str, people.Identity] = {}
        self._people_by_id: dict[int, people.Identity] = {}
        self._conversations: dict[tuple[int, int, str], ConversationInHand] = {}
        self._by_id: dict[int, ConversationInHand] = {}
        self._message_rows: list[Row] = []
        self._texts: list[tuple[int, str]] = []
        self._place_rows: list[Row] = []
        self._filled: list[Row] = []
        self._identity_rows: dict[int, Row] = {}
        self._renamed: dict[int, Row] = {}
        self._became_customers: list[Row] = []
        self._customer_rows: list[Row] = []
        self._next_message = self._first_message = session.next_id("message")
        self._next_identity = session.next_id("identity")
        self._next_customer = session.next_id("customer")
        self._next_conversation = session.next_id("conversation")
        self._counting = Counting(self.policies, session.next_id("wait"))

    # ── reading ───────────────────────────────────────────────────────────────────────────────────

    def load(self, items: Sequence[Item]) -> None:
        """Read all that is known of the items, their parents, threads, people and conversations."""
        self._pending = items
        own = {item.remote_id: item.delivery_key for item in items if item.own}
        self._agents = outbox_parts.authors(self.session, self.account, own) if own else {}
        wanted = {item.remote_id for item in items}
        wanted.update(item.parent_remote_id for item in items if item.parent_remote_id)
        wanted.update(_thread_key(item) for item in items)
        self._places = messages.places(self.session, self.account, wanted)
        authors = {item.author.remote_id for item in items}
        authors.update(item.recipient.remote_id for item in items if item.recipient is not None)
        self._people = people.identities(self.session, self.account, authors)
        self._people_by_id = {identity.id: identity for identity in self._people.values()}
        self.load_conversations({place.thread_id for place in self._places.values()})

    def load_conversations(self, thread_ids: Iterable[int]) -> None:
        """Read the conversations of some threads, and their waits."""
        for row in conversations.counted_in_threads(self.session, thread_ids):
            self._keep(conversation_of(row))
        for number, (wait, heard_by, heard_at) in waits.open_waits(self.session, self._by_id).items():
            found = self._by_id[number]
            run = OpenWait(wait.opened_at, wait.due_at, wait.limit_at, wait.policy, heard_at, wait.bumps)
            asks = "question" in wait.reasons
            found.wait = WaitInHand(wait.id, run, wait.opened_by, heard_by, wait.kind, asks=asks, new=False)
            found.wait.snoozed = 0 if found.snoozed is None else found.snoozed

    def _keep(self, found: ConversationInHand) -> None:
        self._conversations[found.thread_id, found.author_id, found.visibility] = found
        self._by_id[found.id] = found

    # ── deciding ──────────────────────────────────────────────────────────────────────────────────

    def add(self, item: Item) -> None:
        """Decide where an item belongs and what it changes."""
        here = self._places.get(item.remote_id)
        if here is not None and here.message_id is not None:
            self.duplicates += 1
            if here.message_id < self._first_message:
                self._follow(here.message_id, here.conversation_id, item)
            self._learn_thread(here, item)
            return
        if item.deleted:
            return
        parent = self._places.get(item.parent_remote_id) if item.parent_remote_id else None
        # A private answer to a public post begins a thread of its own: visibility is never mixed by a parent link.
        above = parent if parent is None or parent.message_id is None or parent.visibility == item.visibility else None
        number = self._next_message
        thread_id = self._thread(item, here, above, number)
        published_ms = to_ms(item.published_at)
        parent = self._places.get(item.parent_remote_id) if item.parent_remote_id else None
        author = self._identity(item.author)
        found = self._conversation_for(item, thread_id, author, parent, published_ms)
        self._next_message += 1
        self._places[item.remote_id] = Place(
            thread_id, number, found.id if found else None, author.id, item.own, item.visibility
        )
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
                self._agents.get(item.remote_id, ""),
                attachments_text(item.attachments),
            )
        )
        folded = fold(item.text)
        self._texts.append((number, folded))
        self.stored.append(item.remote_id)
        if found is not None and item.own:
            self._counting.count_own(found, number, item.published_at, published_ms)
        elif found is not None:
            addressed = item.addressed or _goes_on(parent, found, author)
            self._counting.count(found, item, number, published_ms, folded, addressed)
        if here is not None and not item.own:
            self._adopt(item.remote_id, thread_id)

    def answer(self, conversation: int, at: datetime) -> None:
        """Our answer to a conversation stands in another one."""
        self._counting.answered(self._by_id[conversation], at, None)

    def _follow(self, number: int, conversation: int | None, item: Item) -> None:
        """What became of a stored message since: taken away, or edited, by whoever wrote it."""
        text, erased = messages.stored_text(self.session, number)
        if erased or (text == item.text and not item.deleted):
            return
        search.forget_message(self.session, number, fold(text))
        if item.deleted:
            messages.erase(self.session, number, self.received_at)
            kind = "message_deleted"
        else:
            messages.revise(self.session, number, item.text)
            search.index_messages(self.session, [(number, fold(item.text))])
            kind = "message_edited"
        events.record(self.session, self.received_at, kind, self.account, conversation, "", {"message": number})

    def _thread(self, item: Item, here: Place | None, above: Place | None, number: int) -> int:
        """The thread of an item; threads that it ties together become one."""
        thread_key = _thread_key(item)
        named = self._places.get(thread_key) if thread_key else None
        thread_id = number
        if here is not None or above is not None or named is not None:
            tied = sorted({place.thread_id for place in (here, above, named) if place is not None})
            if len(tied) > 1:
                self._join(tied)
            thread_id = tied[0]
        if here is not None:
            self._filled.append((self.account, item.remote_id))
        same_visibility = above is not None or item.visibility == "public"
        if item.parent_remote_id and same_visibility and item.parent_remote_id not in self._places:
            self._point_to(item.parent_remote_id, thread_id)
        if thread_key and thread_key not in self._places:
            self._point_to(thread_key, thread_id)
        return thread_id

    def _learn_thread(self, here: Place, item: Item) -> None:
        """What we sent was stored before the network told how it names the thread: now it does."""
        key = _thread_key(item)
        named = self._places.get(key) if key else None
        if key and named is None:
            self._point_to(key, here.thread_id)
        elif named is not None and named.thread_id != here.thread_id:
            self._join(sorted((named.thread_id, here.thread_id)))

    def _point_to(self, remote_id: str, thread_id: int) -> None:
        self._places[remote_id] = Place(thread_id)
        self._place_rows.append((self.account, remote_id, thread_id, ""))

    def _join(self, tied: Sequence[int]) -> None:
        self.write()
        for joined in tied[1:]:
            threads.join_threads(self.session, joined, tied[0])
        self._begin()
        self.load(self._pending)
        # What the customer asked in the one may have been answered in the other.
        for found in self._by_id.values():
            if found.wait is not None and found.covered is not None and found.wait.run.opened_at <= found.covered:
                self._counting.answered(found, found.covered, None)

    def _adopt(self, remote_id: str, thread_id: int) -> None:
        """Our answers to a message that came before it did: they belong to its author's conversation."""
        self._write_down()
        answered = [remote_id]
        while answered:
            parent = answered.pop()
            found = self._by_id.get(self._places[parent].conversation_id or 0)
            for number, answer, at in messages.unclaimed_answers(self.session, thread_id, parent):
                at_ms = to_ms(at)
                if found is None:
                    author = self._people_by_id[self._places[parent].author_id or 0]
                    found = self._open(thread_id, author, "public", at_ms)
                messages.set_conversation(self.session, number, found.id)
                self._places[answer] = Place(thread_id, number, found.id, None, True)
                self._counting.count_own(found, number, at, at_ms)
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
        self, item: Item, thread_id: int, author: people.Identity, parent: Place | None, at_ms: int
    ) -> ConversationInHand | None:
        """Whose conversation an item belongs to; None for a bystander's post and for one that answers nobody."""
        if not item.own:
            found = self._conversations.get((thread_id, author.id, item.visibility))
            if found is None and item.addressed:
                found = self._open(thread_id, author, item.visibility, at_ms)
            elif found is not None and item.visibility == "private":
                self._link_again(found, at_ms)
            return found
        if parent is not None and parent.conversation_id is not None:
            answered = self._by_id.get(parent.conversation_id)
            if answered is not None and answered.visibility == item.visibility:
                return answered
        customer = self._customer_answered(item, parent)
        if customer is None:
            return None
        known = self._conversations.get((thread_id, customer.id, item.visibility))
        return known or self._open(thread_id, customer, item.visibility, at_ms)

    def _customer_answered(self, item: Item, parent: Place | None) -> people.Identity | None:
        if item.recipient is not None:
            return self._identity(item.recipient)
        if parent is None or parent.author_id is None or parent.own:
            return None
        if parent.author_id not in self._people_by_id:
            self._remember(people.identity(self.session, parent.author_id))
        return self._people_by_id[parent.author_id]

    def _open(self, thread_id: int, author: people.Identity, visibility: Visibility, at_ms: int) -> ConversationInHand:
        customer = author.customer_id
        if customer is None:
            customer = self._next_customer
            self._next_customer += 1
            self._customer_rows.append((customer, at_ms))
            self._remember(people.Identity(author.id, author.author, customer))
            if author.id in self._identity_rows:
                self._identity_rows[author.id] = (*self._identity_rows[author.id][:5], customer)
            else:
                self._became_customers.append((customer, author.id))
        found = ConversationInHand(self._next_conversation, thread_id, author.id, customer, visibility, at_ms)
        self._next_conversation += 1
        if visibility == "private":
            found.linked_to = self._grown_from(author.id, customer)
        self._keep(found)
        return found

    def _link_again(self, found: ConversationInHand, at_ms: int) -> None:
        """Networks have one private thread for each person: what they go on with there is what was public since."""
        if found.new or at_ms <= found.last_message_ms:
            return
        public = conversations.public_since(self.session, found.customer_id, self.account, found.last_message_ms)
        if public is not None and public != found.linked_to:
            found.linked_to, found.changed = public, True

    def _grown_from(self, author: int, customer: int) -> int | None:
        """The public conversation that a private one grew from."""
        here = [c for c in self._by_id.values() if c.author_id == author and c.visibility == "public"]
        if here:
            return max(here, key=lambda c: c.last_message_ms).id
        return conversations.latest_public(self.session, customer, self.account)

    # ── writing ───────────────────────────────────────────────────────────────────────────────────

    def write(self) -> None:
        """Write each table once."""
        session = self.session
        people.insert_customers(session, self._customer_rows)
        people.insert_identities(session, self._identity_rows.values())
        people.rename_identities(session, self._renamed.values())
        people.set_customers(session, self._became_customers)
        fresh = [c for c in self._by_id.values() if c.new]
        conversations.insert_conversations(session, [inserted(c, self.account) for c in fresh])
        changed = [c for c in self._by_id.values() if c.changed and not c.new]
        conversations.update_counted(session, [updated(c) for c in changed])
        messages.insert_messages(session, self._message_rows)
        search.index_messages(session, self._texts)
        messages.remove_places(session, self._filled)
        filled = {row[1] for row in self._filled}
        messages.insert_places(session, [row for row in self._place_rows if row[1] not in filled])
        self._write_waits()
        for found in self._counting.reopened:
            events.record(session, self.received_at, "reopened", self.account, found.id, "", {})

    def _write_waits(self) -> None:
        # Closed ones first: a conversation has one open wait at a time, and the database holds us to it.
        owned = [*self._counting.closed, *((c, c.wait) for c in self._by_id.values() if c.wait is not None)]
        waits.update_waits(self.session, [wait_updated(wait) for _, wait in owned if wait.changed and not wait.new])
        waits.insert_waits(self.session, [wait_inserted(c, wait, self.account) for c, wait in owned if wait.new])


def _goes_on(parent: Place | None, found: ConversationInHand, author: people.Identity) -> bool:
    """Whether who speaks below `parent` speaks to us, as they do below a message of their own that did.

    So does, for all that one knows, who speaks below one that has not come yet: better heard in vain than not at all.
    """
    if parent is None or parent.message_id is None:
        return parent is not None
    return parent.conversation_id == found.id and parent.author_id == author.id


def _thread_key(item: Item) -> str:
    """The network's own name of an item's thread; private messages have one a person."""
    if item.thread_remote_id:
        return f"thread:{item.thread_remote_id}"
    if item.visibility == "private":
        other = item.recipient if item.own else item.author
        if other is not None:
            return f"thread:private:{other.remote_id}"
    return ""
