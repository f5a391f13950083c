"""A batch: what the database knows around the items of one transaction, and the rows that they become.

Reads what must be known in a few queries and writes each table once, so that intake costs little more than the bare
inserts. Not for: deciding where an item belongs (`intake`), or what it changes in a conversation (`counting`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from carecli.model import Author, Item, Visibility
from carecli.playbook.waits import OpenWait
from carecli.store import conversations, events, messages, outbox_parts, people, search, waits
from carecli.store.messages import Place
from carecli.store.session import Row, Session
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


class Batch:
    """What is known and what is to be written, in memory, between `load` and `write`.

    places, people, conversations: by remote id, by remote id, and by thread, author and visibility; by_id and
    people_by_id hold the same by our ids. agents: who wrote which of our posts, by remote id. next_message: the id
    that the next message gets; those from first_message on are not written yet. texts: folded, by the message's id.
    filled: the places whose message has come.
    """

    def __init__(self, session: Session, account: int, received_at: datetime, policies: Policies) -> None:
        self._session = session
        self._account = account
        self._received_at = received_at
        self._policies = policies
        self._pending: Sequence[Item] = ()
        self._begin()

    def _begin(self) -> None:
        session = self._session
        self.agents: dict[str, str] = {}
        self.places: dict[str, Place] = {}
        self.people: dict[str, people.Identity] = {}
        self.people_by_id: dict[int, people.Identity] = {}
        self.conversations: dict[tuple[int, int, str], ConversationInHand] = {}
        self.by_id: dict[int, ConversationInHand] = {}
        self.message_rows: list[Row] = []
        self.texts: list[tuple[int, str]] = []
        self._place_rows: list[Row] = []
        self.filled: list[Row] = []
        self._identity_rows: dict[int, Row] = {}
        self._renamed: dict[int, Row] = {}
        self._became_customers: list[Row] = []
        self._customer_rows: list[Row] = []
        self.next_message = self.first_message = session.next_id("message")
        self._next_identity = session.next_id("identity")
        self._next_customer = session.next_id("customer")
        self._next_conversation = session.next_id("conversation")
        self.counting = Counting(self._policies, session.next_id("wait"))

    def load(self, items: Sequence[Item]) -> None:
        """Read all that is known of the items, their parents, threads, people and conversations."""
        self._pending = items
        own = {item.remote_id: item.delivery_key for item in items if item.own}
        self.agents = outbox_parts.authors(self._session, self._account, own) if own else {}
        wanted = {item.remote_id for item in items}
        wanted.update(item.parent_remote_id for item in items if item.parent_remote_id)
        wanted.update(thread_key(item) for item in items)
        self.places = messages.places(self._session, self._account, wanted)
        authors = {item.author.remote_id for item in items}
        authors.update(item.recipient.remote_id for item in items if item.recipient is not None)
        self.people = people.identities(self._session, self._account, authors)
        self.people_by_id = {identity.id: identity for identity in self.people.values()}
        self.load_conversations({place.thread_id for place in self.places.values()})

    def stored(self) -> set[str]:
        """The remote ids whose messages are stored."""
        return {remote_id for remote_id, place in self.places.items() if place.message_id is not None}

    def reload(self) -> None:
        """Begin anew with the same items, from what the database knows by now: for rare cases, after `write`."""
        self._begin()
        self.load(self._pending)

    def load_conversations(self, thread_ids: Iterable[int]) -> None:
        """Read the conversations of some threads, and their waits."""
        for row in conversations.counted_in_threads(self._session, thread_ids):
            self._keep(conversation_of(row))
        for number, (wait, heard_by, heard_at) in waits.open_waits(self._session, self.by_id).items():
            found = self.by_id[number]
            run = OpenWait(wait.opened_at, wait.due_at, wait.limit_at, wait.policy, heard_at, wait.bumps)
            asks = "question" in wait.reasons
            found.wait = WaitInHand(wait.id, run, wait.opened_by, heard_by, wait.kind, asks=asks, new=False)
            found.wait.snoozed = 0 if found.snoozed is None else found.snoozed

    def _keep(self, found: ConversationInHand) -> None:
        self.conversations[found.thread_id, found.author_id, found.visibility] = found
        self.by_id[found.id] = found

    def person(self, identity_id: int) -> people.Identity:
        """Somebody who is stored, though perhaps none of the items names them."""
        if identity_id not in self.people_by_id:
            self._remember(people.identity(self._session, identity_id))
        return self.people_by_id[identity_id]

    def identity(self, author: Author) -> people.Identity:
        """Who the author of an item is; somebody new is stored, a new name is followed."""
        known = self.people.get(author.remote_id)
        if known is None:
            known = people.Identity(self._next_identity, author, None)
            self._next_identity += 1
            self._remember(known)
            self._identity_rows[known.id] = (
                known.id, self._account, author.remote_id, author.handle, author.display_name, None,
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
        self.people[identity.author.remote_id] = identity
        self.people_by_id[identity.id] = identity

    def point_to(self, remote_id: str, thread_id: int) -> None:
        """What is not stored has a place in a thread."""
        self.places[remote_id] = Place(thread_id)
        self._place_rows.append((self._account, remote_id, thread_id, ""))

    def open(self, thread_id: int, author: people.Identity, visibility: Visibility, at_ms: int) -> ConversationInHand:
        """A new conversation, by which its author becomes a customer."""
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
        found = ConversationInHand(self._next_conversation, thread_id, author.id, customer, visibility, at_ms, at_ms)
        self._next_conversation += 1
        if visibility == "private":
            found.linked_to = self._grown_from(author.id, customer)
        self._keep(found)
        return found

    def _grown_from(self, author: int, customer: int) -> int | None:
        """The public conversation that a private one grew from."""
        here = [c for c in self.by_id.values() if c.author_id == author and c.visibility == "public"]
        if here:
            return max(here, key=lambda c: c.last_message_ms).id
        return conversations.latest_public(self._session, customer, self._account)

    def write(self) -> None:
        """Write each table once."""
        session = self._session
        people.insert_customers(session, self._customer_rows)
        people.insert_identities(session, self._identity_rows.values())
        people.rename_identities(session, self._renamed.values())
        people.set_customers(session, self._became_customers)
        fresh = [c for c in self.by_id.values() if c.new]
        conversations.insert_conversations(session, [inserted(c, self._account) for c in fresh])
        changed = [c for c in self.by_id.values() if c.changed and not c.new]
        conversations.update_counted(session, [updated(c) for c in changed])
        messages.insert_messages(session, self.message_rows)
        search.index_messages(session, self.texts)
        messages.remove_places(session, self.filled)
        filled = {row[1] for row in self.filled}
        messages.insert_places(session, [row for row in self._place_rows if row[1] not in filled])
        self._write_waits()
        for found in self.counting.reopened:
            events.record(session, self._received_at, "reopened", self._account, found.id, "", {})

    def _write_waits(self) -> None:
        # Closed ones first: a conversation has one open wait at a time, and the database holds us to it.
        owned = [*self.counting.closed, *((c, c.wait) for c in self.by_id.values() if c.wait is not None)]
        waits.update_waits(self._session, [wait_updated(wait) for _, wait in owned if wait.changed and not wait.new])
        waits.insert_waits(self._session, [wait_inserted(c, wait, self._account) for c, wait in owned if wait.new])


def thread_key(item: Item) -> str:
    """The network's own name of an item's thread; private messages have one a person."""
    if item.thread_remote_id:
        return f"thread:{item.thread_remote_id}"
    if item.visibility == "private":
        other = item.recipient if item.own else item.author
        if other is not None:
            return f"thread:private:{other.remote_id}"
    return ""
