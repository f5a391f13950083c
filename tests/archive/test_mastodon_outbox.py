"""Mastodon archives: posts, their audience, and what is no post."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from carecli.archive import ArchiveError, Row, open_archive
from carecli.model import Author
from tests.archive.files import MASTODON_FOLDER, put, rows, sorted_out

ACME_URL = "https://social.example/users/acmehelp"
ACME = Author(remote_id=ACME_URL, handle="acmehelp", display_name="Acme Help 📶")
INES = Author(remote_id="https://other.example/users/ines", handle="ines@other.example")


def outbox(*items: object) -> str:
    return json.dumps({"id": "outbox.json", "type": "OrderedCollection", "orderedItems": list(items)})


def note(**fields: object) -> dict[str, object]:
    post = {"id": f"{ACME_URL}/statuses/1", "type": "Note", "published": "2026-03-02T10:00:00Z", "content": "<p>x</p>"}
    return {"id": f"{ACME_URL}/activity", "type": "Create", "actor": ACME_URL, "object": {**post, **fields}}


def test_a_post_is_read_with_all_it_says() -> None:
    first = next(iter(open_archive(MASTODON_FOLDER).read()))

    assert first == Row(
        line=1,
        remote_id=f"{ACME_URL}/statuses/101",
        author=ACME,
        own=True,
        text="@ines Sorry!\nIt is back, see https://status.example.org/broadband/north\n\n^CL",
        published_at=datetime(2026, 3, 2, 11, tzinfo=UTC),
        parent_remote_id="https://other.example/users/ines/statuses/55",
        language="en",
    )


def test_an_audience_of_everybody_is_public_and_any_other_is_private() -> None:
    good, _, _ = sorted_out(MASTODON_FOLDER)

    assert [(one.remote_id[-3:], one.visibility, one.recipient) for one in good] == [
        ("101", "public", None),
        ("103", "public", None),
        ("104", "private", None),
        ("105", "private", INES),
    ]


def test_a_content_warning_stands_before_the_text_and_attachments_are_described() -> None:
    good, _, _ = sorted_out(MASTODON_FOLDER)

    assert good[-1].text == "Your order\n\n@ines Which flat?"
    assert good[-1].attachments == ("image: A plan of the house", "video: /media/2.mp4")
    assert good[-2].text == "For followers <3 #acme"


def test_boosts_and_other_activities_are_skipped_and_a_bare_address_is_refused() -> None:
    _, [refused], skipped = sorted_out(MASTODON_FOLDER)

    assert [one.reason for one in skipped] == ["a boost", "an activity that posts nothing"]
    assert (refused.line, refused.reason) == (1, "entry 6: it holds the address of a post and not the post")


def test_without_an_actor_the_address_names_the_account(tmp_path: Path) -> None:
    [read_row] = rows(put(tmp_path, outbox(note())))

    assert read_row.author == Author(remote_id=ACME_URL, handle="acmehelp")


@pytest.mark.parametrize(
    "audience",
    [
        {"to": "https://www.w3.org/ns/activitystreams#Public"},
        {"to": ["as:Public"], "cc": []},
        {"to": [f"{ACME_URL}/followers"], "cc": "Public"},
    ],
)
def test_everybody_has_several_names(tmp_path: Path, audience: dict[str, object]) -> None:
    assert [one.visibility for one in rows(put(tmp_path, outbox(note(**audience))))] == ["public"]


def test_posts_that_stand_by_themselves_are_read(tmp_path: Path) -> None:
    bare = note(attributedTo=ACME_URL, type="Question")["object"]

    assert [one.text for one in rows(put(tmp_path, outbox(bare)))] == ["x"]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (note(published="soon"), "the time “soon” cannot be read"),
        (note(id=5), "Expected `str`, got `int` - at `$.id`"),
        (note(content="x" * 60_000), "its text is longer than 50000 characters"),
        ({**note(), "actor": ""}, "it has no author"),
        (["a list"], "it is no activity"),
    ],
)
def test_a_post_that_cannot_be_read_says_why(tmp_path: Path, item: object, reason: str) -> None:
    good, [refused], _ = sorted_out(put(tmp_path, outbox(note(), item)))

    assert len(good) == 1
    assert refused.reason == f"entry 2: {reason}"


def test_a_post_that_is_broken_costs_itself(tmp_path: Path) -> None:
    """What is left of it may hold a list, whose end is not the end of the posts."""
    emoji = {"id": "https://social.example/emojis/1", "type": "Emoji"}
    text = outbox(note(), note(tag=[emoji], content="HERE"), note(id="after"))
    good, [refused], _ = sorted_out(put(tmp_path, text.replace('"HERE"', "HERE")))

    assert [one.remote_id for one in good] == [f"{ACME_URL}/statuses/1", "after"]
    assert refused.reason.startswith("entry 2: it is no JSON")


def test_lists_of_likes_are_no_posts(tmp_path: Path) -> None:
    likes = outbox("https://other.example/users/max/statuses/7")
    with pytest.raises(ArchiveError, match="in no format that carecli knows"):
        open_archive(put(tmp_path, likes))
