"""Course: how a simulated customer behaves once they have arrived, drawn from their own dice.

Pure: delays in milliseconds of desk time, and what a customer does when the brand has answered.
Not for: words (`scenarios`) or carrying it out (`story`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from carecli.channels.sandbox.casting import Role, dice
from carecli.model import Record

# waiting: wants an answer. answered: has one and will react. done: content, or silent. left: gave up.
State = Literal["waiting", "answered", "done", "left"]
Reaction = Literal["thanks", "not_solved", "question", "private", "silence"]

MINUTE = 60_000

# A customer who was ignored writes again after so long; a rude one sooner, everybody a little sooner each time.
PATIENCE = (12 * MINUTE, 40 * MINUTE)
RUDE_PATIENCE = 0.6
IMPATIENCE_PER_BUMP = 0.85
# Whoever was answered comes back after so long; it takes less time to press a link.
REACTION = (int(1.5 * MINUTE), 9 * MINUTE)
PRIVATE_REACTION = (MINUTE, 4 * MINUTE)
SECOND_POST = (15_000, 50_000)
BYSTANDER = (3 * MINUTE, 15 * MINUTE)
REGRET = (5 * MINUTE, 20 * MINUTE)

# After this many reactions a customer has had enough of it, one way or the other.
MOST_REACTIONS = 4


class Course(Record, frozen=True):
    """Where a person stands. `number` is 2n for customer n and 2n + 1 for the bystander of their thread.

    reacted_seq: the last post of the brand that they reacted to. private: where they wait for the answer.
    """

    number: int
    person_id: str
    thread_id: str
    state: State = "waiting"
    bumps: int = 0
    reactions: int = 0
    reacted_seq: int = 0
    private: bool = False

    @property
    def bystander(self) -> bool:
        return self.number % 2 == 1


def delay(seed: int, span: tuple[int, int], *purpose: object) -> int:
    """Milliseconds drawn evenly from `span` for this purpose."""
    return dice(seed, *purpose, "delay").randint(*span)


def bump_delay(seed: int, course: Course, role: Role) -> int:
    """How long (ms) this customer waits in silence before they write again."""
    drawn = delay(seed, PATIENCE, course.number, "bump", course.bumps, course.reactions)
    tone = RUDE_PATIENCE if role.scenario.tone == "rude" else 1.0
    return int(drawn * tone * IMPATIENCE_PER_BUMP**course.bumps)


def most_bumps(seed: int, course: Course, role: Role) -> int:
    """How often this customer writes again before they give up."""
    return min(len(role.scenario.bumps), dice(seed, course.number, "patience").randint(2, 3))


def leaves_with_a_word(seed: int, course: Course) -> bool:
    """Whether a customer who gives up says so."""
    return dice(seed, course.number, "leave").random() < 0.5


def reaction(seed: int, course: Course, role: Role, invited: bool) -> Reaction:
    """What the person does now that the brand has answered; `invited`: it asked them to go on privately."""
    if course.state == "done":
        return "silence"
    drawn = dice(seed, course.number, "reaction", course.reactions).random()
    if course.bystander or role.scenario.kind == "praise":
        return "thanks" if drawn < 0.4 else "silence"
    if invited and not course.private:
        return "private"
    if course.state == "left":
        return "not_solved" if drawn < 0.5 else "silence"
    if course.reactions >= MOST_REACTIONS:
        return "thanks" if drawn < 0.8 else "silence"
    annoyed = course.bumps >= 2 or role.scenario.tone == "rude"
    thanks = min(0.4 + 0.15 * course.reactions, 0.85) - (0.15 if annoyed else 0.0)
    if drawn < thanks:
        return "thanks"
    if drawn < thanks + 0.07:
        return "silence"
    return "not_solved" if drawn < thanks + 0.07 + (0.93 - thanks) * 0.6 else "question"


def rotated(seed: int, course: Course, texts: Sequence[str], what: str) -> tuple[str, ...]:
    """`texts` beginning anywhere, so that two customers with one matter do not speak in one order."""
    first = dice(seed, course.number, what).randrange(len(texts)) if texts else 0
    return (*texts[first:], *texts[:first])
