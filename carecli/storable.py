"""Storable text: what any database, any file and any line of JSON can hold.

For the edges at which text comes in. Not for: making text safe to show (`safetext`); what comes out of here is as
hostile as it was.
"""

from __future__ import annotations

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """Return `text` with NUL and halves of characters, which JSON can name and databases refuse, as U+FFFD."""
    return text if is_storable(text) else _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def is_storable(text: str) -> bool:
    """Whether `storable` leaves `text` as it is."""
    try:
        # Quicker than any search, and halves of characters are all that cannot be encoded.
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text
