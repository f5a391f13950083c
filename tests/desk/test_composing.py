"""What the composer knows of a conversation before anything is typed: what was asked, complained of, declined, sent."""

from __future__ import annotations

import pytest

from carecli.desk.composing import composing
from carecli.desk.drafts import save_draft
from carecli.desk.opening import opened
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.views import QueueFilter
from carecli.playbook import wording
from carecli.playbook.checks import DraftFacts
from carecli.store import messages, outbox
from tests.shop import Shop


def waiting(shop: Shop) -> int:
    shop.work()
    return first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id


def facts(shop: Shop, number: int) -> DraftFacts:
    return composing(shop.desk, number, "public").facts


def test_what_was_asked_is_what_the_customer_wrote_since_our_last_reply(shop: Shop) -> None:
    first = shop.customer_writes("My line is slow")
    number = waiting(shop)
    assert facts(shop, number).asked == "@NorthwindCare My line is slow"

    reply(shop.desk, number, "Hi Andy, since when?", "public", seen_version=1, hold=False)
    shop.work()
    assert facts(shop, number).asked == ""

    shop.pass_minutes(1)
    second = shop.customer_writes("Since Monday.", reply_to=first.id)
    shop.customer_writes("And it drops.", reply_to=second.id)
    shop.work()
    assert facts(shop, number).asked == "Since Monday.\nAnd it drops."


@pytest.mark.parametrize(("text", "complains"), [("Nothing works, I am furious", True), ("When do you open?", False)])
def test_a_complaint_is_known_as_the_queue_knows_it(shop: Shop, text: str, complains: bool) -> None:
    shop.customer_writes(text)
    assert facts(shop, waiting(shop)).complaint is complains


def test_a_complaint_that_was_answered_is_none_any_more(shop: Shop) -> None:
    shop.customer_writes("Nothing works, I am furious")
    number = waiting(shop)
    reply(shop.desk, number, "Hi Andy, I am sorry. On it.", "public", seen_version=1, hold=False)
    shop.work()
    assert not facts(shop, number).complaint


def test_an_offer_that_the_customer_declined_is_remembered_over_replies(shop: Shop) -> None:
    first = shop.customer_writes("My line is slow, and please don't send a technician again")
    number = waiting(shop)
    reply(shop.desk, number, "Hi Andy, understood.", "public", seen_version=1, hold=False)
    shop.pass_minutes(1)
    shop.customer_writes("And now?", reply_to=first.id)
    shop.work()
    assert facts(shop, number).declined == ("visit",)


def test_the_language_is_the_conversations(shop: Shop) -> None:
    shop.customer_writes("Wo ist mein Paket?", language="de")
    assert facts(shop, waiting(shop)).language == "de"


def test_an_agents_own_replies_are_known_without_their_signature_and_nobody_elses(shop: Shop) -> None:
    shop.customer_writes("My line is slow")
    number = waiting(shop)
    reply(shop.desk, number, "Hi Andy, a router is on its way.", "public", seen_version=1, hold=False)
    shop.work()
    assert facts(shop, number).own_replies == ("Hi Andy, a router is on its way.",)
    assert composing(shop.desk_of("rob"), number, "public").facts.own_replies == ()


def test_no_question_looks_at_more_messages_than_it_asks_for(shop: Shop) -> None:
    wanted = {
        messages.LATEST: "USING INDEX message_thread (thread_id=?)",
        messages.SENT_BY: "USING INDEX message_agent (account_id=? AND agent=?)",
        outbox.SAYING: "USING INDEX outbox_conversation (conversation_id=?)",
    }
    parameters = {"thread": 1, "conversation": 1, "account": 1, "agent": "claire", "limit": 10, "text": ""}
    with shop.database.read() as session:
        for sql, plan in wanted.items():
            found = " ".join(str(row[3]) for row in session.all(f"EXPLAIN QUERY PLAN {sql}", parameters))
            assert plan in found
            assert "SCAN" not in found
            assert "TEMP B-TREE" not in found


def test_getting_ready_for_a_reply_reads_its_languages_phrases_so_that_no_key_press_does(shop: Shop) -> None:
    shop.customer_writes("My line is slow")
    opening = opened(shop.desk, waiting(shop))
    for read_once in (wording._patterns, wording.read_wording, wording.said_in):
        read_once.cache_clear()

    opening.composing.get_ready()
    read = wording._patterns.cache_info().misses
    opening.composing.check("Hi Andy, we are sorry. Please call us.")

    assert wording._patterns.cache_info().misses == read > 0


def test_a_glance_leaves_out_what_texts_ask_unless_a_draft_has_been_begun(shop: Shop) -> None:
    shop.customer_writes("When will it be back?")
    number = waiting(shop)
    glance = opened(shop.desk, number, at_a_glance=True)
    assert (glance.view.questions, glance.composing.facts.open_questions) == ((), ())
    assert opened(shop.desk, number).view.questions
    save_draft(shop.desk, number, "Soon", 4, "public", 1)
    begun = opened(shop.desk, number, at_a_glance=True)
    assert begun.view.questions and begun.composing.facts.open_questions
