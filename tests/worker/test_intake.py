"""Intake: where a message belongs, and what it does to the clock, in whatever order messages come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carecli.model import Author, Calendar, Draft, Item, Target, Visibility
from carecli.playbook.waits import policy_for
from carecli.store import accounts, conversations, messages, notes, waits
from carecli.store.session import Session
from carecli.store.sqlite import SqliteDatabase, open_database
from carecli.worker.counting import Policies
from carecli.worker.intake import Taken, take_in

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BRAND = Author("1", "NorthwindCare", "Northwind")
ANDY = Author("2", "andy", "Andy Loynes")
ZAK = Author("3", "zak", "Zak")
POLICIES = Policies(policy_for(Calendar(), Target()), policy_for(Calendar(), Target(30, 60)))


def said(
    remote_id: str,
    minute: float,
    author: Author = ANDY,
    text: str = "my line is slow",
    parent: str | None = None,
    *,
    addressed: bool = True,
    visibility: Visibility = "public",
    recipient: Author | None = None,
    thread: str | None = None,
) -> Item:
    return Item(
        remote_id=remote_id,
        author=author,
        text=text,
        published_at=NINE + timedelta(minutes=minute),
        own=author == BRAND,
        addressed=addressed and author != BRAND,
        visibility=visibility,
        parent_remote_id=parent,
        thread_remote_id=thread,
        recipient=recipient,
        language="en",
    )


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
    opened = open_database(tmp_path / "desk.db")
    yield opened
    opened.close()


def take(database: SqliteDatabase, *items: Item) -> Taken:
    with database.write() as session:
        return take_in(session, accounts.account_id(session, "care"), items, received_at=NINE, policies=POLICIES)


def table(database: SqliteDatabase, sql: str) -> list[tuple[object, ...]]:
    with database.read() as session:
        return session.all(sql)


def open_since(database: SqliteDatabase) -> list[tuple[str, int, int]]:
    """The open waits: whose, since which minute, bumped how often."""
    rows = table(
        database,
        """
        SELECT identity.handle, wait.opened_at, wait.bumps FROM wait
        JOIN conversation ON conversation.id = wait.conversation_id
        JOIN identity ON identity.id = conversation.author_id
        WHERE wait.closed_at IS NULL ORDER BY wait.opened_at, identity.handle
        """,
    )
    start = int(NINE.timestamp() * 1000)
    return [(str(row[0]), (int(str(row[1])) - start) // 60_000, int(str(row[2]))) for row in rows]


def test_a_mention_opens_a_conversation_and_its_clock(database: SqliteDatabase) -> None:
    assert take(database, said("a", 0)) == Taken(("a",), 0)
    with database.read() as session:
        wait = waits.open_wait(session, 1)
        found = conversations.conversation(session, 1)
    assert wait is not None and found is not None
    assert (wait.opened_at, wait.due_at, wait.limit_at) == (NINE, NINE + timedelta(hours=1), NINE + timedelta(hours=4))
    assert wait.policy.startswith("60 min target")
    assert (found.state, found.version, found.inbound_count) == ("needs_reply", 1, 1)


def test_the_same_message_twice_is_stored_once(database: SqliteDatabase) -> None:
    take(database, said("a", 0))
    assert take(database, said("a", 0), said("b", 1, parent="a")) == Taken(("b",), 1)
    assert table(database, "SELECT count(*) FROM message") == [(2,)]


def test_the_same_message_twice_on_one_page_is_stored_once(database: SqliteDatabase) -> None:
    assert take(database, said("a", 0), said("a", 0)) == Taken(("a",), 1)


def test_a_bump_is_counted_and_moves_no_clock(database: SqliteDatabase) -> None:
    take(database, said("a", 0), said("b", 44, text="*bump*", parent="a"))
    assert open_since(database) == [("andy", 0, 1)]


def test_who_goes_on_below_a_message_of_their_own_still_speaks_to_us(database: SqliteDatabase) -> None:
    take(database, said("a", 0), said("b", 44, text="hello?", parent="a", addressed=False))
    assert open_since(database) == [("andy", 0, 1)]


def test_who_goes_on_below_a_message_that_comes_late_waits_all_the_same(database: SqliteDatabase) -> None:
    take(database, said("a", 0, thread="t"), said("r", 5, BRAND, "On it. ^CL", "a", thread="t"))
    take(database, said("c", 9, text="any news?", parent="b", addressed=False, thread="t"))
    assert open_since(database) == [("andy", 9, 0)]
    take(database, said("b", 4, text="since Friday", parent="a", addressed=False, thread="t"))
    assert open_since(database) == [("andy", 9, 0)]


def test_our_reply_closes_the_wait_at_its_own_time(database: SqliteDatabase) -> None:
    take(database, said("a", 0), said("r", 12, BRAND, "On it. ^CL", "a"))
    assert open_since(database) == []
    rows = table(database, "SELECT outcome, closed_at - opened_at FROM wait")
    assert rows == [("answered", 12 * 60_000)]
    assert table(database, "SELECT state, outbound_count FROM conversation") == [("waiting", 1)]


def test_thanks_after_our_answer_opens_no_clock(database: SqliteDatabase) -> None:
    take(database, said("a", 0), said("r", 5, BRAND, "Done. ^CL", "a"), said("b", 6, text="Thank you!", parent="r"))
    assert open_since(database) == []


def test_a_new_question_after_our_answer_opens_the_next_wait(database: SqliteDatabase) -> None:
    take(database, said("a", 0), said("r", 5, BRAND, "Done. ^CL", "a"), said("b", 9, text="And the bill?", parent="r"))
    assert open_since(database) == [("andy", 9, 0)]


def test_two_customers_in_one_thread_have_a_conversation_each(database: SqliteDatabase) -> None:
    take(database, said("a", 0), said("b", 1, ZAK, "@NorthwindCare same here", "a"), said("r", 3, BRAND, "Andy!", "a"))
    assert open_since(database) == [("zak", 1, 0)]
    assert len(table(database, "SELECT DISTINCT thread_id FROM message")) == 1


def test_a_bystander_is_part_of_the_thread_and_waits_for_nothing(database: SqliteDatabase) -> None:
    take(database, said("a", 0), said("b", 1, ZAK, "lol", "a", addressed=False))
    assert open_since(database) == [("andy", 0, 0)]
    assert table(database, "SELECT conversation_id FROM message WHERE remote_id = 'b'") == [(None,)]


def test_a_bystander_whom_we_answer_becomes_a_customer(database: SqliteDatabase) -> None:
    take(database, said("a", 0), said("b", 1, ZAK, "lol", "a", addressed=False), said("r", 2, BRAND, "Hi Zak", "b"))
    take(database, said("c", 3, ZAK, "oh, it is broken for me too", "r"))
    assert open_since(database) == [("andy", 0, 0), ("zak", 3, 0)]


def test_siblings_of_a_message_that_nobody_has_are_one_thread(database: SqliteDatabase) -> None:
    take(database, said("b", 1, parent="gone"))
    take(database, said("c", 2, ZAK, parent="gone"))
    assert len(table(database, "SELECT DISTINCT thread_id FROM message")) == 1
    with database.read() as session:
        assert list(messages.missing_places(session, 1)) == ["gone"]


def test_a_parent_that_comes_late_fills_its_place(database: SqliteDatabase) -> None:
    take(database, said("b", 1, parent="a"))
    take(database, said("a", 0))
    assert len(table(database, "SELECT DISTINCT thread_id FROM message")) == 1
    assert table(database, "SELECT count(*) FROM thread_place") == [(0,)]
    assert open_since(database) == [("andy", 0, 0)]


def test_a_message_that_ties_two_threads_together_makes_one_conversation_of_two(database: SqliteDatabase) -> None:
    take(database, said("a", 0), said("c", 20, parent="b"))
    assert len(open_since(database)) == 2
    take(database, said("b", 10, ZAK, "me too", "a", addressed=False))
    assert len(table(database, "SELECT DISTINCT thread_id FROM message")) == 1
    assert open_since(database) == [("andy", 0, 0)]
    assert table(database, "SELECT inbound_count FROM conversation") == [(2,)]


def test_of_two_conversations_that_become_one_no_draft_is_lost(database: SqliteDatabase) -> None:
    take(database, said("a", 0), said("c", 20, parent="b"))
    drafts = [
        Draft(1, "claire", "Hi Andy,", 8, "public", 1, NINE),
        Draft(2, "claire", "and more.", 9, "public", 1, NINE),
    ]
    with database.write() as session:
        for draft in [*drafts, Draft(2, "rob", "Hello", 5, "public", 1, NINE)]:
            notes.save_draft(session, draft)
    take(database, said("b", 10, ZAK, "me too", "a", addressed=False))
    ((kept,),) = table(database, "SELECT id FROM conversation")
    assert table(database, "SELECT conversation_id, agent, text FROM draft ORDER BY agent") == [
        (kept, "claire", "Hi Andy,\nand more."),
        (kept, "rob", "Hello"),
    ]


def test_the_network_s_own_thread_id_holds_messages_together_without_parents(database: SqliteDatabase) -> None:
    take(database, said("a", 0, thread="t1"))
    take(database, said("z", 9, ZAK, thread="t1"))
    assert len(table(database, "SELECT DISTINCT thread_id FROM message")) == 1


def test_private_messages_are_a_conversation_of_their_own_linked_to_the_public_one(database: SqliteDatabase) -> None:
    take(database, said("a", 0), said("r", 2, BRAND, "Message us. ^CL", "a"))
    take(database, said("d", 5, text="my account is 12", visibility="private"))
    assert open_since(database) == [("andy", 5, 0)]
    assert table(database, "SELECT visibility, linked_to FROM conversation ORDER BY id") == [
        ("public", None),
        ("private", 1),
    ]
    assert len(table(database, "SELECT DISTINCT thread_id FROM message")) == 2
    take(database, said("e", 7, BRAND, "Thanks. ^CL", "d", visibility="private", recipient=ANDY))
    assert open_since(database) == []


def test_an_old_private_conversation_is_linked_to_the_public_one_that_it_goes_on_from(database: SqliteDatabase) -> None:
    take(database, said("d", 0, text="my account is 12", visibility="private"))
    take(database, said("a", 5), said("r", 7, BRAND, "Message us. ^CL", "a"))
    assert table(database, "SELECT linked_to FROM conversation WHERE visibility = 'private'") == [(None,)]
    take(database, said("e", 9, text="here I am", visibility="private"))
    assert table(database, "SELECT linked_to FROM conversation WHERE visibility = 'private'") == [(2,)]


def test_a_private_conversation_keeps_its_link_while_nothing_is_said_in_public(database: SqliteDatabase) -> None:
    take(database, said("a", 0), said("b", 1, text="another matter"))
    take(database, said("d", 2, visibility="private"))
    before = table(database, "SELECT linked_to FROM conversation WHERE visibility = 'private'")
    take(database, said("e", 3, visibility="private"), said("f", 4, visibility="private"))
    assert table(database, "SELECT linked_to FROM conversation WHERE visibility = 'private'") == before


def test_a_private_wait_has_the_private_promise(database: SqliteDatabase) -> None:
    take(database, said("d", 0, visibility="private"))
    with database.read() as session:
        wait = waits.open_wait(session, 1)
    assert wait is not None
    assert wait.due_at == NINE + timedelta(minutes=30)


def test_a_greeting_of_ours_belongs_to_no_conversation(database: SqliteDatabase) -> None:
    take(database, said("g", 0, BRAND, "Good morning!"))
    assert table(database, "SELECT conversation_id, direction FROM message") == [(None, "outbound")]


def test_our_later_parts_belong_to_the_conversation_of_the_first(database: SqliteDatabase) -> None:
    take(database, said("a", 0), said("r1", 2, BRAND, "One ^CL", "a"), said("r2", 3, BRAND, "Two ^CL", "r1"))
    assert table(database, "SELECT outbound_count FROM conversation") == [(2,)]


def test_a_changed_name_is_followed(database: SqliteDatabase) -> None:
    take(database, said("a", 0))
    take(database, said("b", 1, Author("2", "andy_l", "Andy L."), parent="a"))
    assert table(database, "SELECT handle, display_name FROM identity") == [("andy_l", "Andy L.")]


def test_a_new_message_wakes_a_snoozed_conversation_and_thanks_does_not(database: SqliteDatabase) -> None:
    take(database, said("a", 0))
    until = NINE + timedelta(hours=8)

    def snooze() -> None:
        with database.write() as session:
            conversations.set_snoozed(session, 1, until)
            waits.snooze_wait(session, 1, until)

    def asleep() -> bool:
        with database.read() as session:
            return not waits.queue_ids(session, waits.Filter(), NINE)

    snooze()
    take(database, said("b", 20, text="Thanks!", parent="a"))
    assert asleep()
    take(database, said("c", 40, text="It is broken again", parent="a"))
    assert not asleep()


def test_a_customer_who_writes_again_reopens_what_was_resolved(database: SqliteDatabase) -> None:
    take(database, said("a", 0), said("r", 2, BRAND, "Done. ^CL", "a"))
    with database.write() as session:
        conversations.set_state(session, 1, "resolved", "claimed")
    take(database, said("b", 30, text="It is broken again", parent="r"))
    assert table(database, "SELECT state FROM conversation") == [("needs_reply",)]
    assert table(database, "SELECT kind, data FROM event") == [("reopened", "{}")]


def test_a_message_that_is_its_own_parent_is_a_thread_of_one(database: SqliteDatabase) -> None:
    take(database, said("a", 0, parent="a"))
    assert open_since(database) == [("andy", 0, 0)]


def test_parents_in_a_circle_end_in_one_thread(database: SqliteDatabase) -> None:
    take(database, said("a", 0, parent="b"), said("b", 1, parent="a"))
    assert len(table(database, "SELECT DISTINCT thread_id FROM message")) == 1


def _facts(session: Session) -> tuple[object, ...]:
    """What must not depend on the order of arrival."""
    threads = session.all(
        """
        SELECT group_concat(remote_id) FROM (SELECT remote_id, thread_id FROM message ORDER BY remote_id)
        GROUP BY thread_id
        """
    )
    owners = session.all(
        """
        SELECT message.remote_id, identity.remote_id, conversation.inbound_count, conversation.outbound_count
        FROM message JOIN conversation ON conversation.id = message.conversation_id
        JOIN identity ON identity.id = conversation.author_id ORDER BY message.remote_id
        """
    )
    return sorted(threads), owners


TALK = (
    said("a", 0),
    said("b", 12, ZAK, "same here", "a"),
    said("r", 20, BRAND, "Hello Andy ^CL", "a"),
    said("c", 33, text="still slow", parent="r"),
    said("s", 41, BRAND, "Hello Zak ^CL", "b"),
    said("d", 55, ZAK, "no better", "s"),
    said("e", 60, ZAK, "an unrelated thing"),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pages=st.lists(st.permutations(TALK), min_size=1, max_size=1), cut=st.integers(0, len(TALK)))
def test_any_order_and_any_paging_end_in_the_same_threads_and_conversations(
    tmp_path_factory: pytest.TempPathFactory, pages: list[Sequence[Item]], cut: int
) -> None:
    facts = []
    for order in (TALK, pages[0]):
        database = open_database(tmp_path_factory.mktemp("desk") / "desk.db")
        take(database, *order[:cut])
        take(database, *order[cut:])
        with database.read() as session:
            facts.append(_facts(session))
        database.close()
    assert facts[0] == facts[1]


def test_an_edited_message_says_what_it_says_now_and_is_found_by_it(database: SqliteDatabase) -> None:
    take(database, said("a", 0, text="my line is slow"))
    take(database, said("a", 0, text="my router is broken"))
    assert table(database, "SELECT text FROM message") == [("my router is broken",)]
    assert table(database, "SELECT kind FROM event") == [("message_edited",)]
    assert table(database, "SELECT rowid FROM message_search WHERE message_search MATCH 'slow'") == []
    assert table(database, "SELECT rowid FROM message_search WHERE message_search MATCH 'router'") == [(1,)]


def test_of_a_deleted_message_nothing_stays_but_its_place_and_a_line_in_the_log(database: SqliteDatabase) -> None:
    take(database, said("a", 0, text="my account is 4711"), said("r", 3, BRAND, "Hi Andy ^CL", "a"))
    gone = msgspec.structs.replace(said("a", 0, text=""), deleted=True)
    take(database, gone)
    take(database, gone)
    assert table(database, "SELECT text, deleted_at IS NOT NULL FROM message WHERE remote_id = 'a'") == [("", 1)]
    assert table(database, "SELECT kind FROM event") == [("message_deleted",)]
    assert table(database, "SELECT rowid FROM message_search WHERE message_search MATCH '4711'") == []
    with database.read() as session:
        assert len(messages.thread_messages(session, 1)) == 2


def test_a_deletion_of_what_was_never_stored_stores_nothing(database: SqliteDatabase) -> None:
    take(database, msgspec.structs.replace(said("a", 0), deleted=True))
    assert table(database, "SELECT count(*) FROM message") == [(0,)]
