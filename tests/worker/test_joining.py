"""Conversations that turn out to be one: who was answered waits no longer, who works on it keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.views import QueueFilter
from carecli.store.sqlite import SqliteDatabase, open_database
from tests.shop import Shop
from tests.worker.test_intake import BRAND, ZAK, open_since, said, table, take


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
    opened = open_database(tmp_path / "desk.db")
    yield opened
    opened.close()


def test_what_was_asked_in_one_and_answered_in_the_other_waits_no_longer(database: SqliteDatabase) -> None:
    take(database, said("a", 0, visibility="private", thread="t1"))
    take(database, said("r", 5, BRAND, "Done. ^CL", visibility="private", thread="t2", recipient=said("a", 0).author))
    assert open_since(database) == [("andy", 0, 0)]
    take(database, said("r", 5, BRAND, "Done. ^CL", visibility="private", thread="t1"))
    assert open_since(database) == []
    assert table(database, "SELECT state, inbound_count, outbound_count FROM conversation") == [("waiting", 1, 1)]


def test_what_was_asked_after_the_answer_in_the_other_still_waits(database: SqliteDatabase) -> None:
    take(database, said("a", 0, visibility="private", thread="t1"), said("b", 44, visibility="private", thread="t1"))
    take(database, said("r", 5, BRAND, "Done. ^CL", visibility="private", thread="t2", recipient=said("a", 0).author))
    take(database, said("r", 5, BRAND, "Done. ^CL", visibility="private", thread="t1"))
    assert open_since(database) == [("andy", 44, 0)]


def test_a_claim_on_either_is_a_claim_on_both(database: SqliteDatabase) -> None:
    take(database, said("a", 0), said("c", 20, parent="b"))
    with database.write() as session:
        session.run("UPDATE conversation SET claimed_by = 'rob', claimed_until = 1 WHERE id = 2")
    take(database, said("b", 10, ZAK, "me too", "a", addressed=False))
    assert table(database, "SELECT claimed_by, claimed_until FROM conversation") == [("rob", 1)]


def test_an_answer_to_what_we_sent_first_in_private_goes_on_below_it(shop: Shop) -> None:
    shop.customer_writes("My line is slow")
    shop.work()
    number = first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id
    reply(shop.desk, number, "What is your postcode?", "private", seen_version=None, hold=False)
    shop.work()
    shop.pass_minutes(1)
    shop.customer_writes("It is 12345", visibility="private")
    shop.work()
    (row,) = first_rows(shop.desk, QueueFilter(), 5)
    with shop.database.read() as session:
        texts = session.all(
            "SELECT text FROM message WHERE conversation_id = :id ORDER BY id", {"id": row.conversation_id}
        )
    assert texts == [("What is your postcode? ^CL",), ("It is 12345",)]
