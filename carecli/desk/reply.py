"""Replying: from a text to a frozen, signed entry in the outbox, or a reason why not.

Not for: sending it (`worker.delivery`), or what the composer shows meanwhile (`composing`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from carecli.channels.base import Outgoing
from carecli.config.shape import joined
from carecli.desk.claims import require_free, require_not_taken
from carecli.desk.composing import Composing, composing_in
from carecli.desk.context import Desk, account_number, conversation_of
from carecli.desk.log import log
from carecli.desk.media import require_media, sent_media
from carecli.desk.parts import parts_of
from carecli.desk.proofreading import proof_to_accept, with_proof
from carecli.errors import ConfigError, Refused, Stale
from carecli.model import (
    AttachedMedia,
    Author,
    Concern,
    Conversation,
    Finding,
    MediaFile,
    OutboxEntry,
    OutboxPart,
    Record,
    Visibility,
)
from carecli.playbook.approval import problems
from carecli.playbook.checks import ALWAYS, CHECKS, PROOFREAD
from carecli.playbook.lexicon import words_for
from carecli.playbook.signature import SignedText, sign
from carecli.playbook.template import fill
from carecli.store import conversations, media, messages, notes, outbox, outbox_parts
from carecli.store.events import Fact
from carecli.store.session import Session


class PrivateMove(Record, frozen=True):
    """Where the private talk goes on: an existing private conversation, or a text that invites to one.

    invitation: the network's own link, "" where it has none; text: the sentence that holds it, in the customer's words.
    """

    conversation_id: int | None
    invitation: str
    text: str = ""


def reply(
    desk: Desk,
    conversation_id: int,
    text: str,
    visibility: Visibility,
    *,
    seen_version: int | None,
    hold: bool,
    further: Sequence[str] = (),
    files: Sequence[MediaFile] = (),
    split: bool = False,
    override: str = "",
    dry_run: bool = False,
    tell: Callable[[str], object] | None = None,
) -> OutboxEntry:
    """Accept a reply into the outbox, signed by the agent, and drop the draft it came from.

    seen_version: the conversation's version that the author had seen; None stands for the one at which they last
    opened it, or for the present one if they never did.
    further: texts that follow as parts of their own, each below the one before, each signed.
    files: pictures or films that go out with the first part.
    split: cut a text that is too long for one post into parts (`parts.parts_of`).
    hold: keep it for the playbook's undo time. override: a lead's reason for sending against a blocking check.
    What the playbook's `approval` names waits for a lead instead, in the state "approval" (`approval`).
    dry_run: return the entry as it would be, with the id 0, and store nothing.
    tell: is given a sentence where the reply was not proofread, though the playbook wants that, and where a link in it
    makes it dearer.

    Raises `Refused` (with the check's id as `rule`), `Stale`, and `ConfigError` where nobody can tell what waits for a
    lead; the draft is kept.
    """
    whole_text = "\n".join((text, *further))
    proof, unread = proof_to_accept(desk, conversation_id, visibility, whole_text)
    # A dry run reads only, so that it never waits for another writer.
    with desk.database.read() if dry_run else desk.database.write() as session:
        found = conversation_of(session, conversation_id)
        seen = require_unchanged(desk, session, found, seen_version)
        context = with_proof(composing_in(desk, session, found, visibility), proof)
        require_media(context.channel.capabilities, files)
        texts = (*(parts_of(context, text) if split else (text,)), *further)
        signed = [signed_part(context, part, override) for part in texts]
        whole = context.check(whole_text)
        slips = [found for found in whole.findings if found.level == "block" and found.check in PROOFREAD]
        if slips and not override:
            raise refusal(slips[0])
        require_known(desk, found.account)
        _require_unsaid(session, found, signed[0])
        entry = _entry(desk, found, context, signed, seen, hold, override, files, whole.approval)
        warned = tuple(f"{one.sentence} {one.remedy}".strip() for one in whole.findings if one.check == "link-price")
        if dry_run:
            require_not_taken(desk, found, desk.agent.id)
            _tell(tell, *warned)
            return entry
        require_free(desk, session, found)
        number = _freeze(desk, session, entry, context, files)
        notes.remove_draft(session, conversation_id, desk.agent.id)
        media.detach_all(session, conversation_id, desk.agent.id)
        blocking = [finding.check for finding in whole.findings if finding.level == "block"]
        against = [check for check in blocking if override and check not in ALWAYS]
        asked = [concern.check for concern in entry.approval]
        facts: dict[str, Fact] = {"entry": number, "visibility": visibility, "override": override}
        log(
            desk,
            session,
            "accepted",
            found.account,
            conversation_id,
            **facts,
            against=against,
            approval=asked,
            unread=unread,
        )
        stored = outbox.entry(session, number)
    assert stored is not None
    _tell(tell, unread, *warned)
    return stored


def _tell(tell: Callable[[str], object] | None, *sentences: str) -> None:
    for sentence in sentences:
        if sentence and tell is not None:
            tell(sentence)


def go_private(desk: Desk, conversation_id: int) -> PrivateMove:
    """The private conversation that belongs to this one, or else a text for the public reply that invites to it."""
    with desk.database.read() as session:
        found = conversation_of(session, conversation_id)
        if found.visibility == "private":
            return PrivateMove(conversation_id, "")
        private = conversations.private_of(session, conversation_id)
    if private is not None:
        return PrivateMove(private, "")
    link = desk.channel(found.account).private_invitation(desk.config.accounts[found.account].handle)
    return PrivateMove(None, link, fill(words_for(found.language).invitation, {"link": link}) if link else "")


def require_unchanged(desk: Desk, session: Session, found: Conversation, seen_version: int | None) -> int:
    """The version that the author had seen. Raises `Stale` where the customer wrote, or a colleague answered, since."""
    if seen_version is None:
        seen_version = notes.seen_version(session, found.id, desk.agent.id)
    if seen_version is None:
        return found.version
    if messages.has_news(session, found.id, seen_version, desk.agent.id):
        raise Stale(
            "The conversation has moved on since you looked.",
            f"Read what is new with `carecli show {found.id}`, then send again.",
            rule="unchanged",
        )
    return seen_version


def require_known(desk: Desk, account: str) -> None:
    """Raise `ConfigError` where the playbook lets things wait for a lead that there are not: they would just leave."""
    for problem in problems(desk.playbook(account).approval, CHECKS, ALWAYS):
        key = joined(joined("playbooks", desk.config.accounts[account].playbook), "approval")
        raise ConfigError(f"`{key}`: {problem}.", "Mend it in the configuration: nothing is sent before.", key=key)


def _require_unsaid(session: Session, found: Conversation, text: SignedText) -> None:
    """Refuse what was said already since the customer last wrote: a command called twice is answered once."""
    earlier = outbox.saying(session, found.id, text)
    if earlier is not None:
        raise Refused(
            "The same words are on their way to this customer, or there already.",
            f"`carecli outbox show {earlier}` tells how they fare; to say it once more, use other words.",
            rule="said-already",
        )


def signed_part(context: Composing, text: str, override: str = "") -> SignedText:
    """The signed text of an acceptable part. Only the signature itself can never be overridden. Raises `Refused`."""
    if not context.permission.allowed:
        raise Refused(context.permission.reason, "The draft is kept.", rule="not-allowed")
    blocking = [finding for finding in context.check(text).findings if finding.level == "block"]
    if blocking and not override:
        raise refusal(blocking[0])
    if override and not context.agent.lead:
        raise Refused("Only a lead sends against a rule.", "Ask a lead, or mend the reply.", rule="override")
    outcome = sign(text, context.format, context.agent, context.facts.roster)
    if isinstance(outcome, Finding):
        raise refusal(outcome)
    if context.measure(text).over:
        raise Refused(
            "The reply is longer than the network takes.", "Shorten it, or send it in parts.", rule="over-length"
        )
    return outcome


def refusal(finding: Finding) -> Refused:
    """A blocking finding as the error that a flag command ends with."""
    return Refused(finding.sentence, finding.remedy, rule=finding.check)


def _entry(
    desk: Desk,
    found: Conversation,
    context: Composing,
    texts: Sequence[SignedText],
    seen: int,
    hold: bool,
    override: str,
    files: Sequence[MediaFile],
    approval: tuple[Concern, ...],
) -> OutboxEntry:
    now = desk.now()
    undo = desk.playbook(found.account).undo_seconds if hold and not approval else 0
    return OutboxEntry(
        id=0,
        account=found.account,
        conversation_id=found.id,
        kind="reply",
        state="approval" if approval else "held" if undo else "queued",
        visibility=context.visibility,
        agent=desk.agent.id,
        parts=tuple(OutboxPart(number, text, desk.new_key()) for number, text in enumerate(texts, start=1)),
        reply_to=context.reply_to,
        recipient=context.customer.remote_id,
        seen_version=seen,
        created_at=now,
        held_until=now + timedelta(seconds=desk.clock.desk_seconds(undo)) if undo else None,
        approved_by=desk.agent.id if override and not approval else "",
        override=override,
        media=tuple(
            AttachedMedia(number, file.name, file.kind, file.alt, len(file.data))
            for number, file in enumerate(files, start=1)
        ),
        doubt=context.permission.reason if context.permission.doubtful else "",
        approval=approval,
    )


def _freeze(desk: Desk, session: Session, entry: OutboxEntry, context: Composing, files: Sequence[MediaFile]) -> int:
    """Store an entry with the channel's frozen calls, and what goes out with it."""
    number = outbox.add(session, entry, account_number(session, entry.account), frozen_parts(entry, context, files))
    media.freeze(session, number, files)
    return number


def frozen_parts(entry: OutboxEntry, context: Composing, files: Sequence[MediaFile]) -> list[outbox_parts.FrozenPart]:
    """The parts of an entry with the channel's frozen calls."""
    customer = Author(context.customer.remote_id, context.customer.handle, context.customer.display_name)
    parts = []
    for part in entry.parts:
        shown = sent_media(files) if part.number == 1 else ()
        outgoing = Outgoing(part.text, part.key, entry.visibility, entry.reply_to, customer, shown)
        parts.append(outbox_parts.FrozenPart(part.text, part.key, context.channel.prepare(outgoing).payload))
    return parts
