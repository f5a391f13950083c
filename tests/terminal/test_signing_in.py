"""Signing in at a real terminal: what is secret is typed and never seen."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from carecli.clock import SystemClock
from carecli.credentials.secrets_file import FileVault
from tests.channels.x.server import XServer
from tests.terminal.session import Session


@pytest.fixture
def x() -> Iterator[XServer]:
    with XServer(SystemClock().now, handle="NorthwindCare", confidential=True) as server:
        yield server


@pytest.fixture
def command(tmp_path: Path, x: XServer) -> list[str]:
    config = tmp_path / "config.toml"
    account = f'[[accounts]]\nid = "care"\nnetwork = "x"\nhandle = "NorthwindCare"\nx = {{ url = "{x.url}" }}\n'
    config.write_text(account, "utf-8")
    return [sys.executable, "-m", "carecli", "--config", str(config), "login", "x"]


def test_the_four_keys_are_asked_without_echo(command: list[str], x: XServer, tmp_path: Path) -> None:
    with Session([*command, "--oauth1"], env={"HOME": str(tmp_path)}) as session:
        for words, secret in (
            ("API key:", x.keys.api_key),
            ("API key secret:", x.keys.api_secret),
            ("Access token:", x.keys.access_token),
            ("Access token secret:", x.keys.access_token_secret),
        ):
            session.wait_for(words)
            session.type(f"{secret}\n")
        session.wait_for("Signed in as @NorthwindCare")
        assert session.wait_exit() == 0
        assert not [one for one in vars(x.keys).values() if one.encode() in session.raw]
    assert FileVault(tmp_path / "credentials.toml").read("care")["access_token"] == x.keys.access_token


def test_the_app_is_asked_for_and_an_answer_can_be_pasted(command: list[str], x: XServer, tmp_path: Path) -> None:
    with Session([*command, "--paste"], rows=60, columns=600, env={"HOME": str(tmp_path)}) as session:
        session.wait_for("Client id of your app at X:")
        session.type(f"{x.keys.client_id}\n")
        session.wait_for("Client secret, or Enter if it has none:")
        session.type(f"{x.keys.client_secret}\n")
        rows = session.wait_for("Paste that address within 30 seconds:")
        page = next(row for row in rows if "/i/oauth2/authorize?" in row)
        session.type(httpx.get(page).headers["location"] + "\n")
        session.wait_for("Signed in as @NorthwindCare")
        assert session.wait_exit() == 0
        assert x.keys.client_secret.encode() not in session.raw


def test_an_interrupt_while_it_waits_for_the_browser_ends_it_at_once(command: list[str], x: XServer) -> None:
    words = ["--client-id", x.keys.client_id, "--callback", "http://127.0.0.1:8729/callback"]
    with Session(
        [*command, *words], columns=600, env={"CARECLI_CARE_CLIENT_SECRET": "any", "BROWSER": "true"}
    ) as session:
        session.wait_for("Waiting for the browser")
        session.press("ctrl+c")
        assert session.wait_exit() == 130
        assert b"Traceback" not in session.raw
