"""Search finds what people mean, whatever they type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.playbook.folding import fold
from carecli.store import search
from carecli.store.sqlite import SqliteDatabase

TEXTS = {
    1: "Internet nie działa od rana, łącze padło",
    2: "Příliš pomalé připojení",
    3: "İnternet çalışmıyor, ışık yanmıyor",
    4: "Интернет не работает со вчерашнего дня",
    5: "אין לי אינטרנט מאתמול",
    6: "My Super Hub keeps dropping @NorthwindCare",
}


def found(database: SqliteDatabase, words: str) -> set[int]:
    with database.read() as session:
        rows = session.all(
            "SELECT rowid FROM message_search WHERE message_search MATCH :query",
            {"query": search.query_of(words) or '""'},
        )
    return {row[0] for row in rows}


@pytest.fixture
def indexed(database: SqliteDatabase) -> SqliteDatabase:
    with database.write() as session:
        search.index_messages(session, [(number, fold(text)) for number, text in TEXTS.items()])
    return database


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("dziala lacze", {1}),
        ("prilis", {2}),
        ("isik", {3}),
        ("ИНТЕРНЕТ", {4}),
        ("אינטרנט", {5}),
        ("super hu", {6}),
        ("@northwindcare", {6}),
        ("intern", {1, 3}),
        ("intern ", set()),
        ("hub absent", set()),
    ],
)
def test_words_are_found_without_their_accents_and_the_last_one_unfinished(
    indexed: SqliteDatabase, words: str, expected: set[int]
) -> None:
    assert found(indexed, words) == expected


@given(st.text(max_size=60))
def test_no_text_breaks_the_query_language(text: str) -> None:
    query = search.query_of(text)
    assert query.count('"') % 2 == 0
    assert all(part.strip('"*').isalnum() for part in query.split())


@pytest.mark.parametrize("words", ['"', "' OR 1", "a AND", "NEAR(", "*", "col:x", "-a", "()", "a^2"])
def test_operators_of_the_engine_are_only_words(indexed: SqliteDatabase, words: str) -> None:
    assert found(indexed, words) <= set(TEXTS)
