"""Masking at the desk: what people wrote of themselves is hidden in every view, until somebody asks for it by name."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from carecli.desk.changes import Happening, Position, happenings
from carecli.desk.conversation import open_conversation, reveal, view_conversation
from carecli.desk.masking import Masking
from carecli.desk.opening import opened
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.views import QueueFilter
from carecli.desk.workflow import add_note, resolve
from carecli.errors import NotFound, Refused
from tests.shop import CONFIG, Shop, open_shop

CARD, MASKED = "4111 1111 1111 1111", "**** **** **** 1111"


def happened(shop: Shop, kind: str) -> list[Happening]:
    return [one for one in happenings(shop.desk, Position())[0] if one.kind == kind]


def test_a_card_stands_masked_in_the_queue_the_thread_and_what_is_watched(shop: Shop) -> None:
    shop.customer_writes(f"You took it twice from {CARD}, why?")
    shop.work()

    view = view_conversation(shop.desk, 1)
    assert view.thread[0].text == f"@NorthwindCare You took it twice from {MASKED}, why?"
    assert view.questions[0].text == f"You took it twice from {MASKED}, why?"
    assert (view.masked, view.revealed) == (True, False)
    assert first_rows(shop.desk, QueueFilter(), 9)[0].excerpt == f"You took it twice from {MASKED}, why?"
    assert [MASKED in one.text for one in happened(shop, "message")] == [True]


def test_a_search_still_finds_what_was_written(shop: Shop) -> None:
    shop.customer_writes("Write to andy.loynes@example.com please")
    shop.work()

    assert [row.excerpt for row in first_rows(shop.desk, QueueFilter(search="loynes"), 9)] == [
        "Write to a**********@*******.com please"
    ]


def test_private_messages_names_and_notes_are_masked_too(shop: Shop) -> None:
    shop.customer_writes("It is +44 7700 900123", visibility="private", name="Andy 07700900123")
    shop.work()
    add_note(shop.desk, 1, "Call him on +44 7700 900123")

    view = view_conversation(shop.desk, 1)
    assert view.name == "Andy *********23"
    assert view.thread[0].text == "It is +** **** ****23"
    assert view.notes[0].text == "Call him on +** **** ****23"


def test_what_is_revealed_is_logged_before_with_who_asked(shop: Shop) -> None:
    shop.customer_writes(f"My card is {CARD}")
    shop.work()

    reveal(shop.desk_of("rob"), 1)
    view = view_conversation(shop.desk, 1, revealed=True)

    assert CARD in view.thread[0].text
    assert (view.masked, view.revealed) == (False, True)
    assert [(one.agent, one.conversation_id) for one in happened(shop, "revealed")] == [("rob", 1)]
    assert CARD in open_conversation(shop.desk, 1, revealed=True).thread[0].text
    assert CARD in opened(shop.desk, 1, revealed=True).view.thread[0].text
    assert CARD not in opened(shop.desk, 1).view.thread[0].text


def test_a_conversation_that_is_not_there_is_not_revealed(shop: Shop) -> None:
    with pytest.raises(NotFound):
        reveal(shop.desk, 99)


def test_a_conversation_without_personal_data_has_nothing_to_reveal(shop: Shop) -> None:
    shop.customer_writes("Order 4111111111111111 is late")
    shop.work()

    view = view_conversation(shop.desk, 1, revealed=True)
    assert (view.masked, view.revealed) == (False, False)


def test_the_log_keeps_a_reason_masked(shop: Shop) -> None:
    shop.customer_writes("Where is it?")
    shop.work()
    resolve(shop.desk, 1, "no_reply_needed", f"paid with {CARD}")

    (event,) = happened(shop, "resolved")
    assert msgspec.json.decode(event.data)["reason"] == f"paid with {MASKED}"


def test_a_number_that_is_cut_by_the_excerpt_is_masked_as_a_whole(shop: Shop) -> None:
    shop.customer_writes(f"{'so slow ' * 24} {CARD} and more")
    shop.work()

    excerpt = first_rows(shop.desk, QueueFilter(), 9)[0].excerpt
    assert len(excerpt) == 200
    assert excerpt.endswith(" **** ***")


def test_a_public_reply_with_personal_data_is_refused_without_repeating_it(shop: Shop) -> None:
    shop.customer_writes("Which number do you have?")
    shop.work()

    with pytest.raises(Refused) as refusal:
        reply(shop.desk, 1, f"Hi Andy, it is {CARD}.", "public", seen_version=None, hold=False)
    assert refusal.value.rule == "personal-data"
    assert CARD not in str(refusal.value)


def test_the_brands_own_contacts_are_shown_and_may_be_sent(tmp_path: Path) -> None:
    own = CONFIG.replace("[playbooks.desk]", '[playbooks.desk]\nown_contacts = ["0117 496 0100", "@northwind.example"]')
    with open_shop(tmp_path, own) as shop:
        shop.customer_writes("Nobody answers on 0117 496 0100 nor at care@northwind.example")
        shop.work()
        reply(shop.desk, 1, "Hi Andy, 0117 496 0100 works again.", "public", seen_version=None, hold=False)

        assert "0117 496 0100 nor at care@northwind.example" in view_conversation(shop.desk, 1).thread[0].text


def test_a_view_knows_whether_it_hides_anything() -> None:
    plain, shown = Masking(), Masking()
    assert plain.text("Hi\nthere") == "Hi\nthere"
    assert shown.line("a\x1b b@example.com") == "a\ufffd *@*******.com"
    assert (plain.hidden, shown.hidden) == (False, True)
    assert Masking(revealed=True).line("b@example.com") == "b@example.com"
