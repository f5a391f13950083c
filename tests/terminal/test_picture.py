"""The picture of the README is Textual's own screenshot, and can be looked at without a browser."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from scripts import picture
from tests.terminal.sample_app import SampleApp


def test_a_picture_shows_the_app_after_the_keys_were_pressed() -> None:
    svg = asyncio.run(picture.screenshot(SampleApp("a <word> or two"), ("down",), until="key down"))
    assert "120x40" in picture.shown(svg)
    assert "a &lt;word&gt; or two" in picture.shown(svg)


def test_a_picture_is_the_same_every_time() -> None:
    first, second = (asyncio.run(picture.screenshot(SampleApp("same"))) for _ in range(2))
    assert first == second


def test_what_never_comes_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "_PATIENCE", 0.0)
    with pytest.raises(TimeoutError, match="'nothing of the kind'"):
        asyncio.run(picture.screenshot(SampleApp(""), until="nothing of the kind"))


@pytest.mark.skipif(shutil.which("rsvg-convert") is None, reason="rsvg-convert is not installed.")
def test_a_png_is_made_beside_the_picture(tmp_path: Path) -> None:
    svg, png = tmp_path / "picture.svg", tmp_path / "picture.png"
    app = "tests.terminal.test_picture:sample"
    assert picture.main(["--app", app, "--until", "sample text", "--png", str(png), str(svg)]) == 0
    assert "Fira Code" in svg.read_text("utf-8")
    assert "Fira Code" not in picture.for_looking_at(svg.read_text("utf-8"))
    assert png.read_bytes().startswith(b"\x89PNG")


def sample() -> SampleApp:
    """What the test above draws."""
    return SampleApp("sample text")
