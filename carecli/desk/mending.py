"""What one key does for a draft, finding after finding: mend it, cut it into parts, or go to what is left. Pure.

Not for: what a remedy makes of a text (`playbook.remedies`), or the screen that shows it.
"""

from __future__ import annotations

from carecli.desk.composing import Composing
from carecli.model import Record
from carecli.playbook.gaps import GAP
from carecli.playbook.remedies import can_mend, mend


class Help(Record, frozen=True):
    """A draft after a key, and what is marked in it then; in_parts: it leaves as several posts from now on."""

    text: str
    start: int
    end: int
    in_parts: bool


def next_help(composing: Composing, text: str, cursor: int, *, in_parts: bool) -> Help | None:
    """Mend the gravest finding that can be; None: nothing is left to do.

    Where no remedy is left, go to the next gap behind `cursor`, or to the next words that only their author can mend. A
    text that is too long goes in parts, if it can be cut.
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
    gaps = (gap.span() for gap in GAP.finditer(text))
    spots = sorted({*gaps, *((found.start, found.end) for found in findings if found.end > found.start)})
    if not spots:
        return None
    start, end = next((spot for spot in spots if spot[0] >= cursor), spots[0])
    return Help(text, start, end, in_parts)
