"""Pictures with a reply: described, within what the network takes, frozen with the text, and given back with it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from carecli.channels.base import Capabilities
from carecli.desk.conversation import open_conversation, view_conversation
from carecli.desk.media import attach, detach, draft_files, kind_of, read_media, require_media
from carecli.desk.outbox import cancel, entry_of, outbox, retry
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.views import QueueFilter
from carecli.errors import CareError, Misuse, Refused
from carecli.model import MediaFile, OutboxEntry
from carecli.store import media, outbox_parts
from tests.files import GIF, JPEG, MP4, PNG, WEBP
from tests.shop import Shop

BOX = MediaFile("box.png", "image/png", "The back of the box", PNG)


def waiting(shop: Shop) -> int:
    shop.customer_writes("Which button?")
    shop.work()
    number = first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id
    open_conversation(shop.desk, number)
    return number


def answered(shop: Shop, number: int, *, hold: bool = False, dry_run: bool = False) -> OutboxEntry:
    return reply(
        shop.desk, number, "Hi Andy.", "public", seen_version=None, hold=hold, files=[BOX], dry_run=dry_run,
        further=["The grey one."],
    )  # fmt: skip


def bytes_kept(shop: Shop, entry_id: int) -> list[bytes]:
    with shop.database.read() as session:
        return [file.data for file in media.frozen_files(session, entry_id)]


# ── files ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (GIF, "image/gif"),
        (WEBP, "image/webp"),
        (MP4, "video/mp4"),
        (b"%PDF-1.7", ""),
        (b"RIFF\x24\x00\x00\x00WAVE", ""),
        (b"", ""),
    ],
)
def test_a_kind_is_told_by_the_first_bytes(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind


def test_a_file_is_what_it_holds_whatever_it_is_called(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(JPEG)
    assert read_media(path, " A router ", 1000) == MediaFile("photo.png", "image/jpeg", "A router", JPEG)


@pytest.mark.parametrize(
    ("content", "alt", "sentence"),
    [
        (PNG, "", "Each picture needs words"),
        (PNG, "  ", "Each picture needs words"),
        (b"text", "A text", "is no picture"),
        (PNG + bytes(1000), "A large one", "has 1 kB"),
    ],
)
def test_a_file_that_cannot_go_out_is_refused_with_a_sentence(
    tmp_path: Path, content: bytes, alt: str, sentence: str
) -> None:
    path = tmp_path / "box.png"
    path.write_bytes(content)
    with pytest.raises(Misuse, match=sentence) as caught:
        read_media(path, alt, 1000)
    assert caught.value.remedy


@pytest.mark.parametrize("path", ["gone.png", ".", "nul\0.png", "x" * 300])
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(tmp_path: Path, path: str) -> None:
    with pytest.raises(Misuse):
        read_media(tmp_path / path, "A box", 10**9)


def test_what_never_ends_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    for path in (tmp_path / "pipe.png", Path("/dev/zero")):
        with pytest.raises(Misuse, match="is no file"):
            read_media(path, "A box", 1000)


def test_a_file_s_name_that_is_no_text_can_be_stored(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"b\xffx\x1b[2J.png")
    path.write_bytes(PNG)
    (attached,) = attach(shop.desk, waiting(shop), path, "A box")
    assert attached.name.encode()


@pytest.mark.parametrize(
    ("capabilities", "files"),
    [
        (Capabilities(), [BOX]),
        (Capabilities(media=1, media_bytes=1000), [BOX, BOX]),
        (Capabilities(media=1, media_bytes=10), [BOX]),
        (Capabilities(media=1, media_bytes=1000, media_kinds=("image/jpeg",)), [BOX]),
        (Capabilities(media=1, media_bytes=1000), [MediaFile("box.png", "image/png", " ", PNG)]),
    ],
)
def test_what_the_network_does_not_take_is_refused_here(capabilities: Capabilities, files: list[MediaFile]) -> None:
    with pytest.raises(Refused) as caught:
        require_media(capabilities, files)
    assert caught.value.rule == "media"


# ── with a reply ──────────────────────────────────────────────────────────────────────────────────


def test_a_picture_goes_out_with_the_first_part_and_stands_in_the_thread_in_words(shop: Shop) -> None:
    number = waiting(shop)
    answered(shop, number)
    shop.work()
    assert [post.attachments for post in shop.posts_by_us()] == [("image: The back of the box",), ()]
    ours = [row for row in view_conversation(shop.desk, number).thread if row.ours]
    assert [row.attachments for row in ours] == [("image: The back of the box",), ()]


def test_it_is_seen_while_it_is_on_its_way(shop: Shop) -> None:
    number = waiting(shop)
    answered(shop, number, hold=True)
    (row,) = [row for row in view_conversation(shop.desk, number).thread if row.pending]
    assert row.attachments == ("image: The back of the box",)
    (entry,) = outbox(shop.desk)
    assert [(one.name, one.kind, one.alt, one.size) for one in entry.media] == [
        ("box.png", "image/png", "The back of the box", len(PNG))
    ]


def test_the_bytes_are_kept_until_it_was_sent_and_no_longer(shop: Shop) -> None:
    number = waiting(shop)
    entry = answered(shop, number)
    assert bytes_kept(shop, entry.id) == [PNG]
    shop.work()
    assert bytes_kept(shop, entry.id) == [b""]
    with shop.database.read() as session:
        assert len(outbox_parts.payload(session, entry.id, 1)) == 1
    assert entry_of(shop.desk, entry.id).media == entry.media


def test_a_dry_run_keeps_nothing(shop: Shop) -> None:
    number = waiting(shop)
    assert answered(shop, number, dry_run=True).media[0].alt == "The back of the box"
    with shop.database.read() as session:
        assert session.all("SELECT * FROM outbox_media") == []


def test_a_reply_that_is_taken_back_gives_its_pictures_back_to_the_draft(shop: Shop) -> None:
    number = waiting(shop)
    entry = answered(shop, number, hold=True)
    cancel(shop.desk, entry.id)
    assert draft_files(shop.desk, number) == (BOX,)
    assert bytes_kept(shop, entry.id) == [b""]


def test_a_rejected_reply_leaves_its_pictures_with_the_draft_and_can_be_sent_again_with_them(shop: Shop) -> None:
    number = waiting(shop)
    entry = answered(shop, number)
    shop.clock.advance(1)
    shop.customer_writes("Hello?", reply_to=shop.network.posts_after(0, 1)[0].id)
    shop.work()
    assert entry_of(shop.desk, entry.id).state == "rejected"
    assert draft_files(shop.desk, number) == (BOX,)
    open_conversation(shop.desk, number)
    retry(shop.desk, entry.id)
    shop.work()
    assert shop.posts_by_us()[0].attachments == ("image: The back of the box",)


# ── with a draft ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def box(tmp_path: Path) -> Path:
    path = tmp_path / "box.png"
    path.write_bytes(PNG)
    return path


def test_a_draft_carries_pictures_without_having_a_text(shop: Shop, box: Path) -> None:
    number = waiting(shop)
    (attached,) = attach(shop.desk, number, box, "The back of the box")
    assert (attached.name, attached.size) == ("box.png", len(PNG))
    box.unlink()
    assert draft_files(shop.desk, number) == (BOX,)


def test_a_picture_can_be_taken_off_a_draft(shop: Shop, box: Path) -> None:
    number = waiting(shop)
    attach(shop.desk, number, box, "The back")
    first, second = attach(shop.desk, number, box, "The front")
    assert detach(shop.desk, number, first.number) == (second,)


def test_a_draft_takes_no_more_than_the_network_does(shop: Shop, box: Path) -> None:
    number = waiting(shop)
    for count in range(4):
        assert len(attach(shop.desk, number, box, f"Side {count}")) == count + 1
    with pytest.raises(CareError):
        attach(shop.desk, number, box, "A fifth side")
    assert len(draft_files(shop.desk, number)) == 4


def test_a_reply_that_is_accepted_empties_the_draft(shop: Shop, box: Path) -> None:
    number = waiting(shop)
    attach(shop.desk, number, box, "The back of the box")
    reply(shop.desk, number, "Hi.", "public", seen_version=None, hold=False, files=draft_files(shop.desk, number))
    assert draft_files(shop.desk, number) == ()
