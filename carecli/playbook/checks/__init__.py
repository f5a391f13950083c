"""Checks: what the brand's rules say of a draft, while it is typed and again when it is accepted.

Each check is a small pure function with an id, a level that the playbook may change, a sentence and a remedy; this
module is their table. Not for: signing (`playbook.signature`) or stopping anything (`desk.reply` does).
"""

from __future__ import annotations

from collections.abc import Callable

from carecli.model import Finding, Length, Level
from carecli.playbook.checks import conduct, form
from carecli.playbook.checks.facts import DraftFacts, Found

Check = Callable[[DraftFacts, str, Length], Found | None]

# Every check with the level that it has unless the playbook says otherwise; the order is the order on the screen.
CHECKS: dict[str, tuple[Level, Check]] = {
    "empty": ("block", form.empty),
    "control-characters": ("block", form.control_characters),
    "over-length": ("block", form.over_length),
    "foreign-signature": ("block", form.foreign_signature),
    "greeting-missing": ("warn", conduct.greeting_missing),
    "name-missing": ("hint", conduct.name_missing),
    "interactions": ("hint", conduct.interactions),
}

_ORDER: tuple[Level, ...] = ("off", "hint", "warn", "block")


def check_reply(facts: DraftFacts, text: str, length: Length) -> tuple[Finding, ...]:
    """What the checks find in a draft without its signature, the gravest first. Pure; well under a millisecond."""
    findings = []
    for check, (default, look) in CHECKS.items():
        level = facts.playbook.levels.get(check, default)
        if level == "off":
            continue
        found = look(facts, text, length)
        if found is not None:
            raised = worst((level, found.at_least))
            findings.append(Finding(check, raised, found.sentence, found.remedy, found.start, found.end))
    return tuple(sorted(findings, key=lambda finding: -_ORDER.index(finding.level)))


def worst(levels: tuple[Level, ...]) -> Level:
    """The gravest of some levels; "off" of none."""
    return max(levels, key=_ORDER.index, default="off")


__all__ = ["CHECKS", "DraftFacts", "check_reply", "worst"]
