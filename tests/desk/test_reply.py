"""A reply's way: from the text to the network, signed, once, never stale, never to the wrong audience."""

from __future__ import annotations

import pytest

from carecli.channels.base import Permission
from carecli.channels.sandbox.channel import SandboxChannel
from carecli.desk.claims import claim
from carecli.desk.composing import composing
from carecli.desk.conversation import open_conversation, view_conversation
from carecli.desk.drafts import save_draft
from carecli.desk.outbox import cancel, entry_of, outbox
from carecli.desk.queue import first_rows
from carecli.desk.reply import go_private, reply
from carecli.desk.views import QueueFilter
from carecli.errors import NotFound, Refused, Stale
from carecli.model import Item
from tests.shop import Shop, load_draft
from tests.sparing import NOTE, SparingChannel


def waiting(shop: Shop, text: str = "My line is slow", handle: str = "andy") -> int:
    """A conversation that waits for an answer."""
    shop.customer_writes(text, handle)
    shop.work()
    rows = first_rows(shop.desk, QueueFilter(), 50)
    return next(row.conversation_id for row in rows if row.handle == handle)


def test_a_reply_reaches_the_network_signed_and_stops_the_clock(shop: Shop) -> None:
    number = waiting(shop)
    entry = reply(shop.desk, number, "Hi Andy, a new router is on its way.", "public", seen_version=1, hold=False)
    assert (entry.state, entry.parts[0].text) == ("queued", "Hi Andy, a new router is on its way. ^CL")
    shop.work()
    assert entry_of(shop.desk, entry.id).state == "sent"
    assert [post.text for post in shop.posts_by_us()] == ["Hi Andy, a new router is on its way. ^CL"]
    assert first_rows(shop.desk, QueueFilter(), 5) == ()
    assert view_conversation(shop.desk, number).state == "waiting"


def test_what_we_sent_comes_back_from_the_network_as_the_same_message(shop: Shop) -> None:
    number = waiting(shop)
    reply(shop.desk, number, "Hi Andy, done.", "public", seen_version=1, hold=False)
    for _ in range(3):
        shop.work()
    assert [row.agent for row in view_conversation(shop.desk, number).thread if row.ours] == ["claire"]


def test_the_reply_answers_the_customer_s_own_newest_message(shop: Shop) -> None:
    first = shop.customer_writes("My line is slow")
    shop.pass_minutes(20)
    second = shop.customer_writes("Hello?", reply_to=first.id)
    shop.work()
    number = first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id
    reply(shop.desk, number, "Hi Andy, we are on it.", "public", seen_version=None, hold=False)
    shop.work()
    assert shop.posts_by_us()[0].parent_id == second.id


def test_a_signature_typed_by_hand_is_not_doubled(shop: Shop) -> None:
    number = waiting(shop)
    entry = reply(shop.desk, number, "Hi Andy, done. ^CL", "public", seen_version=1, hold=False)
    assert entry.parts[0].text == "Hi Andy, done. ^CL"


def test_a_colleague_s_signature_is_refused_and_the_draft_kept(shop: Shop) -> None:
    number = waiting(shop)
    save_draft(shop.desk, number, "Hi Andy, done. ^RI", 5, "public", 1)
    with pytest.raises(Refused) as caught:
        reply(shop.desk, number, "Hi Andy, done. ^RI", "public", seen_version=1, hold=False)
    assert caught.value.rule == "foreign-signature"
    assert load_draft(shop.desk, number) is not None
    assert outbox(shop.desk) == ()


def test_a_reply_takes_the_draft_with_it(shop: Shop) -> None:
    number = waiting(shop)
    save_draft(shop.desk, number, "Hi Andy, done.", 3, "public", 1)
    reply(shop.desk, number, "Hi Andy, done.", "public", seen_version=1, hold=False)
    assert load_draft(shop.desk, number) is None


def test_a_reply_to_a_conversation_that_moved_on_is_stopped(shop: Shop) -> None:
    post = shop.customer_writes("My line is slow")
    shop.work()
    number = first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id
    seen = open_conversation(shop.desk, number).version
    shop.pass_minutes(12)
    shop.customer_writes("It works again, never mind", reply_to=post.id)
    shop.work()
    with pytest.raises(Stale):
        reply(shop.desk, number, "Hi Andy, on it.", "public", seen_version=seen, hold=False)
    assert outbox(shop.desk) == ()


