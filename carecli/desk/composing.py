"""Composing: what the composer must know, read once; then each key press is checked without any I/O.

The same checks run again when the reply is accepted (`reply`) and its signature once more when it leaves
(`worker.delivery`). Not for: keeping the draft (`drafts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from carecli.channels.base import Channel, Permission
from carecli.desk.asked import open_questions, promise_rows
from carecli.desk.context import Desk, account_number, conversation_of
from carecli.desk.masking import Masking
from carecli.desk.views import ComposerView
from carecli.errors import Refused
from carecli.model import (
    Agent,
    Author,
    Calendar,
    Conversation,
    Direction,
    Item,
    Length,
    Message,
    Record,
    Snippet,
    Visibility,
)
from carecli.playbook import signature
from carecli.playbook.approval import concerns
from carecli.playbook.checks import DraftFacts, check_reply
from carecli.playbook.folding import fold
from carecli.playbook.language import guessed, names_one
from carecli.playbook.lexicon import tokens_of
from carecli.playbook.promises import Promise, promises_in
from carecli.playbook.snippets import offered
from carecli.playbook.wording import declined_in
from carecli.safetext import sanitize_line
from carecli.store import conversations, messages, people, shifts, waits
from carecli.store.session import Session

# How many messages of a conversation, and how many of the agent's own replies, the checks know of.
_READ_BACK = 40
_OWN_REPLIES = 10


class Composing(Record, frozen=True):
    """One reply being written: the facts about it that do not change while one types.

    reply_to: the customer's own message that is answered. seen_version: the conversation's version as it was read.
    calendar, read_at: by which promises come due.
    snippets: the desk's ready sentences that fit the conversation; `desk.snippets` fills one in.
    """

    conversation_id: int
    account: str
    handle: str
    visibility: Visibility
    seen_version: int
    reply_to: str | None
    customer: Author
    agent: Agent
    format: str
    facts: DraftFacts
    channel: Channel
    permission: Permission
    calendar: Calendar
    read_at: datetime
    brand: str = ""
    snippets: tuple[Snippet, ...] = ()

    def check(self, text: str, *, in_parts: bool = False) -> ComposerView:
        """What the composer shows of `text`. Pure and quick: called on each key press.

        in_parts: what is too long leaves as several posts, if it can be cut.
        """
        length = self.measure(text)
        findings = check_reply(self.facts, text, length)
        parts = self._parts(text) if in_parts and length.over else 1
        if parts > 1:
            findings = tuple(found for found in findings if found.check != "over-length")
        return ComposerView(
            account=self.account,
            handle=sanitize_line(self.handle),
            visibility=self.visibility,
            signature=sanitize_line(signature.render(self.format, self.agent)),
            length=length,
            findings=findings,
            allowed=self.permission.allowed,
            why_not=self.permission.reason,
            doubtful=self.permission.doubtful,
            parts=parts,
            promises=promise_rows(self.promises(text), Masking()),
            approval=concerns(self.facts.playbook, self.agent, findings),
        )

    def get_ready(self) -> None:
        """Read the files that checking a draft needs, for some milliseconds, so that no key press waits for them."""
        self.check(".")

    def promises(self, text: str) -> tuple[Promise, ...]:
        """What `text` promises, if it leaves now."""
        return promises_in(text, self.read_at, self.calendar, self.facts.language, self.facts.playbook.vocabulary)

    def _parts(self, text: str) -> int:
        from carecli.desk.parts import parts_of

        try:
            return len(parts_of(self, text))
        except Refused:
            return 1

    def measure(self, text: str) -> Length:
        """How long the reply will be, its signature included."""
        return self.channel.measure(self.signed(text), self.visibility, self.reply_to is not None)

    def signed(self, text: str) -> str:
        """The text as it will leave; as typed where it cannot be signed."""
        outcome = signature.sign(text, self.format, self.agent, self.facts.roster)
        return outcome if isinstance(outcome, str) else text


def composing(desk: Desk, conversation_id: int, visibility: Visibility) -> Composing:
    """Read what the composer of a conversation needs. Raises `NotFound`."""
    with desk.database.read() as session:
        return composing_in(desk, session, conversation_of(session, conversation_id), visibility)


def composing_in(
    desk: Desk,
    session: Session,
    found: Conversation,
    visibility: Visibility,
    author: Agent | None = None,
    *,
    thread: Sequence[Message] | None = None,
    reads: bool = True,
) -> Composing:
    """As `composing`, within a transaction that the caller has open; as `author` would write it, else as the agent.

    thread: the messages of the conversation's thread, if they were read already. reads: tell the checks also what its
    texts ask and decline.
    """
    agent = author or desk.agent
    playbook = desk.playbook(found.account)
    channel = desk.channel(found.account)
    customer = people.identity(session, conversations.customer_identity(session, found.id)).author
    asked = _last_asked(session, found)
    account = account_number(session, found.account)
    shift = shifts.open_shift(session, account)
    exchanged = messages.latest_texts(session, found.thread_id, found.id, _READ_BACK)
    sent_lately = messages.sent_by(session, account, agent.id, _OWN_REPLIES)
    if thread is None:
        thread = messages.thread_messages(session, found.thread_id)
    wait = waits.open_wait(session, found.id)
    now = desk.now()
    section = desk.config.accounts[found.account]
    snippets = offered(desk.config.snippets, _language(found, exchanged), found.account)
    return Composing(
        conversation_id=found.id,
        account=found.account,
        handle=section.handle,
        visibility=visibility,
        seen_version=found.version,
        reply_to=asked.remote_id if asked else None,
        customer=customer,
        agent=agent,
        format=playbook.signature,
        facts=DraftFacts(
            visibility=visibility,
            agent=agent,
            roster=tuple(desk.config.agents.values()),
            playbook=playbook,
            greeted=shift is not None and shift.greeted_at is not None,
            customer_name=customer.display_name,
            first_reply=found.outbound_count == 0,
            interactions=found.inbound_count + found.outbound_count,
            language=found.language,
            asked=_asked(exchanged),
            complaint=wait is not None and wait.kind in ("complaint", "safety"),
            declined=declined_in(_customers(exchanged), found.language, playbook.vocabulary) if reads else (),
            own_replies=tuple(signature.unsigned(sent, playbook.signature, agent) for sent in sent_lately),
            open_questions=open_questions(desk, session, found, thread) if reads else (),
            link_price=channel.capabilities.link_price,
            templates=(*(one.text for one in snippets), *playbook.greetings, *playbook.signoffs),
        ),
        channel=channel,
        permission=_permission(channel, asked, visibility, found, now),
        calendar=desk.calendar(found.account),
        read_at=now,
        brand=section.brand,
        snippets=snippets,
    )


def _asked(exchanged: list[tuple[Direction, str]]) -> str:
    """What the customer wrote since our last reply."""
    since: list[str] = []
    for direction, text in reversed(exchanged):
        if direction == "outbound":
            break
        since.append(text)
    return "\n".join(reversed(since))


def _language(found: Conversation, exchanged: list[tuple[Direction, str]]) -> str:
    """The conversation's language, guessed where its network did not tell; "" where nothing tells."""
    if names_one(found.language):
        return found.language
    said = "\n".join(_customers(exchanged))
    return guessed(said, tokens_of(fold(said)))


