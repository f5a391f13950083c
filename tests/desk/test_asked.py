"""What a conversation leaves to answer and to remember."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from carecli.desk.asked import tick
from carecli.desk.conversation import view_conversation
from carecli.desk.reply import reply
from carecli.desk.views import QuestionRow
from carecli.errors import NotFound
from tests.shop import Shop, open_shop

ASKED = "My line is dead. Is there an outage? And when will it be back? Please no technician again."


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path) as one:
        one.customer_writes(ASKED, "ada", name="Ada Byron")
        one.work()
        yield one


def questions(shop: Shop) -> tuple[QuestionRow, ...]:
    return view_conversation(shop.desk, 1).questions


def test_the_customer_s_questions_stand_beside_the_thread(shop: Shop) -> None:
    assert [row.text for row in questions(shop)] == ["Is there an outage?", "And when will it be back?"]
    assert not any(row.ticked for row in questions(shop))


def test_a_question_is_ticked_off_and_opened_again_for_all_colleagues(shop: Shop) -> None:
    first = questions(shop)[0]
    for _ in range(2):
        tick(shop.desk, 1, first.message_id, first.number)
    assert [row.ticked for row in questions(shop)] == [True, False]
    tick(shop.desk, 1, first.message_id, first.number, ticked=False)
    assert [row.ticked for row in questions(shop)] == [False, False]


def test_a_question_that_nobody_asked_cannot_be_ticked_off(shop: Shop) -> None:
    with pytest.raises(NotFound, match="no question"):
        tick(shop.desk, 1, questions(shop)[0].message_id, 9)


def test_what_is_answered_is_asked_no_more(shop: Shop) -> None:
    reply(shop.desk, 1, "Yes, and it is back within 2 hours.", "public", seen_version=None, hold=False)
    shop.work()
    view = view_conversation(shop.desk, 1)
    assert view.questions == ()
    assert [promise.words for promise in view.promises] == ["within 2 hours"]
    assert (view.promises[0].due_at - shop.desk.now()).total_seconds() <= 7200


def test_what_they_said_no_to_is_remembered(shop: Shop) -> None:
    assert view_conversation(shop.desk, 1).declined == ("a visit by a technician",)
