"""The signature as an invariant (practice 7): no sequence of actions lets a reply out that is not signed rightly.

A machine does what people do at a desk, by the desk's functions and by commands, in any order, with any text, on a
real database, while the network fails now and then. What is asked after each step is told apart by this file's own
reading of a signature, and by `playbook.signature.verify`. The long form: `pytest -m long`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple, get_args

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from carecli.channels.sandbox.channel import ReadFault, SendFault
from carecli.channels.sandbox.wire import Post
from carecli.cli.commands import cli
from carecli.desk import claims, drafts, shifts
from carecli.desk.approval import approve, edit, return_reply
from carecli.desk.context import Desk
from carecli.desk.outbox import cancel
from carecli.desk.reply import reply
from carecli.errors import CareError, Refused
from carecli.model import Agent, OutboxEntry, Visibility
from carecli.playbook.signature import render, unsigned, verify
from carecli.safetext import sanitize
from carecli.store import outbox
from tests.shop import CONFIG, Shop, load_draft

PEOPLE = {"claire": "Claire Lowe", "rob": "Rob Iyer", "mira": "Mira Novak"}
INITIALS = {"claire": "CL", "rob": "RI", "mira": "MN"}
LEAD = "claire"
BEGINNER = "mira"
UNSENT = ("approval", "held", "queued")
SETTLED = {"sent", "cancelled", "rejected"}
FORMATS = ("^{initials}", "^{first_name}", "– {first_name}", "*{initials}", "{first_name}", "\n{name}")

# ── what people write ─────────────────────────────────────────────────────────────────────────────

_LONG = "x" * 266
_BODIES = (
    "Hi Andy, done.", "Sorry for the wait", "Dziękuję, już działa!", "שלום, הכל בסדר", "Merci ☎️", "Thanks, Rob",
    "Ask Claire", "See https://example.com/a?b=1", "2 ^ 3", "a\nb", _LONG, _LONG,
)  # fmt: skip
_NOTHING = ("", " ", "\n", "^", "🙂", "\u3164")
_MARKS = ("^", "^", "^", "~", "", "*", "/", "-", "– ", "With care, ")
_WHO = ("CL", "CL", "RI", "RI", "MN", "MN", "cl", "C\u200bL", "\u200fRI", "Claire", "Claire Lowe", "Rob", "HCK")
_GAPS = (" ", "\n", "", "\n\n ", ". ", "\r\n", "\u00a0", "\t")
_ENDS = ("", " ", "\n", ".", " 🙂", " #care", " 2/2", " https://example.com", "\r\n", "\u200b", "!")

_bodies = st.sampled_from(_BODIES)
_signatures = st.builds("{}{}{}{}".format, *map(st.sampled_from, (_GAPS, _MARKS, _WHO, _ENDS)))
_signed = st.builds("{}{}{}".format, _bodies, _signatures, st.one_of(st.just(""), _signatures, _bodies))
_any = st.one_of(st.sampled_from(_NOTHING), st.text(st.characters(codec="utf-8"), max_size=30))
texts = st.one_of(_bodies, _bodies, _signed, _signed, _any, st.builds("{}{}".format, _any, _signatures))
"""A text, often signed by somebody already, in some style, once or twice."""

people = st.sampled_from(sorted(PEOPLE))
visibilities = st.sampled_from(("public", "public", "private"))
places = st.integers(0, 30)
"""The n-th of what there is, counted round."""


class Replying(NamedTuple):
    """How one replies. `door`: by the desk's function, by a command's argument, or by its standard input."""

    door: Literal["desk", "argument", "pipe"] = "desk"
    visibility: Visibility = "public"
    hold: bool = False
    override: str = ""
    dry_run: bool = False
    takeover: bool = True


replying = st.builds(
    Replying,
    st.sampled_from(("desk", "desk", "argument", "pipe")),
    visibilities,
    hold=st.booleans(),
    override=st.sampled_from(("", "", "", "urgent")),
    dry_run=st.sampled_from((False, False, False, True)),
    takeover=st.sampled_from((True, True, False)),
)


class Shift(RuleBasedStateMachine):
    """Three people, one account, customers, and a network that fails at times."""

    @initialize(format=st.sampled_from(FORMATS))
    def open(self, format: str) -> None:
        self.stack = ExitStack()
        self.folder = Path(self.stack.enter_context(TemporaryDirectory()))
        self.format = format
        self.shop = Shop(self.folder, _config(format))
        self.stack.callback(self.shop.close)
        self.desks = {agent: self.shop.desk_of(agent) for agent in PEOPLE}
        self.agents = self.shop.config.agents
        self.customer_writes("My line is slow", "public", 0)
        self.worker_looks()

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            with self.stack:
                self.everything_settles()

    def everything_settles(self) -> None:
        """In the end the network is well: what was accepted stands there, was taken back, or was overtaken by news."""
        self.shop.faults.send.clear()
        self.shop.faults.read.clear()
        # One reply of a conversation leaves in a round, and what is unknown is looked up before.
        for _ in range(2 * len(self._entries())):
            for entry in self._entries():
                if entry.state == "approval":
                    claims.claim(self.desks[LEAD], entry.conversation_id or 0, takeover=True)
                    approve(self.desks[LEAD], entry.id)
            self.shop.pass_minutes(10)
            self.shop.work()
            if {entry.state for entry in self._entries()} <= SETTLED:
                break
        overtaken = [entry for entry in self._entries() if entry.state == "rejected"]
        assert all("Read what is new" in entry.error for entry in overtaken)
        assert {entry.state for entry in self._entries()} <= SETTLED
        self.every_reply_at_the_network_is_one_from_the_outbox_and_stands_there_once()

    # ── customers, time, the network ──────────────────────────────────────────────────────────────

    @rule(
        text=st.sampled_from(("My line is slow", "Hello?", "Thanks!", "ok ^CL")), visibility=visibilities, place=places
    )
    def customer_writes(self, text: str, visibility: Visibility, place: int) -> None:
        handle = f"customer{place % 3}"
        name = ("Andy Loynes", "Rob", "Ewa")[place % 3]
        self.shop.customer_writes(f"{text} {place}", handle, name=name, visibility=visibility)

    @rule(text=st.sampled_from(("Anyone?", "It works, thanks", "And the bill?")), place=places)
    def customer_goes_on(self, text: str, place: int) -> None:
        posts = [post for post in self._posts() if post.visibility == "public"]
        post = posts[place % len(posts)]
        self.shop.customer_writes(text, f"customer{place % 3}", reply_to=post.id)

    @rule(minutes=st.sampled_from((0.05, 0.2, 1, 12, 61)))
    def time_passes(self, minutes: float) -> None:
        self.shop.pass_minutes(minutes)

    @rule(
        send=st.lists(st.sampled_from(get_args(SendFault)), max_size=3),
        read=st.lists(st.sampled_from(get_args(ReadFault)), max_size=1),
    )
    def worker_looks(self, send: Sequence[SendFault] = (), read: Sequence[ReadFault] = ()) -> None:
        self.shop.faults.send.extend(send)
        self.shop.faults.read.extend(read)
        self.shop.work()

    @rule(agent=people)
    def greet(self, agent: str) -> None:
        shifts.greet(self.desks[agent], "care")

    # ── people at the desk ────────────────────────────────────────────────────────────────────────

    @rule(agent=people, place=places, text=texts, visibility=visibilities)
    def writes_a_draft(self, agent: str, place: int, text: str, visibility: Visibility) -> None:
        number = self._conversation(place)
        drafts.save_draft(self.desks[agent], number, text, len(text), visibility, seen_version=1)

    @rule(agent=people, place=places, takeover=st.booleans())
    def claims(self, agent: str, place: int, takeover: bool) -> None:
        with suppress(Refused):
            claims.claim(self.desks[agent], self._conversation(place), takeover=takeover)

    @rule(replies=st.lists(st.tuples(people, places, texts, replying), min_size=1, max_size=4))
    def reply(self, replies: list[tuple[str, int, str, Replying]]) -> None:
        for agent, place, text, how in replies:
            self._reply(agent, self._conversation(place), text, how)

    @rule(agent=people, colleague=people, place=places, how=replying)
    def sends_what_a_colleague_had_begun(self, agent: str, colleague: str, place: int, how: Replying) -> None:
        draft = load_draft(self.desks[colleague], self._conversation(place))
        if draft is not None:
            self._reply(agent, draft.conversation_id, draft.text, how)

    @rule(agent=people, place=places, by_command=st.booleans(), how=replying)
    def takes_back_and_sends_again(self, agent: str, place: int, by_command: bool, how: Replying) -> None:
        """Undo, by whoever is there; the text that comes back is sent once more, as it is."""
        entries = [entry for entry in self._entries() if entry.state in UNSENT] or self._entries()
        if not entries:
            return
        entry = entries[place % len(entries)]
        if by_command:
            taken_back = self._command(agent, "outbox", "cancel", str(entry.id)).exit_code == 0
        else:
            taken_back = self._cancel(agent, entry.id)
        if taken_back and entry.conversation_id is not None:
            self._reply(entry.agent, entry.conversation_id, self._text_taken_back(entry), how)

    @rule(
        agent=people,
        place=places,
        what=st.sampled_from(("approve", "edit", "edit", "return")),
        text=texts,
        by_command=st.booleans(),
    )
    def decides_as_a_lead(self, agent: str, place: int, what: str, text: str, by_command: bool) -> None:
        """Whoever it is tries it, with whatever text; what a beginner wrote stays theirs."""
        entries = [entry for entry in self._entries() if entry.state == "approval"] or self._entries()
        if not entries:
            return
        entry, desk = entries[place % len(entries)], self.desks[agent]
        if by_command:
            words = ["--no-wait"] if what == "approve" else []
            said = [] if what == "approve" else [text]
            done = self._command(agent, "outbox", what, *words, "--", str(entry.id), *said, stdin="Piped.")
            assert done.exit_code in (0, 1, 2), done.stderr
        else:
            act = {
                "approve": partial(approve, desk, entry.id),
                "edit": partial(edit, desk, entry.id, text),
                "return": partial(return_reply, desk, entry.id, text),
            }[what]
            with suppress(CareError):
                act()
        now = next(other for other in self._entries() if other.id == entry.id)
        assert now == entry or (agent == LEAD and entry.agent == now.agent == BEGINNER)
        if now.state == "cancelled" != entry.state:
            self._text_taken_back(entry)

    def _reply(self, agent: str, number: int, text: str, how: Replying) -> None:
        """Reply by one of the doors: exactly one entry more, or none and the draft kept."""
        desk, before = self.desks[agent], self._entries()
        if how.takeover:
            claims.claim(desk, number, takeover=True)
        draft = load_draft(desk, number)
        would_leave = self._by_function(desk, number, text, how._replace(dry_run=True))
        by = self._by_function if how.door == "desk" else self._by_command
        left = by(desk, number, text, how)
        assert left == would_leave or (left == "" and not how.takeover), "Every door knows the same rules."
        assert not (left and how.override) or agent == LEAD
        if left and not how.dry_run:
            newest, *older = self._entries()
            assert (newest.agent, newest.conversation_id, tuple(older)) == (agent, number, before)
            assert newest.parts[0].text == left
        else:
            assert (self._entries(), load_draft(desk, number)) == (before, draft)

    def _by_function(self, desk: Desk, number: int, text: str, how: Replying) -> str:
        """What leaves, or would leave; "" where it is refused."""
        try:
            entry = reply(
                desk,
                number,
                text.rstrip("\r\n") if how.door == "pipe" else text,
                how.visibility,
                seen_version=None,
                hold=how.hold,
                override=how.override,
                dry_run=how.dry_run,
            )
        except CareError:
            return ""
        self._is_signed(entry)
        return entry.parts[0].text

    def _by_command(self, desk: Desk, number: int, text: str, how: Replying) -> str:
        words = ["reply", f"--{how.visibility}", "--no-wait", "--json"]
        words += ["--override", how.override] if how.override else []
        words += ["--dry-run"] if how.dry_run else []
        done = self._command(desk.agent.id, *words, "--", str(number), "-" if how.door == "pipe" else text, stdin=text)
        assert done.exit_code in (0, 1), done.stderr
        return str(json.loads(done.stdout)["data"]["parts"][0]["text"]) if done.exit_code == 0 else ""

    def _cancel(self, agent: str, entry_id: int) -> bool:
        with suppress(Refused):
            cancel(self.desks[agent], entry_id)
            return True
        return False

    # ── what holds at any moment ──────────────────────────────────────────────────────────────────

    @invariant()
    def every_reply_in_the_outbox_is_signed_by_its_author_once(self) -> None:
        for entry in self._entries():
            if entry.kind == "reply":
                self._is_signed(entry)

    @invariant()
    def every_reply_at_the_network_is_one_from_the_outbox_and_stands_there_once(self) -> None:
        entries = {part.key: (entry, part.text) for entry in self._entries() for part in entry.parts}
        posts = [post for post in self._posts() if post.author == self.shop.network.account]
        for post in posts:
            entry, text = entries[post.key]
            assert post.text == text
            assert entry.state not in ("approval", "held", "cancelled", "rejected")
            assert (entry.kind, entry.agent) != ("reply", BEGINNER) or entry.approved_by == LEAD
            assert entry.kind == "reply" or (post.parent_id is None and post.visibility == "public")
        sent = Counter(post.key for post in posts)
        for key, (entry, _) in entries.items():
            assert sent[key] == 1 if entry.state == "sent" else sent[key] <= 1

    def _is_signed(self, entry: OutboxEntry) -> None:
        agent = self.agents[entry.agent]
        assert entry.parts
        for part in entry.parts:
            assert verify(part.text, self.format, agent, tuple(self.agents.values())), part.text
            assert _as_people_see_it(part.text, self.format, agent) == [entry.agent], part.text

    def _text_taken_back(self, entry: OutboxEntry) -> str:
        """The draft that a reply became again: without its author's signature, beside what else they wrote."""
        assert entry.conversation_id is not None
        assert entry.id in {other.id for other in self._entries() if other.state == "cancelled"}
        author, draft = self.agents[entry.agent], load_draft(self.desks[entry.agent], entry.conversation_id)
        assert draft is not None
        text = unsigned(entry.parts[0].text, self.format, author)
        assert text in draft.text
        assert len(text) < len(entry.parts[0].text)
        # A name that stands for itself may also be the text's last word: "Ask Claire".
        if not render(self.format, author)[0].isalpha():
            assert _as_people_see_it(text, self.format, author) == []
        return draft.text

    # ── looking ───────────────────────────────────────────────────────────────────────────────────

    def _posts(self) -> list[Post]:
        return list(self.shop.network.posts_after(0, 10_000))

    def _entries(self) -> tuple[OutboxEntry, ...]:
        if not hasattr(self, "shop"):
            return ()
        with self.shop.database.read() as session:
            return outbox.entries(session, ())

    def _conversation(self, place: int) -> int:
        """The n-th conversation there is; the first one always is."""
        with self.shop.database.read() as session:
            row = session.one("SELECT max(id) FROM conversation")
        return place % int(row[0] if row else 1) + 1

    def _command(self, agent: str, *words: str, stdin: str = "") -> Result:
        """Run a command at the shop's own time."""
        config = self.folder / "config.toml"
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        stands_still = f"\n[simulation]\nreal = {tomorrow.isoformat()}\ndesk = {self.shop.clock.now().isoformat()}\n"
        config.write_text(_config(self.format) + stands_still, "utf-8")
        return CliRunner().invoke(cli, ["--config", str(config), "--agent", agent, *words], input=stdin.encode())


