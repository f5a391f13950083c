"""`config.example.toml` documents every key, runs as it is, and tells the truth about the defaults."""

from __future__ import annotations

import re
import tomllib
import typing
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest

from carecli import config
from carecli.config import ConfigFile
from carecli.model import Interval

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
COMMENTED_OUT = re.compile(r'^# ?((?:[a-z_]+|"[a-z._]+") = .*|\[.*\])$', re.MULTILINE)


def uncommented() -> str:
    """The example with each key that is only shown in a comment, such as `# mouse = false`, set."""
    return COMMENTED_OUT.sub(r"\1", EXAMPLE.read_text("utf-8"))


def sections(kind: object) -> Iterator[type[msgspec.Struct]]:
    """Every table that can occur below `kind`, itself included."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind
        for field in msgspec.structs.fields(kind):
            yield from sections(field.type)
    for argument in typing.get_args(kind):
        yield from sections(argument)


def tables(
    value: object, kind: object, path: str = ""
) -> Iterator[tuple[str, type[msgspec.Struct], dict[str, object]]]:
    """Each table of a parsed file: its path, the Struct that describes it, and what stands in it."""
    if isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield path, kind, value
        for field in msgspec.structs.fields(kind):
            yield from tables(value.get(field.name), field.type, f"{path}.{field.name}")
    elif isinstance(value, dict) and typing.get_origin(kind) is dict:
        for name, item in value.items():
            yield from tables(item, typing.get_args(kind)[1], f"{path}.{name}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from tables(item, typing.get_args(kind)[0], f"{path}[{number}]")
    elif value is not None:
        for argument in typing.get_args(kind):
            yield from tables(value, argument, path)


def test_it_loads_without_a_single_problem() -> None:
    assert config.problems(EXAMPLE, date(2026, 3, 2)) == ()
    loaded = config.load(EXAMPLE)
    assert loaded.agents["claire"].initials == "CL"
    assert loaded.accounts["care"].network == "sandbox"


def test_it_shows_several_intervals_a_day_and_one_overnight() -> None:
    calendar = config.load(EXAMPLE).calendar("care", date(2026, 3, 2))
    assert calendar.week[0] == (Interval(480, 750), Interval(780, 1320))
    assert calendar.week[5] == (Interval(1320, 1800),)


def test_what_it_shows_in_comments_loads_too() -> None:
    assert uncommented() != EXAMPLE.read_text("utf-8")
    config.parse(uncommented(), EXAMPLE)


@pytest.mark.parametrize("section", sorted(set(sections(ConfigFile)), key=str))
def test_every_key_of_every_table_is_in_it(section: type[msgspec.Struct]) -> None:
    raw = tomllib.loads(uncommented())
    shown = {key for _, kind, table in tables(raw, ConfigFile) if kind is section for key in table}
    assert shown == {field.name for field in msgspec.structs.fields(section)}


def test_what_it_calls_a_default_is_the_default() -> None:
    whole = {path: table for path, _, table in tables(tomllib.loads(uncommented()), ConfigFile)}
    claims = 0
    for path, kind, table in tables(tomllib.loads(EXAMPLE.read_text("utf-8")), ConfigFile):
        for field in msgspec.structs.fields(kind):
            claimed = whole[path].get(field.name)
            if claimed is not None and field.name not in table and not isinstance(claimed, dict):
                assert msgspec.convert(claimed, field.type) == field.default, f"{path}.{field.name}"
                claims += 1
    assert claims > 10
