"""Hostile texts, by example and at random."""

from __future__ import annotations

import re

from hypothesis import strategies as st

from carecli.safetext import sanitize

HOSTILE = (
    "",
    " ",
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b]52;c;aGVsbG8=\x1b\\ \x1b[2J\x9b31m\x90q\x9c",
    "[/foo] [@click=app.quit]press[/] [urgent] [bold [",
    "\u202egnp.exe \u2066isolated\u2069 \u200fmark",
    "z" + "\u0301" * 400 + "algo",
    "\u0301\u0301 lone \u200d\ufe0f\u200d",
    "w" * 10_000,
    "漢" * 3_000,
    "مرحبا، الإنترنت لا يعمل منذ ثلاثة أيام 😡 " * 100,
    "👨‍👩‍👧‍👦🇵🇱👍🏽❤️1️⃣🏳️‍🌈" * 50,
    "क्षत्रिय \u0915\u094d\u200d\u0937 நி กำ 각",
    "a\r\nb\rc\n\n\n\td\x0b\x0c\x85e\u2028f",
    "\ud800\udfff\ufffe\U0010ffff\ue000\x00\x7f\x80",
)
"""What customers, or those who play one, might post. Not yet safe: see `sanitize`."""

DRIVES_A_TERMINAL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What must never stand in a strip."""

_AWKWARD = "\u200d\ufe0f\u0301\u20e3\u3099漢👩🏽🇵🇱☎1क्षिกำ각ᄀ\u00a0\u200c\U0001d173 \n[]\x1b"

hostile = st.text(st.one_of(st.characters(), st.sampled_from(_AWKWARD)), max_size=120)
"""Any text at all, and often one that is awkward to measure."""

safe = hostile.map(sanitize)
"""The same, as it reaches a widget."""
