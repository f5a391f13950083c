"""The simulated network at the other end of a connection: what `server` serves, as its client sees it.

Speaks HTTP as the real networks' channels do, so that every failure of a connection can be had without one of them.
Not for: what the desk makes of the answers (`channel`).
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

import msgspec

from carecli.channels.answers import Answer, Failure, decoded, error_of, outcome_of
from carecli.channels.http import Bounds, HttpClient
from carecli.channels.sandbox.channel import SandboxChannel
from carecli.channels.sandbox.wire import (
    ACCOUNT,
    DESK_TIME,
    Advance,
    Found,
    Identity,
    Post,
    Posting,
    Published,
    Refusal,
    ThreadView,
)
from carecli.clock import Clock
from carecli.config import AccountSection
from carecli.model import Author

_NETWORK = "The simulated network"

_T = TypeVar("_T")


class RemoteNetwork:
    """Implements `wire.Server` by calls to `url`. `account` is whom this client speaks for.

    clock: its time goes along with every request, for the network has none of its own.
    Raises `ConfigError` for an address that is none.
    """

    def __init__(self, url: str, clock: Clock, account: Author = ACCOUNT, *, bounds: Bounds | None = None) -> None:
        self._client = HttpClient(url, _NETWORK, bounds=bounds, proxies=False)
        self._clock = clock
        self._account = account

    @property
    def account(self) -> Author:
        return self._account

    @property
    def name(self) -> str:
        """The network's name, asked for each time: another one may answer at this address by now."""
        return self._get("network", Identity).name

    def advance(self, now: datetime, at_most: int | None = None) -> bool:
        """Let what is due happen. It may be asked again at any time, but by the caller, as every POST."""
        return self._read(self._post("advance", Advance(at_most), now), bool)

    def publish(self, posting: Posting, now: datetime) -> Published:
        """Post. Raises nothing: each way in which a call can fail is an outcome."""
        answer = self._post("posts", posting, now)
        if isinstance(answer, Answer):
            post = decoded(answer, Post, _NETWORK)
            return outcome_of(post) if isinstance(post, Failure) else post
        return _refusal_in(answer) or outcome_of(answer)

    def posts_after(self, seq: int, limit: int) -> tuple[Post, ...]:
        return self._get("posts", tuple[Post, ...], after=str(seq), limit=str(limit))

    def thread(self, post_id: str) -> ThreadView:
        return self._get("thread", ThreadView, of=post_id)

    def post_by_key(self, key: str) -> Post | None:
        # Its absence is said in a readable answer, so that nobody else's 404 is taken for it.
        return self._get("key", Found, key=key).post

    def own_posts(self, since: datetime, limit: int) -> tuple[Post, ...]:
        return self._get("own-posts", tuple[Post, ...], since=since.isoformat(), limit=str(limit))

    def close(self) -> None:
        self._client.close()

    def _get(self, path: str, kind: type[_T], **query: str) -> _T:
        now = self._clock.now()
        return self._read(self._client.call("GET", path, now=now, query=query, headers=_time(now)), kind)

    def _post(self, path: str, request: msgspec.Struct, now: datetime) -> Answer | Failure:
        return self._client.call("POST", path, now=now, headers=_time(now), body=msgspec.json.encode(request))

    def _read(self, answer: Answer | Failure, kind: type[_T]) -> _T:
        """What was asked for. Raises `NetworkFailure`, `RateLimited` or `NeedsPerson`."""
        found = answer if isinstance(answer, Failure) else decoded(answer, kind, _NETWORK)
        if isinstance(found, Failure):
            raise error_of(found)
        return found


def open_remote(section: AccountSection, clock: Clock) -> SandboxChannel:
    """Open the channel of a configured account on the simulated network at its address. Raises `ConfigError`."""
    account = Author(ACCOUNT.remote_id, section.handle, section.brand or ACCOUNT.display_name)
    network = RemoteNetwork(section.sandbox.url, clock, account)
    return SandboxChannel(network, clock, idempotency=section.sandbox.idempotency, metered=section.sandbox.metered)


def _time(now: datetime) -> dict[str, str]:
    return {DESK_TIME: now.isoformat()}


def _refusal_in(failure: Failure) -> Refusal | None:
    """The network's own words, where a refusal came with any."""
    try:
        return msgspec.json.decode(failure.body, type=Refusal) if failure.kind == "refused" else None
    except msgspec.DecodeError:
        return None
