"""Whose post it is: which account sees what, and what is addressed to it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.archive import UNATTRIBUTED, AccountItems, Row, attribute, load
from carecli.archive.attribution import mentions
from carecli.errors import NotFound
from carecli.model import Author
from tests.archive.files import MASTODON_FOLDER, X_FOLDER, care_csv, put, row
from tests.archive.test_threads import NOW

INES, MAX = Author("7", "7"), Author("8", "8")
ACME, BOLT = Author("AcmeHelp", "AcmeHelp"), Author("boltcare", "boltcare")


def post(remote_id: str, author: Author, text: str = "", parent: str | None = None, minute: float = 0) -> Row:
    return Row(
        line=1,
        remote_id=remote_id,
        author=author,
        own=author in (ACME, BOLT),
        text=text,
        published_at=NOW + timedelta(minutes=minute),
        parent_remote_id=parent,
    )


def ids(account: AccountItems) -> list[str]:
    return [item.remote_id for item in account.items]


def addressed(account: AccountItems) -> list[str]:
    return [item.remote_id for item in account.items if item.addressed]


def test_a_thread_of_more_brands_than_there_are_is_nobody_s() -> None:
    brands = [Author(f"brand{number}", f"brand{number}") for number in range(101)]
    thread = [msgspec.structs.replace(post(brand.handle, brand, "Hi", "brand0"), own=True) for brand in brands]
    assert list(attribute(thread)) == [UNATTRIBUTED]
    assert len(attribute(thread[:100])) == 100


def test_each_brand_has_an_account_by_its_handle_in_lower_case() -> None:
    accounts = attribute([post("1", ACME), post("2", BOLT), post("3", BOLT)])

    assert list(accounts) == ["boltcare", "acmehelp"]
    assert accounts["acmehelp"].me == ACME


def test_a_thread_of_two_brands_is_seen_whole_by_both() -> None:
    accounts = attribute(
        [
            post("1", INES, "@AcmeHelp @BoltCare whose fault is it?"),
            post("2", ACME, "Not ours", "1", 1),
            post("3", BOLT, "Nor ours", "2", 2),
            post("4", INES, "Well", "3", 3),
        ]
    )

    assert ids(accounts["acmehelp"]) == ids(accounts["boltcare"]) == ["1", "2", "3", "4"]
    assert [item.remote_id for item in accounts["acmehelp"].items if item.own] == ["2"]
    assert [item.remote_id for item in accounts["boltcare"].items if item.own] == ["3"]
    assert addressed(accounts["acmehelp"]) == ["1"]
    assert addressed(accounts["boltcare"]) == ["1", "4"]


def test_a_post_that_names_no_brand_but_was_answered_is_addressed() -> None:
    accounts = attribute([post("1", INES, "my phone is dead"), post("2", ACME, "Oh no!", "1", 1)])

    assert addressed(accounts["acmehelp"]) == ["1"]


def test_an_answer_to_a_missing_post_of_a_stranger_is_no_address() -> None:
    accounts = attribute([post("1", INES, "so true", "gone"), post("2", ACME, "Hello", "gone", 1)])

    assert ids(accounts["acmehelp"]) == ["1", "2"]
    assert addressed(accounts["acmehelp"]) == []


@pytest.mark.parametrize("text", ["RT @AcmeHelp: we are open", "RT @ines: @AcmeHelp is open"])
def test_a_retweet_is_seen_and_never_addressed(text: str) -> None:
    accounts = attribute([post("1", INES, text), post("2", ACME, "Hi", minute=1)])

    assert ids(accounts["acmehelp"]) == ["1", "2"]
    assert addressed(accounts["acmehelp"]) == []


def test_what_concerns_no_brand_is_unattributed() -> None:
    accounts = attribute([post("1", INES, "good morning"), post("2", MAX, "and to you", "1"), post("3", ACME)])

    assert ids(accounts[UNATTRIBUTED]) == ["1", "2"]
    assert addressed(accounts[UNATTRIBUTED]) == []


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@AcmeHelp hi", {"acmehelp"}),
        (".@ACMEHELP hi", {"acmehelp"}),
        ("(@acmehelp)", {"acmehelp"}),
        ("thanks,@AcmeHelp's", {"acmehelp"}),
        ("@AcmeHelp.Thanks", {"acmehelp", "acmehelp.thanks"}),
        ("@acme.example.", {"acme", "acme.example"}),
        ("@ines@social.example", {"ines", "ines@social.example"}),
        ("＠acmehelpさん", {"acmehelp"}),
        ("@a @b @c @d @e @f @g @h @i @j", set("abcdefghij")),
        ("mail me at ines@acmehelp.example", set()),
        ("@ home @@acmehelp", set()),
        ("AcmeHelp", set()),
    ],
)
def test_a_mention_counts_wherever_it_stands(text: str, handles: set[str]) -> None:
    assert mentions(text) == handles


def test_the_name_of_an_account_can_be_shown_as_it_is() -> None:
    """It is told on screens, in the configuration of a replay and by flags; the posts keep what the network said."""
    hostile = Author("666", "Acme\x1b]0;owned\x07Help\u202e", "Acme")
    ours = msgspec.structs.replace(post("2", hostile, parent="1"), own=True)
    accounts = attribute([post("1", INES, "hello?"), ours])

    assert list(accounts) == ["acme\ufffd]0;owned\ufffdhelp"]
    ((name, account),) = accounts.items()
    assert (account.handle, account.me, ids(account)) == (name, hostile, ["1", "2"])
    assert addressed(account) == ["1"]
    assert list(attribute([msgspec.structs.replace(ours, author=Author("7", "\u200b"))])) == ["nameless"]


def test_items_are_oldest_first_and_parents_before_children() -> None:
    """At the same second the thread decides; a clock that was wrong does not."""
    accounts = attribute(
        [
            post("9", ACME, parent="1"),
            post("10", ACME, parent="9"),
            post("1", ACME, parent="20"),
            post("20", ACME),
            post("3", ACME, parent="4", minute=-1),
            post("4", ACME),
        ]
    )

    assert ids(accounts["acmehelp"]) == ["3", "4", "20", "1", "9", "10"]


def test_a_circle_of_answers_is_cut() -> None:
    accounts = attribute([post("1", ACME, parent="2"), post("2", INES, parent="1")])

    assert sorted(item.parent_remote_id is None for item in accounts["acmehelp"].items) == [False, True]


def test_both_sides_of_private_messages_are_one_conversation() -> None:
    account = load(X_FOLDER).accounts["acmehelp"]
    theirs, ours = [item for item in account.items if item.visibility == "private"]

    assert (theirs.own, theirs.addressed, ours.own, ours.addressed) == (False, True, True, False)
    assert theirs.thread_remote_id == ours.thread_remote_id is not None
    assert ours.recipient == theirs.author


def test_a_reply_six_years_late_is_a_reply(tmp_path: Path) -> None:
    path = put(
        tmp_path,
        care_csv(
            row(1, text="@AcmeHelp hello?", at="Tue Mar 01 10:00:00 +0000 2016"),
            row(2, "AcmeHelp", "Sorry for the wait!", parent="1.0", at="Thu May 05 10:00:00 +0000 2022"),
        ),
    )
    first, second = load(path).accounts["acmehelp"].items

    assert (second.published_at - first.published_at).days == 2256
    assert second.parent_remote_id == first.remote_id


def test_everything_in_a_file_is_counted_once(tmp_path: Path) -> None:
    """A duplicate is not read again: the first one counts."""
    path = put(
        tmp_path,
        care_csv(
            row(1, text="first"),
            row(1, text="second"),
            row("x"),
            row(2, "AcmeHelp", at="Wed Nov 01 00:00:00 +0000 2017"),
        )
        + care_csv(row(3)),
    )
    loaded = load(path)

    assert (loaded.rows_read, loaded.duplicates, loaded.skipped, len(loaded.refusals)) == (3, 1, 1, 1)
    assert [item.text for item in loaded.accounts[UNATTRIBUTED].items] == ["first", "hello"]
    assert loaded.first_at is not None
    assert loaded.last_at is not None
    assert loaded.last_at - loaded.first_at == timedelta(hours=1, minutes=49, seconds=13)


@pytest.mark.parametrize("brand", ["acmehelp", "AcmeHelp", "@ACMEHELP", " @AcmeHelp "])
def test_one_brand_can_be_asked_for(tmp_path: Path, brand: str) -> None:
    path = put(tmp_path, care_csv(row(1, "AcmeHelp"), row(2, "boltcare")))

    assert list(load(path, brand).accounts) == ["acmehelp"]
    assert load(path, brand).rows_read == 2


def test_a_brand_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    path = put(tmp_path, care_csv(row(1, "AcmeHelp"), row(2, "bolt\x1b[31mcare")))

    with pytest.raises(NotFound, match="holds no account nobody") as missing:
        load(path, "nobody")
    assert missing.value.remedy.startswith("It holds acmehelp, bolt")
    assert "\x1b" not in missing.value.remedy


def test_the_owner_of_an_archive_is_its_account() -> None:
    loaded = load(MASTODON_FOLDER)

    assert list(loaded.accounts) == ["acmehelp"]
    assert loaded.accounts["acmehelp"].me.display_name == "Acme Help 📶"
    assert (loaded.rows_read, loaded.skipped, len(loaded.refusals)) == (4, 2, 1)


@given(
    st.lists(
        st.builds(
            post,
            st.integers(0, 30).map(str),
            st.sampled_from([INES, MAX, ACME, BOLT]),
            st.sampled_from(["", "@AcmeHelp", "@boltcare @acmehelp", "RT @boltcare", "@nobody"]),
            st.none() | st.integers(0, 40).map(str),
            st.integers(0, 3),
        ),
        unique_by=lambda one: one.remote_id,
    )
)
def test_no_post_is_lost_and_only_customers_address(rows: list[Row]) -> None:
    accounts = attribute(rows)
    own = {row.remote_id: row.author for row in rows if row.own}

    assert {item.remote_id for account in accounts.values() for item in account.items} == {
        row.remote_id for row in rows
    }
    for handle, account in accounts.items():
        times = [item.published_at for item in account.items]
        assert times == sorted(times)
        assert len(set(ids(account))) == len(account.items)
        for item in account.items:
            assert item.own == (item.remote_id in own and own[item.remote_id].handle.lower() == handle)
            assert not (item.addressed and item.remote_id in own)
