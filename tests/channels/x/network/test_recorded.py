"""What the server tells has the shape of what X told: recorded answers, where they lie beside the project.

A shape is the path of each value and its type; what a path holds is of no account here.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from carecli.clock import ManualClock
from tests.channels.x.network import facts
from tests.channels.x.network.client import PlainClient
from tests.channels.x.network.world import User
from tests.channels.x.server import XServer

RECORDED = Path(__file__).parents[4] / "../shared/data/api/x"
Shape = dict[str, set[str]]

# Told since the recordings were made (2021 and 2022), or of what nobody in them had: a described picture.
_UNHEARD = (
    "alt_text",
    "note_tweet",
    "display_text_range",
    "public_metrics.bookmark_count",
    "public_metrics.impression_count",
    "receives_your_dm",
    "verified_type",
    "withheld",
)


@pytest.fixture
def recorded() -> list[Any]:
    """The recorded documents."""
    if not RECORDED.is_dir():
        pytest.skip("The recorded answers of X are not beside the project.")
    lines = [line for path in RECORDED.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    exchanges = [one for path in RECORDED.glob("*.json") for one in json.loads(path.read_text("utf-8"))]
    return [one for line in lines for one in _parsed(line)] + [one["body"] for one in exchanges]


def _parsed(line: str) -> list[Any]:
    """A line's document; none for the one that a stream was cut off in."""
    with suppress(ValueError):
        return [json.loads(line)]
    return []


def things(documents: list[Any], kind: str) -> Iterator[Any]:
    """The posts ("tweets"), people ("users") or pictures ("media") in documents."""
    for document in documents:
        inner = document.get("data", [])
        for one in inner if isinstance(inner, list) else [inner]:
            if ("text" in one and kind == "tweets") or ("username" in one and kind == "users"):
                yield one
        yield from document.get("includes", {}).get(kind, ())


def shape(values: Iterator[Any]) -> Shape:
    """Where there are values in any of these, and of which types; the items of a list are one place."""
    found: Shape = defaultdict(set)

    def walk(value: object, at: str) -> None:
        found[at].add(
            "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
        )
        if isinstance(value, dict):
            for name, one in value.items():
                walk(one, f"{at}.{name}".removeprefix("."))
        elif isinstance(value, list):
            for one in value:
                walk(one, f"{at}[]")

    for value in values:
        walk(value, "")
    return found


@pytest.fixture
def told(x: XServer, jo: User, client: PlainClient, clock: ManualClock) -> list[Any]:
    """The server's answers about a conversation that has everything in it, with every field."""
    kim = x.customer("kim", "Kim", verified=True)
    root = x.post(jo, "@acme_care @kim see example.com #help", media=[x.picture("a bill"), x.picture(kind="video")])
    x.edit(x.post(kim, "and now?", reply_to=root), "and now? " + "long " * 80)
    x.post(kim, "@acme_care same", quote=root)
    x.repost(kim, root)
    query = {
        "tweet_fields": ",".join(facts.TWEET_FIELDS),
        "user_fields": ",".join(facts.USER_FIELDS),
        "media_fields": ",".join(facts.MEDIA_FIELDS),
        "expansions": ",".join(facts.TWEET_EXPANSIONS),
    }
    clock.advance(60)
    answers = (client.mentions(**query), client.get("/2/tweets/search/recent", query="@acme_care", **query))
    return [answer.json() for answer in answers]


@pytest.mark.parametrize("kind", ["tweets", "users", "media"])
def test_what_is_told_has_the_recorded_shape(recorded: list[Any], told: list[Any], kind: str) -> None:
    theirs, ours = shape(things(recorded, kind)), shape(things(told, kind))
    assert len(ours) > 5
    strange = {
        path: types
        for path, types in ours.items()
        if not path.startswith(_UNHEARD) and not types <= theirs.get(path, set())
    }
    assert strange == {}


def test_unasked_fields_and_the_bounds_of_a_page_are_the_recorded_ones(
    recorded: list[Any], x: XServer, jo: User, client: PlainClient
) -> None:
    for number in range(6):
        x.post(jo, f"@acme_care {number}")
    told = client.mentions(max_results=5).json()
    pages = [one for one in recorded if "next_token" in one.get("meta", {})]
    assert pages
    for page in pages:
        assert set(page) == set(told)
        assert shape(iter([page["meta"]])) == shape(iter([told["meta"]]))
        assert shape(iter(page["data"])) == shape(iter(told["data"]))
