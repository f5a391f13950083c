"""What the checks find in real replies beside what a careful reader found: precision and recall, and shares by brand.

A reply is checked as a draft: without the mentions that the network puts before it and without its signature, with the
post that it answers as the customer's. Not for: the labels (`labels`), the draw (`sample`), or how far is far enough
(`test_measure`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from carecli.channels.lengths import weighted_length
from carecli.model import Agent, Length, Playbook, Record
from carecli.playbook.checks import CHECKS, DraftFacts
from carecli.playbook.recognition import recognise
from carecli.playbook.urgency import kind_of
from carecli.playbook.wording import read_wording
from tests.playbook.labelled.labels import DEFLECTIONS, Labels
from tests.playbook.labelled.sample import Reply

# Whether something is found in a reply.
Finder = Callable[[Reply], bool]

_AGENT = Agent("agent", "Nomen Nescio", "NN")
_LIMIT = 280
# What those who recorded the replies have masked.
_MASKED = {"__phone__": "020 7946 0123", "__email__": "care@example.com"}
_MENTIONS = re.compile(r"(?:\s*@\w+,?)+\s*")


class Tally(Record, frozen=True):
    """Where a finder and a careful reader agree and where not, by the ids of the replies; none that is doubtful."""

    both: tuple[str, ...] = ()
    found_only: tuple[str, ...] = ()
    labelled_only: tuple[str, ...] = ()
    neither: tuple[str, ...] = ()

    @property
    def cases(self) -> int:
        """How many replies the reader labelled."""
        return len(self.both) + len(self.labelled_only)

    @property
    def precision(self) -> float:
        """The share of what was found that is labelled; 1 where nothing was found."""
        found = len(self.both) + len(self.found_only)
        return len(self.both) / found if found else 1.0

    @property
    def recall(self) -> float:
        """The share of what is labelled that was found; 1 where nothing is labelled."""
        return len(self.both) / self.cases if self.cases else 1.0

    def __str__(self) -> str:
        return (
            f"{self.cases} cases, precision {self.precision:.2f}, recall {self.recall:.2f}"
            f" ({len(self.both)} right, {len(self.found_only)} wrong, {len(self.labelled_only)} missed)"
        )


def tally(label: str, finder: Finder, replies: Iterable[Reply], labels: Mapping[str, Labels]) -> Tally:
    """Compare what `finder` finds with `label` over labelled replies."""
    ids: dict[tuple[bool, bool], list[str]] = {}
    for reply in replies:
        held = labels[reply.id].has(label)
        if held is not None:
            ids.setdefault((finder(reply), held), []).append(reply.id)
    both, found, missed, neither = (
        tuple(ids.get(pair, ())) for pair in ((True, True), (True, False), (False, True), (False, False))
    )
    return Tally(both, found, missed, neither)


def finders() -> dict[str, Finder]:
    """Return a finder for each check, by its id; "deflection" finds what any of its kinds does."""
    by_check = {check: _finder(check) for check in CHECKS}
    by_check["private-invitation"] = lambda reply: read_wording(draft_of(reply)).says("private")
    kinds = [finder for check, finder in by_check.items() if check in DEFLECTIONS]
    if kinds:
        by_check["deflection"] = lambda reply: any(finder(reply) for finder in kinds)
    return by_check


def share(finder: Finder, replies: Iterable[Reply]) -> float:
    """Return the percentage of `replies` in which `finder` finds something; 0 of none."""
    found = [finder(reply) for reply in replies]
    return 100 * sum(found) / len(found) if found else 0.0


def is_signed(reply: Reply) -> bool:
    """Whether a signature is recognised at the end of a reply."""
    return recognise(reply.text) is not None


@cache
def draft_of(reply: Reply) -> str:
    """Return the reply as it stood in a composer: what the network and the desk add is taken off."""
    text = reply.text
    signature = recognise(text)
    if signature is not None:
        text = text[: signature.start].rstrip() + text[signature.end :]
    for mask, example in _MASKED.items():
        text = text.replace(mask, example)
    mentions = _MENTIONS.match(text)
    return text[mentions.end() :] if mentions else text


@cache
def facts_of(reply: Reply) -> DraftFacts:
    """Return what a check may know of a drawn reply. Display names are not recorded, so nobody has one."""
    asked = reply.parent.text if reply.parent else ""
    return DraftFacts(
        visibility="public",
        agent=_AGENT,
        roster=(_AGENT,),
        playbook=Playbook(),
        first_reply=reply.first,
        interactions=len(reply.before),
        asked=_MENTIONS.sub("", asked, count=1) if _MENTIONS.match(asked) else asked,
        complaint=kind_of(asked) in ("complaint", "safety"),
    )


def _finder(check: str) -> Finder:
    _, look = CHECKS[check]

    def finds(reply: Reply) -> bool:
        draft = draft_of(reply)
        return bool(look(facts_of(reply), draft, Length(weighted_length(draft), _LIMIT, "weighted characters")))

    return finds
