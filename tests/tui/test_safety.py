"""What customers write never acts: not as markup, not as control characters, on no screen."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from carecli.safetext import is_safe
from tests.shop import Shop
from tests.tui.driving import Agent, work
from tests.tui.widgets.texts import HOSTILE

TUI = Path(__file__).parents[2] / "carecli" / "tui"
MODULES = sorted(TUI.rglob("*.py"))
# They parse markup in what they are given, unless told not to.
PARSING = {"Static", "Label", "Button", "Link", "Markdown", "RichLog", "notify"}
TITLES = {"border_title", "border_subtitle", "tooltip"}


def offences(path: Path) -> Iterator[str]:
    """Where a module of the screens could take a text for markup."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            plain = any(
                word.arg == "markup" and isinstance(word.value, ast.Constant) and word.value.value is False
                for word in node.keywords
            )
            if name in PARSING and not plain:
                yield f"{path.name}:{node.lineno}: {name} without markup=False"
            if name == "from_markup":
                yield f"{path.name}:{node.lineno}: markup built from a text"
            if name == "update" and any(isinstance(value, ast.JoinedStr) for value in node.args):
                yield f"{path.name}:{node.lineno}: update with a string, not Content"
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr in TITLES:
                    yield f"{path.name}:{node.lineno}: {target.attr} from a string, not Content"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(TUI).as_posix())
def test_no_text_is_taken_for_markup(path: Path) -> None:
    assert list(offences(path)) == []


@pytest.mark.parametrize(
    "source",
    [
        "Static(row.text)",
        "Label(f'{name}')",
        "self.notify(error.sentence)",
        "Static(text, markup=True)",
        "Content.from_markup(text)",
        "title.update(f'{count} waiting')",
        "self.border_title = name",
    ],
)
def test_the_rule_finds_what_it_forbids(tmp_path: Path, source: str) -> None:
    (tmp_path / "module.py").write_text(source, "utf-8")
    assert len(list(offences(tmp_path / "module.py"))) == 1


def test_hostile_texts_are_harmless_on_every_screen(shop: Shop) -> None:
    # No network can tell half a character.
    for number, text in enumerate(text.encode("utf-8", "replace").decode() for text in HOSTILE):
        shop.customer_writes(f"{text} ?", f"h{number}", name=text or "nobody")
    shop.work()

    async def go_everywhere(agent: Agent) -> None:
        seen: list[str] = []
        for _ in HOSTILE:
            await agent.press("j")
            await agent.settle()
            seen.append(agent.screen())
        for keys in (("z",), ("escape", "e"), ("escape", "a"), ("escape", "n"), ("r",), ("escape", "o"), ("s",)):
            await agent.press(*keys)
            await agent.settle()
            seen.append(agent.screen())
        assert [line for screen in seen for line in screen.splitlines() if not is_safe(line)] == []

    work(shop.desk, go_everywhere, size=(200, 50))


def test_a_hostile_reply_is_harmless_in_the_outbox_and_when_things_moved_on(busy: Shop) -> None:
    async def send(agent: Agent) -> None:
        handle = agent.customer
        post = next(post for post in busy.network.posts_after(0, 100) if post.author.handle == handle)
        await agent.press("r")
        await agent.write("Hi [/bold] \x1b]0;owned\x07 there")
        busy.customer_writes("[@click=quit]\x1b[2J[/]", handle, name="[/red]", reply_to=post.id)
        busy.work()
        await agent.until_shown("[@click=quit]")
        await agent.press("ctrl+s")
        await agent.until_shown("has moved on")
        assert all(is_safe(line) for line in agent.screen().splitlines())
        await agent.press("2")
        await agent.until_shown("Held for 10 s")
        await agent.press("o")
        await agent.until_shown("held, 10 s")
        assert all(is_safe(line) for line in agent.screen().splitlines())

    work(busy.desk, send)


def test_what_is_pasted_into_a_field_is_cleaned(busy: Shop) -> None:
    async def paste(agent: Agent) -> None:
        await agent.press("/")
        await agent.write("a\x1b[2Jb\u202e")
        assert agent.desk.queue.search.value == "a[2Jb"
        await agent.press("escape", "a")
        await agent.write("n\x1b]0;owned\x07")
        assert all(is_safe(line) for line in agent.screen().splitlines())

    work(busy.desk, paste)
