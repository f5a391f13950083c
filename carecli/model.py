"""The nouns of a care desk, as frozen data.

What they are, and no behaviour beyond it. Times are aware UTC `datetime`s; ids of ours are
integers given by the database, ids of a network are opaque strings.
Not for: rules (`playbook`), configuration files (`config`), what a screen shows (`desk.views`).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

Visibility = Literal["public", "private"]
Direction = Literal["inbound", "outbound"]
Level = Literal["off", "hint", "warn", "block"]
Role = Literal["care", "main"]
Kind = Literal["safety", "complaint", "question", "praise", "other"]

# needs_reply: the customer's clock runs. waiting: we answered, it is their turn. resolved: closed, with evidence.
# "snoozed" is not a state of its own: it is `snoozed_until` in the future.
ConversationState = Literal["needs_reply", "waiting", "resolved"]

# approval: it waits for a lead. held: its undo time runs. unknown: nobody could read whether it arrived.
OutboxState = Literal["approval", "held", "queued", "sending", "sent", "rejected", "unknown", "cancelled"]
OutboxKind = Literal["reply", "greeting", "signoff"]


class Record(msgspec.Struct, frozen=True, gc=False):
    """Base of the nouns: immutable, compared by value, nothing else."""


# ── people ────────────────────────────────────────────────────────────────────────────────────────


class Agent(Record, frozen=True):
    """A person who answers. `id` is what flags and claims use; `name` and `initials` sign."""

    id: str
    name: str
    initials: str
    lead: bool = False
    training: bool = False

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.split() else self.id


class Author(Record, frozen=True):
    """Who wrote an item, as the network tells it. Nothing here is safe to show as it is."""

    remote_id: str
    handle: str = ""
    display_name: str = ""


# ── what a network tells ──────────────────────────────────────────────────────────────────────────


class Item(Record, frozen=True):
    """One post or private message as a channel reads it, before it is stored.

    own: written by the desk's account. addressed: it speaks to the account, so that an answer is owed.
    thread_remote_id: the network's own id of the thread, where it has one; else threads follow the parents.
    recipient: the other side of a private message that has no parent.
    delivery_key: the idempotency key under which we sent it, where the network gives it back.
    deleted: its author, or the network, took it away; the text is then of no account.
    """

    remote_id: str
    author: Author
    text: str
    published_at: datetime
    own: bool = False
    addressed: bool = True
    visibility: Visibility = "public"
    parent_remote_id: str | None = None
    thread_remote_id: str | None = None
    recipient: Author | None = None
    language: str = ""
    attachments: tuple[str, ...] = ()
    delivery_key: str = ""
    deleted: bool = False


# ── what the desk stores ──────────────────────────────────────────────────────────────────────────


class Message(Record, frozen=True):
    """A stored item. `agent` is the person who wrote an outbound one through this desk, else empty."""

    id: int
    thread_id: int
    conversation_id: int | None
    remote_id: str
    parent_remote_id: str | None
    author: Author
    direction: Direction
    visibility: Visibility
    text: str
    published_at: datetime
    received_at: datetime
    agent: str = ""
    attachments: tuple[str, ...] = ()
    deleted: bool = False


class Conversation(Record, frozen=True):
    """The messages with one customer in one thread at one visibility.

    `resolution` says how a resolved one ended, and nothing of one that was opened again.
    `version` is the id of its newest message: a reply carries the version its author had seen.
    """

    id: int
    account: str
    thread_id: int
    customer_id: int
    visibility: Visibility
    state: ConversationState
    version: int
    language: str
    last_message_at: datetime
    inbound_count: int
    outbound_count: int
    snoozed_until: datetime | None = None
    claimed_by: str = ""
    claimed_until: datetime | None = None
    linked_to: int | None = None
    resolution: str = ""


class Wait(Record, frozen=True):
    """From the first customer message that nobody answered to our next reply; the clock's only truth.

    due_at: the target; limit_at: the hard maximum; policy: what set them, in words that a person can check.
    rank and urgent_at order the queue (see `playbook.urgency`); reasons say why, in the field's words.
    """

    id: int
    conversation_id: int
    opened_by: int
    opened_at: datetime
    due_at: datetime
    limit_at: datetime
    policy: str
    rank: int
    urgent_at: datetime
    kind: Kind = "other"
    bumps: int = 0
    reasons: tuple[str, ...] = ()
    closed_at: datetime | None = None
    closed_by: int | None = None
    outcome: str = ""


class Note(Record, frozen=True):
    """What colleagues tell each other about a conversation. Never leaves the desk."""

    id: int
    conversation_id: int
    agent: str
    text: str
    at: datetime


class ReadMark(Record, frozen=True):
    """Who opened a conversation last, and when (practice 14)."""

    agent: str
    at: datetime


class Draft(Record, frozen=True):
    """A reply being written, by one agent in one conversation. Never contains its signature."""

    conversation_id: int
    agent: str
    text: str
    cursor: int
    visibility: Visibility
    seen_version: int
    updated_at: datetime


class Shift(Record, frozen=True):
    """A team's period on duty for an account. `day` is the local day on which it opened."""

    id: int
    account: str
    day: date
    opened_at: datetime
    opened_by: str
    roster: tuple[str, ...]
    greeted_at: datetime | None = None
    signed_off_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str = ""
    handover: str = ""


