"""The outbox: frozen replies on their way, and each step that they take.

`state` moves only along the arrows held → queued → sending → sent | rejected | unknown, sending → queued where nothing
was written, unknown → sent | sending | rejected, or queued for the parts that follow or by a person's word,
held | queued | rejected → cancelled, rejected → queued (by a person), held | queued | sending → unknown (`distrust`).
Not for: deciding the next step (`worker.delivery`), what may enter (`desk.reply`), what waits for a lead (`approval`),
or the parts of an entry (`outbox_parts`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from carecli.model import Concern, OutboxEntry, OutboxState
from carecli.store import media, outbox_parts
from carecli.store.session import Row, Session, from_ms, from_ms_or_none, to_ms, to_ms_or_none

_COLUMNS = """
  outbox.id, account.name, outbox.conversation_id, outbox.kind, outbox.state, outbox.visibility, outbox.agent,
  outbox.reply_to, outbox.recipient, outbox.seen_version, outbox.created_at, outbox.held_until, outbox.attempts,
  outbox.error, outbox.approved_by, outbox.override, outbox.shift_id, outbox.sent_at,
  nullif(outbox.not_before, 0), outbox.doubt, outbox.link, outbox.approval, outbox.edited_by, outbox.revision
"""

_CONCERNS = msgspec.json.Decoder(tuple[Concern, ...])
_FROM = "FROM outbox JOIN account ON account.id = outbox.account_id"

# Why an entry is unknown that a restored backup held: a person decides, for its author may have cancelled it since.
RESTORED = "A backup was restored in which it was on its way: it may have been sent or cancelled since. Decide here."


def add(session: Session, entry: OutboxEntry, account: int, parts: Sequence[outbox_parts.FrozenPart]) -> int:
    """Commit a frozen reply; the id that it has from now on."""
    number = session.next_id("outbox")
    session.run(
        """
        INSERT INTO outbox (id, account_id, conversation_id, kind, state, visibility, agent, reply_to, recipient,
                            seen_version, created_at, held_until, approved_by, override, shift_id, doubt,
                            approval)
        VALUES (:id, :account, :conversation, :kind, :state, :visibility, :agent, :reply_to, :recipient,
                :seen, :created, :held, :approved, :override, :shift, :doubt, :approval)
        """,
        {
            "id": number,
            "account": account,
            "conversation": entry.conversation_id,
            "kind": entry.kind,
            "state": entry.state,
            "visibility": entry.visibility,
            "agent": entry.agent,
            "reply_to": entry.reply_to,
            "recipient": entry.recipient,
            "seen": entry.seen_version,
            "created": to_ms(entry.created_at),
            "held": to_ms_or_none(entry.held_until),
            "approved": entry.approved_by,
            "override": entry.override,
            "shift": entry.shift_id,
            "doubt": entry.doubt,
            "approval": msgspec.json.encode(entry.approval).decode(),
        },
    )
    outbox_parts.add_parts(session, number, parts)
    return number


def entry(session: Session, entry_id: int) -> OutboxEntry | None:
    """One entry with its parts."""
    row = session.one(f"SELECT {_COLUMNS} {_FROM} WHERE outbox.id = :id", {"id": entry_id})
    return None if row is None else _entry(session, row)


def entries(session: Session, states: Collection[OutboxState], limit: int = 500) -> tuple[OutboxEntry, ...]:
    """Entries in any of `states` (all of them where it is empty), the newest first."""
    rows = session.all(
        f"""
        SELECT {_COLUMNS} {_FROM}
        WHERE :any OR outbox.state IN (SELECT value FROM json_each(:states))
        ORDER BY outbox.id DESC LIMIT :limit
        """,
        {"any": not states, "states": msgspec.json.encode(sorted(states)).decode(), "limit": limit},
    )
    return tuple(_entry(session, row) for row in rows)


def pending(session: Session, account: int) -> tuple[OutboxEntry, ...]:
    """What an account still has to send or to find out, in the order in which it was accepted."""
    rows = session.all(
        f"""
        SELECT {_COLUMNS} {_FROM}
        WHERE outbox.account_id = :account AND outbox.state IN ('held', 'queued', 'sending', 'unknown')
        ORDER BY outbox.id
        """,
        {"account": account},
    )
    return tuple(_entry(session, row) for row in rows)


def pending_in(session: Session, conversation_id: int) -> tuple[OutboxEntry, ...]:
    """What is on its way, or stuck, in a conversation, in the order in which it was accepted."""
    rows = session.all(
        f"""
        SELECT {_COLUMNS} {_FROM}
        WHERE outbox.conversation_id = :conversation
          AND outbox.state IN ('approval', 'held', 'queued', 'sending', 'unknown')
        ORDER BY outbox.id
        """,
        {"conversation": conversation_id},
    )
    return tuple(_entry(session, row) for row in rows)


SAYING = """
SELECT outbox.id FROM outbox
JOIN conversation ON conversation.id = outbox.conversation_id
JOIN outbox_part ON outbox_part.outbox_id = outbox.id AND outbox_part.number = 1
WHERE outbox.conversation_id = :conversation AND outbox.kind = 'reply' AND outbox_part.text = :text
  AND outbox.state NOT IN ('cancelled', 'rejected')
  AND outbox.created_at >= coalesce(conversation.last_inbound_at, 0)