def test_a_colleague_s_claim_stops_a_reply_and_a_takeover_lets_it_pass(shop: Shop) -> None:
    number = waiting(shop)
    claim(shop.desk_of("rob"), number)
    with pytest.raises(Refused, match="rob has this conversation"):
        reply(shop.desk, number, "Hi Andy.", "public", seen_version=None, hold=False)
    claim(shop.desk, number, takeover=True)
    assert reply(shop.desk, number, "Hi Andy.", "public", seen_version=None, hold=False).state == "queued"


def test_the_same_words_leave_once_until_the_customer_writes_again(shop: Shop) -> None:
    post = shop.customer_writes("My line is slow")
    shop.work()
    number = first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id
    first = reply(shop.desk, number, "Hi Andy.", "public", seen_version=None, hold=False)
    with pytest.raises(Refused, match="same words") as refused:
        reply(shop.desk, number, "Hi Andy.", "public", seen_version=None, hold=False)
    assert f"`carecli outbox show {first.id}`" in refused.value.remedy
    shop.work()
    with pytest.raises(Refused, match="same words"):
        reply(shop.desk, number, "Hi Andy.", "public", seen_version=None, hold=False, dry_run=True)
    shop.clock.advance(60)
    shop.customer_writes("Still slow", reply_to=post.id)
    shop.work()
    open_conversation(shop.desk, number)
    assert reply(shop.desk, number, "Hi Andy.", "public", seen_version=None, hold=False).state == "queued"


def test_what_was_taken_back_can_be_said_again(shop: Shop) -> None:
    number = waiting(shop)
    cancel(shop.desk, reply(shop.desk, number, "Hi Andy.", "public", seen_version=None, hold=True).id)
    assert reply(shop.desk, number, "Hi Andy.", "public", seen_version=None, hold=True).state == "held"


def test_a_private_conversation_is_never_answered_in_public(shop: Shop) -> None:
    shop.customer_writes("my account is 12", visibility="private")
    shop.work()
    number = first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id
    with pytest.raises(Refused) as caught:
        reply(shop.desk, number, "Thanks, Andy.", "public", seen_version=None, hold=False)
    assert caught.value.rule == "not-allowed"
    reply(shop.desk, number, "Thanks, Andy.", "private", seen_version=None, hold=False)
    shop.work()
    assert [post.visibility for post in shop.posts_by_us()] == ["private"]


def test_a_private_answer_to_a_public_question_stops_its_clock_and_is_linked(shop: Shop) -> None:
    number = waiting(shop)
    reply(shop.desk, number, "Hi Andy, what is your postcode?", "private", seen_version=None, hold=False)
    shop.work()
    assert first_rows(shop.desk, QueueFilter(), 5) == ()
    move = go_private(shop.desk, number)
    assert move.conversation_id is not None
    assert view_conversation(shop.desk, move.conversation_id).linked_to == number


def test_without_a_private_conversation_going_private_gives_an_invitation(shop: Shop) -> None:
    move = go_private(shop.desk, waiting(shop))
    assert move.conversation_id is None
    assert move.invitation.endswith("/NorthwindCare")
    assert move.text == f"Please send us a private message, so that we can look into it: {move.invitation}"


def test_an_invitation_is_written_in_the_customer_s_language(shop: Shop) -> None:
    shop.customer_writes("Nie działa internet", language="pl")
    shop.work()
    move = go_private(shop.desk, first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id)
    assert move.text == f"Prosimy o wiadomość prywatną, sprawdzimy to: {move.invitation}"


def test_who_follows_an_invitation_has_both_conversations_linked_each_way(shop: Shop) -> None:
    number = waiting(shop)
    reply(shop.desk, number, go_private(shop.desk, number).text, "public", seen_version=None, hold=False)
    shop.work()
    shop.clock.advance(60)
    shop.customer_writes("Here I am", visibility="private")
    shop.work()
    private = go_private(shop.desk, number).conversation_id
    assert private is not None
    assert view_conversation(shop.desk, private).linked_to == number
    assert view_conversation(shop.desk, number).linked_to == private


def test_a_private_conversation_says_what_cannot_be_seen_and_a_public_one_does_not(shop: Shop) -> None:
    shop.client = SparingChannel.fresh()
    number = waiting(shop)
    shop.customer_writes("Here I am", visibility="private")
    shop.work()
    private = go_private(shop.desk, number).conversation_id
    assert private is not None
    assert view_conversation(shop.desk, private).private_note == NOTE
    assert view_conversation(shop.desk, number).private_note == ""


def test_a_text_longer_than_the_network_takes_is_refused_here(shop: Shop) -> None:
    with pytest.raises(Refused) as caught:
        reply(shop.desk, waiting(shop), "a" * 281, "public", seen_version=None, hold=False)
    assert caught.value.rule == "over-length"


