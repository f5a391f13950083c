"""How a command ends when its post did not arrive."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from carecli.cli.sending import failure_of
from carecli.errors import CareError, NeedsPerson, NetworkFailure, RateLimited, Refused
from carecli.model import OutboxEntry, OutboxState

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def entry(state: OutboxState, number: int = 1) -> OutboxEntry:
    return OutboxEntry(
        id=number, account="care", conversation_id=1, kind="reply", state=state, visibility="public", agent="claire",
        parts=(), reply_to=None, recipient=None, seen_version=1, created_at=NOON, error="\x1b[2JNo.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "failure"),
    [("rejected", Refused), ("unknown", NeedsPerson), ("queued", NetworkFailure), ("sending", NetworkFailure)],
)
def test_what_did_not_arrive_is_a_failure_of_its_own_kind(state: OutboxState, failure: type[CareError]) -> None:
    found = failure_of(entry(state), NOON, "UTC", waited=True)
    assert type(found) is failure
    assert "No." in found.sentence
    assert "\x1b" not in found.sentence


@pytest.mark.parametrize("state", ["sent", "cancelled"])
def test_what_is_settled_well_is_none(state: OutboxState) -> None:
    assert failure_of(entry(state), NOON, "UTC", waited=True) is None


def test_what_nobody_waited_for_may_be_queued() -> None:
    assert failure_of(entry("queued"), NOON, "UTC", waited=False) is None


def test_what_waits_for_a_time_names_it_in_the_zone_of_the_account() -> None:
    waits = msgspec.structs.replace(entry("queued"), not_before=NOON.replace(hour=13, minute=5))
    found = failure_of(waits, NOON, "Europe/Paris", waited=True)
    assert type(found) is RateLimited
    assert (found.exit_code, found.until) == (3, waits.not_before)
    assert "until 14:05" in found.sentence and "by itself" in found.remedy


def test_a_time_that_has_passed_is_not_named() -> None:
    waits = msgspec.structs.replace(entry("queued"), not_before=NOON)
    assert type(failure_of(waits, NOON, "UTC", waited=True)) is NetworkFailure


def test_a_dry_run_never_fails_for_not_having_left() -> None:
    assert failure_of(entry("queued", number=0), NOON, "UTC", waited=True) is None
