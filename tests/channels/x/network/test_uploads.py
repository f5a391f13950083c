"""Uploading pictures and films, describing them, and posting with them."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import pytest

from tests.channels.x.network.client import PlainClient, data
from tests.channels.x.network.world import User
from tests.channels.x.server import XServer

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def uploaded(client: PlainClient) -> str:
    body = {"media": base64.b64encode(PICTURE).decode(), "media_category": "tweet_image", "media_type": "image/png"}
    return str(data(client.post("/2/media/upload", body))["id"])


def form(x: XServer, client: PlainClient, path: str, fields: dict[str, str], content: bytes) -> dict[str, Any]:
    answer = httpx.post(
        x.url + path,
        data=fields,
        files={"media": ("picture.png", content, "application/octet-stream")},
        headers={"Authorization": client.header},
        verify=False,
    )
    return data(answer)


def test_a_picture_goes_up_at_once_in_either_form(x: XServer, client: PlainClient) -> None:
    first = uploaded(client)
    second = form(x, client, "/2/media/upload", {"media_category": "tweet_image"}, PICTURE)["id"]
    assert [x.api.uploads.contents[int(number)] for number in (first, second)] == [PICTURE, PICTURE]


def test_a_film_goes_up_in_pieces(x: XServer, client: PlainClient) -> None:
    body = {"media_category": "tweet_video", "media_type": "video/mp4", "total_bytes": 6}
    begun = data(client.post("/2/media/upload/initialize", body))
    path = f"/2/media/upload/{begun['id']}"
    form(x, client, f"{path}/append", {"segment_index": "1"}, b"def")
    encoded = base64.b64encode(b"abc").decode()
    assert client.post(f"{path}/append", {"segment_index": 0, "media": encoded}).status_code == 200
    done = data(client.post(f"{path}/finalize"))
    assert (done["size"], done["media_key"]) == (6, begun["media_key"])
    assert x.api.uploads.contents[int(begun["id"])] == b"abcdef"
    assert data(client.get("/2/media/upload", media_id=begun["id"]))["processing_info"]["state"] == "succeeded"


def test_a_film_that_lacks_a_piece_is_refused(client: PlainClient) -> None:
    begun = data(client.post("/2/media/upload/initialize", {"media_type": "video/mp4", "total_bytes": 6}))
    assert client.post(f"/2/media/upload/{begun['id']}/finalize").status_code == 400


def test_a_post_shows_the_picture_with_its_description(x: XServer, client: PlainClient) -> None:
    number = uploaded(client)
    described = client.post("/2/media/metadata", {"id": number, "metadata": {"alt_text": {"text": "a kettle"}}})
    assert data(described)["associated_metadata"]["alt_text"]["text"] == "a kettle"
    post = data(client.publish("Look. ^CL", media={"media_ids": [number]}))
    shown = client.get(f"/2/tweets/{post['id']}", expansions="attachments.media_keys", media_fields="alt_text").json()
    assert shown["includes"]["media"][0]["alt_text"] == "a kettle"
    assert x.cost["media descriptions"] == 5_000


def test_a_message_shows_a_picture(x: XServer, jo: User, client: PlainClient) -> None:
    body = {"attachments": [{"media_id": uploaded(client)}]}
    assert client.post(f"/2/dm_conversations/with/{jo.id}/messages", body).status_code == 201
    assert x.sent_messages[0].pictures[0].kind == "photo"


def test_a_picture_that_nobody_uploaded_is_refused(x: XServer, client: PlainClient) -> None:
    assert client.publish("Look. ^CL", media={"media_ids": ["5"]}).status_code == 400
    assert client.publish("Look. ^CL", media={"media_ids": [str(x.picture().id)]}).status_code == 400
    assert client.post("/2/media/metadata", {"id": "5", "metadata": {}}).status_code == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/2/media/upload", {"media": "abc", "media_category": "tweet_video"}),
        ("/2/media/upload/initialize", {"media_type": "image/svg+xml"}),
        ("/2/media/metadata", {"id": "5", "metadata": {"alt_text": {"text": "a" * 1001}}}),
    ],
)
def test_what_x_does_not_know_is_refused(x: XServer, client: PlainClient, path: str, body: dict[str, object]) -> None:
    assert client.post(path, body).status_code == 400
    assert x.violations
    x.violations.clear()
