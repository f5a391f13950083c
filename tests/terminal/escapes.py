"""The guard at the terminal: finds what a stranger's text made the terminal do.

Textual writes little, and always in the same order: a move, then runs of text, each between one style and its reset.
Whatever else stands in a program's bytes did not come from Textual, and is reported.
Not for: a text that imitates that order to the letter; tests look for its own bytes besides.
"""

from __future__ import annotations

import codecs
import re

# One alternative for each thing that Textual 8.2 and Rich 15 write, by what may come when.
_STYLE = r"\x1b\[(?!0m)(?P<style>\d+(?:;\d+)*)m"
_RESET = r"\x1b\[0m"
_PLACED = "|".join(
    (
        r"\x1b\[\d+;\d+H",  # cursor to row, column
        r"\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]",  # modes of the screen and the mouse
        r"\x1b\[\?(?:2026|2048)\$p",  # questions about modes
        r"\x1b\[(?:>\d+|<)u",  # kitty keys on, off
        r"\x1b\]22;[a-z-]+\x07",  # the mouse pointer's shape
        r"[\r\n]",
    )
)
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_TEXT = rf"[^\x00-\x1f\x7f-\x9f{_BIDI}]+"
_TOKEN = re.compile(f"(?P<text>{_TEXT})|(?P<open>{_STYLE})|(?P<reset>{_RESET})|(?P<placed>{_PLACED})")
# What Rich writes for attributes and for the sixteen colours; true and 256 colours come with their own operands.
_SGR = re.compile(r"(?:(?:[1-9]|21|5[1-3]|3[0-79]|4[0-79]|9[0-7]|10[0-7]|[34]8;5;\d+|[34]8;2;\d+;\d+;\d+)(?:;|$))+")

_STRING = r"(?:[^\x07\x1b\x9c]|\x1b(?!\\))*(?:\x07|\x1b\\|\x9c|\Z)"
_FOREIGN = re.compile(
    rf"(?P<osc>(?:\x1b\]|\x9d){_STRING})|(?P<dcs>(?:\x1bP|\x90){_STRING})|(?P<apc>(?:\x1b[_^X]|[\x98\x9e\x9f]){_STRING})"
    rf"|(?P<csi>(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?)|(?P<escape>\x1b[ -/]*[0-~]?)|(?P<bidi>[{_BIDI}])|(?P<control>.)",
    re.DOTALL,
)
_NAMES = {
    "osc": "operating system command",
    "dcs": "device control string",
    "apc": "application, privacy or start-of-string command",
    "csi": "control sequence",
    "escape": "escape sequence",
    "bidi": "bidirectional control",
    "control": "control character",
}
# The end of a stream may be cut anywhere.
_CUT = re.compile(r"\x1b(?:\[[0-?]*[ -/]*)?\Z")


def escape_violations(raw: bytes) -> list[str]:
    """Return what stands in a Textual program's output that Textual does not write, each as a sentence with its place.

    Reported: OSC (title, clipboard, hyperlink), DCS, APC, PM and SOS strings, C0 and C1 controls, bell and tab,
    bidirectional controls, bytes that are not UTF-8, every control sequence out of the list above, and those of the
    list in places where Textual writes text alone: a move, a mode or a second style within a styled run.
    """
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(raw)
    except UnicodeDecodeError as error:
        return [f"not UTF-8 at byte {error.start}: {raw[error.start : error.end]!r}"]
    violations: list[str] = []
    styled = False
    position = 0
    end = cut.start() if (cut := _CUT.search(text)) else len(text)
    while position < end:
        token = _TOKEN.match(text, position)
        if token is None:
            token = _FOREIGN.match(text, position)
            assert token is not None, "every character is at least a control character"
            violations.append(_sentence(_NAMES[token.lastgroup or "control"], token))
        elif token["open"]:
            if styled:
                violations.append(_sentence("style within a style", token))
            elif not _SGR.fullmatch(token["style"]):
                violations.append(_sentence("unknown style", token))
            styled = True
        elif token["reset"]:
            if not styled:
                violations.append(_sentence("reset without a style", token))
            styled = False
        elif token["placed"] and styled:
            violations.append(_sentence("not text within a style", token))
        position = token.end()
    return violations


def _sentence(what: str, token: re.Match[str]) -> str:
    return f"{what} at character {token.start()}: {token[0]!r}"