class MediaFile(Record, frozen=True):
    """A picture or film with its bytes, as it goes out. kind: its MIME type; alt: what it shows, in words."""

    name: str
    kind: str
    alt: str
    data: bytes


class AttachedMedia(Record, frozen=True):
    """A picture or film of a draft or a frozen reply. size: in bytes; they are kept until it was sent."""

    number: int
    name: str
    kind: str
    alt: str
    size: int


class OutboxPart(Record, frozen=True):
    """One post of a frozen reply: the exact text that leaves, and its own idempotency key."""

    number: int
    text: str
    key: str
    remote_id: str = ""
    sent_at: datetime | None = None


class Concern(Record, frozen=True):
    """Why a reply waits for a lead: `check` is a check's id, or "training"; the sentence says what was found."""

    check: str
    sentence: str


class OutboxEntry(Record, frozen=True):
    """A frozen reply on its way. Committed before the first byte goes out; edited only while it waits for a lead.

    agent: who wrote it and signs it. approved_by: the lead who let it go, or who sent it against a rule, with the
    reason `override`. approval: what asks for a lead, empty where nothing does. edited_by: the lead who changed its
    text; revision: how often that was done.
    seen_version: the conversation's version that the author had seen. held_until: the end of the undo time.
    not_before: when a queued one is tried next, or an unknown one looked for.
    prepared: the channel's own frozen form of the parts, opaque to everyone else.
    media: what goes out with the first part. doubt: why the network may refuse it, as known when it was written.
    link: of a refused one, where a person can send the same text on the network's own page.
    """

    id: int
    account: str
    conversation_id: int | None
    kind: OutboxKind
    state: OutboxState
    visibility: Visibility
    agent: str
    parts: tuple[OutboxPart, ...]
    reply_to: str | None
    recipient: str | None
    seen_version: int
    created_at: datetime
    held_until: datetime | None = None
    attempts: int = 0
    error: str = ""
    approved_by: str = ""
    override: str = ""
    shift_id: int | None = None
    sent_at: datetime | None = None
    not_before: datetime | None = None
    media: tuple[AttachedMedia, ...] = ()
    doubt: str = ""
    link: str = ""
    approval: tuple[Concern, ...] = ()
    edited_by: str = ""
    revision: int = 0


class Event(Record, frozen=True):
    """One line of the append-only log. `data` is JSON; its keys are documented in docs/json.md."""

    id: int
    at: datetime
    kind: str
    account: str = ""
    conversation_id: int | None = None
    agent: str = ""
    data: str = "{}"


# ── the brand's rules, as data ────────────────────────────────────────────────────────────────────


class Interval(Record, frozen=True):
    """An opening interval in minutes after local midnight. `end` above 1440 runs into the next day."""

    start: int
    end: int


class Calendar(Record, frozen=True):
    """When an account is answered: intervals for each weekday (Monday first) in a zone, less holidays.

    An empty `week` means open around the clock.
    """

    zone: str = "UTC"
    week: tuple[tuple[Interval, ...], ...] = ()
    holidays: frozenset[date] = frozenset()


class Target(Record, frozen=True):
    """The response time promised and the hard maximum, in minutes. business: count open hours only."""

    target_minutes: int = 60
    limit_minutes: int = 240
    business: bool = True


class Vocabulary(Record, frozen=True):
    """What a brand adds to the phrases of each meaning, and which of ours it does without."""

    added: tuple[tuple[str, tuple[str, ...]], ...] = ()
    without: tuple[str, ...] = ()


class Playbook(Record, frozen=True):
    """The brand's rules for an account. `levels` sets what a check may do, by the check's id.

    numbered_parts: each part of a reply that was split ends with its number, such as "1/2".
    words are right however they are spelt.
    private_levels go before them in a private reply, training_levels before both for an agent in training.
    own_contacts: the brand's own telephones, e-mail addresses and, as "@example.com", domains: no personal data.
    approval: what waits for a lead: "training", all that agents in training write, or the ids of checks.
    """

    signature: str = "^{initials}"
    public: Target = Target()
    private: Target = Target()
    greetings: tuple[str, ...] = ()
    signoffs: tuple[str, ...] = ()
    team: str = ""
    levels: dict[str, Level] = {}
    private_levels: dict[str, Level] = {}
    training_levels: dict[str, Level] = {}
    vocabulary: Vocabulary = Vocabulary()
    undo_seconds: int = 10
    bump_minutes: int = 10
    interactions: tuple[int, ...] = (6, 10, 18)
    numbered_parts: bool = False
    words: tuple[str, ...] = ()
    own_contacts: tuple[str, ...] = ()
    approval: tuple[str, ...] = ()


class Snippet(Record, frozen=True):
    """A ready sentence of the desk's, whose {gaps} are filled in. languages, accounts: for which; none: for all."""

    name: str
    text: str
    languages: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


class Finding(Record, frozen=True):
    """What a check says of a draft. `start` and `end` are offsets in the draft's characters."""

    check: str
    level: Level
    sentence: str
    remedy: str = ""
    start: int = 0
    end: int = 0


class Length(Record, frozen=True):
    """How long a text is by its channel's own measure, tightest limit first; `unit` names it."""

    used: int
    limit: int
    unit: str = "characters"

    @property
    def over(self) -> int:
        return max(0, self.used - self.limit)


class Link(Record, frozen=True):
    """A link in a text, as its network sees it: its span and its own text. `weight` is its part of the `Length`."""

    start: int
    end: int
    text: str
    weight: int