def test_an_empty_reply_is_refused(shop: Shop) -> None:
    with pytest.raises(Refused):
        reply(shop.desk, waiting(shop), "  \n ", "public", seen_version=None, hold=False)


def test_a_dry_run_shows_what_would_leave_and_stores_nothing(shop: Shop) -> None:
    number = waiting(shop)
    entry = reply(shop.desk, number, "Hi Andy.", "public", seen_version=None, hold=False, dry_run=True)
    assert (entry.id, entry.parts[0].text) == (0, "Hi Andy. ^CL")
    assert outbox(shop.desk) == ()


def test_a_held_reply_leaves_only_when_its_undo_time_is_over(shop: Shop) -> None:
    entry = reply(shop.desk, waiting(shop), "Hi Andy.", "public", seen_version=None, hold=True)
    assert entry.state == "held"
    shop.work()
    assert shop.posts_by_us() == []
    shop.clock.advance(10)
    shop.work()
    assert len(shop.posts_by_us()) == 1


def test_undo_gives_the_text_back_without_its_signature(shop: Shop) -> None:
    number = waiting(shop)
    entry = reply(shop.desk, number, "Hi Andy.", "public", seen_version=None, hold=True)
    assert cancel(shop.desk, entry.id) == "Hi Andy."
    shop.clock.advance(60)
    shop.work()
    assert shop.posts_by_us() == []
    draft = load_draft(shop.desk, number)
    assert draft is not None and draft.text == "Hi Andy."


def test_what_has_left_cannot_be_taken_back(shop: Shop) -> None:
    entry = reply(shop.desk, waiting(shop), "Hi Andy.", "public", seen_version=None, hold=False)
    shop.work()
    with pytest.raises(Refused, match="sent already"):
        cancel(shop.desk, entry.id)
    with pytest.raises(NotFound):
        cancel(shop.desk, 4711)


def test_only_a_lead_sends_against_a_rule_and_the_reason_is_kept(shop: Shop) -> None:
    number = waiting(shop)
    with pytest.raises(Refused, match="Only a lead"):
        reply(shop.desk_of("rob"), number, "Hi.", "public", seen_version=None, hold=False, override="urgent")
    entry = reply(shop.desk, number, "Hi.", "public", seen_version=None, hold=False, override="urgent")
    assert (entry.approved_by, entry.override) == ("claire", "urgent")


def test_a_connection_that_was_never_made_is_tried_again_later(shop: Shop) -> None:
    entry = reply(shop.desk, waiting(shop), "Hi Andy.", "public", seen_version=None, hold=False)
    shop.faults.send.append("not_sent")
    shop.work()
    assert entry_of(shop.desk, entry.id).state == "queued"
    shop.pass_minutes(10)
    shop.work()
    assert entry_of(shop.desk, entry.id).state == "sent"
    assert len(shop.posts_by_us()) == 1


@pytest.mark.parametrize("fault", ["act_then_unknown", "unknown_without_acting"])
def test_an_unknown_outcome_ends_in_exactly_one_copy(shop: Shop, fault: str) -> None:
    entry = reply(shop.desk, waiting(shop), "Hi Andy.", "public", seen_version=None, hold=False)
    shop.faults.send.append(fault)  # type: ignore[arg-type]
    shop.work()
    assert entry_of(shop.desk, entry.id).state in ("unknown", "sent")
    for _ in range(3):
        shop.pass_minutes(1)
        shop.work()
    assert entry_of(shop.desk, entry.id).state == "sent"
    assert len(shop.posts_by_us()) == 1


def test_a_reply_whose_signature_was_tampered_with_never_leaves(shop: Shop) -> None:
    entry = reply(shop.desk, waiting(shop), "Hi Andy.", "public", seen_version=None, hold=False)
    with shop.database.write() as session:
        session.run("UPDATE outbox_part SET text = 'Hi Andy.' WHERE outbox_id = :id", {"id": entry.id})
    shop.work()
    assert entry_of(shop.desk, entry.id).state == "rejected"
    assert shop.posts_by_us() == []


def test_the_network_s_rule_sees_what_a_message_carries_besides_its_text(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = waiting(shop)
    with shop.database.write() as session:
        session.run("""UPDATE message SET attachments = '["quote: @NorthwindCare: Good morning!"]'""")
    seen: list[tuple[str, ...]] = []

    def can_reply(_: SandboxChannel, item: Item, *__: object) -> Permission:
        seen.append(item.attachments)
        return Permission(True)

    monkeypatch.setattr(SandboxChannel, "can_reply", can_reply)
    composing(shop.desk, number, "public")
    assert seen == [("quote: @NorthwindCare: Good morning!",)]
