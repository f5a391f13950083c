"""X archives: tweets, private messages, and whose they are."""

from __future__ import annotations

import io
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from carecli.archive import ArchiveError, Row, open_archive
from carecli.archive.x_archive import owner_in
from carecli.model import Author
from tests.archive.files import X_FOLDER, entries, put, rows, sorted_out

ACME = Author(remote_id="900100200", handle="AcmeHelp", display_name="Acme Help")
INES = Author(remote_id="77", handle="77")


def tweet(**fields: object) -> str:
    return f"window.YTD.tweets.part0 = {json.dumps([{'tweet': fields}])}"


def test_a_tweet_is_read_with_all_it_says() -> None:
    first = next(iter(open_archive(X_FOLDER).read()))

    assert first == Row(
        line=2,
        remote_id="1050118621198921728",
        author=ACME,
        own=True,
        text="@ines_k Sorry! Broadband & TV are back.\n\nStill <50 %? Tell us {here}: ] ^CL",
        published_at=datetime(2018, 10, 10, 20, 19, 24, tzinfo=UTC),
        parent_remote_id="1050118000000000001",
        language="en",
    )


def test_what_no_database_holds_is_left_out_of_whose_archive_it_is() -> None:
    account = r'[{"account": {"username": "Acme\u0000", "accountId": "9\ud8001", "accountDisplayName": "A\u0000"}}]'
    owner = owner_in(io.BytesIO(f"window.YTD.account.part0 = {account}".encode()))
    assert owner == Author("9\ufffd1", "Acme\ufffd", "A\ufffd")


def test_attachments_are_told_by_their_description_else_by_their_address() -> None:
    [read_row] = [one for one in entries(X_FOLDER) if isinstance(one, Row) and one.attachments and not one.recipient]

    assert read_row.attachments == (
        "photo: The opening hours, on a board",
        "video: https://pbs.example.org/media/two.jpg",
    )
    assert read_row.language == ""


def test_all_parts_are_read_and_what_is_refused_names_its_file() -> None:
    good, [refused], [skipped] = sorted_out(X_FOLDER)

    assert [one.remote_id for one in good] == [
        "1050118621198921728",
        "1050118900000000000",
        "1050119100000000000",
        "1050200000000000002",
        "1050200000000000001",
    ]
    assert (refused.file, refused.line, refused.reason) == (
        "data/tweets.js",
        85,
        "entry 3: the time “soon” cannot be read",
    )
    assert "1050119000000000000" in refused.excerpt
    assert skipped.reason == "an event of a conversation, and no message"


def test_a_missing_time_follows_from_the_id() -> None:
    read_row = next(one for one in entries(X_FOLDER) if isinstance(one, Row) and one.text.startswith("A tweet without"))

    assert read_row.published_at == datetime(2018, 10, 10, 20, 21, 18, 366000, tzinfo=UTC)


def test_private_messages_know_both_sides_and_their_conversation() -> None:
    ours, theirs = [one for one in entries(X_FOLDER) if isinstance(one, Row) and one.visibility == "private"]

    assert (ours.own, ours.author, ours.recipient) == (True, ACME, INES)
    assert (theirs.own, theirs.author, theirs.recipient) == (False, INES, ACME)
    assert ours.thread_remote_id == theirs.thread_remote_id == "77-900100200"
    assert (theirs.text, theirs.attachments) == ("Flat 3 & 4", ("media: https://ton.example.org/dm/1.jpg",))
    assert ours.published_at == datetime(2018, 10, 11, 8, 5, 0, 500000, tzinfo=UTC)


def test_a_single_file_finds_its_owner_beside_it() -> None:
    archive = open_archive(X_FOLDER / "data" / "tweets.js")

    assert archive.owner == ACME
    assert len([one for one in archive.read() if isinstance(one, Row)]) == 2


def test_tweets_without_an_account_are_the_owner_s(tmp_path: Path) -> None:
    path = put(tmp_path, tweet(id_str="1", full_text="hi", created_at="Wed Oct 10 20:19:24 +0000 2018"))

    assert [(one.author.handle, one.own) for one in rows(path)] == [("owner", True)]


