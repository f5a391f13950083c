"""The status line: who is on, how many wait, whether the channels are alive, what is stuck."""

from __future__ import annotations

from datetime import UTC, datetime

from carecli.desk.context import Desk
from carecli.desk.queue import SOON, network_of
from carecli.desk.shifts import standings
from carecli.desk.views import AccountHealth, QueueCounts, StatusView
from carecli.playbook.silence import unusual_silence
from carecli.safetext import sanitize_line
from carecli.store import accounts, messages, outbox, spending, waits
from carecli.store.session import Session

_LISTENED = 200


def status(desk: Desk) -> StatusView:
    """All that the status line shows, as it is now."""
    now = desk.now()
    with desk.database.read() as session:
        counted = QueueCounts(*waits.counts(session, now, now + SOON))
        states = {state.name: state for state in accounts.account_states(session)}
        pending = outbox.counts(session)
        shifts = standings(desk, session, {name: state.id for name, state in states.items()})
        health = tuple(_health(desk, session, name, states.get(name), now) for name in desk.config.accounts)
    return StatusView(
        now=now,
        counts=counted,
        agent=desk.agent.id,
        shifts=shifts,
        accounts=health,
        outbox_held=sum(pending.get(state, 0) for state in ("held", "queued", "sending")),
        outbox_stuck=pending.get("unknown", 0) + pending.get("rejected", 0),
    )


def _health(
    desk: Desk, session: Session, name: str, state: accounts.AccountState | None, now: datetime
) -> AccountHealth:
    problem = standing_problem(session, state)
    return AccountHealth(
        account=name,
        network=network_of(desk, name),
        handle=desk.config.accounts[name].handle,
        last_success_at=state.last_success_at if state else None,
        problem=sanitize_line(problem or (_silence(desk, session, state, now) if state else "")),
        until=state.until if state and problem == state.problem else None,
        spent=spending.on_day(session, state.id, now.astimezone(UTC).date()) if state else 0,
        budget=desk.config.budget(name),
    )


def standing_problem(session: Session, state: accounts.AccountState | None) -> str:
    """What stands in an account's way of reading, or, while something waits to be sent, of sending; "" for nothing."""
    if state is None or state.problem:
        return state.problem if state else ""
    return state.sending_problem if state.sending_problem and outbox.has_pending(session, state.name) else ""


def _silence(desk: Desk, session: Session, state: accounts.AccountState, now: datetime) -> str:
    """A sentence where the desk is open and an account has been silent for longer than usual."""
    from carecli.playbook import hours

    if not hours.is_open(desk.calendar(state.name), now):
        return ""
    silent = unusual_silence(messages.last_heard(session, state.id, _LISTENED), now)
    return f"Nothing heard for {round(silent.total_seconds() / 60)} minutes, longer than usual." if silent else ""
