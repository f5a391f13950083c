"""X's published OpenAPI description, read from beside the project where it is there.

Not for: the checks that run everywhere (`facts`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.channels.x.network import schema

FILE = Path(__file__).parents[4] / "../shared/facts/x-openapi-2.166.json"
# The description wants these in answers to uploads, says nothing more of them, and X does not give them.
_MISTAKEN = ("$.meta: is missing", "$.data.processing_info.type: is missing")
ABSENT = "X's OpenAPI description is not beside the project."


class Description:
    """The description, asked by method and by path as it writes them."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def resolve(self, reference: str) -> schema.Schema:
        found: Any = self._document
        for name in reference.removeprefix("#/").split("/"):
            found = found[name]
        return dict(found)

    def operation(self, method: str, path: str) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self._document["paths"].get(path, {}).get(method.lower())
        return found

    def parameters(self, method: str, path: str) -> dict[str, Mapping[str, Any]]:
        """The query's parameters, by name."""
        listed = (self.operation(method, path) or {}).get("parameters", ())
        followed = [self.resolve(one["$ref"]) if "$ref" in one else one for one in listed]
        return {one["name"]: one for one in followed if one["in"] == "query"}

    def body(self, method: str, path: str) -> schema.Schema | None:
        content = (self.operation(method, path) or {}).get("requestBody", {}).get("content", {})
        found: schema.Schema | None = content.get("application/json", {}).get("schema")
        return found

    def answer(self, method: str, path: str, status: int) -> schema.Schema | None:
        responses = (self.operation(method, path) or {}).get("responses", {})
        found: schema.Schema | None = (
            responses.get(str(status), {}).get("content", {}).get("application/json", {}).get("schema")
        )
        return found

    def scopes(self, method: str, path: str) -> tuple[str, ...] | None:
        """What a user's token must have; None where no user's token is taken."""
        taken = [one for one in (self.operation(method, path) or {}).get("security", ()) if "OAuth2UserToken" in one]
        return tuple(taken[0]["OAuth2UserToken"]) if taken else None

    # ── checking ─────────────────────────────────────────────────────────────────────────────────

    def faults_of_request(self, method: str, path: str, query: Mapping[str, str], body: object) -> list[str]:
        """What X's description does not allow in this request; an empty list if all is well."""
        if self.operation(method, path) is None:
            return [f"{method} {path}: there is no such call"]
        known = self.parameters(method, path)
        faults = [f"{name}: there is no such parameter" for name in query if name not in known]
        faults += [f"{name}: is missing" for name, one in known.items() if one.get("required") and name not in query]
        for name, text in query.items():
            if name in known:
                expected = known[name]["schema"]
                faults += schema.faults(schema.parsed(text, expected, self.resolve), expected, self.resolve, name)
        expected_body = self.body(method, path)
        if expected_body is not None and body is not None:
            faults += schema.faults(body, expected_body, self.resolve)
        return faults

    def faults_of_answer(self, method: str, path: str, status: int, document: object) -> list[str]:
        """What X's description does not say of this answer."""
        expected = self.answer(method, path, status)
        found = schema.faults(document, expected, self.resolve) if expected is not None else []
        return [fault for fault in found if not fault.startswith(_MISTAKEN)]


@cache
def description() -> Description | None:
    """The description; None where it is not beside the project."""
    return Description(json.loads(FILE.read_text("utf-8"))) if FILE.is_file() else None
