"""Delivery as a model: whatever happens in whatever order, nothing is posted twice, and nothing is lost.

A machine plays customers, two agents, two workers, and a network, on a real database. Between any two steps of a
worker it may crash, or sleep until another one has taken over, or a person may act; answers are cut, requests arrive
late, pages come twice or with a post left out, and clocks are set. What must hold stands in `promises`.
The long form: `pytest -m long tests/model`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple, get_args

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from carecli.channels.sandbox.channel import Keys, SendFault
from carecli.desk import claims, drafts
from carecli.desk.approval import approve, edit, return_reply, withdraw
from carecli.desk.conversation import open_conversation
from carecli.desk.outbox import cancel, resolve, retry
from carecli.desk.reply import reply
from carecli.errors import Refused
from carecli.model import OutboxEntry, OutboxState, Visibility
from tests.model.interruptions import Crash, Interruption, Moment
from tests.model.line import Reading, Sending
from tests.model.promises import ALWAYS, ARROWS, AT_REST, THANKS, Look
from tests.model.world import AGENTS, CALL_US, CUSTOMERS, LEAD, SIGNATURES, Accepted, Process, Step, World

# What can happen between two steps of a worker: it dies, it sleeps until another one has taken over, the machine's
# clock is set, or somebody acts.
Happening = Literal["nothing", "crash", "sleep", "clock", "cancel", "settle", "news", "reply"]
Seen = Literal["now", "opened", "old"]
Decision = Literal["approve", "edit", "return", "withdraw"]

SENDING: tuple[Sending, ...] = (*get_args(SendFault), "rejected", "late")
# From these, nobody but a person leads a reply on.
AT_AN_END: tuple[OutboxState, ...] = ("sent", "rejected", "cancelled")
READING: tuple[Reading, ...] = ("none", "unreachable", "again", "hidden")


class Turn(NamedTuple):
    """A worker's turn: who replies before it, how long it waits, what it does, and what goes wrong meanwhile.

    approves: a lead lets go what waits for one before it.
    sending, reading: the next failures of the network. happening: at a moment of the step, after some of the kind.
    """

    replying: str
    approves: bool
    waits: float
    step: Step
    sending: list[Sending]
    reading: list[Reading]
    happening: Happening
    moment: Moment
    after: int
    place: int


# The n-th of what there is, counted round; seldom another one than the first.
places = st.sampled_from((0, 0, 0, 1, 1, 2, 3))
turns = st.builds(
    Turn,
    replying=st.sampled_from(("", "", *AGENTS)),
    approves=st.booleans(),
    # The undo time is ten seconds, a request that is late takes twelve, a lease ends after thirty.
    waits=st.sampled_from((0.0, 0.0, 1.0, 11.0, 31.0, 31.0, 700.0)),
    step=st.sampled_from(("round", "round", "round", *get_args(Step))),
    sending=st.lists(st.sampled_from(SENDING), max_size=3),
    reading=st.lists(st.sampled_from(READING), max_size=2),
    happening=st.sampled_from(get_args(Happening)),
    moment=st.sampled_from(get_args(Moment)),
    after=st.sampled_from((0, 0, 1, 2)),
    place=places,
)
agents = st.sampled_from(AGENTS)
customers = st.sampled_from(CUSTOMERS)
visibilities = st.sampled_from(("public", "public", "private"))
crashes = st.sampled_from((None, None, None, None, "before write", "after write"))


class Figures(Counter[str | tuple[str, str]]):
    """How much was tried, and how often a reply went from which state to which."""

    @property
    def arrows(self) -> set[tuple[str, str]]:
        return {key for key in self if isinstance(key, tuple)}

    @property
    def states(self) -> set[str]:
        return {after for _, after in self.arrows}

    def told(self) -> str:
        return (
            f"{self['runs']} runs, {self['steps']} steps, {self['replies']} replies accepted, {self['posts']} posts, "
            f"{self['crash']} crashes, {self['sleep']} workers asleep past their lease, {self['clock']} clocks set, "
            f"{self['acts']} acts of people between two steps of a worker, {self['failures']} failures of the network; "
            f"{len(self.states)} of {len(get_args(OutboxState))} states of the outbox, "
            f"{len(self.arrows)} of {sum(map(len, ARROWS.values()))} ways between them."
        )


class Delivery(RuleBasedStateMachine):
    """Two agents, two workers, two customers, one network."""

    figures: Figures
    keys: Keys

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        # In memory where there is such a folder: that a disk keeps what it says it keeps is not asked here.
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        folder = self.stack.enter_context(TemporaryDirectory(dir=memory))
        self.world = World(Path(folder), self.keys)
        self.stack.callback(self.world.close)
        self.written = 0
        self.clocks_set = 0

    @initialize()
    def a_customer_has_written(self) -> None:
        self.customer_writes("andy", "public", thanks=False)
        self.world.processes[0].work("round")

    @invariant()
    def promises_hold(self) -> None:
        self.figures["steps"] += 1
        look = Look(self.world)
        for promise in ALWAYS:
            promise(look)
        self.world.calls.clear()

    def teardown(self) -> None:
        with self.stack:
            self.everything_settles()
            look = Look(self.world)
            for promise in (*ALWAYS, *AT_REST):
                promise(look)
            self.figures["runs"] += 1
            self.figures["posts"] += len(look.own)
            for entry in look.entries:
                self.figures.update(pairwise(look.way_of(entry)))

    def everything_settles(self) -> None:
        """In the end the network is well again, and people decide what only people can."""
        world = self.world
        world.line.mend()
        world.catch_up()
        # A conversation's replies leave one a round, and each may need some rounds more.
        for number in range(12 + 4 * len(world.accepted)):
            if number >= 12 and all(entry.state in AT_AN_END for entry in world.entries()):
                break
            world.pass_seconds(400)
            world.processes[number % 2].work("round")
            for entry in world.entries():
                if entry.state == "approval":
                    self.lead_decides(LEAD, entry, "approve", hold=False, crash=None)
                if world.keys == "none" and "Decide" in entry.error:
                    self.agent_settles("claire", entry, blank=False)

    # ── customers and clocks ──────────────────────────────────────────────────────────────────────

    @rule(who=customers, visibility=visibilities, what=st.sampled_from(("asks", "asks", "thanks", "takes back")))
    def customer(self, who: str, visibility: Visibility, what: str) -> None:
        if what == "takes back":
            self.customer_takes_back(who)
        else:
            self.customer_writes(who, visibility, thanks=what == "thanks")

    def customer_writes(self, who: str, visibility: Visibility, *, thanks: bool) -> None:
        """A question, one more, or thanks: below their own last post, or the answer to it, where there is one."""
        self.world.pass_seconds(1)
        mine = [p for p in self.world.posts() if p.author.handle == who and p.visibility == visibility]
        answers = [p for p in self.world.own_posts() if mine and p.thread_id == mine[0].thread_id]
        above = max([*mine[-1:], *answers[-1:]], key=lambda post: post.seq, default=None)
        text = THANKS if thanks and mine else "My line is slow"
        reply_to = above.id if above and visibility == "public" else None
        self.world.shop.customer_writes(text, who, name=who.title(), reply_to=reply_to, visibility=visibility)

    def customer_takes_back(self, who: str) -> None:
        """The customer removes their last post before anybody here has read it, or after."""
        mine = [p for p in self.world.posts() if p.author.handle == who and p.visibility == "public"]
        if len(mine) > 1:
            self.world.remove(mine[-1])

    # Each rule is drawn as often as any other, and nobody sets clocks all day.
    @precondition(lambda self: self.clocks_set < 3)
    @rule(desk=st.booleans(), hours=st.sampled_from((-1, 1)))
    def a_clock_is_set(self, desk: bool, hours: int) -> None:
        self.clocks_set += 1
        self.figures["clock"] += 1
        if desk:
            self.world.desk_clock_is_set(hours * 3600)
        else:
            self.world.machine.is_set(hours * 3600)

    # ── workers ───────────────────────────────────────────────────────────────────────────────────

    @rule(turn=turns)
    def first_worker(self, turn: Turn) -> None:
        self.worker(0, turn)

    @rule(turn=turns)
    def second_worker(self, turn: Turn) -> None:
        self.worker(1, turn)

    def worker(self, which: int, turn: Turn) -> None:
        world, line = self.world, self.world.line
        if turn.replying:
            parts = 1 + turn.place % 3
            self.agent_replies(turn.replying, turn.place, parts, "public", hold=False, seen="now", crash=None)
        for entry in world.entries():
            if turn.approves and entry.state == "approval":
                self.lead_decides(LEAD, entry, "approve", hold=False, crash=None)
        world.pass_seconds(turn.waits)
        line.sending.extend(turn.sending)
        line.reading.extend(turn.reading)
        happening = partial(self._happens, turn.happening, world.processes[1 - which], turn.place)
        survived = world.processes[which].work(turn.step, Interruption(turn.moment, turn.after, happening))
        if not survived:
            world.processes[which] = world.start()
        self.figures["failures"] += len(turn.sending) + len(turn.reading) - len(line.sending) - len(line.reading)
        line.sending.clear()
        line.reading.clear()

    def _happens(self, happening: Happening, other: Process, place: int) -> None:
        self.figures[happening if happening in ("nothing", "crash", "sleep", "clock") else "acts"] += 1
        match happening:
            case "nothing":
                pass
            case "crash":
                raise Crash
            case "sleep":
                self.world.pass_seconds(40)
                other.work("round")
            case "clock":
                self.world.machine.is_set(3600)
                other.work("round")
            case "cancel" | "settle":
                self.agent_decides(AGENTS[place % 2], place // 2, happening)
            case "news":
                self.customer_writes(CUSTOMERS[place % 2], "public", thanks=False)
                other.work("read")
            case "reply":
                self.agent_replies(AGENTS[place % 2], place, 1, "public", hold=False, seen="now", crash=None)

    # ── agents at a conversation ──────────────────────────────────────────────────────────────────

    @rule(agent=agents, place=places, what=st.sampled_from(("open", "claim", "take over", "release", "type")))
    def agent(self, agent: str, place: int, what: str) -> None:
        number, desk = self._conversation(place), self.world.desks[agent]
        match what:
            case "open":
                open_conversation(desk, number)
            case "release":
                with suppress(Refused):
                    claims.release(desk, number)
            case "type":
                self.agent_types(agent, number)
            case _:
                self.agent_claims(agent, number, takeover=what == "take over")

    def agent_types(self, agent: str, number: int) -> None:
        """Something else than what stands in the draft now."""
        self.written += 1
        text = f"Begun {self.written}."
        self._is_written_no_more(agent, self.world.drafts_of(agent).get(number, ""))
        drafts.save_draft(self.world.desks[agent], number, text, 3, "public", 1)
        self.world.typed[agent].add(text)

    def agent_claims(self, agent: str, number: int, *, takeover: bool) -> None:
        holder = self.world.claimed_by(number)
        try:
            claims.claim(self.world.desks[agent], number, takeover=takeover)
        except Refused:
            assert holder not in ("", agent) and not takeover
        else:
            assert holder in ("", agent) or takeover

    @rule(
        agent=agents,
        place=places,
        parts=st.sampled_from((1, 1, 2, 3)),
        visibility=visibilities,
        hold=st.sampled_from((False, False, True)),
        seen=st.sampled_from(("now", "now", "opened", "old")),
        crash=crashes,
        calls=st.booleans(),
    )
    def agent_replies(
        self,
        agent: str,
        place: int,
        parts: int,
        visibility: Visibility,
        hold: bool,
        seen: Seen,
        crash: Moment | None,
        calls: bool = False,
    ) -> None:
        """An agent replies; their desk may crash, so that nobody hears whether the reply was accepted.

        calls: the reply sends the customer to the telephone, which is for a lead to say.
        """
        number = self._conversation(place)
        self.written += 1
        texts = [f"Answer {self.written}, part {n}." for n in range(1, parts + 1)]
        if calls:
            texts[-1] += f" {CALL_US}"
        version = {"now": self._version(number), "opened": None, "old": max(0, self._version(number) - 1)}[seen]
        wanted = self._reply(agent, number, visibility, texts, version)
        before, draft = {entry.id for entry in self.world.entries()}, self.world.drafts_of(agent).get(number, "")
        desk = self.world.desks[agent]
        try:
            with self._desk_that_may_crash(crash):
                reply(desk, number, texts[0], visibility, seen_version=version, hold=hold, further=texts[1:])
        except Refused as refused:
            assert refused.rule in self._reasons_against(wanted), refused
        for entry in self.world.entries():
            if entry.id not in before:
                self.figures["replies"] += 1
                self.world.accepted[entry.id] = msgspec.structs.replace(wanted, entry_id=entry.id)
                self._is_written_no_more(agent, draft)

    def _reply(
        self, agent: str, number: int, visibility: Visibility, texts: list[str], version: int | None
    ) -> Accepted:
        """A reply as it must be if it is accepted. version: at which its author says that they saw the conversation."""
        seen = version if version is not None else self._seen(number, agent)
        return Accepted(
            entry_id=0,
            agent=agent,
            customer=self.world.customer_of(number),
            visibility=visibility,
            texts=tuple(f"{text} {SIGNATURES[agent]}" for text in texts),
            seen=seen,
            unseen=self.world.unseen(number, seen, agent),
            claimed_by=self.world.claimed_by(number),
            asks=agent != LEAD and CALL_US in texts[-1],
        )

    def _reasons_against(self, wanted: Accepted) -> set[str]:
        """The rules by which a reply may be refused."""
        reasons = {"not-allowed"}
        if wanted.unseen:
            reasons.add("unchanged")
        if wanted.claimed_by not in ("", wanted.agent):
            reasons.add("claimed")
        return reasons

    @contextmanager
    def _desk_that_may_crash(self, crash: Moment | None) -> Iterator[None]:
        """Before or after what it writes; then nobody hears what became of it."""
        moments = self.world.desk_moments
        moments.interruption = Interruption(crash, 0, self._crash_of_the_desk) if crash else None
        try:
            yield
        except Crash:
            pass
        finally:
            moments.interruption = None

    def _crash_of_the_desk(self) -> None:
        self.figures["crash"] += 1
        raise Crash

    def _is_written_no_more(self, agent: str, draft: str) -> None:
        """An agent has sent what stood in a draft, or written something else in its place."""
        self.world.typed[agent] = {text for text in self.world.typed[agent] if text not in draft}

    # ── agents at the outbox ──────────────────────────────────────────────────────────────────────

    @rule(agent=agents, place=places, what=st.sampled_from(("cancel", "retry", "settle")))
    def agent_decides(self, agent: str, place: int, what: str) -> None:
        """Something is done about the n-th last of those entries with which it may be done, or else of all."""
        states = {"cancel": ("approval", "held", "queued", "sending"), "retry": ("rejected",), "settle": ("unknown",)}[
            what
        ]
        entries = self.world.entries()
        chosen = [entry for entry in entries if entry.state in states] or entries
        if not chosen:
            return
        entry = chosen[-1 - place % len(chosen)]
        match what:
            case "cancel":
                self.agent_cancels(agent, entry)
            case "retry":
                self.agent_retries(agent, entry)
            case _:
                self.agent_settles(agent, entry, blank=place > 1)

    def agent_cancels(self, agent: str, entry: OutboxEntry) -> None:
        try:
            cancel(self.world.desks[agent], entry.id)
        except Refused:
            is_anothers = entry.state == "approval" and agent != entry.agent
            may = entry.state in ("approval", "held", "queued", "rejected") and not is_anothers
            assert not may or any(part.remote_id for part in entry.parts)
        else:
            assert entry.state != "approval" or agent == entry.agent
            self.world.typed[entry.agent].update(part.text.rpartition(" ")[0] for part in entry.parts)

    def agent_retries(self, agent: str, entry: OutboxEntry) -> None:
        """What a reply leaves on then is what the agent has seen now, and their claim."""
        number = entry.conversation_id or 0
        unseen = self.world.unseen(number, self._seen(number, agent), agent)
        claimed_by = self.world.claimed_by(number)
        try:
            retry(self.world.desks[agent], entry.id)
        except Refused:
            assert entry.state != "rejected" or unseen or claimed_by not in ("", agent)
            return
        assert entry.state == "rejected" and claimed_by in ("", agent)
        if self.world.accepted[entry.id].asks and not any(part.remote_id for part in entry.parts):
            # What a lead said of it was said before the news.
            self.world.approved.pop(entry.id, None)
            if agent == LEAD:
                self.world.approved[entry.id] = agent
        self.world.accepted[entry.id] = msgspec.structs.replace(
            self.world.accepted[entry.id], seen=self._version(number), unseen=unseen
        )

    def agent_settles(self, agent: str, entry: OutboxEntry, *, blank: bool) -> None:
        """A person looks at the network, when nothing can arrive there any more, and says what they found."""
        if entry.state != "unknown" or self.world.is_in_flight(entry):
            return
        part = next(part for part in entry.parts if not part.remote_id)
        found = next((post.id for post in self.world.own_posts() if post.text == part.text), "")
        if not found:
            resolve(self.world.desks[agent], entry.id, "not_sent")
            return
        self.world.settled_by_hand.add(entry.id)
        if blank:
            self.world.settled_blindly.add(entry.id)
        resolve(self.world.desks[agent], entry.id, "sent", "" if blank else found)

    @rule(
        agent=st.sampled_from((LEAD, LEAD, *AGENTS)),
        place=places,
        what=st.sampled_from(("approve", "approve", "edit", "return", "withdraw")),
        hold=st.booleans(),
        crash=crashes,
    )
    def somebody_decides_as_a_lead(
        self, agent: str, place: int, what: Decision, hold: bool, crash: Moment | None
    ) -> None:
        entries = self.world.entries()
        chosen = [entry for entry in entries if entry.state in ("approval", "held")] or entries
        if chosen:
            self.lead_decides(agent, chosen[-1 - place % len(chosen)], what, hold=hold, crash=crash)

    def lead_decides(self, agent: str, entry: OutboxEntry, what: Decision, *, hold: bool, crash: Moment | None) -> None:
        """Whoever it is tries it; what comes of it is told by the entry, for their desk may crash."""
        world, desk = self.world, self.world.desks[agent]
        one = world.accepted[entry.id]
        self.written += 1
        texts = [f"Changed {self.written}, part {n}." for n, _ in enumerate(one.texts, start=1)]
        moved_on = world.unseen(entry.conversation_id or 0, one.seen, one.agent)
        act = {
            "approve": partial(approve, desk, entry.id, hold=hold),
            "edit": partial(edit, desk, entry.id, texts[0], texts[1:]),
            "return": partial(return_reply, desk, entry.id, "Not so."),
            "withdraw": partial(withdraw, desk, entry.id),
        }[what]
        refused = False
        try:
            with self._desk_that_may_crash(crash):
                act()
        except Refused:
            refused = True
        now = next(other for other in world.entries() if other.id == entry.id)
        done = now != entry
        assert not done or (agent == LEAD and not refused)
        if not done:
            waits = entry.state == ("held" if what == "withdraw" else "approval")
            is_theirs = what != "withdraw" or world.approved.get(entry.id) == agent
            assert crash or agent != LEAD or not (waits and is_theirs)
        elif what == "approve":
            assert now.state == ("rejected" if moved_on else "held" if hold else "queued")
            if not moved_on:
                world.approved[entry.id] = agent
        elif what == "withdraw":
            del world.approved[entry.id]
        elif what == "edit":
            changed = tuple(f"{text} {SIGNATURES[one.agent]}" for text in texts)
            world.accepted[entry.id] = msgspec.structs.replace(one, texts=changed)
        else:
            world.typed[entry.agent].update(text.rpartition(" ")[0] for text in one.texts)

    # ── looking ───────────────────────────────────────────────────────────────────────────────────

    def _conversation(self, place: int) -> int:
        """The n-th conversation there is; there always is one."""
        found = self.world.rows("SELECT id FROM conversation ORDER BY id")
        return int(found[place % len(found)][0])

    def _version(self, number: int) -> int:
        return int(self.world.rows(f"SELECT version FROM conversation WHERE id = {number}")[0][0])

    def _seen(self, number: int, agent: str) -> int:
        """The version at which an agent opened a conversation last; the present one if they never did."""
        found = self.world.rows(
            f"SELECT seen_version FROM read_mark WHERE conversation_id = {number} AND agent = '{agent}'"
        )
        return int(found[0][0]) if found else self._version(number)


class Form(NamedTuple):
    """How much is tried: so many runs of so many steps."""

    runs: int
    steps: int


SHORT = Form(40, 40)
LONG = Form(300, 50)


def drive(network: Keys, form: Form) -> Figures:
    """Try the model on a network with keys or without; the figures of all runs."""

    class Tried(Delivery):
        figures = Figures()
        keys: Keys = network

    run_state_machine_as_test(
        Tried,
        settings=settings(
            max_examples=form.runs, stateful_step_count=form.steps, suppress_health_check=list(HealthCheck)
        ),
    )
    return Tried.figures


# Where it fails, the shortest way to the failure is looked for, which takes minutes.
@pytest.mark.timeout(600)
@pytest.mark.parametrize("keys", get_args(Keys))
def test_nothing_is_posted_twice_and_nothing_is_lost(keys: Keys, tell: Callable[[str], None]) -> None:
    tell(drive(keys, SHORT).told())


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("keys", get_args(Keys))
def test_nothing_is_posted_twice_and_nothing_is_lost_in_many_more_runs(keys: Keys, tell: Callable[[str], None]) -> None:
    figures = drive(keys, LONG)
    tell(figures.told())
    assert figures.states == set(get_args(OutboxState))
