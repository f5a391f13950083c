"""Intake: a page of items becomes messages in threads, conversations and waits, in one transaction.

Decides where each item belongs: whatever comes twice, out of order or with a parent that nobody has ends up in the same
place. Not for: asking the network (`poll`), or what is read and written for it (`batch`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from carecli.model import Conversation, Item, Record
from carecli.playbook.folding import fold
from carecli.playbook.urgency import NOTHING_SAID, Reading, read
from carecli.store import conversations, events, messages, people, search, threads
from carecli.store.messages import Place, attachments_text
from carecli.store.session import Session, to_ms
from carecli.worker.arrival import arrived
from carecli.worker.batch import Batch, thread_key
from carecli.worker.counting import Policies
from carecli.worker.in_hand import ConversationInHand


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
    batch = Batch(session, account, received_at, policies)
    intake = _Intake(session, account, received_at, batch)
    batch.load(items)
    # All texts at once: what reads them stays in the processor's caches, which takes an eighth off the whole.
    known = batch.stored()
    texts = ["" if item.remote_id in known else fold(item.text) for item in items]
    readings = [
        read(item.text, item.language, folded) if folded and not item.own else NOTHING_SAID
        for item, folded in zip(items, texts, strict=True)
    ]
    for item, folded, reading in zip(items, texts, readings, strict=True):
        intake.add(item, folded, reading)
    batch.write()
    return Taken(tuple(intake.stored), intake.duplicates)


def answered_elsewhere(session: Session, account: int, found: Conversation, at: datetime, policies: Policies) -> None:
    """A conversation's customer was answered at `at` in another one: its clock goes on as if that had been here."""
    batch = Batch(session, account, at, policies)
    batch.load_conversations({found.thread_id})
    batch.counting.answered(batch.by_id[found.id], at, None)
    batch.write()