ORDER BY outbox.id LIMIT 1
"""


def saying(session: Session, conversation_id: int, text: str) -> int | None:
    """The reply that begins with this very part, if one stands or is on its way since the customer last wrote."""
    row = session.one(SAYING, {"conversation": conversation_id, "text": text})
    return None if row is None else int(row[0])


def counts(session: Session) -> dict[OutboxState, int]:
    """How many entries are on their way, or need a person, by state."""
    return dict(
        session.all(
            """
            SELECT state, count(*) FROM outbox WHERE state IN ('held', 'queued', 'sending', 'unknown') GROUP BY state
            UNION ALL
            SELECT 'rejected', count(*) FROM outbox WHERE state = 'rejected'
            """
        )
    )


def announcement(session: Session, shift_id: int, kind: str) -> OutboxEntry | None:
    """The greeting or sign-off of a shift that stands or is on its way."""
    row = session.one(
        f"""
        SELECT {_COLUMNS} {_FROM}
        WHERE outbox.shift_id = :shift AND outbox.kind = :kind AND outbox.state NOT IN ('rejected', 'cancelled')
          AND outbox.kind <> 'reply'
        """,
        {"shift": shift_id, "kind": kind},
    )
    return None if row is None else _entry(session, row)


def recent_announcements(session: Session, account: int, kind: str, limit: int) -> tuple[str, ...]:
    """The texts of an account's last greetings or sign-offs, the newest first, those that the network refused, too."""
    rows = session.all(
        """
        SELECT outbox_part.text FROM outbox JOIN outbox_part ON outbox_part.outbox_id = outbox.id
        WHERE outbox.account_id = :account AND outbox.kind = :kind AND outbox.state <> 'cancelled'
        ORDER BY outbox.id DESC LIMIT :limit
        """,
        {"account": account, "kind": kind, "limit": limit},
    )
    return tuple(row[0] for row in rows)


def move(
    session: Session, entry_id: int, source: Collection[OutboxState], target: OutboxState, error: str = ""
) -> bool:
    """Move an entry on if it is in one of the states `source`; whether it was."""
    changed = session.run(
        """
        UPDATE outbox SET state = :target, error = :error
        WHERE id = :id AND state IN (SELECT value FROM json_each(:source))
        """,
        {"target": target, "error": error, "id": entry_id, "source": msgspec.json.encode(sorted(source)).decode()},
    )
    return changed == 1


def set_link(session: Session, entry_id: int, link: str) -> None:
    """Where a person can send a refused one on the network's own page."""
    session.run("UPDATE outbox SET link = :link WHERE id = :id", {"link": link, "id": entry_id})


def begin_attempt(session: Session, entry_id: int, source: Literal["queued", "unknown"] = "queued") -> bool:
    """queued, or unknown, → sending, durably, before the first byte leaves; whether it was so."""
    changed = session.run(
        "UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE id = :id AND state = :source",
        {"id": entry_id, "source": source},
    )
    return changed == 1


def postpone(session: Session, entry_id: int, until: datetime, error: str) -> bool:
    """sending → queued: nothing was written to the network; try again, not before `until`. Whether it was sending."""
    changed = session.run(
        """
        UPDATE outbox SET state = 'queued', not_before = :until, error = :error WHERE id = :id AND state = 'sending'
        """,
        {"until": to_ms(until), "error": error, "id": entry_id},
    )
    return changed == 1


def put_off(session: Session, entry_id: int, until: datetime, error: str) -> bool:
    """queued stays queued: it was not tried, and is not before `until`. Whether it was queued."""
    changed = session.run(
        "UPDATE outbox SET not_before = :until, error = :error WHERE id = :id AND state = 'queued'",
        {"until": to_ms(until), "error": error, "id": entry_id},
    )
    return changed == 1


def let_go(session: Session, account: int, error: str) -> None:
    """What was put off for this reason may be tried at once."""
    session.run(
        """
        UPDATE outbox SET not_before = 0, error = ''
        WHERE account_id = :account AND state = 'queued' AND error = :error
          AND state IN ('held', 'queued', 'sending', 'unknown')
        """,
        {"account": account, "error": error},
    )


