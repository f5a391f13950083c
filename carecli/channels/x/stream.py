"""X's filtered stream of mentions: it says that something arrived, and nothing else is made of it.

What arrived is read by the next look at the mentions, so nothing is lost when the stream drops a post, and nothing
comes twice. One connection an app; each post that it brings is charged. tweepy's own sleeps for minutes within a call
and ends at a rule without a tag, so it is held by our HTTP client. Not for: when to look (`worker.loop`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import msgspec

from carecli.channels.answers import Answer, Failure, decoded
from carecli.channels.http import Bounds, HttpClient
from carecli.channels.spendings import Spendings
from carecli.channels.x.prices import Kind
from carecli.channels.x.refusals import NETWORK, refused
from carecli.clock import Clock
from carecli.errors import CareError
from carecli.model import Author

_RULES = "/2/tweets/search/stream/rules"
_STREAM = "/2/tweets/search/stream"
# X gives a sign of life each 20 seconds, asks for pauses that double after failures, and takes 50 connections in 15
# minutes.
BOUNDS = Bounds(connect=5.0, silence=45.0, total=30.0, body=1024 * 1024)
_FIRST_PAUSE = 20.0
_LONGEST_PAUSE = 320.0
_TAG = "carecli"


class Stream:
    """Listens for mentions of `me` in a thread of its own, between `begin` and `end`.

    app_only: gives the app's own token, the only one that X takes here. Raises `ConfigError` for a wrong address.
    """

    def __init__(
        self,
        url: str,
        app_only: Callable[[], str],
        clock: Clock,
        spendings: Spendings[Kind],
        me: Callable[[], Author],
        *,
        bounds: Bounds = BOUNDS,
        first_pause: float = _FIRST_PAUSE,
    ) -> None:
        self._client = HttpClient(url, NETWORK, bounds=bounds)
        self._app_only = app_only
        self._clock = clock
        self._spendings = spendings
        self._me = me
        self._first_pause = first_pause
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, heard: Callable[[], None]) -> None:
        """Listen, unless it does already. heard: called when a mention arrived, or the connection began anew."""
        if self._thread is None:
            self._ended.clear()
            self._thread = threading.Thread(target=self._run, args=(heard,), name="stream", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Listen no longer. Returns when the connection is gone."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._ended.set()
            while thread.is_alive():
                # The connection may only just have begun.
                self._client.hang_up()
                thread.join(0.05)

    def close(self) -> None:
        self.end()
        self._client.close()

    def _run(self, heard: Callable[[], None]) -> None:
        pause = self._first_pause
        while not self._ended.is_set():
            try:
                connected = self._hold(heard)
            except CareError:
                # The polls tell of it: they meet the same network. Without a token, `carecli doctor` does.
                connected = False
            pause = self._first_pause if connected else min(pause * 2, _LONGEST_PAUSE)
            self._ended.wait(pause)

    def _hold(self, heard: Callable[[], None]) -> bool:
        """Hold one connection until it ends; whether there was one."""
        headers = {"Authorization": f"Bearer {self._app_only()}"}
        if not self._rule_stands(headers):
            return False
        connected = False

        def line(text: bytes) -> None:
            nonlocal connected
            # What was written before there was a connection is worth a look too.
            if not connected or self._is_ours(text):
                heard()
            connected = True

        self._client.listen(f"{_STREAM}?tweet.fields=author_id", line, headers=headers)
        return connected

    def _rule_stands(self, headers: dict[str, str]) -> bool:
        """Whether the app has our rule; it is added where it is missing, and left for the next time."""
        rule = {"value": self._rule(), "tag": self._tag()}
        told = self._answer(self._client.exchange("GET", _RULES, headers=headers))
        if told is None:
            return False
        if rule["tag"] in _tags(told.get("data")):
            return True
        body = msgspec.json.encode({"add": [rule]})
        asked = self._client.exchange(
            "POST", _RULES, headers={**headers, "Content-Type": "application/json"}, body=body
        )
        return self._answer(asked) is not None

    def _answer(self, answer: Answer | Failure) -> dict[str, Any] | None:
        if isinstance(answer, Failure) or refused(answer, self._clock.now()) is not None:
            return None
        told = decoded(answer, dict[str, Any], NETWORK)
        return None if isinstance(told, Failure) else told

    def _is_ours(self, text: bytes) -> bool:
        """Whether a line is a post by our rule. It is charged whichever rule brought it."""
        told = decoded(Answer(200, body=text), dict[str, Any], NETWORK) if text else {}
        if isinstance(told, Failure):
            return False
        data, rules = told.get("data"), told.get("matching_rules")
        if isinstance(data, dict) and data.get("id"):
            self._spendings.read("posts read", [data["id"]], self._clock.now().date())
        return self._tag() in _tags(rules)

    def _tag(self) -> str:
        return f"{_TAG}:{self._me().remote_id}"

    def _rule(self) -> str:
        handle = self._me().handle
        return f"@{handle} -is:retweet -from:{handle}"


def _tags(rules: object) -> list[object]:
    """The tags of a list of rules, whatever stands in its place."""
    return [one.get("tag") for one in rules if isinstance(one, dict)] if isinstance(rules, list) else []
