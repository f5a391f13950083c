"""The signature as an invariant: a reply leaves signed by its author, once, at its end, or not at all (practices 7, 8).

`sign` is the only maker of `SignedText`, and `verify` is told by it: a text is signed rightly when signing it again
changes nothing. Drafts never contain a signature; one typed by hand becomes the account's own form.
Not for: reading other people's posts (`recognition`), or the length of the result (its channel measures that).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NewType

from carecli.model import Agent, Finding, Record
from carecli.playbook.recognition import DASHES, Recognised, recognise, stands_apart
from carecli.playbook.template import fields_of, fill, problems_of

SignedText = NewType("SignedText", str)

PLACEHOLDERS = ("initials", "first_name", "name")
# Categories of characters that leave nothing to read.
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"))
# What nobody sees, and what would hide a signature: joiners, fillers, selectors, tags, the marks of direction.
_HIDING = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


class _Form(Record, frozen=True):
    """One person's signature in one format. marked: it begins with a sign, so that it stands out after any text."""

    text: str
    separator: str
    marked: bool
    at_end: re.Pattern[str]
    inside: re.Pattern[str]


def validate_format(format: str) -> tuple[str, ...]:
    """What is wrong with a signature format, as sentences; empty when it is good.

    A format such as "^{initials}", "– {first_name}" or "\\n{name}" must name the person (practice 4).
    """
    found = problems_of(format, PLACEHOLDERS)
    if found:
        return found
    if not fields_of(format):
        return ("A signature names a person: put {initials}, {first_name} or {name} into it.",)
    if any(unicodedata.category(c) in _UNSEEN for c in format.strip() if c != "\n"):
        return ("The signature holds characters that nobody can see: take them out.",)
    return ()


def render(format: str, agent: Agent) -> str:
    """The agent's signature, without what separates it from the text: "^CL". Raises ValueError on a bad format."""
    return fill(format, _values(agent)).strip()


def sign(body: str, format: str, agent: Agent, roster: Sequence[Agent] = ()) -> SignedText | Finding:
    """`body` with the agent's signature after one space, or after a line break where the format begins with one.

    A signature of the agent's own at the end of `body`, in any style, gives way to the account's form; so signing
    twice changes nothing. A bare name after a text that ends no sentence gets a line of its own, since it would
    read as a part of it. Raises ValueError on a bad format.

    A blocking finding is returned instead where there is nothing to sign ("empty"), the agent has no name that the
    format asks for ("unsigned"), the text ends with another person's signature, `roster` or a stranger's
    ("foreign-signature"), or the agent's own stands in the middle of it as well ("doubled-signature").
    """
    form = _form(format, agent)
    if form is None:
        return _block("unsigned", f"{agent.id} has no name to sign with.", "Add name and initials to the agent.")
    others = tuple(other for other in roster if other.id != agent.id)
    text = _without_own(body, form, agent)
    finding = _why_not(text, form, agent, others)
    if finding is None and (seen := _HIDING.sub("", text)) != text:
        finding = _why_not_as_seen(seen, form, agent, others)
    return finding or SignedText(text + _separator(text, form) + form.text)


def _why_not(text: str, form: _Form, agent: Agent, others: tuple[Agent, ...]) -> Finding | None:
    """Why a text, its author's signature taken off, cannot be signed."""
    if not _visible(text):
        return _block("empty", "There is nothing to send.", "Write a reply.")
    if (found := _foreign(text, agent, others)) is not None:
        sentence = f"The text ends with another signature: {text[found.start : found.end]}."
        return _block("foreign-signature", sentence, "Take it out: the desk signs for you.", found.start, found.end)
    if (inside := form.inside.search(text)) is not None:
        sentence = f"Your signature stands within the text: {inside[0]}."
        return _block("doubled-signature", sentence, "Take it out: the desk signs for you.", *inside.span())
    return None


