"""What the server answers is what X's OpenAPI description says of it, where that lies beside the project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest

from tests.channels.x.network import facts, openapi
from tests.channels.x.network.client import PlainClient, data
from tests.channels.x.network.openapi import Description
from tests.channels.x.network.world import User
from tests.channels.x.server import XServer

_POSTS = {
    "tweet_fields": ",".join(facts.TWEET_FIELDS),
    "user_fields": ",".join(facts.USER_FIELDS),
    "media_fields": ",".join(facts.MEDIA_FIELDS),
    "expansions": ",".join(facts.TWEET_EXPANSIONS),
}
_MESSAGES = _POSTS | {
    "dm_event_fields": ",".join(facts.MESSAGE_FIELDS),
    "expansions": ",".join(facts.MESSAGE_EXPANSIONS),
}
_RULES = "/2/tweets/search/stream/rules"


@dataclass
class Comparison:
    """Where answers so far differ from the description."""

    description: Description
    differing: list[str] = field(default_factory=list)

    def look(self, path: str, answer: httpx.Response) -> httpx.Response:
        """Compare the answer to a call that the description has under `path`."""
        assert answer.is_success, answer.text
        method = answer.request.method
        found = self.description.faults_of_answer(method, path, answer.status_code, answer.json())
        self.differing += [f"{method} {path} {fault}" for fault in found]
        return answer


@pytest.fixture
def comparison() -> Comparison:
    description = openapi.description()
    if description is None:
        pytest.skip(openapi.ABSENT)
    return Comparison(description)


def test_every_answer_is_as_described(x: XServer, jo: User, client: PlainClient, comparison: Comparison) -> None:
    look = comparison.look
    brand, person = f"/2/users/{x.account.id}", f"/2/dm_conversations/with/{jo.id}"
    shown = look("/2/media/upload", client.post("/2/media/upload", {"media": "aGk=", "media_category": "tweet_image"}))
    picture = str(data(shown)["id"])
    root = a_talk(x, jo, lambda text, root: look("/2/tweets", client.publish(text, reply_to=root)))
    look(
        "/2/media/metadata", client.post("/2/media/metadata", {"id": picture, "metadata": {"alt_text": {"text": "a"}}})
    )
    ours = look("/2/tweets", client.publish("Look. #help ^CL", media={"media_ids": [picture]}))
    look("/2/users/me", client.get("/2/users/me", user_fields=_POSTS["user_fields"]))
    look("/2/users", client.get("/2/users", ids=f"{jo.id},5"))
    look("/2/users/by/username/{username}", client.get("/2/users/by/username/jo"))
    look("/2/users/{id}/mentions", client.mentions(max_results=5, **_POSTS))
    look("/2/users/{id}/tweets", client.get(f"{brand}/tweets", **_POSTS))
    look("/2/tweets", client.get("/2/tweets", ids=f"{root},5", **_POSTS))
    look("/2/tweets/{id}", client.get(f"/2/tweets/{root}", **_POSTS))
    look("/2/tweets/search/recent", client.get("/2/tweets/search/recent", query=f"conversation_id:{root}", **_POSTS))
    message = x.message(jo, "look at example.com", media=[x.picture("a bill")], post=root)
    look("/2/dm_events", client.get("/2/dm_events", **_MESSAGES))
    look("/2/dm_events/{event_id}", client.get(f"/2/dm_events/{message}", **_MESSAGES))
    look("/2/dm_conversations/with/{participant_id}/dm_events", client.get(f"{person}/dm_events", **_MESSAGES))
    look("/2/dm_conversations/with/{participant_id}/messages", client.post(f"{person}/messages", {"text": "Thanks"}))
    look("/2/tweets/{id}", client.delete(f"/2/tweets/{data(ours)['id']}"))
    assert comparison.differing == []


def test_what_is_sent_in_pieces_and_the_rules_are_as_described(
    x: XServer, client: PlainClient, comparison: Comparison
) -> None:
    look = comparison.look
    body = {"media_category": "tweet_video", "media_type": "video/mp4", "total_bytes": 2}
    number = data(look("/2/media/upload/initialize", client.post("/2/media/upload/initialize", body)))["id"]
    piece = {"segment_index": 0, "media": "aGk="}
    look("/2/media/upload/{id}/append", client.post(f"/2/media/upload/{number}/append", piece))
    look("/2/media/upload/{id}/finalize", client.post(f"/2/media/upload/{number}/finalize"))
    look("/2/media/upload", client.get("/2/media/upload", media_id=str(number)))
    client.header = f"Bearer {x.keys.bearer_token}"
    client.post(_RULES, {"add": [{"value": "@acme_care", "tag": "t"}]})
    look(_RULES, client.get(_RULES))
    look(_RULES, client.post(_RULES, {"delete": {"values": ["@acme_care"]}}))
    assert comparison.differing == []


def a_talk(x: XServer, jo: User, reply: Callable[[str, int], httpx.Response]) -> int:
    """A conversation that has everything in it. Returns its root."""
    kim = x.customer("kim", verified=True)
    root = x.post(jo, "@acme_care @kim see example.com #help", media=[x.picture("a bill"), x.picture(kind="video")])
    number = int(data(reply("See our page ^CL", root))["id"])
    x.edit(x.post(jo, "and now?", reply_to=number), "and now? " + "long " * 80)
    x.withhold(x.post(kim, "@acme_care same", quote=root), "DE")
    x.repost(kim, root)
    x.delete(x.post(kim, "@acme_care oops", reply_to=root))
    return root
