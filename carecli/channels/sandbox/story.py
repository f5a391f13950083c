"""Story: what people do on the simulated network, one happening at a time.

Each takes place at its own time, reads and writes the ledger, and schedules what follows from it.
Not for: the account's own posts (`network`) or what is drawn by dice (`course`, `casting`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache, cached_property, lru_cache
from itertools import count

import msgspec

from carecli.channels.sandbox import course as courses
from carecli.channels.sandbox.casting import Role, cast, dice
from carecli.channels.sandbox.course import MINUTE, Course, Reaction
from carecli.channels.sandbox.ledger import Happening, Ledger, Plot, to_datetime
from carecli.channels.sandbox.scenarios import Diary, Hostile, Language, load_hostile, load_languages
from carecli.channels.sandbox.wire import ACCOUNT, INVITATION, Post
from carecli.model import Author, Visibility

LONG_MESSAGE = 4000

# How long ago the first of those who wait at the start has written.
_OLDEST_WAIT = 55 * MINUTE
# Arrivals come as they come, but neither on top of each other nor never: multiples of the average gap.
_SHORTEST_GAP, _LONGEST_GAP = 0.1, 3.5
_BYSTANDERS_WHO_REGRET = 0.3
# How many customers are remembered as they were cast.
_ROLES = 256


@cache
def _shipped(codes: tuple[str, ...]) -> tuple[Language, ...]:
    """The scenarios that come with carecli. Raises `ConfigError`."""
    return load_languages(codes)


class Story:
    """Carries out happenings on a ledger. The scenarios are read when the first person speaks."""

    def __init__(self, plot: Plot, ledger: Ledger) -> None:
        self._plot = plot
        self._ledger = ledger
        # Each customer is on the stage several times.
        self._cast = lru_cache(_ROLES)(lambda customer: cast(plot.seed, customer, self._languages, self._hostile))
        self._scenes: dict[str, Callable[[Happening], None]] = {
            "arrive": self._arrive,
            "second": self._second,
            "join": self._join,
            "remove": self._remove,
            "bump": self._bump,
            "react": self._react,
        }

    @cached_property
    def _languages(self) -> tuple[Language, ...]:
        return _shipped(self._plot.languages)

    @cached_property
    def _hostile(self) -> tuple[Hostile, ...]:
        return load_hostile()

    def begin(self) -> None:
        """Schedule those who wait at the start already, each for a while of their own, and the first who is to come."""
        plot = self._plot
        generator = dice(plot.seed, "waiting")
        for customer in range(plot.waiting):
            age = _OLDEST_WAIT * ((plot.waiting - customer) / plot.waiting) ** 1.4 * generator.uniform(0.85, 1.0)
            self._ledger.schedule(plot.start_ms - int(age), 2 * customer, "arrive")
        self._schedule_arrival(plot.waiting, plot.start_ms)

    def run(self, until_ms: int, at_most: int | None = None) -> None:
        """Let everything happen that is due by `until_ms`, or the first `at_most` things, in the order of time."""
        for _ in count() if at_most is None else range(at_most):
            happening = self._ledger.take_due(until_ms)
            if happening is None:
                return
            self._scenes[happening.kind](happening)

    def answered(self, person_id: str, at_ms: int, visibility: Visibility) -> None:
        """The account has answered this person: they stop bumping, and will react."""
        course = self._ledger.course_of(person_id)
        if course is None:
            return
        self._ledger.cancel(course.number, "bump")
        if course.state == "waiting":
            self._ledger.save_course(msgspec.structs.replace(course, state="answered"))
        span = courses.REACTION if visibility == "public" else courses.PRIVATE_REACTION
        wait = courses.delay(self._plot.seed, span, course.number, "react", course.reactions)
        self._ledger.schedule(at_ms + wait, course.number, "react")

    # ── scenes ───────────────────────────────────────────────────────────────────────────────────

    def _arrive(self, happening: Happening) -> None:
        number, at_ms, seed = happening.number, happening.due_ms, self._plot.seed
        if number // 2 >= self._plot.waiting:
            self._schedule_arrival(number // 2 + 1, at_ms)
        role = self._role(number)
        self._ledger.add_person(role.author)
        text = self._addressed(f"{role.opening} {role.hostile}" if role.hostile else role.opening)
        post = self._ledger.add_post(role.author.remote_id, text, at_ms, language=role.language.language)
        course = Course(number, role.author.remote_id, post.thread_id)
        self._ledger.save_course(course)
        if role.scenario.kind != "praise":
            self._expect_answer(course, role, at_ms)
        if role.scenario.second:
            self._ledger.schedule(at_ms + courses.delay(seed, courses.SECOND_POST, number, "second"), number, "second")
        if role.scenario.bystander:
            self._ledger.schedule(at_ms + courses.delay(seed, courses.BYSTANDER, number, "join"), number + 1, "join")

    def _second(self, happening: Happening) -> None:
        course, role = self._on_stage(happening.number)
        self._say(course, role, role.scenario.second, happening.due_ms)

    def _join(self, happening: Happening) -> None:
        opener, role = self._on_stage(happening.number - 1)
        parent = self._ledger.post(opener.thread_id)
        if parent is None:
            return
        self._ledger.add_person(role.bystander)
        course = Course(happening.number, role.bystander.remote_id, opener.thread_id)
        self._ledger.save_course(course)
        self._say(course, role, role.scenario.bystander, happening.due_ms, parent=parent)
        if dice(self._plot.seed, happening.number, "regret").random() < _BYSTANDERS_WHO_REGRET:
            wait = courses.delay(self._plot.seed, courses.REGRET, happening.number, "remove")
            self._ledger.schedule(happening.due_ms + wait, happening.number, "remove")

    def _remove(self, happening: Happening) -> None:
        course, _ = self._on_stage(happening.number)
        post = self._ledger.last_post_by(course.person_id, "public")
        if post is not None and course.state == "waiting":
            self._ledger.remove_post(post.id)

    def _bump(self, happening: Happening) -> None:
        course, role = self._on_stage(happening.number)
        seed = self._plot.seed
        if course.bumps < courses.most_bumps(seed, course, role):
            self._say(course, role, role.scenario.bumps[course.bumps], happening.due_ms)
            self._expect_answer(msgspec.structs.replace(course, bumps=course.bumps + 1), role, happening.due_ms)
            return
        if courses.leaves_with_a_word(seed, course):
            self._say(course, role, self._unsaid(course, role.language.leaving, "leaving"), happening.due_ms)
        self._ledger.save_course(msgspec.structs.replace(course, state="left"))

    def _react(self, happening: Happening) -> None:
        course, role = self._on_stage(happening.number)
        answers = self._ledger.answers_to(course.person_id, course.reacted_seq)
        last = answers[-1]
        invited = any(post.visibility == "public" and INVITATION in post.text for post in answers)
        reaction = courses.reaction(self._plot.seed, course, role, invited)
        text = self._words(course, role, reaction, happening.due_ms)
        private = last.visibility == "private" or reaction == "private"
        course = msgspec.structs.replace(course, reacted_seq=last.seq, private=private)
        if text:
            self._say(course, role, text, happening.due_ms, parent=None if private else last)
        course = msgspec.structs.replace(course, reactions=course.reactions + 1)
        if reaction == "thanks" or not text:
            self._ledger.save_course(msgspec.structs.replace(course, state="done"))
        elif course.state == "left":
            self._ledger.save_course(course)
        else:
            self._expect_answer(course, role, happening.due_ms)

    # ── what scenes are made of ──────────────────────────────────────────────────────────────────

    def _role(self, number: int) -> Role:
        return self._cast(number // 2)

    def _on_stage(self, number: int) -> tuple[Course, Role]:
        course = self._ledger.course(number)
        if course is None:
            raise LookupError(f"course {number} has not begun")
        return course, self._role(number)

    def _schedule_arrival(self, customer: int, after_ms: int) -> None:
        """Schedule the arrival of `customer` after that of the one before."""
        if self._plot.pace_ms == 0:
            return
        gap = min(max(dice(self._plot.seed, "arrival", customer).expovariate(1.0), _SHORTEST_GAP), _LONGEST_GAP)
        self._ledger.schedule(after_ms + int(gap * self._plot.pace_ms), 2 * customer, "arrive")

    def _expect_answer(self, course: Course, role: Role, at_ms: int) -> None:
        """Save the course as waiting; silence from now on makes them write again."""
        self._ledger.save_course(msgspec.structs.replace(course, state="waiting"))
        wait = courses.bump_delay(self._plot.seed, course, role)
        self._ledger.schedule(at_ms + wait, course.number, "bump")

    def _say(self, course: Course, role: Role, text: str, at_ms: int, parent: Post | None = None) -> None:
        """Post `text` where the person waits: as a reply to `parent`, else to their own last post, or privately."""
        text = self._addressed(text)
        visibility: Visibility = "private" if course.private else "public"
        if visibility == "public" and parent is None:
            parent = self._ledger.last_post_by(course.person_id, "public")
        self._ledger.add_post(
            course.person_id,
            text,
            at_ms,
            visibility=visibility,
            parent=parent,
            recipient_id=ACCOUNT.remote_id if course.private else None,
            addressed=not course.bystander or speaks_to(self._plot.account, text, parent),
            language=role.language.language,
        )

    def _addressed(self, text: str) -> str:
        """A scenario's text with the account's own handle in it."""
        return text.replace(f"@{ACCOUNT.handle}", f"@{self._plot.account.handle}")

    def _words(self, course: Course, role: Role, reaction: Reaction, at_ms: int) -> str:
        """What the person says to it; nothing if they are silent, or have said all they had to say."""
        if reaction == "private" and role.long_winded:
            return _long_message(role.language.diary, at_ms, dice(self._plot.seed, course.number, "diary"))
        texts = {
            "thanks": role.scenario.thanks,
            "not_solved": role.scenario.not_solved,
            "question": role.scenario.questions,
            "private": role.scenario.private,
            "silence": (),
        }[reaction]
        return self._unsaid(course, texts, reaction)

    def _unsaid(self, course: Course, texts: Sequence[str], what: str) -> str:
        """One of `texts` that the person has not used yet; nothing if they have used them all."""
        order = map(self._addressed, courses.rotated(self._plot.seed, course, texts, what))
        return next((text for text in order if not self._ledger.has_said(course.person_id, text)), "")


def speaks_to(account: Author, text: str, parent: Post | None) -> bool:
    """Whether a public post mentions the account or answers it."""
    mentioned = f"@{account.handle}".casefold() in text.casefold()
    return mentioned or (parent is not None and parent.author == account)


def _long_message(diary: Diary, at_ms: int, generator: random.Random) -> str:
    """A private message of at least 4000 characters: what the customer measured each half-hour before they wrote."""
    lines = [diary.opening]
    length = len(diary.opening) + len(diary.closing) + 1
    at = to_datetime(at_ms).replace(minute=0, second=0, microsecond=0)
    while length < LONG_MESSAGE:
        at -= timedelta(minutes=30)
        line = diary.line.format(day=at.day, month=at.month, time=f"{at:%H:%M}", speed=generator.randint(1, 9))
        lines.append(line)
        length += len(line) + 1
    return "\n".join((*lines, diary.closing))
