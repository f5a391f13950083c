"""Faults: how the served network can be told to fail as real ones do, one request after the other.

What a fault does to an answer is pure; what it does to the connection, `server` carries out.
Not for: a network in this process (`channel.Faults`), or a line that breaks by itself.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import Annotated, Literal

import msgspec

from carecli.model import Record

Call = Literal["network", "advance", "publish", "posts", "thread", "key", "own_posts"]

# Instead of acting: the request is read, and nothing comes of it.
Before = Literal["cut_before_acting", "error_before_acting", "rate_limited", "signed_out", "no_credit"]
# Having acted: the answer is late, lost, or not what it should be.
After = Literal[
    "act_late",
    "cut_after_acting",
    "error_after_acting",
    "html",
    "truncated",
    "too_short",
    "too_long",
    "huge",
    "slow",
    "skewed",
    "repeated_page",
]

_HUGE = 9 * 1024 * 1024
_SKEW = timedelta(hours=1)
_PAGE = b"<!doctype html><title>Welcome</title><p>Please accept the terms of this wireless network."
_PLAIN = "text/plain; charset=utf-8"


class Fault(Record, frozen=True, forbid_unknown_fields=True):
    """What goes wrong with the next `times` requests that are a `call`; "" stands for any.

    act_late: it acts after `seconds`, whether the client is still there or not. slow: one byte each `seconds`.
    rate_limited: 429 with `retry_after` as its Retry-After, or without one. html: a page instead of JSON, with 200.
    truncated: half of the JSON. too_short, too_long: the body is shorter or longer than its Content-Length.
    huge: 9 MiB. skewed: the Date is an hour off. repeated_page: posts that were told already come once more.
    """

    kind: Before | After
    call: Call | Literal[""] = ""
    times: Annotated[int, msgspec.Meta(ge=1)] = 1
    seconds: Annotated[float, msgspec.Meta(ge=0)] = 1.0
    retry_after: str = ""


class FaultQueue:
    """Faults to come, first in, first out. Safe for several threads."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, *faults: Fault) -> None:
        with self._lock:
            self._waiting += [fault for fault in faults for _ in range(fault.times)]

    def take(self, call: Call) -> Fault | None:
        """The first fault that waits for such a call, which it is for now."""
        with self._lock:
            for place, fault in enumerate(self._waiting):
                if fault.call in ("", call):
                    return self._waiting.pop(place)
        return None

    def __len__(self) -> int:
        """How many have not come yet."""
        return len(self._waiting)


class Reply(Record, frozen=True):
    """An answer before it is written. `length` is what its Content-Length says where that is not the truth."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    length: int | None = None

    def written(self, at: datetime | None) -> bytes:
        """As it goes over the wire. `at` is the network's time, where the request told it."""
        length = len(self.body) if self.length is None else self.length
        headers = [
            ("Content-Type", self.content_type),
            ("Content-Length", str(length)),
            *((("Date", format_datetime(at, usegmt=True)),) if at else ()),
            *self.headers,
            ("Connection", "close"),
        ]
        head = f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}\r\n"
        return (head + "".join(f"{name}: {value}\r\n" for name, value in headers) + "\r\n").encode("ascii") + self.body


def instead(fault: Fault) -> Reply | None:
    """What is answered instead of acting; None where the network acts, or where nothing is answered."""
    match fault.kind:
        case "error_before_acting":
            return Reply(500, b"It broke.", _PLAIN)
        case "rate_limited":
            headers = (("Retry-After", fault.retry_after),) if fault.retry_after else ()
            return Reply(429, b"{}", headers=headers)
        case "signed_out":
            return Reply(401, b"{}")
        case "no_credit":
            return Reply(402, b"{}")
        case _:
            return None


def spoiled(reply: Reply, fault: Fault) -> Reply:
    """What becomes of an answer, the network having acted."""
    size = len(reply.body)
    match fault.kind:
        case "error_after_acting":
            return Reply(500, b"It broke.", _PLAIN)
        case "html":
            return Reply(200, _PAGE, "text/html; charset=utf-8")
        case "truncated":
            return msgspec.structs.replace(reply, body=reply.body[: size // 2])
        case "too_short":
            return msgspec.structs.replace(reply, length=size + 10)
        case "too_long":
            return msgspec.structs.replace(reply, length=size // 2)
        case "huge":
            return msgspec.structs.replace(reply, body=reply.body.ljust(_HUGE))
        case _:
            return reply


def date_told(now: datetime | None, fault: Fault | None) -> datetime | None:
    """The Date of the answer."""
    return now + _SKEW if now and fault and fault.kind == "skewed" else now
