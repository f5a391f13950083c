"""What `doctor` says of a terminal."""

from __future__ import annotations

import pytest

from carecli.cli.terminal import terminal_checks

GOOD = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


def told(environment: dict[str, str], size: tuple[int, int] | None = (120, 40), encoding: str = "utf-8") -> str:
    """The verdicts and sentences, one a line."""
    return "\n".join(f"{check.verdict}: {check.sentence}" for check in terminal_checks(environment, size, encoding))


def test_an_ordinary_terminal_is_fine() -> None:
    assert told(GOOD) == "ok: The terminal is 120×40.\nok: Colours: 16 million.\nok: Text is UTF-8."


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"TERM": "xterm-256color"}, "ok: Colours: 256."),
        ({"TERM": "linux"}, "ok: Colours: sixteen, as far as TERM=linux tells."),
        (GOOD | {"NO_COLOR": "1"}, "ok: NO_COLOR is set: colours are left out."),
        ({}, "fail: TERM does not name a terminal that can be drawn on."),
        ({"TERM": "dumb"}, "fail: TERM does not name a terminal that can be drawn on."),
        (GOOD | {"TMUX": "/tmp/tmux"}, "warn: Inside tmux TERM is 'xterm-256color'."),
    ],
)
def test_its_variables_are_read(environment: dict[str, str], sentence: str) -> None:
    assert sentence in told(environment).splitlines()


def test_tmux_with_its_own_term_is_fine() -> None:
    assert "tmux" not in told({"TERM": "tmux-256color", "TMUX": "/tmp/tmux"})


@pytest.mark.parametrize(
    ("size", "sentence"),
    [
        ((80, 24), "ok: The terminal is 80×24; the queue is a drawer at this width."),
        ((30, 24), "warn: The terminal is 30×24; the desk needs 40×12."),
        ((80, 10), "warn: The terminal is 80×10; the desk needs 40×12."),
        (None, "warn: Standard output is not a terminal."),
    ],
)
def test_its_size_is_judged(size: tuple[int, int] | None, sentence: str) -> None:
    assert sentence in told(GOOD, size).splitlines()


def test_an_encoding_that_lacks_most_letters_is_a_warning() -> None:
    assert "warn: Text is iso8859-1: most customers' letters cannot be shown." in told(GOOD, encoding="iso8859-1")
    assert "Text is UTF-8." in told(GOOD, encoding="UTF8")
