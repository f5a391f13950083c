"""A desk whose every stored word is hostile: customers, bystanders, colleagues' notes, drafts, the outbox, the network.

The desk's clock stands still, and the worker's leases are somebody else's, so that nothing changes but by keys.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from carecli.desk.drafts import save_draft
from carecli.desk.workflow import add_note
from carecli.model import Author, Calendar, Item, OutboxEntry, OutboxPart, OutboxState, Target
from carecli.playbook.waits import policy_for
from carecli.store import accounts, leases, outbox, outbox_parts
from carecli.store.session import Database, Session
from carecli.worker.counting import Policies
from carecli.worker.intake import take_in
from tests.hostile import HOSTILE, Hostile
from tests.shop import CONFIG, START, open_shop

MARK = "mark"
"""Stands, with the number of its conversation, before each customer's newest message."""

_SHORT = 300


def attack(folder: Path) -> None:
    """Make the desk in `folder`, where conversation i + 1 is attacked with text i of `HOSTILE`."""
    with open_shop(folder) as shop:
        with shop.database.write() as session:
            account = accounts.account_id(session, "care")
            _tell(
                session, account, [item for number, hostile in enumerate(HOSTILE) for item in _thread(number, hostile)]
            )
            for number, hostile in enumerate(HOSTILE):
                gone = {"reason": hostile.text, "id": f"gone-{number}"}
                session.run("UPDATE thread_place SET reason = :reason WHERE remote_id = :id", gone)
                _reply(session, account, number, hostile)
            accounts.set_problem(session, account, everything())
            for name in ("intake", "delivery"):
                leases.take(session, f"{name}:care", "elsewhere", seconds=3600)
        for number, hostile in enumerate(HOSTILE):
            add_note(shop.desk, number + 1, f"note {hostile.text}")
            text = f"draft {hostile.text[:_SHORT]}"
            save_draft(shop.desk, number + 1, text, len(text), "public", 2)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    stands_still = f"\n[simulation]\nreal = {tomorrow.isoformat()}\ndesk = {(START + timedelta(hours=1)).isoformat()}\n"
    config = CONFIG.replace('network = "sandbox"', 'network = "sandbox"\nsandbox = { seed = 1 }')
    (folder / "config.toml").write_text(config + stands_still, "utf-8")


def write_more(database: Database, number: int, text: str) -> None:
    """The customer of conversation `number` + 1 writes again."""
    with database.write() as session:
        _tell(session, accounts.account_id(session, "care"), [_said(number, text, 9, parent=f"m{number}.0")])


def everything() -> str:
    """All short attacks in one text."""
    return " ".join(hostile.text for hostile in HOSTILE if len(hostile.text) <= _SHORT)


def _tell(session: Session, account: int, items: list[Item]) -> None:
    policy = policy_for(Calendar(), Target())
    take_in(session, account, items, received_at=START, policies=Policies(policy, policy))


def _thread(number: int, hostile: Hostile) -> list[Item]:
    return [
        _said(number, hostile.text, 0, parent=f"gone-{number}"),
        _said(number, hostile.text, 1, parent=f"m{number}.0", who="bystander"),
        _said(number, f"{MARK}{number:02} {hostile.text}", 2, parent=f"m{number}.0"),
    ]


def _said(number: int, text: str, place: int, *, parent: str, who: str = "customer") -> Item:
    attack = HOSTILE[number].text
    return Item(
        remote_id=f"m{number}.{place}",
        author=Author(f"{who}-{number}", f"{attack}{number}", attack),
        text=text,
        published_at=START + timedelta(seconds=10 * number + place),
        addressed=who == "customer",
        parent_remote_id=parent,
        language=attack[:20],
        attachments=(attack, "") if place == 2 else (),
    )


def _reply(session: Session, account: int, number: int, hostile: Hostile) -> None:
    """A reply that the network spoke against, in words of its own."""
    state: OutboxState = "unknown" if number % 2 else "rejected"
    entry = OutboxEntry(
        id=0,
        account="care",
        conversation_id=number + 1,
        kind="reply",
        state="queued",
        visibility="public",
        agent="claire",
        parts=(OutboxPart(1, f"{hostile.text} ^CL", f"key-{number}"),),
        reply_to=f"m{number}.2",
        recipient=f"customer-{number}",
        seen_version=2,
        created_at=START,
    )
    parts = [outbox_parts.FrozenPart(part.text, part.key, b"{}") for part in entry.parts]
    outbox.move(session, outbox.add(session, entry, account, parts), ["queued"], state, f"error {hostile.text}")
