"""The status line: who is on, how many wait, whether the channels are alive, what is stuck."""

from __future__ import annotations

from carecli.desk.context import Desk
from carecli.desk.queue import SOON, network_of
from carecli.desk.shifts import shifts
from carecli.desk.views import AccountHealth, QueueCounts, StatusView
from carecli.safetext import sanitize_line
from carecli.store import accounts, outbox, waits


def status(desk: Desk) -> StatusView:
    """All that the status line shows, as it is now."""
    now = desk.now()
    with desk.database.read() as session:
        counted = QueueCounts(*waits.counts(session, now, now + SOON))
        states = {state.name: state for state in accounts.account_states(session)}
        pending = outbox.counts(session)
    health = tuple(
        AccountHealth(
            account=name,
            network=network_of(desk, name),
            handle=section.handle,
            last_success_at=states[name].last_success_at if name in states else None,
            problem=sanitize_line(states[name].problem if name in states else ""),
        )
        for name, section in desk.config.accounts.items()
    )
    return StatusView(
        now=now,
        counts=counted,
        agent=desk.agent.id,
        shifts=shifts(desk),
        accounts=health,
        outbox_held=sum(pending.get(state, 0) for state in ("held", "queued", "sending")),
        outbox_stuck=pending.get("unknown", 0) + pending.get("rejected", 0),
    )