class _Intake:
    """Decides, item by item, in a batch that has been loaded."""

    def __init__(self, session: Session, account: int, received_at: datetime, batch: Batch) -> None:
        self._session = session
        self._account = account
        self._received_at = received_at
        self._batch = batch
        self._received_ms = to_ms(received_at)
        self.stored: list[str] = []
        self.duplicates = 0

    def add(self, item: Item, folded: str, reading: Reading) -> None:
        """Decide where an item belongs and what it changes. folded, reading: its text, where it is new."""
        batch = self._batch
        here = batch.places.get(item.remote_id)
        if here is not None and here.message_id is not None:
            self.duplicates += 1
            if here.message_id < batch.first_message:
                self._follow(here.message_id, here.conversation_id, item)
            self._learn_thread(here, item)
            return
        if item.deleted:
            return
        parent = batch.places.get(item.parent_remote_id) if item.parent_remote_id else None
        # A private answer to a public post begins a thread of its own: visibility is never mixed by a parent link.
        above = parent if parent is None or parent.message_id is None or parent.visibility == item.visibility else None
        number = batch.next_message
        thread_id = self._thread(item, here, above, number)
        published_ms = to_ms(item.published_at)
        parent = batch.places.get(item.parent_remote_id) if item.parent_remote_id else None
        author = batch.identity(item.author)
        found = self._conversation_for(item, thread_id, author, parent, published_ms)
        batch.next_message += 1
        batch.places[item.remote_id] = Place(
            thread_id, number, found.id if found else None, author.id, item.own, item.visibility
        )
        batch.message_rows.append(
            (
                number,
                self._account,
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
                batch.agents.get(item.remote_id, ""),
                attachments_text(item.attachments),
            )
        )
        batch.texts.append((number, folded))
        self.stored.append(item.remote_id)
        if found is not None and item.own:
            batch.counting.count_own(found, number, item.published_at, published_ms)
        elif found is not None:
            addressed = item.addressed or _goes_on(parent, found, author)
            batch.counting.count(found, item, number, published_ms, reading, addressed)
        if here is not None and not item.own:
            self._adopt(item.remote_id, thread_id)

    def _follow(self, number: int, conversation: int | None, item: Item) -> None:
        """What became of a stored message since: taken away, or edited, by whoever wrote it."""
        text, erased = messages.stored_text(self._session, number)
        if erased or (text == item.text and not item.deleted):
            return
        search.forget_message(self._session, number, fold(text))
        if item.deleted:
            messages.erase(self._session, number, self._received_at)
            kind = "message_deleted"
        else:
            messages.revise(self._session, number, item.text)
            search.index_messages(self._session, [(number, fold(item.text))])
            kind = "message_edited"
        events.record(self._session, self._received_at, kind, self._account, conversation, "", {"message": number})

    def _thread(self, item: Item, here: Place | None, above: Place | None, number: int) -> int:
        """The thread of an item; threads that it ties together become one."""
        key = thread_key(item)
        named = self._batch.places.get(key) if key else None
        if here is None and named is None:
            thread_id = number if above is None else above.thread_id
        else:
            tied = sorted({place.thread_id for place in (here, above, named) if place is not None})
            if len(tied) > 1:
                self._join(tied)
            thread_id = tied[0]
        if here is not None:
            self._batch.filled.append((self._account, item.remote_id))
        same_visibility = above is not None or item.visibility == "public"
        if item.parent_remote_id and same_visibility and item.parent_remote_id not in self._batch.places:
            self._batch.point_to(item.parent_remote_id, thread_id)
        if key and key not in self._batch.places:
            self._batch.point_to(key, thread_id)
        return thread_id

    def _learn_thread(self, here: Place, item: Item) -> None:
        """What we sent was stored before the network told how it names the thread: now it does."""
        key = thread_key(item)
        named = self._batch.places.get(key) if key else None
        if key and named is None:
            self._batch.point_to(key, here.thread_id)
        elif named is not None and named.thread_id != here.thread_id:
            self._join(sorted((named.thread_id, here.thread_id)))

    def _join(self, tied: Sequence[int]) -> None:
        self._batch.write()
        for joined in tied[1:]:
            threads.join_threads(self._session, joined, tied[0])
        self._batch.reload()
        # What the customer asked in the one may have been answered in the other.
        for found in self._batch.by_id.values():
            if found.wait is not None and found.covered is not None and found.wait.run.opened_at <= found.covered:
                self._batch.counting.answered(found, found.covered, None)

    def _adopt(self, remote_id: str, thread_id: int) -> None:
        """Our answers to a message that came before it did: they belong to its author's conversation."""
        self._batch.write()
        self._batch.reload()
        answered = [remote_id]
        while answered:
            parent = answered.pop()
            found = self._batch.by_id.get(self._batch.places[parent].conversation_id or 0)
            for number, answer, at in messages.unclaimed_answers(self._session, thread_id, parent):
                at_ms = to_ms(at)
                if found is None:
                    author = self._batch.people_by_id[self._batch.places[parent].author_id or 0]
                    found = self._batch.open(thread_id, author, "public", at_ms)
                messages.set_conversation(self._session, number, found.id)
                self._batch.places[answer] = Place(thread_id, number, found.id, None, True)
                self._batch.counting.count_own(found, number, at, at_ms)
                answered.append(answer)

    def _conversation_for(
        self, item: Item, thread_id: int, author: people.Identity, parent: Place | None, at_ms: int
    ) -> ConversationInHand | None:
        """Whose conversation an item belongs to; None for a bystander's post and for one that answers nobody."""
        if not item.own:
            found = self._batch.conversations.get((thread_id, author.id, item.visibility))
            if found is None and item.addressed:
                found = self._batch.open(thread_id, author, item.visibility, at_ms)
            elif found is not None and item.visibility == "private":
                self._link_again(found, at_ms)
            return found
        if parent is not None and parent.conversation_id is not None:
            answered = self._batch.by_id.get(parent.conversation_id)
            if answered is not None and answered.visibility == item.visibility:
                return answered
        customer = self._customer_answered(item, parent)
        if customer is None:
            return None
        known = self._batch.conversations.get((thread_id, customer.id, item.visibility))
        return known or self._batch.open(thread_id, customer, item.visibility, at_ms)

    def _customer_answered(self, item: Item, parent: Place | None) -> people.Identity | None:
        if item.recipient is not None:
            return self._batch.identity(item.recipient)
        if parent is None or parent.author_id is None or parent.own:
            return None
        return self._batch.person(parent.author_id)

    def _link_again(self, found: ConversationInHand, at_ms: int) -> None:
        """Networks have one private thread for each person: what they go on with there is what was public since."""
        if found.new or at_ms <= found.last_message_ms:
            return
        public = conversations.public_since(self._session, found.customer_id, self._account, found.last_message_ms)
        if public is not None and public != found.linked_to:
            found.linked_to, found.changed = public, True


def _goes_on(parent: Place | None, found: ConversationInHand, author: people.Identity) -> bool:
    """Whether who speaks below `parent` speaks to us, as they do below a message of their own that did.

    So does, for all that one knows, who speaks below one that has not come yet: better heard in vain than not at all.
    """
    if parent is None or parent.message_id is None:
        return parent is not None
    return parent.conversation_id == found.id and parent.author_id == author.id
