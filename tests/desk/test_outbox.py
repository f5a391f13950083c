"""What a person does about a reply on its way: nobody's text is lost by it, and nothing leaves unseen."""

from __future__ import annotations

import pytest

from carecli.desk.claims import claim
from carecli.desk.conversation import open_conversation
from carecli.desk.drafts import save_draft
from carecli.desk.outbox import cancel, entry_of, resolve, retry
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.views import QueueFilter
from carecli.errors import Refused, Stale
from carecli.model import Item, OutboxEntry
from carecli.store import accounts, outbox
from carecli.worker.intake import take_in
from tests.shop import Shop, load_draft
from tests.worker.test_intake import POLICIES


def waiting(shop: Shop) -> int:
    """Andy's conversation, which waits for an answer and has been read."""
    shop.customer_writes("My line is slow")
    shop.work()
    number = first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id
    open_conversation(shop.desk, number)
    return number


def rejected(shop: Shop, number: int, text: str = "Hi Andy.") -> OutboxEntry:
    """A reply that was stopped because the customer wrote on, so that its text is a draft again."""
    entry = reply(shop.desk, number, text, "public", seen_version=None, hold=False)
    customer_goes_on(shop)
    shop.work()
    assert entry_of(shop.desk, entry.id).state == "rejected"
    return entry


def customer_goes_on(shop: Shop) -> None:
    shop.clock.advance(1)
    shop.customer_writes("Hello?", reply_to=shop.network.posts_after(0, 1)[0].id)


def lost(shop: Shop, number: int) -> OutboxEntry:
    """A reply that arrived, and of which nobody could read that."""
    entry = reply(shop.desk, number, "Hi Andy.", "public", seen_version=None, hold=False, further=["And bye."])
    shop.faults.send.append("act_then_unknown")
    shop.faults.read.extend(["none", "unreachable"])
    shop.work()
    assert entry_of(shop.desk, entry.id).state == "unknown"
    return entry


# ── taking back ───────────────────────────────────────────────────────────────────────────────────


def test_what_its_author_writes_now_stays_below_a_reply_that_is_taken_back(shop: Shop) -> None:
    number = waiting(shop)
    entry = reply(shop.desk, number, "Hi Andy.", "public", seen_version=None, hold=True)
    save_draft(shop.desk, number, "One more thing", 3, "public", 1)
    assert cancel(shop.desk, entry.id) == "Hi Andy."
    draft = load_draft(shop.desk, number)
    assert draft is not None and draft.text == "Hi Andy.\nOne more thing"


def test_a_private_reply_taken_back_makes_a_private_draft_whatever_stood_there(shop: Shop) -> None:
    number = waiting(shop)
    entry = reply(shop.desk, number, "Your account is 12.", "private", seen_version=None, hold=True)
    save_draft(shop.desk, number, "One more thing", 3, "public", 1)
    cancel(shop.desk, entry.id)
    draft = load_draft(shop.desk, number)
    assert draft is not None and draft.visibility == "private"


def test_a_rejected_reply_that_is_a_draft_already_is_not_put_there_twice(shop: Shop) -> None:
    number = waiting(shop)
    entry = rejected(shop, number)
    cancel(shop.desk, entry.id)
    draft = load_draft(shop.desk, number)
    assert draft is not None and draft.text == "Hi Andy."


@pytest.mark.parametrize("state", ["sending", "unknown"])
def test_a_reply_that_may_stand_at_the_network_cannot_be_taken_back(shop: Shop, state: str) -> None:
    entry = reply(shop.desk, waiting(shop), "Hi Andy.", "public", seen_version=None, hold=False)
    with shop.database.write() as session:
        outbox.begin_attempt(session, entry.id)
        if state == "unknown":
            outbox.doubt(session, entry.id, shop.clock.now(), "The connection was cut.")
    with pytest.raises(Refused, match=f"It is {state} already"):
        cancel(shop.desk, entry.id)
    assert entry_of(shop.desk, entry.id).state == state


