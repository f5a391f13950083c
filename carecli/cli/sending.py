"""What became of a post: send it from here if no worker does, say how it ended, and fail where it did not arrive.

Shared by replies, greetings and sign-offs. Not for: what may be posted (`desk.reply`, `desk.shifts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from carecli.cli.findings import data_of
from carecli.cli.output import answer, narrate
from carecli.cli.tables import table
from carecli.desk.context import Desk
from carecli.desk.outbox import entry_of, in_the_way, undecided_before
from carecli.desk.shifts import Announced, Announcement
from carecli.desk.views import MarkRow, PartView
from carecli.errors import CareError, NeedsPerson, NetworkFailure, RateLimited, Refused
from carecli.model import Finding, OutboxEntry
from carecli.safetext import SafeText, literal, sanitize, sanitize_line
from carecli.when import shown

WAIT_SECONDS = 20.0

_SENTENCES = {
    "approval": "Waits for a lead",
    "held": "Held",
    "queued": "Queued",
    "sending": "Being sent",
    "sent": "Sent",
    "rejected": "Rejected",
    "unknown": "Perhaps sent",
    "cancelled": "Cancelled",
}


_COMMANDS = {"greeting": "greet", "signoff": "signoff"}


def conclude(
    desk: Desk,
    entry: OutboxEntry,
    *,
    wait: bool,
    as_json: bool,
    preview: Sequence[PartView] = (),
    findings: Sequence[Finding] = (),
) -> None:
    """Print how a reply stands, after seeing it through if `wait`. Raises what `failure_of` says.

    preview, findings: of a reply that is only tried, what the network would show, and what the checks say.
    """
    if entry.doubt:
        narrate(f"The network may refuse it: {entry.doubt}")
    if entry.id and wait and entry.state != "approval":
        entry = deliver(desk, entry)
    would = "Would wait for a lead" if entry.state == "approval" else "Would send"
    said = _SENTENCES[entry.state] if entry.id else would
    text = sanitize("\n".join((*(part.text for part in entry.parts), *(f"[{one.alt}]" for one in entry.media))))
    tried = {"preview": preview, "findings": [data_of(finding) for finding in findings]}
    data = msgspec.structs.asdict(entry) | tried if preview else entry
    told = "\n".join((f"{said}, {entry.visibility}, as {entry.account}:", text, *_why_it_waits(entry)))
    answer("reply", data, f"{told}\n\n{_preview_table(preview)}" if preview else told, as_json=as_json)
    _raise_failure(desk, entry, waited=wait)


def _why_it_waits(entry: OutboxEntry) -> list[str]:
    return [sanitize_line(one.sentence) for one in entry.approval] if entry.state == "approval" else []


def _preview_table(parts: Sequence[PartView]) -> str:
    rows = [
        (
            literal(f"{part.number}/{len(parts)}"),
            literal(f"{part.length.used} of {part.length.limit} {part.length.unit}"),
            _marks(part.mentions),
            _marks(part.links),
        )
        for part in parts
    ]
    return table(("part", "length", "mentions", "links"), rows)


def _marks(marks: Sequence[MarkRow]) -> SafeText:
    return SafeText(", ".join(f"{mark.text} ({mark.weight})" for mark in marks) or "–")


def announced(desk: Desk, kind: Announcement, told: Announced, *, wait: bool, as_json: bool) -> None:
    """Print a greeting or sign-off, after seeing it through if `wait`. Raises what `failure_of` says."""
    entry = None if told.entry_id is None else entry_of(desk, told.entry_id)
    if entry is not None and wait:
        entry = deliver(desk, entry)
    data = {
        "announcement": kind,
        "text": told.text,
        "entry_id": told.entry_id,
        "already": told.already,
        "state": entry.state if entry else None,
    }
    answer("announcement", data, sanitize(told.text), as_json=as_json)
    if told.link_price:
        narrate(f"Its link makes it cost {told.link_price}.")
    if entry is None:
        return
    if told.already and not as_json:
        narrate(f"This shift's {kind} had been asked for already; it is posted once.")
    _raise_failure(desk, entry, waited=wait)


def deliver(desk: Desk, entry: OutboxEntry) -> OutboxEntry:
    """See an entry through for some seconds of the machine's clock, whoever's worker sends it; as it then stands."""
    from carecli.worker.holder import holder_name
    from carecli.worker.loop import Worker

    holder = holder_name("flags", desk.new_key())
    worker = Worker(desk.config, desk.database, desk.clock, desk.open_channel, holder)
    try:
        return worker.deliver(entry.id, WAIT_SECONDS)
    finally:
        worker.stop()


def failure_of(entry: OutboxEntry, now: datetime, zone: str, *, waited: bool) -> CareError | None:
    """What is wrong with an entry that did not arrive; None where it did, or where nobody waited for it.

    zone: the account's own, an IANA name, in which is told until when it waits.
    """
    # A network's own words end as they like.
    reason = sanitize(entry.error if not entry.error or entry.error.endswith((".", "!", "?")) else f"{entry.error}.")
    match entry.state:
        case "rejected":
            return Refused(f"It was not sent: {reason}", _after_refusal(entry), rule="rejected")
        case "unknown":
            return NeedsPerson(
                f"Nobody knows whether it arrived: {reason}",
                f"Look at the network, then say what you found with `carecli outbox resolve {entry.id}`.",
            )
        case "queued" if waited and entry.id and entry.not_before and entry.not_before > now:
            until = shown(entry.not_before, now, zone)
            return RateLimited(
                f"It has not left yet, and waits until {until}: {reason}",
                "It stays queued and leaves by itself; see `carecli outbox`.",
                until=entry.not_before,
            )
        case "queued" | "sending" | "held" if waited and entry.id:
            return NetworkFailure(
                f"It has not left yet: {reason or 'another worker has it.'}", "It stays queued; see `carecli outbox`."
            )
    return None


def _after_refusal(entry: OutboxEntry) -> str:
    """Where the text is now. The network's own sentence has said what to change, or that nothing helps."""
    if entry.kind != "reply":
        return f"Ask for it again with `carecli {_COMMANDS[entry.kind]}`: other words are chosen."
    page = f" The page to send it from: {sanitize_line(entry.link)}" if entry.link else ""
    return f"It is a draft again.{page}"


def _raise_failure(desk: Desk, entry: OutboxEntry, *, waited: bool) -> None:
    earlier = undecided_before(desk, entry) if waited and entry.id and entry.state == "queued" else None
    if earlier is not None:
        raise NeedsPerson(
            "It has not left yet: nobody knows whether an earlier reply of this conversation arrived.",
            f"Look at the network, then say what you found with `carecli outbox resolve {earlier}`.",
        )
    problem = in_the_way(desk, entry) if waited and entry.id else ""
    if problem:
        raise NeedsPerson(
            f"It has not left yet: {sanitize_line(problem)}", "It stays queued, and leaves by itself after that."
        )
    failure = failure_of(entry, desk.now(), desk.config.zone(entry.account), waited=waited)
    if failure is not None:
        raise failure
