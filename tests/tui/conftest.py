"""The desk that the screens are tested on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

from tests.shop import Shop, open_shop


@pytest.fixture(autouse=True, scope="session")
def parsed_once() -> Iterator[None]:
    """Each app here has the same styles as the one before: they are parsed once for each theme, not at each start."""
    parsed: dict[object, list[RuleSet]] = {}
    parse = Stylesheet._parse_rules

    def once(sheet: Stylesheet, *source: Any, **more: Any) -> list[RuleSet]:  # noqa: ANN401
        key = (source, *more.items(), *sheet._variables.items())
        if key not in parsed:
            parsed[key] = parse(sheet, *source, **more)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Stylesheet, "_parse_rules", once)
        yield


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody sleeps: the screens wait less before they look, save or search, and the pilot before it goes on."""
    monkeypatch.setattr("carecli.tui.background.LOOK_SECONDS", 0.02)
    monkeypatch.setattr("carecli.tui.app._COURTESY_SECONDS", 0.005)
    monkeypatch.setattr("carecli.tui.app._SOON_SECONDS", 0.001)
    monkeypatch.setattr("carecli.tui.screens.conversation_pane._PREVIEW_SECONDS", 0.005)
    monkeypatch.setattr("carecli.tui.screens.conversation_pane._SAVE_SECONDS", 0.05)
    monkeypatch.setattr("carecli.tui.screens.queue_pane._SEARCH_SECONDS", 0.02)
    # Keys wait for a desk as long as a test waits for a screen, however slow the machine is just now.
    monkeypatch.setattr("carecli.tui.type_ahead.PATIENCE", 60.0)
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 0.002)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A desk on a real database, where nobody has written yet."""
    with open_shop(tmp_path) as opened:
        yield opened


@pytest.fixture
def busy(shop: Shop) -> Shop:
    """The same with three customers waiting: Andy for 50 minutes, Zak, who complains, and Mira in private."""
    shop.customer_writes("Is the Super Hub 2 better than mine?", "andy")
    shop.work()
    shop.pass_minutes(46)
    shop.customer_writes("Broken for the third time this week! Unacceptable", "zak", name="Zak Hill")
    shop.customer_writes("How do I change my tariff?", "mira", name="Mira Kay", visibility="private")
    shop.pass_minutes(4)
    shop.work()
    return shop
