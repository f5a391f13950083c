"""Pictures on the screen: chosen by their path, described, shown beside the signature, sent and given back."""

from __future__ import annotations

from pathlib import Path

import pytest

from carecli.desk.media import draft_files
from carecli.desk.outbox import outbox
from carecli.desk.queue import first_rows
from carecli.desk.views import QueueFilter
from carecli.model import Author, OutboxState
from carecli.tui.screens.path_dialog import PathField, completed, typed_path
from carecli.tui.widgets.reply_area import ReplyArea
from tests.files import PNG
from tests.shop import Shop
from tests.sparing import LINK, NOTE, SparingChannel
from tests.tui.driving import Agent, work

HELD: tuple[OutboxState, ...] = ("held",)


@pytest.fixture
def box(tmp_path: Path) -> Path:
    path = tmp_path / "box.png"
    path.write_bytes(PNG)
    return path


def first(shop: Shop) -> int:
    return first_rows(shop.desk, QueueFilter(), 1)[0].conversation_id


async def choose(agent: Agent, path: Path) -> None:
    await agent.press("r")
    await agent.until(lambda: agent.focused(ReplyArea))
    await agent.press("ctrl+o")
    await agent.until(lambda: agent.focused(PathField))
    await agent.write(str(path))
    await agent.press("enter")


async def attach(agent: Agent, path: Path, words: str) -> None:
    await choose(agent, path)
    await agent.until_shown(f"What does {path.name} show?")
    await agent.write(words)
    await agent.press("enter")
    await agent.until_shown("▣ box.png")


# ── on the screen ─────────────────────────────────────────────────────────────────────────────────


def test_a_picture_is_attached_with_its_words_sent_and_taken_back_with_the_text(busy: Shop, box: Path) -> None:
    number = first(busy)

    async def send_and_undo(agent: Agent) -> None:
        await attach(agent, box, "The back of the box")
        await agent.until(lambda: agent.focused(ReplyArea))
        await agent.write("Hi Andy, it is the grey one.")
        await agent.press("ctrl+s")
        await agent.until_shown("image: The back of the box")
        assert "▣ box.png" not in agent.screen()
        await agent.press("u")
        await agent.until_shown("▣ box.png")
        assert agent.reply == "Hi Andy, it is the grey one."

    work(busy.desk, send_and_undo)
    (file,) = draft_files(busy.desk, number)
    assert (file.alt, file.data) == ("The back of the box", PNG)
    assert outbox(busy.desk, ("held", "queued")) == ()


def test_an_attached_picture_is_there_the_next_time_and_can_be_taken_off(busy: Shop, box: Path) -> None:
    number = first(busy)

    async def leave(agent: Agent) -> None:
        await attach(agent, box, "The back of the box")

    async def take_off(agent: Agent) -> None:
        await agent.press("r")
        await agent.until_shown("▣ box.png")
        await agent.until(lambda: agent.focused(ReplyArea))
        await agent.press("ctrl+r")
        await agent.until(lambda: "▣ box.png" not in agent.screen())

    work(busy.desk, leave)
    work(busy.desk, take_off, size=(80, 24))
    assert draft_files(busy.desk, number) == ()


