"""Checks: what the brand's rules say of a draft, while it is typed and again when it is accepted.

Each check is a small pure function with an id, a level that the playbook may change, a sentence and a remedy; this
module is their table. Not for: signing (`playbook.signature`) or stopping anything (`desk.reply` does).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from carecli.model import Finding, Length, Level, Playbook, Visibility
from carecli.playbook.checks import answering, conduct, form, privacy, proofread, typography, wording
from carecli.playbook.checks.facts import DraftFacts, Found, Proof, Slip

Check = Callable[[DraftFacts, str, Length], Found | tuple[Found, ...] | None]

# Every check with the level that it has unless the playbook says otherwise; the order is the order on the screen.
CHECKS: dict[str, tuple[Level, Check]] = {
    "empty": ("block", form.empty),
    "control-characters": ("block", form.control_characters),
    "unfilled": ("block", form.unfilled),
    "over-length": ("block", form.over_length),
    "foreign-signature": ("block", form.foreign_signature),
    "doubled-signature": ("block", form.doubled_signature),
    "unsigned": ("block", form.unsigned),
    "personal-data": ("block", privacy.personal_data),
    "greeting-missing": ("warn", conduct.greeting_missing),
    "asks-personal-data": ("warn", privacy.asks_personal_data),
    "identity-first": ("warn", privacy.identity_first),
    "cut-off": ("warn", answering.cut_off),
    "unanswered-question": ("warn", answering.unanswered_question),
    "declined-offer": ("warn", wording.declined_offer),
    "deflection-call": ("warn", wording.deflection_call),
    "deflection-write": ("warn", wording.deflection_write),
    "deflection-chat": ("warn", wording.deflection_chat),
    "deflection-portal": ("warn", wording.deflection_portal),
    "deflection-form": ("warn", wording.deflection_form),
    "deflection-other-team": ("warn", wording.deflection_other_team),
    "no-empathy": ("warn", wording.no_empathy),
    "confusables": ("warn", typography.confusables),
    "spelling": ("hint", proofread.spelling),
    "grammar": ("hint", proofread.grammar),
    "template-likeness": ("warn", answering.template_likeness),
    "repeats-yourself": ("hint", answering.repeats_yourself),
    "hedge": ("hint", wording.hedge),
    "empty-phrase": ("hint", wording.empty_phrase),
    "wall-of-text": ("hint", answering.wall_of_text),
    "brick": ("hint", answering.brick),
    "punctuation": ("hint", typography.punctuation),
    "shouting": ("hint", typography.shouting),
    "link-price": ("hint", typography.link_price),
    "name-missing": ("hint", conduct.name_missing),
    "interactions": ("hint", conduct.interactions),
}
# What they find is read in a process of its own, and stands in the facts: `DraftFacts.proof`.
PROOFREAD = frozenset(("spelling", "grammar"))
# No matter of taste: without these the reply could not leave, or not rightly signed (practice 7).
ALWAYS = frozenset(("empty", "over-length", "foreign-signature", "doubled-signature", "unsigned"))

_ORDER: tuple[Level, ...] = ("off", "hint", "warn", "block")


def check_reply(facts: DraftFacts, text: str, length: Length) -> tuple[Finding, ...]:
    """What the checks find in a draft, the gravest first. Pure; some milliseconds at the first draft in a language.

    text: the draft, without its signature; length: of the signed text, by the channel's own measure.
    """
    findings = []
    for check, (_, look) in CHECKS.items():
        level = level_of(check, facts.playbook, facts.visibility, training=facts.agent.training)
        if level == "off":
            continue
        found = look(facts, text, length) or ()
        for one in found if isinstance(found, tuple) else (found,):
            raised = max(level, one.at_least, key=_ORDER.index)
            findings.append(Finding(check, raised, one.sentence, one.remedy, one.start, one.end))
    return tuple(sorted(findings, key=lambda finding: -_ORDER.index(finding.level)))


def level_of(check: str, playbook: Playbook, visibility: Visibility, *, training: bool) -> Level:
    """What a check may do by a playbook: for agents in training goes before in private, and that before at all."""
    level = CHECKS[check][0]
    if check in ALWAYS:
        return level
    level = playbook.levels.get(check, level)
    if visibility == "private":
        level = playbook.private_levels.get(check, level)
    return playbook.training_levels.get(check, level) if training else level


def worst(findings: Iterable[Finding]) -> Level:
    """The gravest level of some findings; "off" of none."""
    return max((finding.level for finding in findings), key=_ORDER.index, default="off")


__all__ = ["ALWAYS", "CHECKS", "PROOFREAD", "DraftFacts", "Proof", "Slip", "check_reply", "level_of", "worst"]
