"""The facts written by hand agree with X's OpenAPI description, where that lies beside the project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.channels.x.network import facts, openapi
from tests.channels.x.network.facts import ALL_CALLS, Call
from tests.channels.x.network.openapi import Description

_WORDS = ("type", "pattern", "minimum", "maximum", "minItems", "maxItems", "minLength", "maxLength", "uniqueItems")
CALLS = pytest.mark.parametrize("call", ALL_CALLS, ids=lambda call: call.name)


@pytest.fixture
def description() -> Description:
    found = openapi.description()
    if found is None:
        pytest.skip(openapi.ABSENT)
    return found


@CALLS
def test_the_call_exists_and_asks_for_these_scopes(description: Description, call: Call) -> None:
    operation = description.operation(call.method, call.path)
    assert operation is not None
    assert description.scopes(call.method, call.path) == (call.scopes if call.by_user else None)
    assert call.app_only == any("BearerToken" in one for one in operation["security"])


@CALLS
def test_the_parameters_are_as_described(description: Description, call: Call) -> None:
    described = description.parameters(call.method, call.path)
    assert set(call.parameters) <= set(described)
    assert set(call.required) == {name for name, one in described.items() if one.get("required")}
    differing = [
        fault
        for name, own in call.parameters.items()
        for fault in _beyond(own, described[name]["schema"], description, name)
    ]
    assert differing == []


@CALLS
def test_the_body_is_as_described(description: Description, call: Call) -> None:
    described = description.body(call.method, call.path)
    assert (call.body is None) == (described is None)
    if call.body is not None and described is not None:
        assert list(_beyond(call.body, described, description, "$")) == []


def test_what_the_facts_leave_out_they_refuse() -> None:
    """So that a call that only the description knows cannot slip through where it is absent."""
    assert "public_metrics" in facts.TWEET_FIELDS
    assert "promoted_metrics" not in facts.TWEET_FIELDS


def _beyond(own: Mapping[str, Any], described: Mapping[str, Any], description: Description, at: str) -> Iterator[str]:
    """Where the facts allow what the description does not: they may know less, and must not differ."""
    if "$ref" in described:
        described = description.resolve(described["$ref"])
    for several in ("anyOf", "oneOf"):
        if several in described and several not in own:
            # The facts name one of several forms that say the same of a field.
            own = {several: [own] * len(described[several])}
        for mine, theirs in zip(own.get(several, ()), described.get(several, ()), strict=True):
            yield from _beyond(mine, theirs, description, f"{at}|")
    for word in _WORDS:
        if own.get(word) != described.get(word):
            yield f"{at}: {word} is {described.get(word)!r}, not {own.get(word)!r}"
    if not set(own.get("enum", ())) <= set(described.get("enum", own.get("enum", ()))):
        yield f"{at}: {set(own['enum']) - set(described['enum'])}"
    if set(own.get("required", ())) != set(described.get("required", ())):
        yield f"{at}: {described.get('required')} are required"
    if own.get("additionalProperties") != described.get("additionalProperties"):
        yield f"{at}: additionalProperties"
    if "items" in own:
        yield from _beyond(own["items"], described["items"], description, f"{at}[]")
    for name, one in own.get("properties", {}).items():
        if name in described["properties"]:
            yield from _beyond(one, described["properties"][name], description, f"{at}.{name}")
        else:
            yield f"{at}.{name}: is not described"