def test_a_file_that_cannot_go_out_is_told_before_it_is_described(busy: Shop, tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no picture")

    async def try_it(agent: Agent) -> None:
        await choose(agent, text)
        await agent.until_shown("notes.txt is no picture")

    work(busy.desk, try_it)


def test_the_palette_attaches_too(busy: Shop, box: Path) -> None:
    async def by_palette(agent: Agent) -> None:
        await agent.press("r", "ctrl+p")
        await agent.until_shown("Attach a picture")

    work(busy.desk, by_palette)


# ── paths ─────────────────────────────────────────────────────────────────────────────────────────


def test_tab_completes_a_path(busy: Shop, box: Path) -> None:
    async def complete(agent: Agent) -> None:
        await agent.press("r")
        await agent.until(lambda: agent.focused(ReplyArea))
        await agent.press("ctrl+o")
        await agent.until(lambda: agent.focused(PathField))
        await agent.write(str(box)[:-4])
        field = agent.app.focused
        assert isinstance(field, PathField)
        await agent.until(lambda: field._suggestion)
        await agent.press("tab")
        assert field.value == str(box)

    work(busy.desk, complete)


def test_a_path_goes_on_as_the_folder_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "b.png").touch()
    (tmp_path / "pictures" / "a.png").touch()
    (tmp_path / "pictures" / ".hidden").touch()
    (tmp_path / "pictures" / "evil\x1b[2J.png").touch()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert completed("~/pic") == "~/pictures/"
    assert completed("pic") == "pictures/"
    assert completed("~/pictures/") == "~/pictures/a.png"
    assert completed("~/pictures/b") == "~/pictures/b.png"
    assert completed("~/pictures/e") is None
    assert completed("~/pictures/.h") == "~/pictures/.hidden"
    for nothing in ("", "~/nowhere/x", "nul\0/", "~nobody-of-this-name/x"):
        assert completed(nothing) is None


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("/tmp/a.png ", "/tmp/a.png"),
        ("'/tmp/my box.png'", "/tmp/my box.png"),
        ('"/tmp/my box.png"', "/tmp/my box.png"),
        ("/tmp/my\\ box.png", "/tmp/my box.png"),
        ("file:///tmp/my%20box.png", "/tmp/my box.png"),
        ("~nobody-of-this-name/x", "~nobody-of-this-name/x"),
    ],
)
def test_a_path_is_taken_as_terminals_drop_it(typed: str, path: str) -> None:
    assert typed_path(typed) == Path(path)


# ── what the network leaves to a person, and what it does not show ────────────────────────────────


def test_a_refused_reply_shows_the_link_and_copies_it(shop: Shop) -> None:
    shop.client = SparingChannel.fresh()
    shop.customer_writes("My line is slow")
    shop.work()

    async def be_refused(agent: Agent) -> None:
        await agent.press("r")
        await agent.until(lambda: agent.focused(ReplyArea))
        await agent.write("Hi Andy, refuse me.")
        await agent.press("ctrl+s")
        await agent.until(lambda: outbox(shop.desk, HELD))
        shop.pass_minutes(1)
        shop.work()
        await agent.press("escape", "escape", "o")
        await agent.until_shown(LINK)
        await agent.press("y")
        await agent.until(lambda: agent.app.clipboard == LINK)

    work(shop.desk, be_refused)


def test_a_thread_is_read_when_it_is_opened_and_not_when_the_cursor_passes(shop: Shop) -> None:
    client = SparingChannel.fresh()
    shop.client = client
    root = shop.network.write_as(Author("id-ola", "ola", "Ola Lind"), "Anybody else?", shop.clock.now())
    shop.pass_minutes(1)
    shop.customer_writes("@NorthwindCare Yes, what is going on?", reply_to=root.id)
    shop.work()

    async def look_then_open(agent: Agent) -> None:
        await agent.until_open("andy")
        await agent.settle()
        assert client.threads_read == []
        await agent.press("enter")
        await agent.until_shown("Anybody else?")

    work(shop.desk, look_then_open)
    assert len(client.threads_read) == 1


def test_a_network_out_of_reach_is_told_once_and_what_is_stored_is_shown(shop: Shop) -> None:
    shop.client = SparingChannel.fresh()
    for handle in ("andy", "mira"):
        shop.customer_writes("What is going on?", handle)
    shop.work()
    shop.faults.read.extend(["unreachable", "unreachable"])

    async def open_both(agent: Agent) -> None:
        await agent.press("enter")
        await agent.until_shown("The rest of the thread was not read")
        agent.app.clear_notifications()
        await agent.press("escape", "j", "enter")
        await agent.until(lambda: not shop.faults.read)
        await agent.settle()
        assert "was not read" not in agent.screen()
        assert agent.shows("What is going on?")

    work(shop.desk, open_both)


def test_a_private_conversation_says_what_is_not_seen(shop: Shop) -> None:
    shop.client = SparingChannel.fresh()
    shop.customer_writes("My number is 12", "mira", visibility="private")
    shop.work()

    async def look(agent: Agent) -> None:
        await agent.until_shown(NOTE)

    work(shop.desk, look)
