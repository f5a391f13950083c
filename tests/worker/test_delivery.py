"""Delivery: one worker at a time, nothing stale, parts in order, nothing past what is unsettled."""

from __future__ import annotations

import pytest

from carecli.channels.base import Prepared, Rejected, SendOutcome, Sent
from carecli.channels.sandbox.channel import SandboxChannel
from carecli.desk.conversation import open_conversation
from carecli.desk.drafts import save_draft
from carecli.desk.outbox import cancel, entry_of, resolve, retry
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.views import QueueFilter
from carecli.errors import LostLease, Refused
from carecli.model import OutboxEntry
from carecli.store import outbox
from carecli.worker.lease import LEASE_SECONDS, Lease
from tests.shop import Shop, load_draft
from tests.sparing import DOUBT, LINK, SparingChannel


def waiting(shop: Shop, handle: str = "andy") -> int:
    """A conversation that waits for an answer, as its author has just seen it."""
    shop.customer_writes("My line is slow", handle)
    shop.work()
    rows = first_rows(shop.desk, QueueFilter(), 50)
    number = next(row.conversation_id for row in rows if row.handle == handle)
    open_conversation(shop.desk, number)
    return number


def answered(shop: Shop, number: int, text: str = "Hi Andy.", *, hold: bool = False) -> OutboxEntry:
    return reply(shop.desk, number, text, "public", seen_version=None, hold=hold)


def texts(shop: Shop) -> list[str]:
    return [post.text for post in shop.posts_by_us()]


# ── never stale ───────────────────────────────────────────────────────────────────────────────────


def test_a_held_reply_stops_when_the_customer_writes_meanwhile_and_its_text_is_kept(shop: Shop) -> None:
    first = shop.customer_writes("My line is slow")
    shop.work()
    number = first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id
    open_conversation(shop.desk, number)
    entry = answered(shop, number, "Hi Andy, a technician comes.", hold=True)
    shop.clock.advance(5)
    shop.customer_writes("It works again, no technician please!", reply_to=first.id)
    shop.work()
    shop.clock.advance(10)
    shop.work()
    assert texts(shop) == []
    stopped = entry_of(shop.desk, entry.id)
    assert stopped.state == "rejected" and "Read what is new" in stopped.error
    draft = load_draft(shop.desk, number)
    assert draft is not None and draft.text == "Hi Andy, a technician comes."


def test_a_colleague_s_answer_stops_a_reply_too(shop: Shop) -> None:
    number = waiting(shop)
    mine = answered(shop, number, hold=True)
    with shop.database.write() as session:
        session.run("UPDATE conversation SET claimed_by = '', claimed_until = NULL")
    reply(shop.desk_of("rob"), number, "Hi Andy, Rob here.", "public", seen_version=None, hold=False)
    shop.work()
    shop.clock.advance(11)
    shop.work()
    assert entry_of(shop.desk, mine.id).state in ("rejected", "sent")
    assert len(texts(shop)) == 1


def test_one_s_own_earlier_reply_does_not_make_the_next_one_stale(shop: Shop) -> None:
    number = waiting(shop)
    answered(shop, number, "Hi Andy, one moment.")
    answered(shop, number, "And here is the answer.")
    for _ in range(3):
        shop.work()
    assert texts(shop) == ["Hi Andy, one moment. ^CL", "And here is the answer. ^CL"]


def test_a_stopped_reply_does_not_overwrite_what_its_author_writes_now(shop: Shop) -> None:
    number = waiting(shop)
    answered(shop, number, "Old text.", hold=True)
    save_draft(shop.desk, number, "New text", 8, "public", 1)
    shop.customer_writes("More news", reply_to=shop.network.posts_after(0, 9)[0].id)
    shop.work()
    shop.clock.advance(11)
    shop.work()
    draft = load_draft(shop.desk, number)
    assert draft is not None and draft.text == "New text"


# ── several parts ─────────────────────────────────────────────────────────────────────────────────


def test_parts_follow_each_other_each_below_the_one_before_each_signed(shop: Shop) -> None:
    number = waiting(shop)
    reply(shop.desk, number, "One.", "public", seen_version=None, hold=False, further=["Two.", "Three."])
    shop.work()
    posts = shop.posts_by_us()
    assert [post.text for post in posts] == ["One. ^CL", "Two. ^CL", "Three. ^CL"]
    assert [post.parent_id for post in posts[1:]] == [posts[0].id, posts[1].id]


