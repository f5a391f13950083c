"""What is done with a conversation besides answering it, and who may do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from carecli.desk.claims import claim
from carecli.desk.context import Desk
from carecli.desk.conversation import view_conversation
from carecli.desk.queue import first_rows
from carecli.desk.views import QueueFilter
from carecli.desk.workflow import add_note, resolve, snooze
from carecli.errors import Refused
from tests.shop import Shop


@pytest.fixture
def number(shop: Shop) -> int:
    """A conversation that waits."""
    shop.customer_writes("My line is slow")
    shop.work()
    return first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id


@pytest.mark.parametrize(
    "leave",
    [
        pytest.param(lambda desk, number: resolve(desk, number, "claimed"), id="resolve"),
        pytest.param(lambda desk, number: snooze(desk, number, desk.now() + timedelta(hours=1)), id="snooze"),
    ],
)
def test_what_a_colleague_has_is_theirs_to_resolve_and_to_snooze(
    shop: Shop, number: int, leave: Callable[[Desk, int], object]
) -> None:
    rob = shop.desk_of("rob")
    claim(rob, number)
    with pytest.raises(Refused, match="rob has this conversation"):
        leave(shop.desk, number)
    assert first_rows(shop.desk, QueueFilter(), 1)[0].claimed_by == "rob"
    leave(rob, number)
    assert first_rows(shop.desk, QueueFilter(), 1) == ()


def test_a_note_can_be_left_whoever_has_the_conversation(shop: Shop, number: int) -> None:
    claim(shop.desk_of("rob"), number)
    add_note(shop.desk, number, "Router swapped in May.")
    assert [note.text for note in view_conversation(shop.desk, number).notes] == ["Router swapped in May."]
