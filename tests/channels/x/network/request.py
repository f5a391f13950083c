"""A request as it came, which call it is, and what is wrong with it by X's own description.

Not for: whose it is (`authorisation`), or what it does (`api`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote

from tests.channels.x.network import facts, openapi, schema
from tests.channels.x.network.authorisation import Kind
from tests.channels.x.network.facts import Call
from tests.channels.x.network.uploads import parts_of_form

_FORM = "application/x-www-form-urlencoded"
_USERNAME = {"type": "string", "pattern": "^[A-Za-z0-9_]{1,15}$"}


@dataclass(frozen=True)
class Request:
    """One request. target: path and query as sent; headers by their names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return parse_qsl(self.target.partition("?")[2], keep_blank_values=True)

    @property
    def query(self) -> dict[str, str]:
        return dict(self.pairs)

    @property
    def form(self) -> list[tuple[str, str]]:
        """The pairs of a form that was sent as one; empty for every other body."""
        sent_as_form = self.headers.get("content-type", "").startswith(_FORM)
        return parse_qsl(self.body.decode(), keep_blank_values=True) if sent_as_form else []

    @cached_property
    def document(self) -> object:
        """The body: JSON or the fields of a multipart form; None if there is none. Raises `ValueError`."""
        kind = self.headers.get("content-type", "")
        if kind.startswith("multipart/form-data"):
            return parts_of_form(self.body, kind)
        return json.loads(self.body) if self.body and not kind.startswith(_FORM) else None


@dataclass(frozen=True)
class Seen:
    """A request in the log. `call` is its name in `facts`; `keys` the kind it came with; no secret is kept."""

    call: str
    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    keys: Kind
    headers: Mapping[str, str]


def matching(method: str, path: str) -> tuple[Call, dict[str, str]] | None:
    """The call that a request is, and the values in its path."""
    for call, pattern in _PATTERNS:
        found = pattern.fullmatch(path)
        if found is not None and call.method == method:
            return call, {name: unquote(value) for name, value in found.groupdict().items()}
    return None


def in_older_names(query: Mapping[str, str]) -> dict[str, str]:
    """A query of the newer dialect in the words of the older one."""
    older = {new: old for old, new in facts.NEWER_NAMES.items()}
    expansions = {new: old for old, new in facts.NEWER_EXPANSIONS.items()}
    told = {older.get(name, name): value for name, value in query.items()}
    for name, known in (("tweet.fields", older), ("expansions", expansions)):
        if name in told:
            told[name] = ",".join(known.get(one, one) for one in told[name].split(","))
    return told


def faults(
    call: Call, values: Mapping[str, str], query: Mapping[str, str], body: object
) -> dict[str, tuple[object, str]]:
    """What X refuses in a request: by parameter its value and a sentence. Looks at OpenAPI's description too."""
    told: dict[str, tuple[object, str]] = {}
    for name, value in values.items():
        for fault in schema.faults(value, _USERNAME if name == "username" else facts.SNOWFLAKE, at=name):
            told[name] = (value, fault)
    for name, text in query.items():
        expected = call.parameters.get(name)
        if expected is None:
            known = ",".join(call.parameters)
            told[name] = (text, f"The query parameter [{name}] is not one of [{known}]")
        else:
            for fault in schema.faults(schema.parsed(text, expected), expected, at=name):
                told[name] = (text, f"The `{name}` query parameter: {fault}")
    for name in call.required:
        if name not in query:
            told[name] = ("", f"The `{name}` query parameter can not be empty")
    checked = _with_text_for_bytes(body)
    if call.body is not None:
        for fault in schema.faults({} if checked is None else checked, call.body):
            told[fault.split(":", maxsplit=1)[0]] = (json.dumps(checked)[:200], fault)
    description = openapi.description()
    if not told and description is not None:
        for fault in description.faults_of_request(call.method, call.path, query, checked):
            told[fault.split(":", maxsplit=1)[0]] = ("", f"{fault} (OpenAPI)")
    return told


def _with_text_for_bytes(body: object) -> object:
    """A multipart form's files as text, which is what schemas call them."""
    if not isinstance(body, dict):
        return body
    return {name: "" if isinstance(value, bytes) else value for name, value in body.items()}


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))


_PATTERNS = [(call, _pattern(call.path)) for call in facts.ALL_CALLS]
