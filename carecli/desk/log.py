"""What an agent did, as a line of the append-only log."""

from __future__ import annotations

from carecli.desk.context import Desk, account_number
from carecli.desk.masking import masked
from carecli.store import events
from carecli.store.events import Fact
from carecli.store.session import Session


def log(
    desk: Desk, session: Session, kind: str, account: str, conversation_id: int | None = None, **facts: Fact
) -> None:
    """Append that the desk's agent did `kind` now, on an account and perhaps in a conversation.

    What they wrote themselves, such as a reason or a hand-over, is masked: the log outlives the conversation.
    """
    own = desk.playbook(account).own_contacts
    facts = {name: masked(fact, own) if isinstance(fact, str) else fact for name, fact in facts.items()}
    number = account_number(session, account)
    events.record(session, desk.now(), kind, number, conversation_id, desk.agent.id, facts)
