"""How an account stands: whether its channel is alive, what is in its way, and what its calls have cost today.

Shared by the status line, the shift and `doctor`. Not for: the figures of several days (`cost`).
"""

from __future__ import annotations

from datetime import UTC, datetime

from carecli.channels.factory import is_recorded
from carecli.desk.context import Desk
from carecli.desk.queue import network_of
from carecli.desk.views import AccountHealth
from carecli.playbook import hours
from carecli.playbook.silence import unusual_silence
from carecli.safetext import sanitize_line
from carecli.store import accounts, messages, outbox, spending
from carecli.store.session import Session

_LISTENED = 200


def health(
    desk: Desk, session: Session, name: str, state: accounts.AccountState | None, now: datetime
) -> AccountHealth:
    """How a configured account stands. state: what the database knows of it; None: nothing yet."""
    problem, until = _standing(session, state, now)
    return AccountHealth(
        account=name,
        network=network_of(desk, name),
        handle=desk.config.accounts[name].handle,
        last_success_at=state.last_success_at if state else None,
        problem=sanitize_line(problem or (_silence(desk, session, state, now) if state else "")),
        until=until,
        spent=spending.on_day(session, state.id, now.astimezone(UTC).date()) if state else 0,
        budget=desk.config.budget(name),
    )


def _standing(session: Session, state: accounts.AccountState | None, now: datetime) -> tuple[str, datetime | None]:
    """What stands in the way of reading, or, while something waits to be sent, of sending; until when, if known."""
    if state is None:
        return "", None
    # Where nobody has read since, because no desk was open, that it has ended by itself is known all the same.
    if state.problem and (state.until is None or state.until > now):
        return state.problem, state.until
    if state.sending_problem and outbox.has_pending(session, state.name):
        return state.sending_problem, None
    return "", None


def _silence(desk: Desk, session: Session, state: accounts.AccountState, now: datetime) -> str:
    """A sentence where the desk is open and an account has been silent for longer than usual."""
    if is_recorded(desk.config, state.name) or not hours.is_open(desk.calendar(state.name), now):
        return ""
    silent = unusual_silence(messages.last_heard(session, state.id, _LISTENED), now)
    return f"Nothing heard for {round(silent.total_seconds() / 60)} minutes, longer than usual." if silent else ""
