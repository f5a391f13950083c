"""Keys on the running desk: remapped ones, those of other keyboards, the palette and the help made from one table."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from textual.command import CommandPalette
from textual.dom import DOMNode

from carecli.errors import ConfigError
from carecli.tui.app import CareApp
from carecli.tui.keymap import COMMANDS, Place, keymap
from carecli.tui.screens.desk import DeskScreen
from carecli.tui.screens.dialogs import ChoiceDialog, Dialog
from carecli.tui.screens.help import HelpScreen, help_entries, help_line
from carecli.tui.screens.outbox import OutboxScreen
from carecli.tui.screens.queue_pane import SearchBox
from carecli.tui.screens.shift import ShiftScreen
from carecli.tui.widgets.composer import Composer
from carecli.tui.widgets.line_list import LineList
from carecli.tui.widgets.queue_list import QueueList
from carecli.tui.widgets.reply_area import ReplyArea
from carecli.tui.widgets.thread_view import ThreadView
from tests.shop import CONFIG, Shop, open_shop
from tests.tui.driving import Agent, app_of, work

OWNERS: dict[Place, tuple[type[DOMNode], ...]] = {
    "everywhere": (CareApp,),
    "desk": (DeskScreen,),
    "list": (LineList, ThreadView),
    "thread": (ThreadView,),
    "composer": (Composer,),
    "search": (SearchBox,),
    "outbox": (OutboxScreen,),
    "shift": (ShiftScreen,),
    "help": (HelpScreen,),
    "dialog": (Dialog,),
}


def test_every_command_is_bound_and_carried_out_where_the_table_says() -> None:
    for command in COMMANDS:
        if command.id == "list.choose":
            continue
        owners = (ChoiceDialog,) if command.fixed else OWNERS[command.where]
        for owner in owners:
            assert callable(getattr(owner, f"action_{command.action}", None)), (command.id, owner)


def test_no_widget_has_a_key_that_the_table_does_not_know() -> None:
    known = {command.id for command in COMMANDS}
    for owner in {owner for owners in OWNERS.values() for owner in owners} | {QueueList}:
        bound = [binding for _, binding in owner._merge_bindings() if binding.action.startswith("list_")]
        assert {binding.id for binding in bound} <= known, owner


def with_keys(lines: str) -> str:
    return f"{CONFIG}\n[keys]\n{lines}\n"


def test_a_remapped_key_works_and_the_old_one_does_not(tmp_path: Path) -> None:
    with open_shop(tmp_path, with_keys('"queue.next" = "f5"\n"list.down" = "s,down"\n"screen.shift" = "S"')) as shop:
        for name in ("ada", "bea"):
            shop.customer_writes("Is anybody there?", name)
        shop.work()

        async def press(agent: Agent) -> None:
            await agent.press("n")
            await agent.settle()
            assert agent.focused(QueueList)
            before = agent.desk.queue.list.cursor
            await agent.press("s")
            assert agent.desk.queue.list.cursor == before + 1
            await agent.press("f5")
            await agent.until(lambda: agent.focused(ThreadView))
            assert "f5 next" in agent.screen()

        work(shop.desk, press)


def test_the_palette_itself_can_be_remapped(tmp_path: Path) -> None:
    with open_shop(tmp_path, with_keys('"app.palette" = "f2"')) as shop:

        async def press(agent: Agent) -> None:
            await agent.press("ctrl+p")
            await agent.settle()
            assert isinstance(agent.app.screen, DeskScreen)
            await agent.press("f2")
            await agent.until(lambda: isinstance(agent.app.screen, CommandPalette))

        work(shop.desk, press)


def test_a_key_that_means_two_things_keeps_the_desk_from_opening_with_a_remedy(tmp_path: Path) -> None:
    with (
        open_shop(tmp_path, with_keys('"queue.next" = "r"')) as shop,
        pytest.raises(ConfigError, match=r"conversation\.reply"),
    ):
        app_of(shop.desk)


@pytest.mark.parametrize(
    ("layout", "next_key", "reply_key", "search_key"),
    [
        ("", "т", "к", "."),
        ("", "מ", "ר", "."),
        ("", "ν", "ρ", "/"),
        ("", "ń", "r", "/"),
        ("turkish-f", "z", "ı", ","),
        ("czech", "n", "r", "minus"),
    ],
    ids=["russian", "hebrew", "greek", "polish", "turkish-f", "czech"],
)
def test_keys_of_other_keyboards_work_by_their_place(
    tmp_path: Path, layout: str, next_key: str, reply_key: str, search_key: str
) -> None:
    # The configuration's own keys stand before its tables.
    with open_shop(tmp_path, f'keyboard = "{layout}"\n{CONFIG}') as shop:
        shop.customer_writes("Is anybody there?", "ada")
        shop.work()

        async def press(agent: Agent) -> None:
            await agent.press(next_key)
            await agent.until(lambda: agent.focused(ThreadView))
            await agent.press(reply_key)
            await agent.until(lambda: agent.focused(ReplyArea))
            # In the reply the same keys are letters.
            await agent.press(next_key, reply_key)
            assert agent.reply == next_key + reply_key
            await agent.press("escape", search_key)
            assert agent.focused(SearchBox)

        work(shop.desk, press)


def test_a_control_key_of_another_keyboard_works_in_the_reply_too(busy: Shop) -> None:
    async def send(agent: Agent) -> None:
        await agent.press("r")
        await agent.until(lambda: agent.focused(ReplyArea))
        await agent.write("Да")
        # So kitty's protocol tells ctrl and the key s on a Russian keyboard.
        await agent.press("ctrl+ы")
        await agent.until_shown("Held for 10 s")

    work(busy.desk, send)


def test_the_palette_offers_what_works_and_does_it(busy: Shop) -> None:
    async def choose(agent: Agent) -> None:
        await agent.press("ctrl+p")
        await agent.until_shown("Take the most urgent conversation")
        assert "Take back the reply" not in agent.screen()
        await agent.write("leave a note")
        await agent.until(lambda: "Take the most urgent" not in agent.screen())
        await agent.press("enter")
        await agent.until_shown("for colleagues")

    work(busy.desk, choose)


def is_shown_in(app: CareApp, theme: str) -> bool:
    return app.theme == theme


def test_the_palette_changes_the_theme(busy: Shop) -> None:
    async def choose(agent: Agent) -> None:
        for theme in ("light", "terminal-16", "high-contrast", "colour-blind-safe", "dark"):
            await agent.press("ctrl+p")
            await agent.write(f"theme: {theme}")
            await agent.until_shown(f"Theme: {theme}")
            await agent.settle()
            await agent.press("enter")
            await agent.until(partial(is_shown_in, agent.app, theme))

    work(busy.desk, choose)


def test_the_help_shows_the_keys_of_where_one_is_first(busy: Shop) -> None:
    async def look(agent: Agent) -> None:
        await agent.press("o", "?")
        await agent.until_shown("OUTBOX")
        assert agent.screen().index("OUTBOX") < agent.screen().index("QUEUE")
        await agent.press("escape")
        assert isinstance(agent.app.screen, DeskScreen)

    work(busy.desk, look)


def test_the_help_names_every_command_once() -> None:
    entries = help_entries(("outbox", "list", "everywhere"))
    assert entries[0] == "Outbox"
    assert sorted(entry.id for entry in entries if not isinstance(entry, str)) == sorted(_.id for _ in COMMANDS)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_help_shows_key_and_sentence_on_any_terminal(width: int) -> None:
    undo = next(entry for entry in COMMANDS if entry.id == "reply.undo")
    line = "".join(span.text for span in help_line(keymap({}), undo, width))
    assert line.startswith("  u ")
    assert "Take back the reply" in line[:width]


def test_hints_show_only_what_works(busy: Shop, tmp_path: Path) -> None:
    async def look(agent: Agent) -> None:
        assert "take back" not in agent.screen()
        await agent.press("r")
        await agent.until(lambda: agent.focused(ReplyArea))
        hints = agent.screen().splitlines()[-1]
        assert "ctrl+s send" in hints and "next" not in hints

    work(busy.desk, look)
