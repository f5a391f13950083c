"""What the commands print for people: the queue, a conversation, the outbox, the shifts.

Takes the desk's views, whose strangers' words are safe text, and gives lines. Not for: JSON, or asking the desk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from carecli.cli.tables import Tone, table, toned
from carecli.desk.context import Desk
from carecli.desk.queue import SOON, countdown
from carecli.desk.views import ConversationView, Countdown, OutboxRow, QueueRow, ShiftView, ThreadRow
from carecli.model import OutboxEntry, OutboxState
from carecli.money import dollars
from carecli.safetext import SafeText, literal, sanitize, sanitize_line
from carecli.when import left, shown

EMPTY_QUEUE = "Nobody is waiting."
EMPTY_OUTBOX = "Nothing is on its way."


def queue_page(desk: Desk, rows: Sequence[QueueRow]) -> str:
    """The queue as a table: the id that other commands take, what is left, who, where, why and what."""
    if not rows:
        return EMPTY_QUEUE
    now = desk.now()
    clocks = [countdown(desk, row.account, row.visibility, row.due_at, row.limit_at, now) for row in rows]
    return table(
        ("ID", "LEFT", "ACCOUNT", "WHERE", "WHO", "WHY", "WHOSE", "MESSAGE"),
        [
            (
                literal(str(row.conversation_id)),
                literal(_clock(clock)),
                sanitize_line(row.account),
                literal(row.visibility),
                SafeText(f"@{row.handle}"),
                sanitize_line(", ".join(row.reasons) or row.kind),
                sanitize_line(row.claimed_by or "–"),
                row.excerpt,
            )
            for row, clock in zip(rows, clocks, strict=True)
        ],
        [_tone(clock) for clock in clocks],
    )


def conversation_page(desk: Desk, view: ConversationView) -> str:
    """A conversation in full: who and where it stands, the thread as a tree, the notes, who read it."""
    now, zone = desk.now(), desk.config.zone(view.account)
    account = sanitize_line(view.account)
    lines = [f"{view.name or view.handle} @{view.handle}  {view.visibility}  {account}  {view.state}"]
    if view.due_at and view.limit_at and view.opened_at:
        clock = countdown(desk, view.account, view.visibility, view.due_at, view.limit_at, now)
        since = shown(view.opened_at, now, zone)
        lines.append(toned(f"{_clock(clock, ' left')}  waiting since {since}  {', '.join(view.reasons)}", _tone(clock)))
    lines.append(
        f"version {view.version}  messages between us: {view.interactions}  conversations this month: {view.contacts}"
    )
    if view.claimed_by and view.claimed_until:
        lines.append(f"claimed by {view.claimed_by} until {shown(view.claimed_until, now, zone)}")
    if view.snoozed_until:
        lines.append(f"snoozed until {shown(view.snoozed_until, now, zone)}")
    if view.linked_to is not None:
        lines.append(f"linked to conversation {view.linked_to}")
    if view.private_note:
        lines.append(view.private_note)
    lines.append("")
    for row in view.thread:
        lines.extend(_thread_lines(row, now, zone))
    if view.notes:
        lines += ["", "notes"]
        lines += [f"  {shown(note.at, now, zone)}  {note.agent}: {note.text}" for note in view.notes]
    if view.readers:
        lines += ["", "read by " + ", ".join(f"{mark.agent} {shown(mark.at, now, zone)}" for mark in view.readers)]
    return "\n".join(line.rstrip() for line in lines)


def outbox_page(desk: Desk, rows: Sequence[OutboxRow]) -> str:
    """The outbox as a table."""
    if not rows:
        return EMPTY_OUTBOX
    now = desk.now()
    return table(
        ("ENTRY", "STATE", "ACCOUNT", "KIND", "WHERE", "BY", "SINCE", "TEXT"),
        [
            (
                literal(str(row.entry_id)),
                literal(row.state),
                sanitize_line(row.account),
                literal(row.kind),
                literal(row.visibility),
                sanitize_line(row.agent),
                literal(shown(row.created_at, now, desk.config.zone(row.account))),
                SafeText(" ".join(f"{row.error} {row.text}".split())),
            )
            for row in rows
        ],
        [_TONES.get(row.state, "plain") for row in rows],
    )


_TONES: dict[OutboxState, Tone] = {"rejected": "late", "unknown": "late", "approval": "soon"}
_WHAT_NEXT: dict[OutboxState, str] = {
    "approval": "It waits for a lead. `carecli outbox approve` lets it go, `return` sends it back, `edit` changes it;"
    " its author takes it back with `carecli outbox cancel`.",
    "held": "It leaves at the end of its undo time. `carecli outbox cancel` takes it back.",
    "queued": "It leaves when a worker can send it. `carecli outbox cancel` takes it back.",
    "sending": "It is on its way now.",
    "sent": "It stands at the network.",
    "rejected": "It was not sent; its text is a draft again. `carecli outbox retry` sends it as it is,"
    " `carecli outbox cancel` drops it.",
    "unknown": "Look at the network. If it is there: `carecli outbox resolve --sent ID`, and it is not sent again."
    " If it is not: `carecli outbox resolve --not-sent`, and it is sent again.",
    "cancelled": "It was taken back; nothing was sent.",
}


def entry_page(desk: Desk, entry: OutboxEntry) -> str:
    """One reply on its way: how it stands, its parts, and what can be done."""
    now, zone = desk.now(), desk.config.zone(entry.account)
    lines = [
        f"{entry.kind} {entry.id}: {entry.state}",
        f"  {entry.visibility}, as {sanitize_line(entry.account)}, by {sanitize_line(entry.agent)},"
        f" since {shown(entry.created_at, now, zone)}",
    ]
    if entry.error:
        waits = entry.state == "queued" and entry.not_before is not None and entry.not_before > now
        until = f"until {shown(entry.not_before, now, zone)}: " if waits and entry.not_before else ""
        lines.append(f"  {until}{sanitize_line(entry.error)}")
    for part in entry.parts:
        stands = f"at the network as {sanitize_line(part.remote_id)}" if part.remote_id else "not there yet"
        lines += [f"  part {part.number} of {len(entry.parts)}, {stands}:"]
        lines += [f"    {line}" for line in sanitize(part.text).split("\n")]
    lines += [f"  with {sanitize_line(one.name)}: {sanitize_line(one.alt)}" for one in entry.media]
    lines += [f"  asks for a lead: {sanitize_line(one.sentence)}" for one in entry.approval]
    if entry.edited_by:
        lines.append(f"  changed by {sanitize_line(entry.edited_by)}")
    if entry.override:
        lines.append(f"  sent against a rule, because: {sanitize_line(entry.override)}")
    if entry.approved_by:
        lines.append(f"  approved by {sanitize_line(entry.approved_by)}")
    if entry.doubt:
        lines.append(f"  doubtful: {sanitize_line(entry.doubt)}")
    if entry.link:
        lines.append(f"  to send it from the network's own page: {sanitize_line(entry.link)}")
    return "\n".join([*lines, _WHAT_NEXT[entry.state]])


def shifts_page(desk: Desk, views: Sequence[ShiftView]) -> str:
    """The shifts of some accounts."""
    return "\n\n".join("\n".join(_shift_lines(desk, view)) for view in views)


def _shift_lines(desk: Desk, view: ShiftView) -> Iterator[str]:
    now, zone = desk.now(), desk.config.zone(view.account)

    def at(moment: datetime) -> str:
        return shown(moment, now, zone)

    shift, hours = ("open" if is_open else "closed" for is_open in (view.open, view.desk_open))
    yield f"{sanitize_line(view.account)}: shift {shift}, desk {hours}"
    if view.open and view.opened_at:
        yield f"  since {at(view.opened_at)}" + (f", on duty: {', '.join(view.roster)}" if view.roster else "")
    if view.open:
        yield f"  greeted {at(view.greeted_at)}" if view.greeted_at else "  not greeted"
    if view.signed_off_at:
        yield f"  signed off {at(view.signed_off_at)}"
    if view.closes_at:
        yield f"  the desk closes {at(view.closes_at)}"
    if view.next_opening:
        yield f"  the desk opens {at(view.next_opening)}"
    yield f"  {view.unanswered} unanswered"
    if view.problem:
        yield toned(
            f"  until {at(view.problem_until)}: {view.problem}" if view.problem_until else f"  {view.problem}", "late"
        )
    if view.spent_micros or view.budget_micros:
        of = f" of {dollars(view.budget_micros)}" if view.budget_micros else ""
        yield f"  about {dollars(view.spent_micros)}{of} spent today"


def _thread_lines(row: ThreadRow, now: datetime, zone: str) -> Iterator[str]:
    indent = "  " * min(row.depth, 12)
    who = f"@{row.handle}" if row.handle else ""
    marks = [mark for mark in (row.agent and f"by {row.agent}", row.pending or "") if mark]
    if row.visibility == "private":
        marks.insert(0, "private")
    when = "" if row.missing else shown(row.published_at, now, zone)
    head = "  ".join(part for part in (when, row.name, who, f"({', '.join(marks)})" if marks else "") if part)
    if head:
        yield toned(f"{indent}{head}", "good" if row.ours else "plain")
    for line in row.text.split("\n"):
        yield f"{indent}  {line}"
    for attachment in row.attachments:
        yield f"{indent}  [{attachment}]"


def _clock(clock: Countdown, ahead: str = "") -> str:
    """What is left, or how late it is. ahead: what stands after time that is left."""
    told = left(clock.seconds) + (ahead if clock.seconds >= 0 else "")
    return told + (" paused" if clock.paused else "") + (" over limit" if clock.over_limit else "")


def _tone(clock: Countdown) -> Tone:
    if clock.seconds < 0:
        return "late"
    return "soon" if clock.seconds < SOON.total_seconds() and not clock.paused else "plain"
