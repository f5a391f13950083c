"""The status line: who is on, how many wait, whether the channels are alive, what is stuck."""

from __future__ import annotations

from carecli.desk.context import Desk
from carecli.desk.health import health
from carecli.desk.queue import SOON, answered_for
from carecli.desk.shifts import standings
from carecli.desk.views import QueueCounts, StatusView
from carecli.playbook.approval import judges
from carecli.store import accounts, approval, outbox, waits


def status(desk: Desk) -> StatusView:
    """All that the status line shows, as it is now."""
    now = desk.now()
    with desk.database.read() as session:
        counted = QueueCounts(*waits.counts(session, now, now + SOON, answered_for(desk, session)))
        states = {state.name: state for state in accounts.account_states(session)}
        pending = outbox.counts(session)
        lead = judges(desk.agent)
        unapproved = approval.count(session, desk.agent.id, own=not lead)
        shifts = standings(desk, session, {name: state.id for name, state in states.items()})
        healths = tuple(health(desk, session, name, states.get(name), now) for name in desk.config.accounts)
    return StatusView(
        now=now,
        counts=counted,
        agent=desk.agent.id,
        shifts=shifts,
        accounts=healths,
        outbox_held=sum(pending.get(state, 0) for state in ("held", "queued", "sending")),
        outbox_stuck=pending.get("unknown", 0) + pending.get("rejected", 0),
        outbox_approval=unapproved,
        lead=lead,
    )