@pytest.mark.parametrize("fault", ["not_sent", "act_then_unknown", "unknown_without_acting"])
def test_a_reply_of_several_parts_resumes_at_the_one_that_failed(shop: Shop, fault: str) -> None:
    number = waiting(shop)
    reply(shop.desk, number, "One.", "public", seen_version=None, hold=False, further=["Two.", "Three."])
    shop.faults.send.extend(["none", fault])  # type: ignore[list-item]
    for _ in range(6):
        shop.work()
        shop.pass_minutes(1)
    posts = shop.posts_by_us()
    assert [post.text for post in posts] == ["One. ^CL", "Two. ^CL", "Three. ^CL"]
    assert posts[2].parent_id == posts[1].id


def test_every_part_of_a_private_reply_is_private(shop: Shop) -> None:
    reply(shop.desk, waiting(shop), "One.", "private", seen_version=None, hold=False, further=["Two."])
    shop.work()
    assert [(post.text, post.visibility) for post in shop.posts_by_us()] == [
        ("One. ^CL", "private"),
        ("Two. ^CL", "private"),
    ]


def test_a_reply_of_which_a_part_has_left_cannot_be_taken_back(shop: Shop) -> None:
    number = waiting(shop)
    entry = reply(shop.desk, number, "One.", "public", seen_version=None, hold=False, further=["Two."])
    shop.faults.send.extend(["none", "not_sent"])
    shop.work()
    with pytest.raises(Refused, match="A part of it has left"):
        cancel(shop.desk, entry.id)


def kinds(shop: Shop) -> list[str]:
    """What the log says of replies, in order."""
    with shop.database.read() as session:
        rows = session.all("SELECT kind FROM event WHERE data LIKE '%entry%' ORDER BY id")
    return [row[0] for row in rows]


def test_each_step_of_a_reply_is_a_line_of_the_log(shop: Shop) -> None:
    answered(shop, waiting(shop), hold=True)
    shop.clock.advance(11)
    shop.faults.send.extend(["not_sent", "act_then_unknown"])
    for _ in range(3):
        shop.work()
        shop.pass_minutes(10)
    assert kinds(shop) == ["accepted", "queued", "sending", "postponed", "sending", "unknown", "sent"]


# ── order and unknown outcomes ────────────────────────────────────────────────────────────────────


