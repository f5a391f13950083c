"""The one door to X: tweepy makes the calls, and what carries them is bounded, counted and read here.

tweepy knows X's routes and signs requests, but sets no time limit, drops headers and stumbles over answers that it did
not expect: so its session gets an adapter that hands each request to `channels.http`, and what came of it is kept.
Not for: what is asked (`reading`, `posting`).
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
import tweepy
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from carecli.channels.answers import Answer, Failure, decoded, moment_in
from carecli.channels.http import Bounds, HttpClient
from carecli.channels.x.keys import Keys
from carecli.channels.x.limits import Route, Windows
from carecli.channels.x.refusals import NETWORK, refused
from carecli.channels.x.tokens import Bearer, OAuth1
from carecli.clock import Clock
from carecli.errors import NeedsPerson, NetworkFailure

BOUNDS = Bounds(connect=5.0, silence=10.0, total=15.0)
_TWEEPY_S_HOST = "https://"

# An answer's date has whole seconds, and has been on its way.
_SAME_TIME = timedelta(seconds=3)

# These write whole requests, with their secrets, to whoever listens on the level "debug".
_TELLTALES = ("tweepy.client", "requests_oauthlib.oauth1_auth", "oauthlib.oauth1.rfc5849")

# What is asked of tweepy's client. The second argument says whether the call is signed with OAuth 1.0a keys.
Ask = Callable[[tweepy.Client, bool], object]


class Door:
    """Makes calls to X for one account, one at a time. Safe for several threads.

    url: X's API. seconds: of the machine's clock. Raises `ConfigError` for an address that is none.
    """

    def __init__(
        self,
        keys: Keys,
        clock: Clock,
        url: str,
        *,
        bounds: Bounds = BOUNDS,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._keys = keys
        self._clock = clock
        self._seconds = seconds
        self._windows = Windows()
        self._skew = timedelta(0)
        self._line = _Line(url, bounds)
        self._lock = threading.Lock()
        self._held: tuple[OAuth1 | Bearer, tweepy.Client] | None = None
        for name in _TELLTALES:
            logging.getLogger(name).disabled = True

    def call(self, route: Route, ask: Ask, *, urgent: bool = False, begins_by: float = math.inf) -> Answer | Failure:
        """Make a call, once, or say why not; an `Answer` has a status of success.

        urgent: it may use what is kept of its route's window. begins_by: seconds of the machine's clock after which
        it is not made any more, renewed keys or not. Keys that X refuses are renewed once, and the call made
        with the new ones: a call that was refused so has done nothing.
        """
        with self._lock:
            until = self._windows.rests_until(route, self._clock.now(), urgent=urgent)
            if until is not None:
                return Failure("limited", "X takes no more of these calls for a while.", until)
            try:
                keys = self._keys.keys()
                answer = self._exchange(keys, ask, begins_by)
                if isinstance(answer, Answer) and answer.status == 401:
                    answer = self._exchange(self._keys.refused(keys), ask, begins_by)
            except NeedsPerson as error:
                return Failure("signed_out", error.sentence, remedy=error.remedy)
            except NetworkFailure as error:
                return Failure("not_sent", error.sentence)
            return answer if isinstance(answer, Failure) else self._judged(route, answer)

    def read(
        self, route: Route, ask: Ask, *, urgent: bool = False, begins_by: float = math.inf
    ) -> dict[str, Any] | Failure:
        """As `call`, with the answer's JSON object."""
        answer = self.call(route, ask, urgent=urgent, begins_by=begins_by)
        return answer if isinstance(answer, Failure) else decoded(answer, dict[str, Any], NETWORK)

    @property
    def skew(self) -> timedelta:
        """How far X's clock is ahead of ours by its last answer; zero where they are some seconds apart at most."""
        return self._skew

    def close(self) -> None:
        self._line.close()

    def _judged(self, route: Route, answer: Answer) -> Answer | Failure:
        now = self._clock.now()
        date = moment_in(answer.headers.get("date", ""))
        ahead = date - now if date else timedelta(0)
        self._skew = ahead if abs(ahead) > _SAME_TIME else timedelta(0)
        self._windows.learn(route, answer.headers, now)
        failure = refused(answer, now)
        if failure is None:
            self._windows.answered(route)
        elif failure.kind == "limited":
            until = self._windows.refused(route, failure.until, now)
            return Failure("limited", failure.reason, until)
        return failure or answer

    def _exchange(self, keys: OAuth1 | Bearer, ask: Ask, begins_by: float) -> Answer | Failure:
        if self._seconds() > begins_by:
            return Failure("not_sent", "What has to come before it took too long.")
        client = self._client(keys)
        self._line.take()
        try:
            ask(client, isinstance(keys, OAuth1))
        except Exception:
            # tweepy raises for whatever is not a success, and at times while it reads why. What was heard counts.
            heard = self._line.take()
            if heard is None:
                raise
            return heard
        heard = self._line.take()
        if heard is None:
            raise RuntimeError("tweepy made no call")
        return heard

    def _client(self, keys: OAuth1 | Bearer) -> tweepy.Client:
        if self._held is None or self._held[0] != keys:
            self._held = keys, _signing(keys)
            session = self._held[1].session
            session.adapters.clear()
            session.mount(_TWEEPY_S_HOST, self._line)
            # A netrc file's password would take the token's place; a redirect would be another request.
            session.trust_env = False
            session.max_redirects = 0
        return self._held[1]


