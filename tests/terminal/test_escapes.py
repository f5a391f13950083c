"""The guard lets pass what Textual writes, and catches what a stranger's text makes it write."""

from __future__ import annotations

import sys

import pytest

from tests.terminal.escapes import escape_violations
from tests.terminal.fixture import StartSession

SAMPLE = (sys.executable, "-m", "tests.terminal.sample_app")

HOSTILE = [
    ("\x1b]0;owned\x07", "operating system command"),
    ("\x1b]52;c;b3duZWQ=\x1b\\", "operating system command"),
    ("\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\", "operating system command"),
    ("\x1b]0;never ended", "operating system command"),
    ("\x9d0;owned\x9c", "operating system command"),
    ("\x1b]22;wait\x07", "not text within a style"),
    ("\x1bPq#0\x1b\\", "device control string"),
    ("\x1b_Gpayload\x1b\\", "application, privacy or start-of-string command"),
    ("\x1b^private\x1b\\", "application, privacy or start-of-string command"),
    ("\x1b[2J", "control sequence"),
    ("\x1b[6n", "control sequence"),
    ("\x1b[5A", "control sequence"),
    ("\x9b2J", "control sequence"),
    ("\x1b[1;1H", "not text within a style"),
    ("\x1b[?1049l", "not text within a style"),
    ("\x1b[?2026l", "not text within a style"),
    ("\x1b[31m", "style within a style"),
    ("\x1b[0m\x1b[0m", "reset without a style"),
    ("\x1bc", "escape sequence"),
    ("\x1b(0", "escape sequence"),
    ("\a", "control character"),
    ("\b", "control character"),
    ("\x85", "control character"),
    ("\x7f", "control character"),
    ("\u202e", "bidirectional control"),
    ("\u2066", "bidirectional control"),
]


def styled(text: str) -> bytes:
    """`text` in the middle of a line, as Textual writes it."""
    return f"\x1b[2;1H\x1b[1;38;2;224;224;224;48;2;36;47;56m {text} \x1b[0m\r\n\x1b[3;1H".encode()


def test_a_plain_textual_program_passes_from_start_to_end(terminal: StartSession) -> None:
    session = terminal(*SAMPLE, "Zażółć 👨‍👩‍👧 שלום 世界 e\u0301")
    session.wait_for("ready")
    session.press("down", "x")
    session.wait_for("key x")
    session.resize(24, 80)
    session.wait_for("80x24")
    session.press("q")
    session.wait_exit()
    assert escape_violations(session.raw) == []


def test_a_naive_textual_program_is_caught(terminal: StartSession) -> None:
    session = terminal(*SAMPLE, "\x1b]0;owned\x1b\\")
    session.wait_for("ready")
    assert session.screen.title == "owned"
    assert [line for line in escape_violations(session.raw) if "\\x1b]0;owned" in line]


def test_a_naive_textual_program_is_caught_though_its_screen_is_swallowed(terminal: StartSession) -> None:
    # Textual drops the bell that should have ended the title, and so the terminal eats what follows.
    session = terminal(*SAMPLE, "\x1b]0;owned\x07")
    session.wait_until(lambda _: escape_violations(session.raw) != [])
    assert [line for line in escape_violations(session.raw) if "\\x1b]0;owned" in line]


@pytest.mark.parametrize(("text", "what"), HOSTILE)
def test_a_hostile_text_is_named(text: str, what: str) -> None:
    assert escape_violations(styled("harmless")) == []
    violations = escape_violations(styled(text))
    assert violations
    assert violations[0].startswith(f"{what} at character ")


def test_bytes_that_are_not_utf8_are_named() -> None:
    assert escape_violations(b"plain \x9b2J") == ["not UTF-8 at byte 6: b'\\x9b'"]


@pytest.mark.parametrize("end", [b"\x1b", b"\x1b[", b"\x1b[38;2;1", "ż".encode()[:1]])
def test_a_stream_may_be_cut_anywhere(end: bytes) -> None:
    assert escape_violations(styled("harmless") + end) == []


@pytest.mark.parametrize("style", ["1", "3;31", "97;40", "39;49", "4;38;5;200", "9;53;48;2;0;0;0"])
def test_every_style_that_rich_writes_passes(style: str) -> None:
    assert escape_violations(f"\x1b[{style}mtext\x1b[0m".encode()) == []


@pytest.mark.parametrize("style", ["38;2;1", "11", "4:3", "58;2;1;2;3"])
def test_other_styles_do_not(style: str) -> None:
    assert escape_violations(f"\x1b[{style}mtext\x1b[0m".encode()) != []