def test_messages_without_an_account_are_refused_with_the_reason(tmp_path: Path) -> None:
    shutil.copytree(X_FOLDER / "data", tmp_path / "data")
    (tmp_path / "data" / "account.js").unlink()
    good, refused, _ = sorted_out(tmp_path)

    assert len(good) == 3
    assert refused[-1].file == "data/direct-messages.js"
    assert refused[-1].reason == "whose messages these are is told by account.js, which is missing"
    with pytest.raises(ArchiveError, match=r"account\.js, which is missing"):
        open_archive(tmp_path / "data" / "direct-messages.js")


def test_a_message_to_a_group_is_skipped(tmp_path: Path) -> None:
    shutil.copy(X_FOLDER / "data" / "account.js", tmp_path)
    message = {"messageCreate": {"id": "1", "senderId": "77", "text": "all", "createdAt": "2018-10-11T08:05:00Z"}}
    content = [{"dmConversation": {"conversationId": "5", "messages": [message]}}]
    path = put(tmp_path, f"window.YTD.direct_messages.part0 = {json.dumps(content)}")

    assert sorted_out(path)[2][0].reason == "a message to a group"


@pytest.mark.parametrize(
    ("opening", "wrapped"),
    [
        ("window.YTD.tweets.part0 = ", True),
        ("window.YTD.tweet.part0=", False),
        ("Grailbird.data.tweets_2014_05 =\n ", False),
        ("", True),
        ("", False),
    ],
)
def test_older_and_bare_forms_are_read(tmp_path: Path, opening: str, wrapped: bool) -> None:
    user = {"screen_name": "AcmeHelp", "id_str": "900100200", "name": "Acme"}
    inner = {
        "id_str": "9",
        "text": "&lt;3",
        "created_at": "Wed Oct 10 20:19:24 +0000 2018",
        "user": user,
        "in_reply_to_status_id": 1131172867985485825,
    }
    path = put(tmp_path, opening + json.dumps([{"tweet": inner} if wrapped else inner]))

    [read_row] = rows(path)
    assert (read_row.remote_id, read_row.parent_remote_id) == ("9", "1131172867985485825")
    assert (read_row.text, read_row.author.display_name) == ("<3", "Acme")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"full_text": "x"}, "it has no id"),
        ({"id": 1.131e18, "full_text": "x"}, "has lost its last digits"),
        ({"id_str": "1"}, "it has no text"),
        ({"id_str": "1", "full_text": 5}, "Expected `str | null`, got `int` - at `$.full_text`"),
        ({"id_str": "1", "full_text": "x"}, "it has no time, and its id tells none"),
    ],
)
def test_a_tweet_that_cannot_be_read_says_why(tmp_path: Path, fields: dict[str, object], reason: str) -> None:
    _, [refused], _ = sorted_out(put(tmp_path, tweet(**fields)))

    assert refused.reason.startswith("entry 1: ")
    assert reason in refused.reason


@pytest.mark.parametrize("broken", ['{"tweet": {"id_str": "2", "full_text": "cut', '{"tweet": }', "null", "{}"])
def test_a_broken_tweet_costs_itself(tmp_path: Path, broken: str) -> None:
    first, last = (tweet(id_str=n, full_text="x", created_at="2018-10-10T20:19:24Z") for n in "13")
    good, [refused], _ = sorted_out(put(tmp_path, f"{first[:-1]},\n{broken},\n{last.partition('[')[2]}"))

    assert [one.remote_id for one in good] == ["1", "3"]
    assert refused.line == 2


def test_a_half_character_of_an_emoji_does_not_reach_the_desk(tmp_path: Path) -> None:
    path = put(tmp_path, tweet(id_str="1", full_text="cut \ud83d", created_at="2018-10-10T20:19:24Z"))

    assert [one.text for one in rows(path)] == ["cut \N{REPLACEMENT CHARACTER}"]


def test_a_file_of_something_else_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="holds “like”, and no posts"):
        open_archive(put(tmp_path, 'window.YTD.like.part0 = [ {"like" : {"tweetId" : "1"}} ]'))


def test_an_archive_without_tweets_is_no_mistake(tmp_path: Path) -> None:
    assert entries(put(tmp_path, "window.YTD.tweets.part0 = [ ]")) == []
