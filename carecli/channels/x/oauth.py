"""OAuth 2.0 at X, with PKCE (RFC 7636): from a person's consent to tokens, and from a refresh token to new ones.

Each call is made once and bounded, and raises sentences in which nothing secret stands. Not for: keeping the tokens
(`tokens`), or OAuth 1.0a, whose keys come ready-made from X's developer page (`identity` signs with them).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import msgspec

from carecli.channels.answers import Answer, Failure, decoded, error_of
from carecli.channels.x.refusals import NETWORK
from carecli.credentials.sealed import Sealed
from carecli.errors import NeedsPerson, Refused
from carecli.safetext import sanitize_line

if TYPE_CHECKING:
    from carecli.channels.http import Bounds

# What a desk does at X, and `offline.access`, without which there is no refresh token.
SCOPES = "tweet.read tweet.write users.read dm.read dm.write media.write offline.access"
# The page of consent is on X's site, the rest at its API; a server that stands in for X has both.
_API_HOSTS = frozenset({"api.x.com", "api.twitter.com"})
_SITE = "https://x.com"
# X's own (docs.x.com, OAuth 2.0 authorization code flow), where an answer does not say it.
_LIFETIME_SECONDS = 7200
_LONGEST_LIFETIME = 366 * 86400.0
_LONGEST_CODE = 4096
_LONGEST_DETAIL = 200


class App(Sealed, frozen=True):
    """The developer app that speaks for the account. Only an app of the confidential kinds has a secret."""

    client_id: str
    client_secret: str = ""


class Attempt(Sealed, frozen=True):
    """One asking for consent: what must come back (`state`, to `callback`), and what proves that it was ours."""

    state: str
    verifier: str
    callback: str


class Grant(Sealed, frozen=True):
    """What X gave. `refresh_token` may be "" where it was not allowed to; `expires_at` is aware UTC."""

    access_token: str
    refresh_token: str
    expires_at: datetime


class NotTaken(Exception):
    """X refuses the code or the token that it was given, now and later. Its text is what X says of that, or ""."""


class _Answer(msgspec.Struct, frozen=True):
    access_token: str
    refresh_token: str = ""
    expires_in: float = _LIFETIME_SECONDS


def new_attempt(callback: str, random: Callable[[int], bytes]) -> Attempt:
    """A new asking for consent. random: so many bytes that nobody can guess."""
    return Attempt(_unpadded(random(32)), _unpadded(random(32)), callback)


def consent_url(url: str, app: App, attempt: Attempt) -> str:
    """The page on which a person allows it. url: X's API, or the server that stands in for it."""
    site = _SITE if urlsplit(url).hostname in _API_HOSTS else url.rstrip("/")
    query = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": attempt.callback,
        "scope": SCOPES,
        "state": attempt.state,
        "code_challenge": _unpadded(hashlib.sha256(attempt.verifier.encode()).digest()),
        "code_challenge_method": "S256",
    }
    return f"{site}/i/oauth2/authorize?{urlencode(query, quote_via=quote)}"


def code_in(answer: str, attempt: Attempt) -> str:
    """The code in what came back: the whole address to which X led, its query, or the bare code.

    A bare code has no state; that it was made for this attempt is then shown by the verifier alone. Raises `Refused`.
    """
    answer = answer.strip()
    if "=" not in answer:
        return _code(answer)
    query = _query(answer)
    error, code = (query.get(name, [""])[0] for name in ("error", "code"))
    if not is_of(answer, attempt):
        raise Refused("That answer belongs to another sign-in.", "Start again, and use the newest page only.")
    if error:
        said = "was declined at X" if error == "access_denied" else f"failed at X ({sanitize_line(error)[:60]})"
        raise Refused(f"The sign-in {said}.", "Start again when the account may be used.")
    return _code(code)


def is_of(answer: str, attempt: Attempt) -> bool:
    """Whether an address, or its query, came back for this very attempt."""
    state = _query(answer).get("state", [""])[0]
    return hmac.compare_digest(state.encode(errors="replace"), attempt.state.encode())


