"""The browser beside the desk: opened in a window of its own, refused calmly where it would draw over the desk."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from time import monotonic, sleep

import pytest

from carecli.errors import Refused
from carecli.tui.browser import open_page

LINK = "https://sandbox.example/intent?text=Hi"


@pytest.fixture(autouse=True)
def without_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The module remembers the browsers that it found."""
    monkeypatch.setattr(webbrowser, "_tryorder", None)
    monkeypatch.setattr(webbrowser, "_browsers", {})
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


def test_a_browser_with_windows_is_handed_the_link_and_says_nothing_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    opened = tmp_path / "opened"
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\necho noise\necho noise >&2\necho "$1" > {opened}.part\nmv {opened}.part {opened}\n')
    script.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{script} %s &")
    open_page(LINK)
    end = monotonic() + 20
    while not opened.exists() and monotonic() < end:
        sleep(0.02)
    assert opened.read_text() == f"{LINK}\n"
    assert capfd.readouterr() == ("", "")


def test_a_browser_of_the_terminal_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", "/bin/true %s")
    with pytest.raises(Refused, match="no browser"):
        open_page(LINK)


def test_where_there_is_no_browser_at_all_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BROWSER", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Refused, match="no browser"):
        open_page(LINK)


@pytest.mark.parametrize("link", ["file:///etc/passwd", "javascript:alert(1)", "-version", ""])
def test_only_pages_of_the_web_are_opened(monkeypatch: pytest.MonkeyPatch, link: str) -> None:
    monkeypatch.setenv("BROWSER", "/bin/true %s &")
    with pytest.raises(Refused):
        open_page(link)
