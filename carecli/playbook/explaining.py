"""What each check is for, in words: what it looks for, why, and how that reads. Data, in `checks/explained.toml`.

Not for: what a check says of a draft (`checks`).
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import msgspec

from carecli.model import Record
from carecli.playbook.checks import CHECKS


class Explanation(Record, frozen=True, forbid_unknown_fields=True):
    """One check. found and clean: examples in English; customer, asked, earlier, template: their circumstances."""

    looks_for: str
    why: str
    found: tuple[str, ...] = ()
    clean: tuple[str, ...] = ()
    customer: str = ""
    asked: str = ""
    earlier: str = ""
    template: str = ""


def advice(name: str) -> str:
    """Which checks somebody may have meant by a name that none has: by `deflect`, all that hold it."""
    from difflib import get_close_matches

    meant = [check for check in CHECKS if name in check] or get_close_matches(name, CHECKS, 3)
    if not meant:
        return "`carecli playbook explain` lists them."
    *others, last = map(repr, meant)
    return f"Did you mean {', '.join(others)} or {last}?" if others else f"Did you mean {last}?"


@cache
def explanations() -> dict[str, Explanation]:
    """Every check's explanation, by its id."""
    path = Path(__file__).parent / "checks" / "explained.toml"
    return msgspec.convert(tomllib.loads(path.read_text("utf-8")), dict[str, Explanation])
