"""A shift at X, on the loopback network: the desk reads and answers by keys, and other processes by flags beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from carecli.clock import SystemClock
from tests.channels.x.server import XServer
from tests.end_to_end.flags import command, told
from tests.terminal.session import Session

CONFIG = """
agent = "claire"
agents = [{{ id = "claire", name = "Claire Lowe", lead = true }}]
[[accounts]]
id = "care"
network = "x"
handle = "acme_care"
playbook = "acme"
x = {{ url = "{url}", own_app = true }}
[playbooks.acme]
undo_seconds = 0
greetings = ["Good morning! {{roster}} here."]
"""


@pytest.fixture
def x() -> Iterator[XServer]:
    with XServer(SystemClock().now) as server:
        yield server
    assert server.violations == []


@pytest.fixture
def folder(tmp_path: Path, x: XServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk whose keys are in the environment."""
    for name in ("api_key", "api_secret", "access_token", "access_token_secret"):
        monkeypatch.setenv(f"CARECLI_CARE_{name.upper()}", getattr(x.keys, name))
    (tmp_path / "config.toml").write_text(CONFIG.format(url=x.url), "utf-8")
    return tmp_path


def test_a_shift_at_x(folder: Path, x: XServer) -> None:
    andy, bea = x.customer("andy", "Andy Loynes"), x.customer("bea", "Bea Moss")
    elsewhere = x.post(bea, "is anybody else offline?")
    question = x.post(andy, "@acme_care my line is down & out, see https://example.com/log", reply_to=elsewhere)
    x.message(bea, "my account number is 12")
    with Session(command(folder), rows=40, columns=120) as screen:
        # Greeted, and the mention answered by keys: what it answers was read when it was opened.
        screen.wait_until(lambda rows: "2 waiting" in rows[0], what="both customers")
        screen.press("g")
        screen.wait_for("Post the greeting")
        screen.press("enter")
        screen.wait_for("shift greeted")

        # The most urgent one is answered by keys, the other by flags beside the desk that is open.
        first, second = told(folder, "queue")["rows"]
        screen.press("n")
        screen.wait_until(lambda rows: any(f"@{first['handle']}" in row and "⚑ claire" in row for row in rows))
        screen.press("r")
        screen.wait_for("‹^CL›")
        screen.type("We are on it.")
        screen.press("ctrl+s")
        screen.wait_for("We are on it. ^CL")
        number = str(second["conversation_id"])
        told(folder, "show", number)
        sent = told(folder, "reply", number, "Thank you.", f"--{second['visibility']}")
        screen.wait_gone("waiting since")
        screen.wait_gone("on the way")
        screen.press("q")
        screen.wait_exit()
    assert sent["state"] == "sent"
    greeting, answer = x.posts
    (message,) = x.sent_messages
    assert greeting.text == "Good morning! Claire here."
    assert answer.reply_to == question
    assert {answer.text, message.text} == {"We are on it. ^CL", "Thank you. ^CL"}
    by_andy = first if first["handle"] == "andy" else second
    shown = json.dumps(told(folder, "show", str(by_andy["conversation_id"])), ensure_ascii=False)
    assert "is anybody else offline?" in shown
    assert "https://example.com/log" in shown
