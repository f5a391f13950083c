"""What is wrong with the shape of a configuration: every unknown, missing or mistyped key at once, by its path.

Only looked into when the strict reading has failed, so it may take its time.
Not for: what the values mean together (`config.reading`).
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import msgspec

from carecli.errors import ConfigError

_WORDS = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "str": "a text in quotes",
    "array": "a list in brackets",
    "object": "a table",
    "date": "a date such as 2025-12-25",
    "datetime": "a time with its zone, such as 2025-12-25T08:00:00Z",
}
_BARE = re.compile(r"[A-Za-z0-9_-]+")
# Keys that somebody might put a secret under; what is kept of an account is named like this.
_SECRET = re.compile(r"token|secret|passw|passphrase|bearer|(api|access|consumer|private)_?key", re.IGNORECASE)
_EXPECTED = re.compile(
    r"Expected `(?P<type>\w+)[^`]*`(?: of length)?(?: (?P<bound>[<>]=?) (?P<number>[\d.]+))?"
    r"(?: matching regex '(?P<pattern>.+)')?"
)


def shape_problems(raw: dict[str, Any], kind: type[msgspec.Struct], key: str = "") -> Iterator[ConfigError]:
    """Every place where `raw` does not have the shape of `kind`; `key` is the path of `raw` itself."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name in raw:
        if name not in fields:
            yield _unknown(name, fields, key)
    for name, field in fields.items():
        path = joined(key, name)
        if name in raw:
            yield from _value_problems(raw[name], field.type, path)
        elif field.required:
            yield ConfigError(f"`{path}` is missing.", f"Add `{name} = …`.", key=path)


def joined(key: str, name: str) -> str:
    """The path of `name` below `key` in TOML's notation: quoted where it is not a bare key."""
    name = name if _BARE.fullmatch(name) else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{key}.{name}" if key else name


def _value_problems(value: object, kind: object, key: str) -> Iterator[ConfigError]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        inner = _without_none(kind)
        origin, arguments = typing.get_origin(inner), typing.get_args(inner)
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct) and isinstance(value, dict):
            yield from shape_problems(value, inner, key)
        elif origin is tuple and isinstance(value, list):
            for number, item in enumerate(value):
                yield from _value_problems(item, arguments[0], f"{key}[{number}]")
        elif origin is dict and isinstance(value, dict):
            for name, item in value.items():
                yield from _value_problems(item, arguments[1], joined(key, name))
        else:
            # What somebody took for the place of a secret is not quoted; `credentials` only names that place.
            shown = "something else" if key == "credentials" or _SECRET.search(key) else _shown(value)
            yield ConfigError(f"`{key}` must be {_wanted(inner, str(error))}.", f"It is {shown} now.", key=key)


def _unknown(name: str, known: Iterable[str], key: str) -> ConfigError:
    from difflib import get_close_matches

    path = joined(key, name)
    if _SECRET.search(name):
        return ConfigError(
            f"`{path}` looks like a secret, and none stands in this file.",
            "Take it out, and keep it with `carecli login` or in the environment (docs/configuration.md, Secrets).",
            key=path,
        )
    likely = get_close_matches(name, known, 1)
    remedy = f"Did you mean `{likely[0]}`?" if likely else f"Known here: {', '.join(sorted(known))}."
    return ConfigError(f"`{path}` is not a key that carecli knows.", remedy, key=path)


def _without_none(kind: object) -> object:
    """`X` of `X | None`; TOML has no null, so that only says that the key may be left out."""
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return next(one for one in typing.get_args(kind) if one is not types.NoneType)
    return kind


def _wanted(kind: object, message: str) -> str:
    """What belongs there, in TOML's words, from the type and from what msgspec said of the value."""
    if typing.get_origin(kind) is typing.Literal:
        return "one of " + ", ".join(f'"{value}"' for value in typing.get_args(kind))
    if kind in (date, datetime):
        return _WORDS["date" if kind is date else "datetime"]
    match = _EXPECTED.match(message)
    if match is None:
        return message
    if match["type"] == "str" and match["bound"]:
        return "a text that is not empty"
    words = _WORDS.get(match["type"], match["type"])
    if match["pattern"]:
        return f"{words} that fits {match['pattern']}"
    number = (match["number"] or "").removesuffix(".0")
    if match["bound"] == ">":
        return f"{words} above {number}"
    return f"{words}, {number} or {'less' if match['bound'] == '<=' else 'more'}" if match["bound"] else words


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"' if value else "empty"
    if isinstance(value, list):
        return "a list"
    return "a table" if isinstance(value, dict) else str(value)