def _query(answer: str) -> dict[str, list[str]]:
    return parse_qs(answer.partition("?")[2].partition("#")[0] or answer)


def _code(text: str) -> str:
    if not is_token(text) or len(text) > _LONGEST_CODE:
        raise Refused("There is no code in that answer.", "Paste the whole address to which X led the browser.")
    return text


def is_token(text: str) -> bool:
    """Whether `text` can be a token, a key or a code: such as can stand in a header as it is."""
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


class Authority:
    """X's word on who may do what, for one app. url: X's API."""

    def __init__(self, url: str, app: App, *, bounds: Bounds | None = None) -> None:
        self._url = url
        self._app = app
        self._bounds = bounds

    def exchange(self, attempt: Attempt, code: str, now: datetime) -> Grant:
        """Tokens for a code, which holds for 30 seconds and once.

        Raises `Refused` where X does not take it, `NetworkFailure`, and `NeedsPerson` where X does not know the app.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": attempt.callback,
            "code_verifier": attempt.verifier,
        }
        try:
            return self._granted(form, now)
        except NotTaken as error:
            sentence = f"X did not take the code. {error}".rstrip()
            raise Refused(sentence, "It holds for 30 seconds and once: start again.") from None

    def renew(self, refresh_token: str, now: datetime) -> Grant:
        """New tokens for a refresh token, which is used up by it, whether the answer arrives or not.

        Raises `NetworkFailure`, `NotTaken` where it holds no more, and `NeedsPerson`.
        """
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self._granted(form, now)

    def revoke(self, token: str, now: datetime) -> None:
        """End a token at X. Raises `NetworkFailure`, and `NeedsPerson` where X refuses that."""
        try:
            self._call("/2/oauth2/revoke", {"token": token}, now)
        except NotTaken as error:
            raise NeedsPerson(f"X did not end the token. {error}".rstrip()) from None

    def _granted(self, form: Mapping[str, str], now: datetime) -> Grant:
        body = decoded(self._call("/2/oauth2/token", form, now), _Answer, NETWORK)
        if isinstance(body, Failure):
            raise error_of(body)
        if not is_token(body.access_token) or not is_token(body.refresh_token or "none"):
            raise error_of(Failure("unknown", "X gave tokens that cannot be used."))
        # A renewal may leave the refresh token as it was (RFC 6749, 6).
        refresh_token = body.refresh_token or form.get("refresh_token", "")
        lifetime = timedelta(seconds=min(max(body.expires_in, 0.0), _LONGEST_LIFETIME))
        return Grant(body.access_token, refresh_token, now + lifetime)

    def _call(self, path: str, form: Mapping[str, str], now: datetime) -> Answer:
        from carecli.channels.http import HttpClient

        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if self._app.client_secret:
            pair = f"{self._app.client_id}:{self._app.client_secret}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            form = {**form, "client_id": self._app.client_id}
        client = HttpClient(self._url, NETWORK, bounds=self._bounds)
        try:
            answer = client.call("POST", path, now=now, headers=headers, body=urlencode(form).encode())
        finally:
            client.close()
        if isinstance(answer, Answer):
            return answer
        if answer.kind == "signed_out":
            raise NeedsPerson(
                "X does not know this app, or not with this secret.",
                "Sign in again with `carecli login x --client-id ID`, which asks for the client secret.",
            )
        if answer.kind == "refused":
            raise NotTaken(self._detail(answer.body, form))
        raise error_of(answer)

    def _detail(self, body: bytes, form: Mapping[str, str]) -> str:
        """What X says of its refusal, unless it says back what was sent."""
        try:
            said = sanitize_line(str(json.loads(body)["error_description"]))[:_LONGEST_DETAIL]
        except (ValueError, RecursionError, LookupError, TypeError):
            return ""
        secret = {*form.values(), self._app.client_secret} - {"", "authorization_code", "refresh_token"}
        return "" if any(one in said for one in secret) else f"It says: {said}"


def _unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
