"""Masking: personal data that people wrote, hidden where views are made (practice 35).

Whatever a view, an export or the log takes from a message, a name or a note goes through here; widgets and tables get
what may be seen. Not for: what is personal data (`playbook.personal`), or the database, which keeps what was written.
"""

from __future__ import annotations

import re
from functools import lru_cache

from carecli.desk.context import Desk
from carecli.safetext import SafeText, sanitize, sanitize_line

# What no personal data is without: six digits, or an @ that does not begin a mention.
_DIGIT, _FEWEST_DIGITS = re.compile(r"\d"), 6
_ADDRESS = re.compile(r"\S[@\uff20]")
# Screens ask again for what they show with every change.
_KEPT = 2048
_LONGEST_KEPT = 1000


class Masking:
    """One view being made: its texts safe and masked, or safe only where it is revealed.

    hidden: whether any of its texts so far holds personal data.
    """

    def __init__(self, own_contacts: tuple[str, ...] = (), *, revealed: bool = False) -> None:
        self._own = own_contacts
        self._revealed = revealed
        self.hidden = False

    def text(self, written: str) -> SafeText:
        """`written` as `sanitize` gives it, masked."""
        return self._shown(sanitize(written))

    def line(self, written: str) -> SafeText:
        """`written` as one line, masked."""
        return self._shown(sanitize_line(written))

    def _shown(self, safe: SafeText) -> SafeText:
        # Asterisks act on nothing.
        hidden = SafeText(masked(safe, self._own))
        self.hidden = self.hidden or hidden != safe
        return safe if self._revealed else hidden


def masking(desk: Desk, account: str, *, revealed: bool = False) -> Masking:
    """The masking of one view of an account's conversations."""
    return Masking(desk.playbook(account).own_contacts, revealed=revealed)


def masked(text: str, own_contacts: tuple[str, ...]) -> str:
    """A text without its personal data; remembered for a while, since the same ones are shown again and again."""
    if len(_DIGIT.findall(text)) < _FEWEST_DIGITS and _ADDRESS.search(text) is None:
        return text
    return _masked(text, own_contacts) if len(text) > _LONGEST_KEPT else _kept(text, own_contacts)


def _masked(text: str, own_contacts: tuple[str, ...]) -> str:
    # Imported by the first text that may hold some: most queues have none.
    from carecli.playbook.personal import mask

    return mask(text, own_contacts)


_kept = lru_cache(maxsize=_KEPT)(_masked)
