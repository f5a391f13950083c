"""What a network said over HTTP, or why it said nothing, and what follows from that for a reply or a reading.

One classifier for all networks, so that only one place decides when a call may be made again. Pure; whatever library
made the call (`channels.http`, or a network's own client) hands its status, headers and bytes in.
Not for: making the call, or what a network means by the body of its refusals (its channel knows).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, TypeVar

import msgspec

from carecli.channels.base import NotSent, Paused, Rejected, Unknown
from carecli.errors import NeedsPerson, NetworkFailure, RateLimited
from carecli.model import Record
from carecli.storable import storable

# not_sent: no connection was made, so nothing was written. limited: "later". signed_out, no_credit: a person is needed.
# refused: it will not take this, now or later. unknown: everything else, for the request may have been carried out.
Kind = Literal["not_sent", "limited", "signed_out", "no_credit", "refused", "unknown"]

# Nobody is asked to wait longer because of a header that may be nonsense.
_LONGEST_WAIT = timedelta(days=1)
_AGAIN = "It is tried again by itself."

_T = TypeVar("_T")


class Answer(Record, frozen=True):
    """A complete answer: its status, its headers by their names in small letters, its body."""

    status: int
    headers: Mapping[str, str] = {}
    body: bytes = b""


class Failure(Record, frozen=True):
    """A call that did not give what was asked. `reason` is a sentence for the agent.

    until: when a limit ends, where the network said so. body: what a refusal came with. remedy: what the person has to
    do who is needed, where a channel knows it better.
    """

    kind: Kind
    reason: str
    until: datetime | None = None
    body: bytes = b""
    remedy: str = ""


def kind_of(status: int) -> Kind | None:
    """What a status says of the request; None for success.

    A redirect and a 408 are as unknown as a 5xx: each may come from a machine in between, or after the network acted.
    """
    if 200 <= status < 300:
        return None
    named: dict[int, Kind] = {401: "signed_out", 402: "no_credit", 408: "unknown", 429: "limited"}
    return named.get(status, "refused" if 400 <= status < 500 else "unknown")


def failure_in(answer: Answer, network: str, now: datetime) -> Failure | None:
    """What is wrong with an answer by its status; None where that is a success. `network` begins the sentences."""
    kind = kind_of(answer.status)
    match kind:
        case None:
            return None
        case "limited":
            return Failure(kind, f"{network} asked to be left alone for a while.", wait_until(answer.headers, now))
        case "signed_out":
            return Failure(kind, f"{network} has signed this account out.")
        case "no_credit":
            return Failure(kind, f"{network} says that this account's credits are spent.")
        case "refused":
            return Failure(kind, f"{network} refused it ({answer.status}).", body=answer.body)
        case _:
            return Failure(kind, f"{network} answered with an error ({answer.status}).")


def decoded(answer: Answer, kind: type[_T], network: str) -> _T | Failure:
    """The body as `kind`; what cannot be read as that leaves the outcome unknown, whatever the status said.

    One character of which a customer sent only a half, or bytes that are none, hide nobody else's post: they are
    read as U+FFFD.
    """
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except (msgspec.ValidationError, RecursionError):
        return _unreadable(network)
    except ValueError:
        try:
            return msgspec.json.decode(_whole(answer.body), type=kind)
        except (ValueError, RecursionError):
            return _unreadable(network)


def _whole(body: bytes) -> str:
    """JSON again, without what is no character. Raises ValueError for what is no JSON."""
    return storable(json.dumps(json.loads(body.decode(errors="replace")), ensure_ascii=False))


def _unreadable(network: str) -> Failure:
    return Failure("unknown", f"{network} gave an answer that could not be read.")


def outcome_of(failure: Failure) -> NotSent | Rejected | Paused | Unknown:
    """What a failed call means for a reply that it was to send."""
    match failure.kind:
        case "not_sent" | "limited":
            return NotSent(failure.reason, failure.until)
        case "refused":
            return Rejected(failure.reason)
        case "signed_out" | "no_credit":
            return Paused(failure.reason, _remedy(failure))
        case "unknown":
            return Unknown(failure.reason)


def error_of(failure: Failure) -> NetworkFailure | NeedsPerson:
    """What a failed call means where something was to be read."""
    match failure.kind:
        case "limited":
            return RateLimited(failure.reason, _AGAIN, until=failure.until)
        case "signed_out" | "no_credit":
            return NeedsPerson(failure.reason, _remedy(failure))
        case _:
            return NetworkFailure(failure.reason, _AGAIN)


def wait_until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When `Retry-After` ends (RFC 9110, 10.2.3), a day from now at most; None where it says nothing readable.

    A moment in it is a moment of the network's clock: it counts from the answer's own `Date`, so a clock that is
    an hour off, theirs or ours, changes nothing.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        seconds = int(text[:9])
        return now + min(timedelta(seconds=seconds), _LONGEST_WAIT)
    moment = moment_in(text)
    if moment is None:
        return None
    wait = moment - (moment_in(headers.get("date", "")) or now)
    return now + min(max(wait, timedelta(0)), _LONGEST_WAIT)


def moment_in(text: str) -> datetime | None:
    """A moment as HTTP writes it, aware; None for anything else."""
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else None


def _remedy(failure: Failure) -> str:
    usual = "Sign in again." if failure.kind == "signed_out" else "Buy some, and sending goes on by itself."
    return failure.remedy or usual