def doubt(session: Session, entry_id: int, look_at: datetime, error: str) -> bool:
    """sending → unknown: it may stand at the network; look for it, not before `look_at`. Whether it was sending."""
    changed = session.run(
        """
        UPDATE outbox SET state = 'unknown', not_before = :at, lookups = 0, error = :error
        WHERE id = :id AND state = 'sending'
        """,
        {"at": to_ms(look_at), "error": error, "id": entry_id},
    )
    return changed == 1


def look_later(session: Session, entry_id: int, until: datetime, error: str) -> None:
    """unknown stays unknown: look again, not before `until`."""
    session.run(
        """
        UPDATE outbox SET not_before = :until, error = :error, lookups = lookups + 1
        WHERE id = :id AND state = 'unknown'
        """,
        {"until": to_ms(until), "error": error, "id": entry_id},
    )


def lookups(session: Session, entry_id: int, now: datetime) -> int | None:
    """How often an unknown entry has been looked for; None while it is too early to look again."""
    row = session.one(
        "SELECT lookups FROM outbox WHERE id = :id AND not_before <= :now", {"id": entry_id, "now": to_ms(now)}
    )
    return None if row is None else int(row[0])


def queue_again(session: Session, entry_id: int, seen_version: int, approved_by: str) -> None:
    """rejected or unknown → queued, by a person's word; or → approval where a lead is asked for and none has spoken."""
    session.run(
        """
        UPDATE outbox
        SET state = CASE WHEN approval <> '[]' AND :approved = '' THEN 'approval' ELSE 'queued' END, error = '',
            link = '', not_before = 0, attempts = 0, lookups = 0, seen_version = :seen, approved_by = :approved
        WHERE id = :id AND state IN ('rejected', 'unknown')
        """,
        {"seen": seen_version, "id": entry_id, "approved": approved_by},
    )


def distrust(session: Session) -> tuple[OutboxEntry, ...]:
    """All that has not left → unknown, in a database from a backup: it may have been approved, or have left, since."""
    found = tuple(reversed(entries(session, ("approval", "held", "queued", "sending"), -1)))
    session.run(
        """
        UPDATE outbox SET state = 'unknown', error = :error, not_before = 0, lookups = 0
        WHERE state IN ('approval', 'held', 'queued', 'sending')
        """,
        {"error": RESTORED},
    )
    return found


def ready_ids(session: Session, account: int, now: datetime) -> frozenset[int]:
    """Which entries an account may send now, as far as their own time is concerned."""
    rows = session.all(
        """
        SELECT id FROM outbox
        WHERE account_id = :account AND state = 'queued' AND not_before <= :now
          AND state IN ('held', 'queued', 'sending', 'unknown')
        """,
        {"account": account, "now": to_ms(now)},
    )
    return frozenset(row[0] for row in rows)


def has_pending(session: Session, account: str) -> bool:
    """Whether an account has anything to send or to find out; asked often, answered from an index."""
    return (
        session.one(
            """
            SELECT 1 FROM outbox
            WHERE account_id = (SELECT id FROM account WHERE name = :account)
              AND state IN ('held', 'queued', 'sending', 'unknown') LIMIT 1
            """,
            {"account": account},
        )
        is not None
    )


def finish(session: Session, entry_id: int, at: datetime) -> bool:
    """All parts stand at the network; whether that is new."""
    changed = session.run(
        "UPDATE outbox SET state = 'sent', error = '', sent_at = :at WHERE id = :id AND state <> 'sent'",
        {"at": to_ms(at), "id": entry_id},
    )
    media.forget_bytes(session, entry_id)
    return changed == 1


def _entry(session: Session, row: Row) -> OutboxEntry:
    return OutboxEntry(
        id=row[0],
        account=row[1],
        conversation_id=row[2],
        kind=row[3],
        state=row[4],
        visibility=row[5],
        agent=row[6],
        parts=outbox_parts.parts_of(session, row[0]),
        reply_to=row[7],
        recipient=row[8],
        seen_version=row[9],
        created_at=from_ms(row[10]),
        held_until=from_ms_or_none(row[11]),
        attempts=row[12],
        error=row[13],
        approved_by=row[14],
        override=row[15],
        shift_id=row[16],
        sent_at=from_ms_or_none(row[17]),
        not_before=from_ms_or_none(row[18]),
        doubt=row[19],
        link=row[20],
        approval=_CONCERNS.decode(row[21]),
        edited_by=row[22],
        revision=row[23],
        media=media.frozen(session, row[0]),
    )