def test_a_reply_taken_back_is_still_one_written_before_the_customer_went_on(shop: Shop) -> None:
    number = waiting(shop)
    entry = reply(shop.desk, number, "Hi Andy.", "public", seen_version=None, hold=True)
    customer_goes_on(shop)
    shop.work()
    cancel(shop.desk, entry.id)
    draft = load_draft(shop.desk, number)
    assert draft is not None
    with pytest.raises(Stale):
        reply(shop.desk, number, draft.text, "public", seen_version=draft.seen_version, hold=False)


# ── sending again ─────────────────────────────────────────────────────────────────────────────────


def test_a_reply_is_sent_again_only_after_reading_what_stopped_it(shop: Shop) -> None:
    number = waiting(shop)
    entry = rejected(shop, number)
    with pytest.raises(Stale):
        retry(shop.desk, entry.id)
    open_conversation(shop.desk, number)
    retry(shop.desk, entry.id)
    shop.work()
    assert [post.text for post in shop.posts_by_us()] == ["Hi Andy. ^CL"]
    assert load_draft(shop.desk, number) is None


def test_a_reply_is_not_sent_again_while_a_colleague_has_the_conversation(shop: Shop) -> None:
    number = waiting(shop)
    entry = rejected(shop, number)
    open_conversation(shop.desk, number)
    claim(shop.desk_of("rob"), number, takeover=True)
    with pytest.raises(Refused, match="rob has this conversation"):
        retry(shop.desk, entry.id)
    assert entry_of(shop.desk, entry.id).state == "rejected"


def test_what_is_sent_again_goes_under_a_new_key(shop: Shop) -> None:
    number = waiting(shop)
    entry = rejected(shop, number)
    open_conversation(shop.desk, number)
    assert retry(shop.desk, entry.id).parts[0].key != entry.parts[0].key


def test_sending_again_leaves_alone_what_its_author_writes_now(shop: Shop) -> None:
    number = waiting(shop)
    entry = rejected(shop, number)
    open_conversation(shop.desk, number)
    save_draft(shop.desk, number, "Another text", 3, "public", 1)
    retry(shop.desk, entry.id)
    draft = load_draft(shop.desk, number)
    assert draft is not None and draft.text == "Another text"


# ── settling ──────────────────────────────────────────────────────────────────────────────────────


def test_who_wrote_after_a_reply_still_waits_when_that_is_settled_as_sent(shop: Shop) -> None:
    number = waiting(shop)
    entry = reply(shop.desk, number, "Hi Andy.", "public", seen_version=None, hold=False)
    shop.faults.send.append("act_then_unknown")
    shop.work()
    customer_goes_on(shop)
    shop.faults.read.extend(["none", "unreachable"])
    shop.work()
    resolve(shop.desk, entry.id, "sent", shop.posts_by_us()[0].id)
    assert [row.conversation_id for row in first_rows(shop.desk, QueueFilter(), 5)] == [number]


def test_parts_follow_one_that_was_settled_as_sent_without_its_id(shop: Shop) -> None:
    entry = lost(shop, waiting(shop))
    resolve(shop.desk, entry.id, "sent")
    shop.work()
    assert entry_of(shop.desk, entry.id).state == "sent"
    assert [post.text for post in shop.posts_by_us()] == ["Hi Andy. ^CL", "And bye. ^CL"]


@pytest.mark.parametrize("came_before", [True, False])
def test_a_reply_settled_as_sent_is_its_author_s_whenever_it_comes_in(shop: Shop, came_before: bool) -> None:
    entry = lost(shop, waiting(shop))
    if came_before:
        comes_in(shop, "X1")
    resolve(shop.desk, entry.id, "sent", "X1")
    if not came_before:
        comes_in(shop, "X1")
    with shop.database.read() as session:
        assert session.all("SELECT agent FROM message WHERE remote_id = 'X1'") == [("claire",)]


def comes_in(shop: Shop, remote_id: str) -> None:
    """A post of ours comes in from a network that tells no keys."""
    post = Item(remote_id, shop.network.account, "Hi Andy. ^CL", shop.clock.now(), own=True)
    with shop.database.write() as session:
        account = accounts.account_id(session, "care")
        take_in(session, account, [post], received_at=shop.clock.now(), policies=POLICIES)