def _customers(exchanged: list[tuple[Direction, str]]) -> list[str]:
    return [text for direction, text in exchanged if direction == "inbound"]


def _last_asked(session: Session, found: Conversation) -> Message | None:
    """The customer's newest message: replies always answer the customer's own post, never its parent."""
    number = conversations.last_inbound(session, found.id)
    return None if number is None else messages.message(session, number)


def _permission(
    channel: Channel, asked: Message | None, visibility: Visibility, found: Conversation, now: datetime
) -> Permission:
    if found.visibility == "private" and visibility == "public":
        return Permission(False, reason="This is a private conversation: it is never answered in public.")
    capabilities = channel.capabilities
    if visibility == "private" and not capabilities.private_messages:
        return Permission(False, reason="This network has no private messages.")
    if found.visibility == "public" and visibility == "private" and not capabilities.private_reply_to_post:
        return Permission(False, reason="This network lets the customer write first: send an invitation.")
    if asked is None:
        return Permission(False, reason="There is no message of the customer to answer.")
    item = Item(
        remote_id=asked.remote_id,
        author=asked.author,
        text=asked.text,
        published_at=asked.published_at,
        visibility=asked.visibility,
        parent_remote_id=asked.parent_remote_id,
        attachments=asked.attachments,
    )
    return channel.can_reply(item, visibility, now)
