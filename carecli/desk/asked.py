"""What a conversation leaves to answer and to remember: questions, promises of ours, offers the customer declined.

Read from its messages, so that nothing of it has to be kept but what an agent has ticked off. Not for: answering.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from carecli.desk.context import Desk, conversation_of
from carecli.desk.masking import Masking, masking
from carecli.desk.views import PromiseRow, QuestionRow
from carecli.errors import NotFound
from carecli.model import Conversation, Message
from carecli.playbook.promises import Promise, Remembered, remembered
from carecli.playbook.questions import questions_in
from carecli.playbook.wording import wordings_for
from carecli.safetext import SafeText, sanitize_line
from carecli.store import messages, ticks
from carecli.store.session import Session

# As far back as somebody would read again before they answer.
_LOOKED_THROUGH = 40


def unanswered(thread: Sequence[Message], conversation_id: int) -> tuple[Message, ...]:
    """What the customer of a conversation has written since our last reply in it, oldest first."""
    own = [message for message in thread if message.conversation_id == conversation_id and not message.deleted]
    last = max((number for number, message in enumerate(own) if message.direction == "outbound"), default=-1)
    return tuple(own[last + 1 :])


def questions(
    session: Session, found: Conversation, thread: Sequence[Message], shown: Masking
) -> tuple[QuestionRow, ...]:
    """The customer's questions since our last reply, as they asked them; which are ticked off."""
    asked = unanswered(thread, found.id)
    ticked = ticks.ticked(session, [message.id for message in asked])
    return tuple(
        QuestionRow(message.id, number, shown.line(question), (message.id, number) in ticked)
        for message in asked
        for number, question in enumerate(questions_in(message.text, found.language), start=1)
    )


def tick(desk: Desk, conversation_id: int, message_id: int, number: int, *, ticked: bool = True) -> None:
    """Tick a question of a conversation off, or open it again. Raises `NotFound` where it is not asked there."""
    with desk.database.write() as session:
        found = conversation_of(session, conversation_id)
        rows = questions(session, found, messages.thread_messages(session, found.thread_id), Masking())
        if not any((row.message_id, row.number) == (message_id, number) for row in rows):
            raise NotFound(f"There is no question {message_id}.{number} to answer.", f"See `carecli show {found.id}`.")
        if ticked:
            ticks.tick(session, message_id, number, desk.agent.id, desk.now())
        else:
            ticks.untick(session, message_id, number)


def remembered_in(desk: Desk, found: Conversation, thread: Sequence[Message]) -> Remembered:
    """What we promised and what the customer declined in the newest messages of a conversation."""
    own = [message for message in thread if message.conversation_id == found.id and not message.deleted]
    vocabulary = desk.playbook(found.account).vocabulary
    return remembered(own[-_LOOKED_THROUGH:], desk.calendar(found.account), found.language, vocabulary)


def open_questions(desk: Desk, session: Session, found: Conversation, thread: Sequence[Message]) -> tuple[str, ...]:
    """The customer's questions since our last reply that nobody has ticked off."""
    rows = questions(session, found, thread, masking(desk, found.account))
    return tuple(row.text for row in rows if not row.ticked)


def promise_rows(promises: Iterable[Promise], shown: Masking) -> tuple[PromiseRow, ...]:
    """Promises of ours as screens show them."""
    return tuple(PromiseRow(shown.line(one.words), one.due_at) for one in promises)


def declined_names(found: Remembered, language: str) -> tuple[SafeText, ...]:
    """What was declined, by its name in the language of the conversation."""
    offers = wordings_for(language).offers if found.declined else {}
    return tuple(sanitize_line(offers[id].name) for id in found.declined if id in offers)
