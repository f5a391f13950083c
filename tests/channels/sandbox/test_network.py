"""The simulated network's own rules: ids, keys, what it refuses, and its file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from carecli.channels.sandbox import SandboxNetwork
from carecli.channels.sandbox.wire import ACCOUNT, Post, Posting, Refusal
from carecli.errors import ConfigError, NetworkFailure, NotFound
from carecli.model import Author
from tests.channels.sandbox.agent import all_posts, private_reply, public_reply, publish
from tests.channels.sandbox.conftest import START, MakeNetwork

_ANDY = Author("42", "andy", "Andy Loynes")
_MIRA = Author("43", "mira", "Mira")
_GREETING = "Good morning! ^CL"


@pytest.fixture
def network(make_network: MakeNetwork) -> Iterator[SandboxNetwork]:
    yield make_network(quiet=True)


def _refused(network: SandboxNetwork, posting: Posting) -> str:
    before = all_posts(network)
    answer = network.publish(posting, START)
    assert isinstance(answer, Refusal)
    assert answer.sentence.endswith(".")
    assert all_posts(network) == before
    return answer.code


def _asked(network: SandboxNetwork, author: Author = _ANDY) -> Post:
    return network.write_as(author, "@NorthwindCare is it down?", START)


# ── ids ──────────────────────────────────────────────────────────────────────────────────────────


def test_ids_have_nineteen_digits_and_grow_with_time(make_network: MakeNetwork) -> None:
    network = make_network()
    network.advance(START + timedelta(hours=4))
    ids = [post.id for post in all_posts(network)]
    assert {len(post_id) for post_id in ids} == {19}
    assert [int(post_id) for post_id in ids] == sorted({int(post_id) for post_id in ids})


def test_posts_of_one_millisecond_have_ids_of_their_own(network: SandboxNetwork) -> None:
    ids = [publish(network, Posting(f"k{n}", f"{_GREETING} {n}", "public"), START).id for n in range(100)]
    assert len(set(ids)) == 100
    assert ids == sorted(ids)


def test_what_is_posted_at_an_earlier_time_is_still_inserted_last(network: SandboxNetwork) -> None:
    late = network.write_as(_ANDY, "@NorthwindCare hello", START + timedelta(minutes=5))
    early = publish(network, Posting("k1", _GREETING, "public"), START)
    assert early.at == late.at
    assert (early.seq, int(early.id)) > (late.seq, int(late.id))


def test_what_comes_after_a_removal_has_an_id_of_its_own_and_a_later_time(network: SandboxNetwork) -> None:
    first = network.write_as(_ANDY, "@NorthwindCare hello", START)
    second = network.write_as(_ANDY, "@NorthwindCare are you there?", START + timedelta(minutes=5))
    network.remove(first.id, START + timedelta(minutes=5))
    third = network.write_as(_ANDY, "@NorthwindCare hello?", START)
    assert int(third.id) > int(second.id)
    assert third.at == second.at


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_key_and_request_are_the_same_post(network: SandboxNetwork) -> None:
    posting = Posting("k1", _GREETING, "public")
    first = publish(network, posting, START)
    assert network.publish(posting, START + timedelta(days=400)) == first
    assert all_posts(network) == (first,)


def test_the_same_key_with_another_text_is_refused(network: SandboxNetwork) -> None:
    publish(network, Posting("k1", _GREETING, "public"), START)
    assert _refused(network, Posting("k1", "Something else ^CL", "public")) == "key_reused"


def test_a_refused_posting_does_not_use_up_its_key(network: SandboxNetwork) -> None:
    assert _refused(network, Posting("k1", "a" * 281, "public")) == "too_long"
    publish(network, Posting("k1", "a" * 280, "public"), START)


def test_a_post_is_found_by_its_key(network: SandboxNetwork) -> None:
    post = publish(network, Posting("k1", _GREETING, "public"), START)
    assert network.post_by_key("k1") == post
    assert network.post_by_key("k2") is None


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_text_is_refused(network: SandboxNetwork, text: str) -> None:
    assert _refused(network, Posting("k1", text, "public")) == "empty"


def test_the_same_text_is_refused_for_a_day_unless_it_is_a_reply(network: SandboxNetwork) -> None:
    asked, again = _asked(network), _asked(network, _MIRA)
    publish(network, Posting("k1", _GREETING, "public"), START)
    almost = START + timedelta(hours=23, minutes=59)
    answer = network.publish(Posting("k2", _GREETING, "public"), almost)
    assert isinstance(answer, Refusal)
    assert "duplicate" in answer.sentence
    publish(network, public_reply(_GREETING, asked), almost)
    publish(network, public_reply(_GREETING, again), almost)
    publish(network, Posting("k2", _GREETING, "public"), START + timedelta(hours=24))


def test_a_reply_to_what_is_not_there_is_refused(network: SandboxNetwork) -> None:
    assert _refused(network, Posting("k1", "Hello ^CL", "public", reply_to="1")) == "no_such_post"


def test_a_private_message_to_nobody_is_refused(network: SandboxNetwork) -> None:
    assert _refused(network, Posting("k1", "Hello ^CL", "private")) == "no_such_person"
    assert _refused(network, Posting("k2", "Hello ^CL", "private", recipient_id="1")) == "no_such_person"


def test_a_private_message_to_who_never_wrote_to_the_account_is_refused(network: SandboxNetwork) -> None:
    asked = _asked(network)
    aside = network.write_as(_MIRA, "same here, andy", START, reply_to=asked.id)
    assert not aside.addressed
    assert _refused(network, private_reply("Hello ^CL", aside)) == "never_wrote"
    network.write_as(_MIRA, "@northwindcare me too", START)
    publish(network, private_reply("Hello ^CL", aside), START)


def test_a_private_message_under_the_post_of_another_is_refused(network: SandboxNetwork) -> None:
    asked, _ = _asked(network), _asked(network, _MIRA)
    wrong = Posting("k1", "Hello ^CL", "private", reply_to=asked.id, recipient_id=_MIRA.remote_id)
    assert _refused(network, wrong) == "wrong_person"


def test_a_private_reply_without_a_recipient_goes_to_whoever_wrote(network: SandboxNetwork) -> None:
    asked = _asked(network)
    reply = publish(network, Posting("k1", "Hello ^CL", "private", reply_to=asked.id), START)
    assert reply.recipient == _ANDY
    more = publish(network, Posting("k2", "And more ^CL", "private", reply_to=reply.id), START)
    assert more.recipient == _ANDY


def test_nothing_can_be_removed_or_answered_that_is_not_there(network: SandboxNetwork) -> None:
    with pytest.raises(NotFound):
        network.remove("1", START)
    with pytest.raises(NotFound):
        network.write_as(_ANDY, "hello", START, reply_to="1")


# ── people ───────────────────────────────────────────────────────────────────────────────────────


def test_two_people_cannot_have_one_handle(network: SandboxNetwork) -> None:
    first = network.write_as(Author("100000001", "andy"), "@NorthwindCare hi", START)
    second = network.write_as(Author("100000002", "Andy"), "@NorthwindCare hi", START)
    assert (first.author.handle, second.author.handle) == ("andy", "Andy_000002")


def test_the_account_may_bear_another_handle_and_is_addressed_by_it(tmp_path: Path) -> None:
    other = Author(ACCOUNT.remote_id, "AskNorthwind", "Northwind")
    network = SandboxNetwork(tmp_path / "network.db", 7, start=START, account=other)
    network.advance(START + timedelta(hours=1))
    texts = [post.text for post in all_posts(network)]
    assert any("@AskNorthwind" in text for text in texts)
    assert not any("@NorthwindCare" in text for text in texts)
    assert publish(network, Posting("k1", _GREETING, "public"), START).author == other
    network.close()


# ── the file ─────────────────────────────────────────────────────────────────────────────────────


def test_a_file_of_another_seed_is_refused(make_network: MakeNetwork) -> None:
    make_network(1, name="one.db")
    with pytest.raises(ConfigError, match="was made with seed 1, not 2") as caught:
        make_network(2, name="one.db")
    assert caught.value.key == "seed"


def test_another_program_s_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE message (id INTEGER)")
    other.close()
    with pytest.raises(ConfigError, match="not a simulated network"):
        SandboxNetwork(path, 1, start=START)
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT name FROM sqlite_schema").fetchall() == [("message",)]
    other.close()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, only some notes that are long enough to be looked at\n" * 20)
    with pytest.raises(NetworkFailure, match=r"notes\.txt"):
        SandboxNetwork(path, 1, start=START)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NetworkFailure, match="unable to open"):
        SandboxNetwork(tmp_path / "nowhere" / "network.db", 1, start=START)


def test_an_unknown_language_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"'xx'.*en, he, pl") as caught:
        SandboxNetwork(tmp_path / "network.db", 1, start=START, languages=["en", "xx"])
    assert caught.value.key == "languages"
    assert not (tmp_path / "network.db").exists()


def test_a_closed_network_is_out_of_reach(network: SandboxNetwork) -> None:
    network.close()
    with pytest.raises(NetworkFailure):
        network.advance(START)
