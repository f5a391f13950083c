"""docs/json.md is the golden file of `--json`: every command on it is run in its order, on a fresh desk."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from carecli import config
from carecli.cli.commands import cli
from carecli.cli.output import VERSION, enveloped
from carecli.cli.watching import happening_data
from carecli.desk.changes import Position, happenings
from carecli.desk.context import open_desk
from carecli.errors import CareError
from tests.cli.test_archives import CSV

PAGE = (Path(__file__).parents[2] / "docs" / "json.md").read_text("utf-8")
SECTIONS = re.findall(r"^## (\w+)$\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
ANYTHING = "…"


def same(documented: Any, printed: Any) -> bool:  # noqa: ANN401
    """Whether both are equal, where "…" is equal to anything, and at the end of a list to any rest of it."""
    match documented:
        case dict():
            return list(documented) == list(printed) and all(same(documented[key], printed[key]) for key in documented)
        case [*first, last] if last == ANYTHING:
            return len(printed) >= len(first) and all(map(same, first, printed))
        case list():
            return len(documented) == len(printed) and all(map(same, documented, printed))
    return bool(documented in (ANYTHING, printed))


def examples(body: str) -> list[Any]:
    return [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```", body, re.MULTILINE | re.DOTALL)]


def commands(body: str) -> list[list[str]]:
    return [shlex.split(line)[1:] for line in re.findall(r"^\$ (carecli .*)$", body, re.MULTILINE)]


def happened() -> list[Any]:
    """What `watch` would have printed, had it run from the beginning."""
    desk = open_desk(config.load(Path("config.toml")))
    try:
        found, _ = happenings(desk, Position())
    finally:
        desk.close()
    return [json.loads(enveloped("happening", happening_data(one))) for one in found]


def documented_events(body: str) -> dict[str, set[str]]:
    """The keys of each kind of event, from the table."""
    events: dict[str, set[str]] = {}
    for kinds, keys in re.findall(r"^\| (`.*?) \|(.*)\|$", body, re.MULTILINE):
        events |= {kind: set(re.findall(r"`(\w+)`", keys)) for kind in re.findall(r"`(\w+)`", kinds)}
    return events


@pytest.fixture
def in_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("CARECLI_CONFIG", "config.toml")
    monkeypatch.setenv("TERM", "xterm")
    (folder / "conversations.csv").write_text(CSV, "utf-8")
    (folder / "wrong.toml").write_text("mouse = 1\n", "utf-8")


@pytest.mark.usefixtures("in_folder")
def test_every_command_prints_what_the_page_shows() -> None:
    for kind, body in SECTIONS:
        if kind == "happening":
            lines = happened()
            assert all(any(same(shown, line) for line in lines) for shown in examples(body)), kind
            events = documented_events(body)
            for data in (line["data"] for line in lines if line["data"]["kind"] != "message"):
                assert set(data["data"]) == events[data["kind"]], data["kind"]
            continue
        for words in commands(body):
            done = CliRunner().invoke(cli, words)
        printed = json.loads(done.stderr if kind == "error" else done.stdout)
        (shown,) = examples(body)
        assert same(shown, printed), f"{kind}: {json.dumps(printed, ensure_ascii=False)}"


def test_every_example_is_of_this_version_and_of_the_kind_of_its_heading() -> None:
    for kind, body in SECTIONS:
        for shown in examples(body):
            assert list(shown) == ["version", "kind", "data"]
            assert (shown["version"], shown["kind"]) == (VERSION, kind)


def test_every_kind_that_the_commands_name_is_on_the_page() -> None:
    named = set(re.findall(r"json\.md#(\w+)", (Path(__file__).parents[2] / "docs" / "commands.md").read_text("utf-8")))
    assert named == {kind for kind, _ in SECTIONS} - {"error"}


def test_every_kind_of_error_is_on_the_page() -> None:
    body = dict(SECTIONS)["error"]
    told = set(re.findall(r"`([A-Z]\w+)`", body))
    raised: set[str] = set()
    classes = list(CareError.__subclasses__())
    while classes:
        one = classes.pop()
        raised.add(one.__name__)
        classes += one.__subclasses__()
    assert told == raised | {"Fault"}