def test_the_call_is_made_only_when_others_can_read_that_it_is_being_made(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = answered(shop, waiting(shop))
    states: list[str] = []

    def send(channel: SandboxChannel, prepared: Prepared) -> SendOutcome:
        states.append(entry_of(shop.desk, entry.id).state)
        return Rejected("No.")

    monkeypatch.setattr(SandboxChannel, "send", send)
    shop.work()
    assert states == ["sending"]


def test_nothing_leaves_past_an_unsettled_reply_of_the_same_conversation(shop: Shop) -> None:
    number = waiting(shop)
    other = waiting(shop, "zak")
    first = answered(shop, number, "First.")
    shop.faults.send.append("rate_limited")
    shop.work()
    answered(shop, number, "Second.")
    answered(shop, other, "To Zak.")
    shop.work()
    assert entry_of(shop.desk, first.id).state == "queued"
    assert texts(shop) == ["To Zak. ^CL"]
    shop.pass_minutes(10)
    shop.work()
    shop.work()
    assert texts(shop)[1:] == ["First. ^CL", "Second. ^CL"]


def test_a_reply_that_is_sent_again_leaves_past_no_unknown_one_though_that_came_later(shop: Shop) -> None:
    number = waiting(shop)
    first, second = answered(shop, number, "First."), answered(shop, number, "Second.")
    with shop.database.write() as session:
        outbox.move(session, first.id, ["queued"], "rejected", "The network refused it.")
        outbox.begin_attempt(session, second.id)
        outbox.doubt(session, second.id, shop.clock.now(), "The connection was cut.")
    retry(shop.desk, first.id)
    shop.faults.read.extend(["none", "unreachable"])
    shop.work()
    assert [entry_of(shop.desk, entry.id).state for entry in (first, second)] == ["queued", "unknown"]
    shop.pass_minutes(1)
    shop.work()
    assert texts(shop) == ["Second. ^CL", "First. ^CL"]


def test_what_was_left_sending_by_a_process_that_died_is_looked_up_first(shop: Shop) -> None:
    entry = answered(shop, waiting(shop))
    with shop.database.write() as session:
        session.run("UPDATE outbox SET state = 'sending'")
    shop.work()
    shop.work()
    assert entry_of(shop.desk, entry.id).state == "sent"
    assert len(texts(shop)) == 1
    assert kinds(shop) == ["accepted", "unknown", "repeated", "sent"]


def test_a_reply_that_stands_already_is_not_taken_for_the_one_looked_for(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = waiting(shop)
    first, second = answered(shop, number), answered(shop, number, "Hi again, Andy.")
    shop.faults.send.extend(["none", "unknown_without_acting"])
    shop.work()
    shop.work()
    stands = entry_of(shop.desk, first.id).parts[0]
    monkeypatch.setattr(SandboxChannel, "reconcile", lambda *_: Sent(stands.remote_id, shop.clock.now()))
    shop.pass_minutes(1)
    shop.work()
    assert (entry_of(shop.desk, first.id).state, entry_of(shop.desk, second.id).state) == ("sent", "unknown")


def test_a_person_settles_what_stays_unknown_as_not_sent(shop: Shop) -> None:
    entry = answered(shop, waiting(shop))
    with shop.database.write() as session:
        session.run("UPDATE outbox SET state = 'unknown', not_before = 1e14")
    assert resolve(shop.desk, entry.id, "not_sent").state == "queued"
    shop.work()
    assert texts(shop) == ["Hi Andy. ^CL"]


def test_a_person_settles_what_stays_unknown_as_sent_and_it_is_not_sent_again(shop: Shop) -> None:
    entry = answered(shop, waiting(shop))
    with shop.database.write() as session:
        session.run("UPDATE outbox SET state = 'unknown', not_before = 1e14")
    assert resolve(shop.desk, entry.id, "sent", "12345").state == "sent"
    shop.work()
    assert texts(shop) == []
    assert first_rows(shop.desk, QueueFilter(), 5) == ()
    with pytest.raises(Refused, match="not unknown"):
        resolve(shop.desk, entry.id, "sent")


def test_a_rejected_reply_is_sent_again_only_by_a_person_s_word(shop: Shop) -> None:
    number = waiting(shop)
    entry = answered(shop, number)
    with shop.database.write() as session:
        session.run("UPDATE outbox SET state = 'rejected', error = 'no'")
    shop.work()
    assert texts(shop) == []
    retry(shop.desk, entry.id)
    shop.work()
    assert texts(shop) == ["Hi Andy. ^CL"]
    with pytest.raises(Refused, match="not rejected"):
        retry(shop.desk, entry.id)


# ── leases ────────────────────────────────────────────────────────────────────────────────────────


def test_two_workers_on_one_file_never_both_send(shop: Shop) -> None:
    other = shop.another_worker()
    number = waiting(shop)
    answered(shop, number)
    shop.work()
    other.run_once()
    answered(shop, number, "And more.")
    other.run_once()
    assert len(texts(shop)) == 1
    shop.work()
    assert len(texts(shop)) == 2


def test_a_worker_that_slept_through_its_lease_can_neither_write_nor_send(shop: Shop) -> None:
    time = [0.0]
    sleeper = Lease(shop.database, "delivery:care", "sleeper", lambda: time[0])
    assert sleeper.take()
    with shop.database.write() as session:
        session.run("UPDATE lease SET until = 0")
    heir = Lease(shop.database, "delivery:care", "heir", lambda: time[0])
    assert heir.take()
    with pytest.raises(LostLease), shop.database.write() as session:
        sleeper.require(session)
    time[0] += LEASE_SECONDS
    with pytest.raises(LostLease):
        sleeper.require_awake()
    assert not sleeper.take()


def test_each_change_of_hands_has_a_higher_token(shop: Shop) -> None:
    tokens = []
    for holder in ("a", "b", "a"):
        with shop.database.write() as session:
            session.run("UPDATE lease SET until = 0")
        assert Lease(shop.database, "x", holder).take()
        with shop.database.read() as session:
            tokens.append(session.one("SELECT token FROM lease WHERE name = 'x'"))
    assert tokens == [(1,), (2,), (3,)]


# ── what is left to a person ──────────────────────────────────────────────────────────────────────


def test_a_refused_reply_keeps_the_network_s_own_page_until_it_is_sent_again(shop: Shop) -> None:
    shop.client = SparingChannel.fresh()
    number = waiting(shop)
    entry = answered(shop, number, "Hi Andy, refuse me.")
    shop.work()
    refused = entry_of(shop.desk, entry.id)
    assert (refused.state, refused.link) == ("rejected", LINK)
    draft = load_draft(shop.desk, number)
    assert draft is not None and draft.text == "Hi Andy, refuse me."
    assert retry(shop.desk, entry.id).link == ""


def test_a_doubt_is_kept_with_the_reply(shop: Shop) -> None:
    shop.client = SparingChannel.fresh()
    shop.customer_writes("My line is slow, perhaps?")
    shop.work()
    number = next(row.conversation_id for row in first_rows(shop.desk, QueueFilter(), 9) if row.handle == "andy")
    open_conversation(shop.desk, number)
    assert entry_of(shop.desk, answered(shop, number).id).doubt == DOUBT
