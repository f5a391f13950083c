"""The ways in which X, or the way to it, fails: scripted by a test, for the next request of a call or for all.

Not for: refusals that follow from what is asked (`publishing`, `authorisation`, `limits`).
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field, replace
from typing import Literal

from tests.channels.x.network import answers
from tests.channels.x.network.answers import Answer

# Instead of acting: an answer, or none.
#   rate_limited…: 429 as a problem, or in the older form (code 88); with or without the header that tells the reset.
#   usage_capped: 429 for the month, with a limit that is not used up; credits, payment: 402 in both wordings.
#   oauth1_permissions, not_enrolled: the app, not the account, lacks a right.
#   cut: the connection ends before anything is done; silence: no answer comes until the server stops.
# After acting:
#   act_then_…: what was asked is done, and the answer is lost, or is another.
#   act_late: the connection ends at once, and the request acts when the test says `release`.
#   slow: the answer's body comes in single bytes, `seconds` apart; slow_head: its headers too.
#   huge: a gigabyte of it; huge_packed: the same, packed by gzip.
#   stripped: the answer lacks author_id, conversation_id and created_at, silently.
#   seconds_only: times come without fractions.
FailureKind = Literal[
    "rate_limited",
    "rate_limited_without_reset",
    "rate_limited_88",
    "rate_limited_88_without_reset",
    "usage_capped",
    "credits",
    "payment",
    "unauthorized",
    "oauth1_permissions",
    "not_enrolled",
    "forbidden",
    "summon_mentioned",
    "summon_author",
    "duplicate",
    "server_error",
    "empty_500",
    "html_503",
    "html_200",
    "empty_200",
    "list_error",
    "redirect",
    "cut",
    "silence",
    "act_then_cut",
    "act_then_500",
    "act_then_html",
    "act_then_truncated",
    "act_late",
    "slow",
    "slow_head",
    "huge",
    "huge_packed",
    "truncated",
    "stripped",
    "seconds_only",
]

HTML = b"<!DOCTYPE html><html><head><title>X</title></head><body><h1>Over capacity</h1></body></html>"
HUGE = 1024**3


@dataclass(frozen=True)
class Failure:
    """One failure. seconds: between two bytes of a slow one. standing: for all requests until `mend`."""

    kind: FailureKind
    seconds: float = 0.05
    standing: bool = False


@dataclass
class Script:
    """The failures that wait for calls; a call is named as in `facts`, such as "POST /2/tweets", or "*" for any."""

    _waiting: dict[str, deque[Failure]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, call: str, *failures: Failure) -> None:
        with self._lock:
            self._waiting.setdefault(call, deque()).extend(failures)

    def clear(self, call: str | None = None) -> None:
        with self._lock:
            if call is None:
                self._waiting.clear()
            else:
                self._waiting.pop(call, None)

    def take(self, call: str) -> Failure | None:
        """What happens to this request, if anything."""
        with self._lock:
            for name in (call, "*"):
                waiting = self._waiting.get(name)
                if waiting:
                    return waiting[0] if waiting[0].standing else waiting.popleft()
        return None


def instead(failure: Failure, account: int) -> Answer | None:
    """The answer of a failure that does nothing; None for a failure of another sort."""
    match failure.kind:
        case "rate_limited" | "rate_limited_without_reset":
            return answers.too_many()
        case "rate_limited_88" | "rate_limited_88_without_reset":
            return answers.too_many(legacy=True)
        case "credits":
            return answers.credits_depleted(account)
        case "payment":
            return answers.payment_required()
        case "usage_capped":
            return answers.usage_capped(account)
        case "unauthorized":
            return answers.unauthorized()
        case "oauth1_permissions":
            return answers.without_rights()
        case "not_enrolled":
            return answers.not_enrolled()
        case "forbidden":
            return answers.forbidden("You are not permitted to perform this action.")
        case "summon_mentioned":
            return answers.forbidden(answers.SUMMON_WORDINGS["mentioned"])
        case "summon_author":
            return answers.forbidden(answers.SUMMON_WORDINGS["author"])
        case "duplicate":
            return answers.forbidden(answers.DUPLICATE)
        case "list_error":
            return answers.said([{"code": 131, "message": "Internal error"}], 400)
        case "empty_200":
            return Answer(200)
        case "redirect":
            return Answer(302, headers=(("Location", "/elsewhere"),))
    return _broken(failure)


def _broken(failure: Failure) -> Answer | None:
    match failure.kind:
        case "server_error":
            return answers.problem(500, "Internal Server Error", "Something is broken")
        case "empty_500":
            return Answer(500)
        case "html_503":
            return Answer(503, HTML, "text/html; charset=utf-8")
        case "html_200":
            return Answer(200, HTML, "text/html; charset=utf-8")
    return None


def spoiled(answer: Answer, failure: Failure) -> Answer:
    """What becomes of the answer to a request that was carried out."""
    match failure.kind:
        case "act_then_500":
            return answers.problem(500, "Internal Server Error", "Something is broken")
        case "act_then_html":
            return Answer(200, HTML, "text/html; charset=utf-8")
        case "act_then_truncated" | "truncated":
            return replace(answer, body=answer.body[: len(answer.body) // 2])
        case "stripped" if answer.body:
            return replace(answer, body=answers.said(_without(answer.document)).body)
        case "seconds_only":
            return replace(answer, body=answer.body.replace(b'.000Z"', b'Z"'))
    return answer


def _without(document: object) -> object:
    """The document without the fields that a dialect nobody knows loses [field]."""
    if isinstance(document, dict):
        lost = ("author_id", "conversation_id", "created_at")
        return {name: _without(value) for name, value in document.items() if name not in lost}
    return [_without(one) for one in document] if isinstance(document, list) else document
