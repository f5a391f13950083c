"""What screens, tables and JSON show: small frozen views, every stranger's word in them already safe.

Made by the use cases of `desk`, drawn by `tui.widgets` and `cli.tables`. Not for: storing, or deciding anything.
"""

from __future__ import annotations

from datetime import datetime

from carecli.model import (
    AttachedMedia,
    Concern,
    ConversationState,
    Direction,
    Finding,
    Kind,
    Length,
    OutboxState,
    Record,
    Visibility,
)
from carecli.safetext import SafeText, literal, sanitize_line


class QueueRow(Record, frozen=True):
    """One open wait. How much of it is left depends on now: see `desk.queue.countdown`."""

    wait_id: int
    conversation_id: int
    account: str
    network: str
    visibility: Visibility
    handle: SafeText
    name: SafeText
    excerpt: SafeText
    kind: Kind
    reasons: tuple[str, ...]
    opened_at: datetime
    due_at: datetime
    limit_at: datetime
    language: str
    claimed_by: str = ""
    snoozed_until: datetime | None = None


class QueueFilter(Record, frozen=True):
    """Which open waits to show. Empty means all; `search` is a full-text query over the conversations' messages."""

    account: str = ""
    visibility: Visibility | None = None
    language: str = ""
    claimed_by: str = ""
    unclaimed: bool = False
    snoozed: bool = False
    search: str = ""


class Countdown(Record, frozen=True):
    """What is left until the target, in seconds of the promise's own clock (open hours or all hours); negative: late.

    paused: the desk is closed and the promise counts open hours only, so this clock stands still.
    over_limit: the hard maximum has passed as well.
    """

    seconds: int
    paused: bool = False
    over_limit: bool = False


class QueueCounts(Record, frozen=True):
    """The figures of the status line, over the unfiltered queue."""

    waiting: int
    due_soon: int
    late: int


class ThreadRow(Record, frozen=True):
    """One message in the tree of its thread.

    depth: how far it is below the root; ours: written by the desk's account; theirs: by this conversation's customer.
    missing: no text is known here; `text` says why. signature: who of us signed it, where known.
    """

    message_id: int
    depth: int
    name: SafeText
    handle: SafeText
    text: SafeText
    published_at: datetime
    direction: Direction
    visibility: Visibility
    ours: bool
    theirs: bool
    missing: bool = False
    agent: str = ""
    attachments: tuple[SafeText, ...] = ()
    pending: OutboxState | None = None


class NoteRow(Record, frozen=True):
    """A colleague's note."""

    agent: str
    text: SafeText
    at: datetime


class ReadRow(Record, frozen=True):
    """Who read the conversation last, and when."""

    agent: str
    at: datetime


class QuestionRow(Record, frozen=True):
    """A question of the customer's, by its message and its number in it; ticked: an agent says that it is answered."""

    message_id: int
    number: int
    text: SafeText
    ticked: bool = False


class PromiseRow(Record, frozen=True):
    """What we promised, in our words, and by when that is."""

    words: SafeText
    due_at: datetime


class ConversationView(Record, frozen=True):
    """All that one needs to answer: the whole thread, oldest first in tree order, and what colleagues know.

    linked_to: the private conversation that grew from this public one, or the other way round.
    private_note: what of a private conversation cannot be seen here. questions: the customer's since our last reply.
    promises: ours, oldest first. declined: what they said no to. masked: personal data in it is hidden; revealed: it
    holds some, which is shown.
    """

    conversation_id: int
    version: int
    account: str
    network: str
    handle: SafeText
    name: SafeText
    visibility: Visibility
    state: ConversationState
    language: str
    thread: tuple[ThreadRow, ...]
    notes: tuple[NoteRow, ...]
    readers: tuple[ReadRow, ...]
    interactions: int
    contacts: int
    opened_at: datetime | None = None
    due_at: datetime | None = None
    limit_at: datetime | None = None
    reasons: tuple[str, ...] = ()
    claimed_by: str = ""
    claimed_until: datetime | None = None
    snoozed_until: datetime | None = None
    linked_to: int | None = None
    private_note: SafeText = literal("")
    questions: tuple[QuestionRow, ...] = ()
    promises: tuple[PromiseRow, ...] = ()
    declined: tuple[SafeText, ...] = ()
    masked: bool = False
    revealed: bool = False