def _config(format: str) -> str:
    mira = '[[agents]]\nid = "mira"\nname = "Mira Novak"\ntraining = true\n\n[[accounts]]'
    signature = format.replace("\n", "\\n")
    config = CONFIG.replace("[[accounts]]", mira).replace(
        'team = "', f'signature = "{signature}"\napproval = ["training"]\nteam = "'
    )
    return config.replace('network = "sandbox"', 'network = "sandbox"\nsandbox = { seed = 1 }')


def _as_people_see_it(text: str, format: str, agent: Agent) -> list[str]:
    """Whose signatures a reader finds in `text`: those in the account's form at its end, and each with a caret.

    Deliberately simple, and of what can be seen only.
    """
    text = sanitize(text)
    found = []
    own = render(format, agent)
    if text.endswith(own):
        found.append(agent.id)
        text = text[: -len(own)].rstrip()
    forms = {word.casefold(): who for who, name in PEOPLE.items() for word in (INITIALS[who], name.split()[0])}
    for match in re.finditer(r"(?:^|(?<=\s))\^(\w+)", text):
        who = forms.get(match[1].casefold())
        # A colleague may be spoken of within the text; at its end they would be signing it.
        if who == agent.id or (who and match.end() == len(text)):
            found.append(who)
    return found


def test_no_sequence_of_actions_lets_an_unsigned_reply_out() -> None:
    # Not shortened: that takes minutes. What failed is kept, tried first the next time, and shortened by the long form.
    _run(machines=60, steps=30, phases=(Phase.reuse, Phase.generate))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_no_sequence_of_actions_however_long_does() -> None:
    _run(machines=2_000, steps=60, phases=tuple(Phase))


def _run(machines: int, steps: int, phases: Sequence[Phase]) -> None:
    run_state_machine_as_test(
        Shift,
        settings=settings(
            max_examples=machines,
            stateful_step_count=steps,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )
