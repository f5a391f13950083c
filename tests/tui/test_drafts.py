"""Drafts in hand: stored once, never after they were sent, and never lost when storing fails."""

from __future__ import annotations

import threading

import pytest

from carecli.desk.queue import first_rows
from carecli.desk.views import QueueFilter
from carecli.errors import StoreError
from carecli.tui.drafts import DraftKeeper, Typed
from tests.shop import Shop, load_draft


@pytest.fixture
def number(busy: Shop) -> int:
    return first_rows(busy.desk, QueueFilter(), 1)[0].conversation_id


def test_what_was_typed_last_is_what_is_stored(busy: Shop, number: int) -> None:
    drafts = DraftKeeper(busy.desk)
    drafts.typed(Typed(number, "H", 1, "public", 1))
    drafts.typed(Typed(number, "Hi", 2, "public", 1))
    drafts.save()
    assert drafts.all_saved
    stored = load_draft(busy.desk, number)
    assert stored is not None and (stored.text, stored.cursor) == ("Hi", 2)


def test_what_cannot_be_stored_is_kept(busy: Shop, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    drafts = DraftKeeper(busy.desk)
    typed = Typed(number, "Hi", 2, "public", 1)
    drafts.typed(typed)

    def full(*_: object) -> None:
        raise StoreError("The disk is full.", "Make room.")

    with monkeypatch.context() as patched:
        patched.setattr("carecli.tui.drafts.save_draft", full)
        with pytest.raises(StoreError):
            drafts.save()
    assert drafts.unsaved(number) == typed
    drafts.save()
    assert drafts.all_saved


def test_what_was_sent_is_not_stored_afterwards(busy: Shop, number: int) -> None:
    drafts = DraftKeeper(busy.desk)
    typed = Typed(number, "Hi", 2, "public", 1)
    drafts.typed(typed)
    with drafts.sending(typed):
        saving = threading.Thread(target=drafts.save)
        saving.start()
    saving.join()
    assert load_draft(busy.desk, number) is None


def test_what_was_typed_while_sending_is_kept(busy: Shop, number: int) -> None:
    drafts = DraftKeeper(busy.desk)
    sent, more = Typed(number, "Hi", 2, "public", 1), Typed(number, "Hi again", 8, "public", 1)
    drafts.typed(sent)
    with drafts.sending(sent):
        drafts.typed(more)
    assert drafts.unsaved(number) == more


def test_a_reply_that_was_refused_stays_a_draft(busy: Shop, number: int) -> None:
    drafts = DraftKeeper(busy.desk)
    typed = Typed(number, "Hi", 2, "public", 1)
    drafts.typed(typed)
    with pytest.raises(StoreError), drafts.sending(typed):
        raise StoreError("The database is locked.")
    assert drafts.unsaved(number) == typed


def test_one_save_waits_however_much_is_typed(busy: Shop, number: int) -> None:
    drafts = DraftKeeper(busy.desk)
    assert not drafts.must_save()
    drafts.typed(Typed(number, "H", 1, "public", 1))
    assert drafts.must_save()
    drafts.typed(Typed(number, "Hi", 2, "public", 1))
    assert not drafts.must_save()
    drafts.save()
    drafts.typed(Typed(number, "Hi!", 3, "public", 1))
    assert drafts.must_save()