class ComposerView(Record, frozen=True):
    """What the composer shows of the text typed so far. `signature` is locked and counted in `length`.

    doubtful: the network may refuse it all the same; why_not says why, of this and of what is not allowed at all.
    parts: as how many posts it leaves. promises: what the text promises if it leaves now.
    approval: why a lead would have to read it first; empty where it leaves by itself.
    """

    account: str
    handle: SafeText
    visibility: Visibility
    signature: SafeText
    length: Length
    findings: tuple[Finding, ...]
    allowed: bool = True
    why_not: str = ""
    doubtful: bool = False
    parts: int = 1
    promises: tuple[PromiseRow, ...] = ()
    approval: tuple[Concern, ...] = ()


class MediaRow(Record, frozen=True):
    """A picture or film that goes out with a reply. size: in bytes."""

    number: int
    name: SafeText
    kind: str
    alt: SafeText
    size: int


def media_row(one: AttachedMedia) -> MediaRow:
    """A picture or film as it is shown: its file's name and its words may hold anything."""
    return MediaRow(one.number, sanitize_line(one.name), one.kind, sanitize_line(one.alt), one.size)


class MarkRow(Record, frozen=True):
    """A link or a mention in a text to be shown: where it stands in it, and what it counts in its length."""

    start: int
    end: int
    text: SafeText
    weight: int


class PartView(Record, frozen=True):
    """One post of a reply as the network will show it, and what it counts there.

    text: signed. draft_start, draft_end: what of the draft it is made of; it was cut between the end of one part and
    the start of the next. Parts that were written one by one each have all of their own draft.
    """

    number: int
    text: SafeText
    length: Length
    links: tuple[MarkRow, ...]
    mentions: tuple[MarkRow, ...]
    draft_start: int
    draft_end: int


class OutboxRow(Record, frozen=True):
    """One frozen reply on its way.

    doubt: why the network may refuse it; link: where a person can send a refused one on the network's own page.
    approval: what asks for a lead. approved_by: who let it go, or sent it against a rule with the reason `override`.
    edited_by: the lead who changed its text; revision: how often that was done.
    """

    entry_id: int
    conversation_id: int | None
    account: str
    kind: str
    state: OutboxState
    visibility: Visibility
    agent: str
    text: SafeText
    created_at: datetime
    held_until: datetime | None
    error: SafeText
    parts: int
    parts_sent: int
    not_before: datetime | None = None
    media: tuple[MediaRow, ...] = ()
    doubt: SafeText = literal("")
    link: SafeText = literal("")
    approval: tuple[Concern, ...] = ()
    approved_by: str = ""
    override: SafeText = literal("")
    edited_by: str = ""
    revision: int = 0


class ShiftView(Record, frozen=True):
    """The shift of one account now. problem, spent_micros and so on: as in `AccountHealth`."""

    account: str
    open: bool
    roster: tuple[str, ...]
    opened_at: datetime | None
    greeted_at: datetime | None
    signed_off_at: datetime | None
    closes_at: datetime | None
    desk_open: bool
    next_opening: datetime | None
    unanswered: int
    greeting_text: SafeText
    signoff_text: SafeText
    problem: SafeText
    problem_until: datetime | None
    spent_micros: int
    budget_micros: int


class ShiftStanding(Record, frozen=True):
    """What the status line shows of the shift of one account: read again and again, so little of it."""

    account: str
    open: bool
    desk_open: bool
    greeted_at: datetime | None
    signed_off_at: datetime | None


class AccountHealth(Record, frozen=True):
    """Whether an account's channel is alive: when it last answered, what stands in its way, and until when if known.

    spent, budget: what its calls have cost this UTC day, and may cost, in micros; a budget of 0 is none.
    """

    account: str
    network: str
    handle: str
    last_success_at: datetime | None
    problem: SafeText
    until: datetime | None = None
    spent: int = 0
    budget: int = 0


class StatusView(Record, frozen=True):
    """The status line. outbox_approval: what a lead may approve; of all others, what of theirs waits for a lead."""

    now: datetime
    counts: QueueCounts
    agent: str
    shifts: tuple[ShiftStanding, ...]
    accounts: tuple[AccountHealth, ...]
    outbox_held: int
    outbox_stuck: int
    outbox_approval: int = 0
    lead: bool = False
