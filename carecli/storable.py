"""Storable text: what any database, any file and any line of JSON can hold.

For the edges at which text comes in. Not for: making text safe to show (`safetext`); what comes out of here is as
hostile as it was.
"""

from __future__ import annotations

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """Return `text` with NUL and halves of characters, which JSON can name and databases refuse, as U+FFFD."""
    if text.isascii() and "\x00" not in text:
        return text
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)
