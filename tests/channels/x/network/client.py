"""A plain client of the loopback server, for the server's own tests: httpx with a bearer, and nothing clever.

Not for: being what carecli does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from tests.channels.x.server import XServer


class PlainClient:
    """Asks `server` with a fresh OAuth 2 token, or with the given header."""

    def __init__(self, server: XServer, header: str | None = None) -> None:
        self._account = server.account.id
        # Without TLS there is nothing to verify, and looking for certificates takes longer than a test.
        self._http = httpx.Client(base_url=server.url, timeout=5, verify=False, trust_env=False)
        self.header = f"Bearer {server.sign_in().access}" if header is None else header

    def get(self, path: str, **query: str | int) -> httpx.Response:
        """GET; `tweet_fields` and its like are written with a dot."""
        written = {name.replace("_fields", ".fields"): str(value) for name, value in query.items()}
        return self._http.get(path, params=written, headers=self._headers)

    def post(self, path: str, body: Mapping[str, object] | None = None) -> httpx.Response:
        return self._http.post(path, json=body, headers=self._headers)

    def delete(self, path: str) -> httpx.Response:
        return self._http.delete(path, headers=self._headers)

    def publish(self, text: str, *, reply_to: int | None = None, **more: object) -> httpx.Response:
        reply = {} if reply_to is None else {"reply": {"in_reply_to_tweet_id": str(reply_to)}}
        return self.post("/2/tweets", {"text": text, **reply, **more})

    def mentions(self, **query: str | int) -> httpx.Response:
        return self.get(f"/2/users/{self._account}/mentions", **query)

    @contextmanager
    def stream(self, path: str, **query: str | int) -> Iterator[httpx.Response]:
        """GET an answer that is read as it comes."""
        written = {name.replace("_fields", ".fields"): str(value) for name, value in query.items()}
        with self._http.stream("GET", path, params=written, headers=self._headers) as answer:
            yield answer

    def close(self) -> None:
        self._http.close()

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": self.header} if self.header else {}


def data(answer: httpx.Response) -> dict[str, Any]:
    """The data of a success that tells one thing."""
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()["data"]
    return found


def ids(answer: httpx.Response) -> list[int]:
    """The ids in a success's data, which may be absent."""
    assert answer.is_success, answer.text
    return [int(one["id"]) for one in answer.json().get("data", [])]
