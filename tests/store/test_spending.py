"""Spending: sums that grow, one row for each day, kind and conversation, and questions answered from an index."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.store import accounts, events, messages, spending
from carecli.store.sqlite import DESK, Schema, SqliteDatabase, SqliteSession, open_database

TODAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def spend(database: SqliteDatabase, kind: str, micros: int, day: date = TODAY, conversation: int | None = None) -> None:
    with database.write() as session:
        spending.add(session, accounts.account_id(session, "care"), day, kind, 1, micros, conversation)


def test_what_is_spent_adds_up_by_day_and_kind(database: SqliteDatabase) -> None:
    spend(database, "posts read", 5_000)
    spend(database, "posts read", 10_000)
    spend(database, "posts", 15_000, conversation=7)
    spend(database, "posts", 15_000, conversation=8)
    spend(database, "posts", 15_000, day=TODAY - timedelta(days=1))
    with database.read() as session:
        assert [(one.day, one.kind, one.count, one.micros) for one in spending.by_day(session, 1, TODAY)] == [
            (TODAY, "posts", 2, 30_000),
            (TODAY, "posts read", 2, 15_000),
        ]
        assert spending.on_day(session, 1, TODAY) == 45_000
        assert spending.on_day(session, 2, TODAY) == 0


def test_what_is_spent_in_a_conversation_is_told_apart_from_what_belongs_to_none(database: SqliteDatabase) -> None:
    spend(database, "posts", 15_000, conversation=7)
    spend(database, "posts read", 5_000, day=TODAY - timedelta(days=1), conversation=7)
    spend(database, "posts read", 99_000)
    with database.read() as session:
        assert spending.of_conversation(session, 7) == 20_000
        assert spending.of_conversation(session, 0) == 0


def test_two_conversations_that_are_one_have_spent_together(database: SqliteDatabase) -> None:
    spend(database, "posts", 15_000, conversation=7)
    spend(database, "posts", 10_000, conversation=8)
    spend(database, "posts read", 5_000, conversation=8)
    with database.write() as session:
        spending.absorb(session, 8, 7)
        assert spending.of_conversation(session, 7) == 30_000
        assert spending.of_conversation(session, 8) == 0
        assert spending.on_day(session, 1, TODAY) == 30_000


def test_a_conversation_resolved_twice_counts_once(database: SqliteDatabase) -> None:
    with database.write() as session:
        account = accounts.account_id(session, "care")
        for number, at in ((1, NOON), (1, NOON), (2, NOON), (3, NOON - timedelta(days=9))):
            events.record(session, at, "resolved", account, number, "claire", {})
        events.record(session, NOON, "noted", account, 4, "claire", {})
        assert spending.resolved_since(session, account, NOON - timedelta(days=1)) == 2


@pytest.mark.parametrize(
    ("sql", "plan"),
    [
        (spending.ON_A_DAY, "SEARCH spending USING PRIMARY KEY (account_id=? AND day=?)"),
        (spending.BY_DAY, "SEARCH spending USING PRIMARY KEY (account_id=? AND day>?)"),
        (spending.OF_A_CONVERSATION, "INDEX spending_conversation (conversation_id=?"),
        (spending.RESOLVED_SINCE, "INDEX event_resolved (account_id=? AND at>?)"),
    ],
)
def test_no_question_looks_at_more_than_it_asks_for(database: SqliteDatabase, sql: str, plan: str) -> None:
    parameters = {"account": 1, "day": "2026-03-02", "since": "2026-03-02", "conversation": 7}
    with database.read() as session:
        found = " ".join(str(row[3]) for row in session.all(f"EXPLAIN QUERY PLAN {sql}", parameters))
    assert plan in found
    assert "SCAN" not in found


@given(
    gaps=st.lists(st.integers(1, 40), max_size=30),
    steps=st.lists(st.integers(0, 90), min_size=30, max_size=30),
    since=st.integers(-10, 3000),
)
def test_messages_are_counted_from_the_first_that_came_in(gaps: list[int], steps: list[int], since: int) -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    ids = [sum(gaps[: number + 1]) for number in range(len(gaps))]
    seconds = [sum(steps[: number + 1]) for number in range(len(gaps))]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE TABLE message (id INTEGER PRIMARY KEY, account_id, direction, conversation_id, received_at)"
        )
        received = [round((start + timedelta(seconds=second)).timestamp() * 1000) for second in seconds]
        rows = [(number, 1, "inbound", 1, at) for number, at in zip(ids, received, strict=True)]
        connection.executemany("INSERT INTO message VALUES (?, ?, ?, ?, ?)", rows)
        found = messages.heard_since(SqliteSession(connection), 1, start + timedelta(seconds=since))
    assert found == sum(second >= since for second in seconds)


def test_a_desk_of_the_first_schema_keeps_its_accounts(tmp_path: Path) -> None:
    database = open_database(tmp_path / "desk.db", Schema(1, DESK.folder))
    with database.write() as session:
        session.run("INSERT INTO account (id, name, problem) VALUES (1, 'care', 'Out of reach.')")
    database.close()
    database = open_database(tmp_path / "desk.db")
    with database.read() as session:
        (state,) = accounts.account_states(session)
        assert (state.name, state.problem, state.until, state.sending_problem) == ("care", "Out of reach.", None, "")
        assert spending.on_day(session, 1, TODAY) == 0
    database.close()
