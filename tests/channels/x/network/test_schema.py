"""The checker of schemas: what fits, and what is said of what does not."""

from __future__ import annotations

import pytest

from tests.channels.x.network import schema

ID = {"type": "string", "pattern": "^[0-9]{1,19}$"}
BODY = {
    "type": "object",
    "required": ["id"],
    "additionalProperties": False,
    "properties": {
        "id": {"$ref": "#/Id"},
        "names": {"type": "array", "minItems": 1, "maxItems": 2, "uniqueItems": True, "items": {"type": "string"}},
        "count": {"type": "integer", "minimum": 5, "maximum": 100},
        "kind": {"enum": ["a", "b"]},
        "at": {"type": "string", "format": "date-time"},
        "either": {"oneOf": [{"type": "integer"}, {"type": "string", "maxLength": 2}]},
        "both": {"allOf": [{"type": "object"}, {"required": ["x"]}]},
    },
}


def faults(value: object) -> list[str]:
    return schema.faults(value, BODY, {"#/Id": ID}.__getitem__)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"names": ["a", "b"]},
        {"count": 5},
        {"kind": "a"},
        {"at": "2026-03-02T09:00:00Z"},
        {"at": "2026-03-02T09:00:00.123+01:00"},
        {"either": 5},
        {"either": "ab"},
        {"both": {"x": 1}},
    ],
)
def test_what_fits_has_no_faults(more: dict[str, object]) -> None:
    assert faults({"id": "123", **more}) == []


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ([], "$"),
        ({}, "$.id"),
        ({"id": 123}, "$.id"),
        ({"id": "12x"}, "$.id"),
        ({"id": "1" * 20}, "$.id"),
        ({"id": "1", "more": 1}, "$.more"),
        ({"id": "1", "names": []}, "$.names"),
        ({"id": "1", "names": ["a", "b", "c"]}, "$.names"),
        ({"id": "1", "names": ["a", "a"]}, "$.names"),
        ({"id": "1", "names": ["a", 5]}, "$.names[1]"),
        ({"id": "1", "count": 4}, "$.count"),
        ({"id": "1", "count": 101}, "$.count"),
        ({"id": "1", "count": True}, "$.count"),
        ({"id": "1", "kind": "c"}, "$.kind"),
        ({"id": "1", "at": "yesterday"}, "$.at"),
        ({"id": "1", "at": "2026-03-02T09:00:00"}, "$.at"),
        ({"id": "1", "either": "abc"}, "$.either"),
        ({"id": "1", "both": {}}, "$.both.x"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(value: object, place: str) -> None:
    (fault,) = faults(value)
    assert fault.startswith(f"{place}: ")


def test_a_query_s_text_is_read_as_its_schema_says() -> None:
    assert schema.parsed("a,b", {"type": "array"}) == ["a", "b"]
    assert schema.parsed("12", {"type": "integer"}) == 12
    assert schema.parsed("twelve", {"type": "integer"}) == "twelve"
    assert schema.parsed("true", {"type": "boolean"}) is True
