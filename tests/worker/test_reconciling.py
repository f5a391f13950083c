"""Reconciling: what may have left is never said not to have, and is finished rather than stopped."""

from __future__ import annotations

import msgspec
import pytest

from carecli.channels.sandbox.wire import Posting
from carecli.desk.conversation import open_conversation
from carecli.desk.outbox import cancel, entry_of
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.views import QueueFilter
from carecli.errors import Refused
from carecli.model import OutboxEntry
from tests.shop import Shop, load_draft


def cut_off(shop: Shop) -> OutboxEntry:
    """A reply whose call was cut before the network acted on it; nobody has looked for it yet."""
    shop.customer_writes("My line is slow")
    shop.work()
    number = first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id
    open_conversation(shop.desk, number)
    entry = reply(shop.desk, number, "Hi Andy.", "public", seen_version=None, hold=False)
    shop.faults.send.append("unknown_without_acting")
    shop.work()
    assert entry_of(shop.desk, entry.id).state == "unknown"
    return entry


def customer_goes_on(shop: Shop) -> None:
    shop.customer_writes("It works again!", reply_to=shop.network.posts_after(0, 1)[0].id)


@pytest.mark.parametrize("fault", ["not_sent", "rate_limited", "paused"])
def test_a_repeated_call_that_was_not_made_leaves_it_unknown_as_the_first_one_did(shop: Shop, fault: str) -> None:
    entry = cut_off(shop)
    shop.faults.send.append(fault)  # type: ignore[arg-type]
    shop.work()
    assert entry_of(shop.desk, entry.id).state == "unknown"
    with pytest.raises(Refused):
        cancel(shop.desk, entry.id)
    shop.pass_minutes(10)
    shop.work()
    assert [post.text for post in shop.posts_by_us()] == ["Hi Andy. ^CL"]


def test_where_the_customer_went_on_a_clean_miss_counts_only_after_some_looks(shop: Shop) -> None:
    entry = cut_off(shop)
    customer_goes_on(shop)
    assert entry.conversation_id is not None
    for seconds in (0, 2, 5):
        shop.clock.advance(seconds)
        shop.work()
        assert entry_of(shop.desk, entry.id).state == "unknown"
    shop.clock.advance(15)
    shop.work()
    assert entry_of(shop.desk, entry.id).state == "rejected"
    draft = load_draft(shop.desk, entry.conversation_id)
    assert draft is not None and draft.text == "Hi Andy."
    assert shop.posts_by_us() == []


def test_a_network_that_acts_late_is_believed_even_where_the_customer_went_on(shop: Shop) -> None:
    entry = cut_off(shop)
    customer_goes_on(shop)
    shop.work()
    with shop.database.read() as session:
        (payload,) = session.all("SELECT payload FROM outbox_part")[0]
    shop.network.publish(msgspec.json.decode(payload, type=Posting), shop.clock.now())
    shop.clock.advance(2)
    shop.work()
    assert entry_of(shop.desk, entry.id).state == "sent"
    assert len(shop.posts_by_us()) == 1


def test_a_private_answer_leaves_the_clock_of_what_was_asked_in_public_after_it(shop: Shop) -> None:
    first = shop.customer_writes("My line is slow")
    shop.work()
    number = first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id
    reply(shop.desk, number, "What is your postcode?", "private", seen_version=None, hold=False)
    shop.faults.send.append("act_then_unknown")
    shop.work()
    shop.clock.advance(60)
    shop.customer_writes("And what about my bill?", reply_to=first.id)
    shop.work()
    assert [row.conversation_id for row in first_rows(shop.desk, QueueFilter(), 5)] == [number]