def _signing(keys: OAuth1 | Bearer) -> tweepy.Client:
    if isinstance(keys, Bearer):
        return tweepy.Client(bearer_token=keys.token, return_type=requests.Response)
    return tweepy.Client(
        consumer_key=keys.api_key,
        consumer_secret=keys.api_secret,
        access_token=keys.access_token,
        access_token_secret=keys.access_token_secret,
        return_type=requests.Response,
    )


class _Line(BaseAdapter):
    """Hands requests' requests to our own client, and keeps what came of the last one."""

    def __init__(self, url: str, bounds: Bounds) -> None:
        super().__init__()
        self._client = HttpClient(url, NETWORK, bounds=bounds)
        self._heard: Answer | Failure | None = None

    def take(self) -> Answer | Failure | None:
        """What came of the last call, once."""
        heard, self._heard = self._heard, None
        return heard

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: object = None,
        verify: object = True,
        cert: object = None,
        proxies: object = None,
    ) -> requests.Response:
        """Make the call at our own address, within our own bounds; requests' arguments for those are not used."""
        address = urlsplit(str(request.url))
        path = f"{address.path}?{address.query}" if address.query else address.path
        # tweepy sends texts and bytes, never what is read bit by bit.
        body = request.body if isinstance(request.body, str | bytes) else b""
        self._heard = self._client.exchange(
            str(request.method),
            path,
            headers=_sent_on(request.headers),
            body=body.encode() if isinstance(body, str) else body,
            again=_text(request.headers.get("Authorization", "")).startswith("Bearer "),
        )
        if isinstance(self._heard, Failure):
            raise requests.ConnectionError(self._heard.reason, request=request)
        return _response(self._heard, request)

    def close(self) -> None:
        self._client.close()


def _sent_on(headers: Mapping[str, str | bytes]) -> dict[str, str]:
    return {name: _text(headers[name]) for name in ("Authorization", "Content-Type") if name in headers}


def _text(value: str | bytes) -> str:
    # requests-oauthlib leaves its signature as bytes.
    return value.decode() if isinstance(value, bytes) else value


def _response(answer: Answer, request: requests.PreparedRequest) -> requests.Response:
    response = requests.Response()
    response.status_code = answer.status
    response.headers = CaseInsensitiveDict(answer.headers)
    response.raw = BytesIO(answer.body)
    response.url = str(request.url)
    response.request = request
    return response
