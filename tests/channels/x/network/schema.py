"""Whether a value fits a schema: as much of JSON Schema as X's OpenAPI description uses.

Not for: other dialects; what a schema says beyond that is left unchecked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
Resolve = Callable[[str], Schema]

_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def no_references(reference: str) -> Schema:
    raise KeyError(reference)


def faults(value: object, schema: Schema, resolve: Resolve = no_references, at: str = "$") -> list[str]:
    """What is wrong with `value`, each with its place; an empty list if it fits. `resolve` follows `$ref`."""
    return list(_faults(value, schema, resolve, at))


def parsed(text: str, schema: Schema, resolve: Resolve = no_references) -> object:
    """A query parameter's text as the value that its schema speaks of; the text itself where it cannot be."""
    schema = _followed(schema, resolve)
    if schema.get("type") == "array":
        return text.split(",")
    if schema.get("type") == "integer" and re.fullmatch(r"-?\d+", text, re.ASCII):
        return int(text)
    return {"true": True, "false": False}.get(text, text) if schema.get("type") == "boolean" else text


def _faults(value: object, schema: Schema, resolve: Resolve, at: str) -> Iterator[str]:
    schema = _followed(schema, resolve)
    for part in schema.get("allOf", ()):
        yield from _faults(value, part, resolve, at)
    for several in ("anyOf", "oneOf"):
        if several in schema and all(any(_faults(value, part, resolve, at)) for part in schema[several]):
            yield f"{at}: fits none of what it may be"
    kind = schema.get("type")
    if kind is not None and not _is(value, kind):
        yield f"{at}: {value!r} is not of type {kind}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: [{value}] is not one of {list(schema['enum'])}"
    if isinstance(value, str):
        yield from _text_faults(value, schema, at)
    elif isinstance(value, list):
        yield from _list_faults(value, schema, resolve, at)
    elif isinstance(value, dict):
        yield from _object_faults(value, schema, resolve, at)
    elif isinstance(value, int | float):
        least, most = schema.get("minimum", value), schema.get("maximum", value)
        if not least <= value <= most:
            yield f"{at}: [{value}] is not between {least} and {most}"


def _text_faults(value: str, schema: Schema, at: str) -> Iterator[str]:
    if "pattern" in schema and not re.search(schema["pattern"], value, re.ASCII):
        yield f"{at}: [{value}] does not match {schema['pattern']}"
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield f"{at}: [{value[:40]}] has {len(value)} characters"
    if schema.get("format") == "date-time" and not re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value, re.ASCII
    ):
        yield f"{at}: [{value}] is no time with its zone"


def _list_faults(value: list[Any], schema: Schema, resolve: Resolve, at: str) -> Iterator[str]:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        yield f"{at}: {len(value)} items are too few or too many"
    if schema.get("uniqueItems") and len({str(one) for one in value}) < len(value):
        yield f"{at}: an item stands there twice"
    for place, one in enumerate(value):
        yield from _faults(one, schema.get("items", {}), resolve, f"{at}[{place}]")


def _object_faults(value: dict[str, Any], schema: Schema, resolve: Resolve, at: str) -> Iterator[str]:
    known = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{at}.{name}: is missing but it is required"
    for name, one in value.items():
        if name in known:
            yield from _faults(one, known[name], resolve, f"{at}.{name}")
        elif schema.get("additionalProperties") is False:
            yield f"{at}.{name}: is not defined in the schema and the schema does not allow additional properties"


def _is(value: object, kind: str) -> bool:
    return isinstance(value, _KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _followed(schema: Schema, resolve: Resolve) -> Schema:
    while "$ref" in schema:
        schema = resolve(schema["$ref"])
    return schema
