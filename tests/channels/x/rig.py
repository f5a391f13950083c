"""A channel of X and the network behind it, for the contracts of all channels and for what only X does.

Not for: how the network behaves (`server`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

import msgspec
import pytest

from carecli.channels.http import Bounds
from carecli.channels.x.channel import XChannel
from carecli.channels.x.tokens import Bearer, OAuth1
from carecli.clock import ManualClock
from carecli.config import XSection
from carecli.errors import NeedsPerson
from carecli.model import Author, Visibility
from tests.channels.proxy import CuttingProxy, Stage
from tests.channels.x.server import FailureKind, Keys, XServer

BOUNDS = Bounds(connect=5.0, silence=5.0, total=10.0)

_FAILURES: dict[Stage, FailureKind] = {
    "before_request": "cut",
    "before_answer": "act_then_cut",
    "in_head": "act_then_500",
    "in_body": "act_then_truncated",
    "late": "act_late",
}
_SENDS = ("POST /2/tweets", "POST /2/dm_conversations/with/{participant_id}/messages")


class Held:
    """Keys that do not change, unless a test gives others for the time after a refusal."""

    def __init__(self, keys: OAuth1 | Bearer, renewed: OAuth1 | Bearer | None = None) -> None:
        self._keys = keys
        self._renewed = renewed

    def keys(self) -> OAuth1 | Bearer:
        return self._keys

    def app_only(self) -> str:
        return Keys().bearer_token

    def refused(self, used: OAuth1 | Bearer) -> OAuth1 | Bearer:
        if self._renewed is None:
            raise NeedsPerson("X does not take the keys of this account any more.", "Sign in again.")
        self._keys, self._renewed = self._renewed, None
        return self._keys


def bearer(server: XServer) -> Bearer:
    return Bearer(server.sign_in().access)


def oauth1(server: XServer) -> OAuth1:
    keys = server.keys
    return OAuth1(keys.api_key, keys.api_secret, keys.access_token, keys.access_token_secret)


def opened(
    server: XServer, clock: ManualClock, *, url: str = "", held: Held | None = None, **section: object
) -> XChannel:
    """The channel of the server's account, with a token that holds; `section` sets keys of `[accounts.x]`."""
    account = server.account
    settings = msgspec.structs.replace(XSection(own_app=True), url=url or server.url, **section)
    me = Author(str(account.id), account.handle, account.name)
    return XChannel(settings, me, held or Held(bearer(server)), clock, bounds=BOUNDS)


class XRig:
    """Implements `rig.Rig`: the lines between the channel and the server are cut by the server itself."""

    def __init__(self, server: XServer, clock: ManualClock, url: str = "") -> None:
        self.server = server
        self.clock = clock
        self.customer = server.customer("andy", "Andy Loynes")
        self.channel = opened(server, clock, url=url)

    def customer_posts(self, text: str, visibility: Visibility = "public", reply_to: str | None = None) -> str:
        """Write to the account; the mention stands before the text, where X itself puts it in a reply."""
        self.clock.advance(1)
        if visibility == "private":
            return f"dm:{self.server.message(self.customer, text)}"
        mention = "" if f"@{self.server.account.handle}" in text else f"@{self.server.account.handle} "
        above = int(reply_to) if reply_to else None
        return str(self.server.api.world.add_post(self.customer, text, reply_to=above, filled_in=mention).id)

    def customer_removes(self, remote_id: str) -> None:
        self.server.delete(int(remote_id))

    def cut_next_send(self, stage: Stage) -> None:
        for call in _SENDS:
            self.server.fail(call, _FAILURES[stage])

    def release(self) -> None:
        self.server.release()

    def unreachable(self) -> AbstractContextManager[None]:
        pytest.skip("only a line between the two can be taken away")

    def hide_next_read(self) -> None:
        self.server.fail("GET /2/users/{id}/tweets", "server_error")

    def copies(self, text: str) -> int:
        sent = (post.text for post in self.server.posts), (message.text for message in self.server.sent_messages)
        return sum(one == text for texts in sent for one in texts)

    def now(self) -> datetime:
        return self.clock.now()


class CutRig(XRig):
    """As `XRig`, with a proxy between the two that cuts the line where it is told to."""

    def __init__(self, server: XServer, clock: ManualClock, proxy: CuttingProxy) -> None:
        super().__init__(server, clock, proxy.url)
        self._proxy = proxy

    def cut_next_send(self, stage: Stage) -> None:
        self._proxy.cut(stage)

    def release(self) -> None:
        self._proxy.release()

    @contextmanager
    def unreachable(self) -> Iterator[None]:
        with self._proxy.unreachable():
            yield
