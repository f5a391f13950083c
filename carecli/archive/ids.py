"""Remote ids of posts, by string work alone: a float near a 19-digit id changes its last digits.

Not for: what an id tells (`carecli.snowflake`), or ids of other networks, which are opaque and stay as they are.
"""

from __future__ import annotations

import re

from carecli.archive.base import Unreadable

_NUMBER = re.compile(r"([0-9]{1,40})(?:\.0*)?", re.ASCII)
_SCIENTIFIC = re.compile(r"[0-9]*\.?[0-9]+[eE][+-]?[0-9]+", re.ASCII)


def post_id(cell: str) -> str:
    """Return the id in `cell`, such as "3" from "3" or from "3.0". Raises `Unreadable` where digits are lost."""
    written = cell.strip()
    if number := _NUMBER.fullmatch(written):
        return number[1]
    if _SCIENTIFIC.fullmatch(written):
        raise Unreadable(f"the id {written} has lost its last digits; export ids as text")
    raise Unreadable(f"{_shown(written)} is no id")


def post_ids(cell: str) -> tuple[str, ...]:
    """Return the ids in a list with commas, in its order. Raises `Unreadable`."""
    return tuple(post_id(one) for one in cell.split(",") if one.strip())


def parent_id(cell: str, of: str) -> str | None:
    """Return the id of what the post `of` answers, or None. A post cannot answer itself. Raises `Unreadable`."""
    parent = post_id(cell) if cell.strip() else None
    return None if parent == of else parent


def _shown(written: str) -> str:
    return f"“{written[:40]}”" if written else "an empty cell"
