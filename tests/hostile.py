"""Texts with which a stranger attacks the screen that shows them; one list for every test that needs some.

The oracle, `acting`, knows Unicode's categories and nothing of `carecli.safetext`, so that each checks the other.
Not for: what a terminal makes of bytes (`tests.terminal`), or letters of whose width terminals think differently,
such as spacing vowel signs and half a flag.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple


class Hostile(NamedTuple):
    """One attack. `signs`: what of it must never reach a terminal; `literal`: what must be read there as it stands."""

    what: str
    text: str
    signs: tuple[str, ...] = ()
    literal: str = ""


HOSTILE = (
    # ── sequences that drive a terminal ───────────────────────────────────────────────────────────
    Hostile("title", "Hi \x1b]0;owned\x07there \x1b]2;owned\x1b\\", ("\x1b]0", "\x1b]2;"), "there"),
    Hostile("clipboard", "Hi \x1b]52;c;b3duZWQ=\x07 \x1b]52;p;?\x1b\\", ("\x1b]52",)),
    Hostile("hyperlink", "see \x1b]8;;http://evil.example\x1b\\here\x1b]8;;\x1b\\", ("\x1b]8",), "here"),
    Hostile("colours and notices", "\x1b]4;1;rgb:00/00/00\x07\x1b]10;#000\x07\x1b]9;owned\x07", ("\x1b]4;", "\x1b]9;")),
    Hostile("a title that never ends", "Hi \x1b]0;owned and the rest is swallowed", ("\x1b]0",), "the rest"),
    Hostile("clear", "Hi \x1b[2J\x1b[3J\x1b[H\x1b[K there", ("\x1b[2J", "\x1b[3J", "\x1b[H", "\x1b[K")),
    Hostile("colours", "\x1b[31;1mred\x1b[8mhidden\x1b[0m", ("\x1b[31;1m", "\x1b[8m"), "red"),
    Hostile("moves", "\x1b[1;1HPWNED\x1b[10A\x1b[99C\x1b7\x1b8", ("\x1b[1;1HP", "\x1b[10A", "\x1b7"), "PWNED"),
    Hostile("modes", "\x1b[?1049l\x1b[?1000l\x1b[4h\x1b[20h\x1b[!p", ("\x1b[4h", "\x1b[20h", "\x1b[!p")),
    Hostile("questions", "\x1b[6n\x1b[c\x1b[21t\x1b]11;?\x07\x05", ("\x1b[6n", "\x1b[c", "\x1b[21t", "\x05")),
    Hostile("device control", "\x1bPq#0;2;0;0;0#0~~\x1b\\ \x1bP$qm\x1b\\", ("\x1bP",)),
    Hostile(
        "application command", "\x1b_Gf=24;AAAA\x1b\\ \x1b^owned\x1b\\ \x1bXowned\x1b\\", ("\x1b_", "\x1b^", "\x1bX")
    ),
    Hostile(
        "C1", "\x9b2J\x9b31m \x9d0;owned\x9c \x90q\x9c \x9fx\x9c \x84\x8d", ("\x9b", "\x9d", "\x90", "\x9f", "\x84")
    ),
    Hostile(
        "reset and character sets", "\x1bc Hi \x1b(0lqqk\x1b#8\x0e\x0f", ("\x1bc", "\x1b(0", "\x1b#8", "\x0e"), "Hi"
    ),
    Hostile("a lone escape", "Hi\x1b", ()),
    Hostile("bells and backspaces", "paid\b\b\b\bfree\x07\x07\x07", ("\b", "\x07\x07"), "free"),
    Hostile("NUL and delete", "one\x00two\x7fthree\x00", ("\x00", "\x7f"), "two"),
    Hostile("overwriting", "All is well\rPay now     \rOr else\r", ("\rPay",)),
    Hostile("feeds", "one\n\n\n\n\n\n\n\n\n\n\n\ntwo\x0b\x0b\x0cthree", ("\x0b", "\x0c"), "three"),
    Hostile("newlines of Unicode", "one\x85two\u2028three\u2029four", ("\x85", "\u2028", "\u2029"), "four"),
    Hostile("tabs", "a\tb\t\t\tc\t", ("\t",)),
    # ── order, and what cannot be seen ────────────────────────────────────────────────────────────
    Hostile("overrides", "invoice \u202egnp.exe\u202c \u202d\u202a\u202b✓", ("\u202e", "\u202d"), "gnp.exe"),
    Hostile(
        "isolates and marks", "\u2066ab\u2069 \u2067cd\u2068ef \u200f\u200e\u061cgh", ("\u2066", "\u2067", "\u200f")
    ),
    Hostile("zero width", "pass\u200bword\u2060\ufeff\u00ad\u200c\u180e!", ("\u200b", "\u2060", "\ufeff", "\u00ad")),
    Hostile("joiners without anything to join", "a" + "\u200d" * 60 + "b" + "\ufe0f" * 60 + "c"),
    Hostile("a name of nothing", "\u3164\u115f\u200b \u2800 \u00a0", ("\u3164", "\u115f")),
    Hostile(
        "stacked marks",
        "".join(c + "\u0301\u0323\u0334\u035d\u20dd" * 12 for c in "zalgo"),
        ("\u0334\u0323\u0301\u035d\u20dd",),
    ),
    Hostile("marks before anything", "\u0301\u0334\u20dd Hi \u0e31\u0e47", (), "Hi"),
    Hostile(
        "hidden in tags", "Hi" + "".join(chr(0xE0000 + ord(c)) for c in "obey me") + " 🏴\U000e0067\U000e0062\U000e007f"
    ),
    Hostile(
        "no characters", "a\ufffe\uffff\ufdd0\ue000\U0010ffff\U000f0000\U0001fffeb", ("\ue000", "\ufdd0", "\uffff")
    ),
    Hostile(
        "controls of music", "\U0001d173la\U0001d17a\U0001bca0\U00013430\ufff9x\ufffay\ufffb", ("\U0001d173", "\ufff9")
    ),
    # ── what libraries read as more than text ─────────────────────────────────────────────────────
    Hostile("markup", "[/foo] [bold [red]unclosed [/] [/]", (), "[/foo]"),
    Hostile("action", "[@click=app.quit]press[/] [@click='app.quit()'", (), "[@click=app.quit]press[/]"),
    Hostile("link", "[link=file:///etc/passwd]me[/link] [on red]", (), "[link=file:///etc"),
    Hostile("escaped markup", "\\[/] [[b]] \\\\[@click=app.bell]x", (), "\\[/] [[b]]"),
    Hostile("templates", "%s %n {0} {name} $late ${IFS} $(reboot) `id`", (), "%s %n {0} {name}"),
    Hostile("questions to a database", "\"'; DROP TABLE message;-- NEAR(* AND OR", (), "DROP TABLE"),
    Hostile("emoji names", ":smile: &lt;b&gt; <script>alert(1)</script> **x**", (), "<script>"),
    # ── size ──────────────────────────────────────────────────────────────────────────────────────
    Hostile("a word of ten thousand letters", "W" * 10_000),
    Hostile("wide characters", "漢字かな한글" * 40 + "ｗｉｄｅ"),
    Hostile("emoji sequences", "👨‍👩‍👧‍👦🇵🇱👍🏽❤️1️⃣🏳️‍🌈🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f" * 6),
    Hostile("right to left", "שלום, האינטרנט לא עובד 😡 مرحبا لا يعمل " * 8),
    Hostile("clusters of several letters", "क्षत्र กำ 각 각 ᄀ ঈ " * 8),
    Hostile("a thousand lines", "x\n" * 1000),
)
"""Every one can be stored. `SURROGATES` cannot, and comes from JSON only."""

SURROGATES = Hostile("lone surrogates", "a\ud800b\udc00\udfffc\udbff")

# What has no shape of its own, and yet belongs to texts: the joiner and the tags of emoji.
_JOINER = "\u200d"
_TAGS = range(0xE0020, 0xE0080)
# Of Unicode's "format" characters these are drawn: the signs of Arabic, Syriac and Kaithi that enclose a number.
_DRAWN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
_ACTS = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))


def acting(text: str) -> str:
    """The characters of `text` that act on a terminal or hide in it, newlines not among them."""
    return "".join(character for character in dict.fromkeys(text) if _acts(character))


def _acts(character: str) -> bool:
    if character in "\n" + _JOINER or character in _DRAWN or ord(character) in _TAGS:
        return False
    return unicodedata.category(character) in _ACTS
