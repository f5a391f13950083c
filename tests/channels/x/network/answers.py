"""What the server says, as bytes on their way, and the ways in which X refuses.

The wordings are X's own, from its documentation and from public logs; a channel has to tell them apart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

JSON = "application/json; charset=utf-8"
PROBLEMS = "https://api.twitter.com/2/problems/"

SUMMON_WORDINGS = {
    "mentioned": (
        "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the "
        "author of the post you are replying to."
    ),
    "author": "You can only reply to or quote posts where you are mentioned or are the author.",
}
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
TOO_LONG = (
    "Your Tweet text is too long. For more information on how Twitter determines text length see "
    "https://github.com/twitter/twitter-text."
)
GONE = "You attempted to reply to a Tweet that is deleted or not visible to you."


@dataclass(frozen=True)
class Answer:
    """A status, headers and a body. `kind` is its Content-Type."""

    status: int
    body: bytes = b""
    kind: str = JSON
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def document(self) -> object:
        """The body, parsed; None where there is none."""
        return json.loads(self.body) if self.body else None


class Refusal(Exception):
    """X says no, with this answer. Free of charge."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.status} {answer.body.decode()}")
        self.answer = answer


def said(document: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(document, ensure_ascii=False).encode())


def problem(status: int, title: str, detail: str, kind: str = "about:blank", **more: object) -> Answer:
    """A problem as RFC 7807 writes it, which is how X writes most of them."""
    return said({**more, "title": title, "detail": detail, "type": kind, "status": status}, status)


def forbidden(detail: str) -> Answer:
    return problem(403, "Forbidden", detail)


def unauthorized() -> Answer:
    return problem(401, "Unauthorized", "Unauthorized")


def invalid(faults: Mapping[str, tuple[object, str]]) -> Answer:
    """One or more parameters are wrong: each by its name, with the value and a sentence."""
    errors = [{"parameters": {name: [str(value)]}, "message": message} for name, (value, message) in faults.items()]
    told = {
        "errors": errors,
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": PROBLEMS + "invalid-request",
    }
    return said(told, 400)


def wrong_parameter(name: str, value: object, message: str) -> Refusal:
    return Refusal(invalid({name: (value, message)}))


def credits_depleted(account: int) -> Answer:
    detail = f"Your enrolled account [{account}] does not have any credits to fulfill this request."
    return problem(402, "CreditsDepleted", detail, PROBLEMS + "credits")


def payment_required() -> Answer:
    return problem(402, "Payment Required", "Payment Required")


def usage_capped(account: int) -> Answer:
    """The month's reads are used up; it has nothing to do with the 15 minutes [field: xdevplatform/xdk 25]."""
    told = {
        "account_id": str(account),
        "product_name": "standard-basic",
        "title": "UsageCapExceeded",
        "period": "Monthly",
        "scope": "Product",
        "detail": "Usage cap exceeded: Monthly product cap",
        "type": PROBLEMS + "usage-capped",
    }
    return said(told, 429)


def without_rights() -> Answer:
    detail = "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint."
    return problem(403, "Forbidden", detail, PROBLEMS + "oauth1-permissions")


def not_enrolled() -> Answer:
    detail = (
        "When authenticating requests to the Twitter API v2 endpoints, you must use keys and tokens from a Twitter "
        "developer App that is attached to a Project. You can create a project via the developer portal."
    )
    return problem(403, "Client Forbidden", detail, PROBLEMS + "client-forbidden", reason="client-not-enrolled")


def too_many(*, legacy: bool = False) -> Answer:
    if legacy:
        return said({"errors": [{"code": 88, "message": "Rate limit exceeded."}]}, 429)
    return problem(429, "Too Many Requests", "Too Many Requests")


def not_found(resource: str, parameter: str, value: object) -> dict[str, object]:
    """A part of an answer that is not there: deleted, or never written."""
    return {
        "value": str(value),
        "detail": f"Could not find {resource} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": resource,
        "parameter": parameter,
        "resource_id": str(value),
        "type": PROBLEMS + "resource-not-found",
    }


def not_authorized(parameter: str, value: object, section: str = "data") -> dict[str, object]:
    """A part of an answer that this account may not see: its author is protected."""
    return {
        "resource_id": str(value),
        "parameter": parameter,
        "resource_type": "tweet",
        "section": section,
        "title": "Authorization Error",
        "value": str(value),
        "detail": f"Sorry, you are not authorized to see the Tweet with {parameter}: [{value}].",
        "type": PROBLEMS + "not-authorized-for-resource",
    }


def unavailable(parameter: str, value: object) -> dict[str, object]:
    """A part of an answer that is withheld everywhere."""
    return {
        "resource_id": str(value),
        "parameter": parameter,
        "resource_type": "tweet",
        "title": "Resource Unavailable",
        "detail": f"The Tweet with {parameter}: [{value}] is not available.",
        "value": str(value),
        "type": PROBLEMS + "resource-unavailable",
    }
