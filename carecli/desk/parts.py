"""A reply of several parts: cutting a text that is too long for one, each part signed and measured as it will leave.

Not for: where a text may be cut (`playbook.parts`), or accepting the parts (`reply`).
"""

from __future__ import annotations

from carecli.desk.composing import Composing
from carecli.errors import Refused
from carecli.model import Finding
from carecli.playbook.parts import Part, split
from carecli.playbook.signature import sign

# Nobody reads more of one reply, and a text that was pasted by mistake is not to flood a thread (practices 26, 27).
_MOST_PARTS = 12


def parts_of(composing: Composing, text: str) -> tuple[str, ...]:
    """`text` as the parts in which it can leave, unsigned; as it is where it fits, as in most private messages.

    With the playbook's `numbered_parts` each of several ends with its number. Raises `Refused` for a text that cannot
    be signed, whose signature leaves no room, or that would be more than 12.
    """
    return tuple(part.text for part in cuts_of(composing, text))


def cuts_of(composing: Composing, text: str) -> tuple[Part, ...]:
    """The same parts with the places in `text` that they are from."""
    outcome = _sign(composing, text)
    if isinstance(outcome, Finding):
        raise Refused(outcome.sentence, outcome.remedy, rule=outcome.check)
    links = [(link.start, link.end) for link in composing.channel.links(text)]
    numbered = composing.facts.playbook.numbered_parts
    try:
        parts = split(text, lambda part: _fits(composing, part), whole=links, numbered=numbered)
    except ValueError as reason:
        raise Refused(
            "The reply cannot be split: there is no room for a signed part.", "Shorten it.", rule="over-length"
        ) from reason
    if len(parts) > _MOST_PARTS:
        raise Refused(
            f"It would be {len(parts)} posts.", f"Shorten it: one reply has {_MOST_PARTS} at most.", rule="over-length"
        )
    return parts


def _fits(composing: Composing, part: str) -> bool:
    signed = _sign(composing, part)
    # What would end like another's signature is cut elsewhere.
    if isinstance(signed, Finding):
        return False
    return not composing.channel.measure(signed, composing.visibility, composing.reply_to is not None).over


def _sign(composing: Composing, text: str) -> str | Finding:
    return sign(text, composing.format, composing.agent, composing.facts.roster)
