"""What calls to X cost, by its published price list: an estimate, as X itself tells of no cost in its answers.

What is read is charged a resource, once a UTC day, those that an answer brings along as well; what is written is
charged a call. Refused calls and empty answers are free (docs.x.com, "Pricing").
Not for: adding up (`channels.spendings`), or budgets (`worker`).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from carecli.channels.spendings import Spendings

Kind = Literal[
    "posts read", "own mentions read", "own posts read", "people read", "messages read",
    "posts", "posts with a link", "summoned replies", "messages", "media descriptions",
]  # fmt: skip

# The day of the price list that these are from.
PUBLISHED = date(2026, 8, 22)

# Millionths of a US dollar. An app that belongs to the account itself reads that account's own for less.
PRICES: dict[Kind, int] = {
    "posts read": 5_000,
    "own mentions read": 1_000,
    "own posts read": 1_000,
    "people read": 10_000,
    "messages read": 10_000,
    "posts": 15_000,
    "posts with a link": 200_000,
    "summoned replies": 10_000,
    "messages": 15_000,
    "media descriptions": 5_000,
}
# A post costs once a day, whichever call brought it.
_RESOURCES: dict[Kind, str] = {"own mentions read": "posts read", "own posts read": "posts read"}


def spendings() -> Spendings[Kind]:
    """A new account's spendings at X."""
    return Spendings(PRICES, _RESOURCES)
