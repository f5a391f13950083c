"""Approval: which replies wait for a lead before they leave, and who may let them go.

A lead's own replies do not wait: the judgement that is asked for is theirs. A lead in training is one in training.
Not for: what happens to a reply that waits (`desk.approval`), or checks that refuse it outright (`checks`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from carecli.model import Agent, Concern, Finding, OutboxEntry, Playbook

# What stands among the ids of checks for "all that agents in training write".
TRAINING = "training"


def concerns(playbook: Playbook, agent: Agent, findings: Iterable[Finding]) -> tuple[Concern, ...]:
    """Why a reply of `agent`, in which the checks found this, waits for a lead; empty where it need not."""
    if judges(agent):
        return ()
    asked = [Concern(found.check, found.sentence) for found in findings if found.check in playbook.approval]
    if agent.training and TRAINING in playbook.approval:
        asked.insert(0, Concern(TRAINING, f"{agent.name} is in training."))
    return tuple(asked)


def problems(approval: Iterable[str], checks: Collection[str], always: Collection[str]) -> tuple[str, ...]:
    """What is wrong with a playbook's `approval`, as sentences. checks: the ids there are; always: those that block."""
    found = []
    for name in approval:
        if name in always:
            found.append(f"{name!r} always refuses, so that nothing is left for a lead")
        elif name != TRAINING and name not in checks:
            found.append(f"there is no check {name!r}; there are {TRAINING!r} and {', '.join(checks)}")
    return tuple(found)


def judges(agent: Agent) -> bool:
    """Whether what others write may leave on this agent's word."""
    return agent.lead and not agent.training


def may_approve(agent: Agent, author: str) -> bool:
    """Whether `agent` may let a reply of `author` go: a lead, and never one's own."""
    return judges(agent) and agent.id != author


def is_unapproved(entry: OutboxEntry) -> bool:
    """Whether an entry must not leave before a lead has let it go."""
    return bool(entry.approval) and not entry.approved_by
