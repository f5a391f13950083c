"""What one key does for a draft, finding after finding: mend it, cut it into parts, or go to the next gap in it. Pure.

Not for: what a remedy makes of a text (`playbook.remedies`), or the screen that shows it.
"""

from __future__ import annotations

from carecli.desk.composing import Composing
from carecli.model import Record
from carecli.playbook.gaps import next_gap
from carecli.playbook.remedies import can_mend, mend


class Help(Record, frozen=True):
    """A draft after a key, and what is marked in it then; in_parts: it leaves as several posts from now on."""

    text: str
    start: int
    end: int
    in_parts: bool


def next_help(composing: Composing, text: str, cursor: int, *, in_parts: bool) -> Help | None:
    """Mend the gravest finding that can be; where none is left, go to the next gap behind `cursor`. None: all is done.

    A text that is too long goes in parts, if it can be cut.
    """
    findings = composing.check(text, in_parts=in_parts).findings
    too_long = any(found.check == "over-length" for found in findings)
    if too_long and composing.check(text, in_parts=True).parts > 1:
        return Help(text, cursor, cursor, in_parts=True)
    link = composing.channel.private_invitation(composing.handle)
    for found in findings:
        if can_mend(found.check):
            mended = mend(composing.facts, text, found, link)
            if mended.text != text:
                return Help(mended.text, mended.start, mended.end, in_parts)
    gap = next_gap(text, cursor)
    return None if gap is None else Help(text, *gap, in_parts)
