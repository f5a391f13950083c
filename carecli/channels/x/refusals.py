"""What X means when it does not do what it was asked: the one place that reads its refusals.

Pure. The general kinds are `channels.answers`'; what only X says is added: which refusal it is, until when a limit
lasts, and who has to act. Not for: what follows for a reply (`posting`), or a call that got no answer (`transport`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from carecli.channels.answers import Answer, Failure, decoded, failure_in

NETWORK = "X"

# What a refusal is about. other: none of these, said in X's own words.
Meaning = Literal[
    "reply_forbidden", "duplicate", "not_found", "too_long", "messages_closed", "invalid", "other"
]  # fmt: skip

# Parts of X's wordings, in small letters. Of each, more than one is in use.
_WORDINGS: tuple[tuple[str, Meaning], ...] = (
    ("not been mentioned or otherwise engaged", "reply_forbidden"),
    ("where you are mentioned or are the author", "reply_forbidden"),
    ("reply to this conversation is not allowed", "reply_forbidden"),
    ("duplicate content", "duplicate"),
    ("deleted or not visible", "not_found"),
    ("text is too long", "too_long"),
    ("cannot send messages to this user", "messages_closed"),
    ("dm_conversation", "messages_closed"),
    ("not allowed to send a direct message", "messages_closed"),
    ("do not have permission to dm", "messages_closed"),
)
# The app, not the account, lacks a right: the last word of a problem's type.
_APP_LACKS = ("client-forbidden", "oauth1-permissions", "unsupported-authentication", "client-not-enrolled")
_APP_REMEDY = "Give the app read, write and message rights in X's developer console, then sign in again."
_CAP_REMEDY = "Raise the cap in X's developer console, or wait for the next period."
_MOST_WORDS = 200


class Refusal(Failure, frozen=True):
    """A refusal whose meaning is known. `words` are X's own; nothing in them is safe to show as it is."""

    meaning: Meaning = "other"
    words: str = ""


def refused(answer: Answer, now: datetime) -> Failure | None:
    """What is wrong with an answer; None where it is a success. Its limit lasts until `x-rate-limit-reset` says."""
    failure = failure_in(answer, NETWORK, now)
    if failure is None or failure.kind in ("unknown", "no_credit"):
        return failure
    told = decoded(answer, dict[str, Any], NETWORK)
    problem = told if isinstance(told, dict) else {}
    kind = str(problem.get("type", "")).rpartition("/")[2]
    if kind == "usage-capped" or problem.get("title") == "UsageCapExceeded":
        return Failure("no_credit", "X's cap for this app is reached.", remedy=_CAP_REMEDY)
    if failure.kind == "refused" and kind in _APP_LACKS:
        return Failure("signed_out", "X does not let this app do that.", remedy=_APP_REMEDY)
    if failure.kind == "refused":
        words = _words(problem)
        reason = f"X refused it ({answer.status}): {words}" if words else failure.reason
        return Refusal("refused", reason, body=answer.body, meaning=_meaning(answer.status, words), words=words)
    return failure


def _words(problem: dict[str, Any]) -> str:
    """What X says of it: that of the first fault, where it lists some."""
    listed = problem.get("errors")
    faults = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    said = [str(one.get("message") or one.get("detail") or "") for one in faults] + [str(problem.get("detail") or "")]
    return next((words[:_MOST_WORDS] for words in said if words), "")


def _meaning(status: int, words: str) -> Meaning:
    lower = words.lower()
    for wording, meaning in _WORDINGS:
        if wording in lower:
            return meaning
    return "not_found" if status == 404 else "invalid" if status == 400 else "other"