def _why_not_as_seen(seen: str, form: _Form, agent: Agent, others: tuple[Agent, ...]) -> Finding | None:
    """The same for what a reader sees of a text: "^C" and "L" are a signature, whatever hides between them."""
    if _without_own(seen, form, agent) != seen.rstrip():
        return _block("doubled-signature", "Your signature hides in the text.", "Take it out: the desk signs for you.")
    found = _why_not(seen, form, agent, others)
    return None if found is None else _block(found.check, found.sentence, found.remedy)


def verify(text: str, format: str, agent: Agent, roster: Sequence[Agent] = ()) -> bool:
    """Whether `text` bears the agent's signature in this format: once, at its end, and nobody else's."""
    return sign(text, format, agent, roster) == text


def unsigned(text: str, format: str, agent: Agent) -> str:
    """`text` without the agent's signature: what becomes a draft again when a reply is taken back."""
    form = _form(format, agent)
    return text if form is None else _without_own(text, form, agent)


def _without_own(text: str, form: _Form, agent: Agent) -> str:
    text = text.rstrip()
    while True:
        span = _own(text, form, agent)
        if span is None:
            return text
        text = f"{text[: span[0]].rstrip()}{text[span[1] :]}".rstrip()


def _own(text: str, form: _Form, agent: Agent) -> tuple[int, int] | None:
    found = form.at_end.search(text)
    if found and (form.marked or stands_apart(text, found.start())):
        return found.span()
    own = recognise(text, (agent,))
    return (own.start, own.end) if own and own.agent else None


def _foreign(text: str, agent: Agent, others: tuple[Agent, ...]) -> Recognised | None:
    """Somebody else's signature at the end; not "Thanks, Rob", which may speak to a customer called Rob."""
    found = recognise(text, others)
    if found is None or found.after_comma:
        return None
    return found if found.agent or _leaves_no_doubt(text, found) else None


def _leaves_no_doubt(text: str, found: Recognised) -> bool:
    """Whether a stranger's signature can be nothing else: a dash may also stand before a place, or within a word."""
    if found.marker not in DASHES:
        return bool(found.marker)
    spaced = text[found.start + len(found.marker)].isspace()
    glued = found.start > 0 and text[found.start - 1].isalnum()
    return not spaced and not glued


def _separator(text: str, form: _Form) -> str:
    if form.marked or "\n" in form.separator or stands_apart(f"{text} ", len(text) + 1):
        return form.separator
    return "\n"


def _values(agent: Agent) -> dict[str, str]:
    return {
        "initials": agent.initials.strip(),
        "first_name": agent.first_name.strip() if agent.name.strip() else "",
        "name": " ".join(agent.name.split()),
    }


@lru_cache(maxsize=64)
def _form(format: str, agent: Agent) -> _Form | None:
    text, values = render(format, agent), _values(agent)
    if not fields_of(format) or not all(_visible(values[field]) for field in fields_of(format)):
        return None
    lines = format[: len(format) - len(format.lstrip())].count("\n")
    marked = not text[0].isalnum()
    words = r"\s+".join(re.escape(word) for word in text.split())
    # A dash or nothing before a name is ordinary prose in the middle of a text; the other signs are not.
    forms = {re.escape(form) for form in (agent.initials, agent.first_name, *values.values()) if _visible(form)}
    strong = [rf"[\^~](?:{'|'.join(sorted(forms))})", *([words] if marked and text[0] not in DASHES else [])]
    return _Form(
        text=text,
        separator="\n" * lines or " ",
        marked=marked,
        at_end=re.compile(rf"(?<!\w){words}\Z", re.IGNORECASE),
        inside=re.compile(rf"(?<!\S)(?:{'|'.join(strong)})(?!\w)", re.IGNORECASE),
    )


def _visible(text: str) -> bool:
    return any(not c.isspace() and unicodedata.category(c) not in _UNSEEN for c in text)


def _block(check: str, sentence: str, remedy: str, start: int = 0, end: int = 0) -> Finding:
    return Finding(check, "block", sentence, remedy, start, end)
