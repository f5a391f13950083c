"""Signing in by OAuth 2.0 with PKCE: the page that asks, codes that live 30 seconds, tokens that live two hours.

Refresh tokens are good for one use. Not for: checking tokens (`authorisation`).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from tests.channels.x.network.answers import Answer, said, unauthorized
from tests.channels.x.network.authorisation import Authorisation, Grant

CODE_LIVES = timedelta(seconds=30)
TOKEN_LIVES = timedelta(hours=2)
SCOPES = ("tweet.read", "tweet.write", "users.read", "dm.read", "dm.write", "media.write", "offline.access")


@dataclass(frozen=True)
class Code:
    """An authorize code and what it was given for."""

    text: str
    redirect_uri: str
    challenge: str
    method: str
    scopes: tuple[str, ...]
    until: datetime


@dataclass(frozen=True)
class Tokens:
    """What a client has after signing in; `refresh` is "" without the scope `offline.access`."""

    access: str
    refresh: str
    until: datetime


@dataclass
class SigningIn:
    """The two pages and the token calls. confidential: the app has a secret and must show it.

    consents: whether the person at the page agrees. given: every code and token so far, those that ended included.
    """

    authorisation: Authorisation
    confidential: bool = False
    consents: bool = True
    codes: dict[str, Code] = field(default_factory=dict)
    refreshes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)

    # ── the page ─────────────────────────────────────────────────────────────────────────────────

    def page(self, query: Mapping[str, str]) -> Answer:
        """GET /i/oauth2/authorize: back to the app with a code, or with `access_denied`."""
        right = query.get("response_type") == "code" and query.get("client_id") == self.authorisation.keys.client_id
        scopes = tuple(query.get("scope", "").split())
        method = query.get("code_challenge_method", "")
        asked = all(query.get(name) for name in ("redirect_uri", "state", "code_challenge"))
        if not right or not asked or method not in ("S256", "plain") or not scopes or not set(scopes) <= set(SCOPES):
            sorry = b"<html><body>Something went wrong. You weren't able to give access to the App.</body></html>"
            return Answer(400, sorry, "text/html; charset=utf-8")
        told = {"state": query["state"]}
        if self.consents:
            code = self._fresh("code")
            until = self.authorisation.now() + CODE_LIVES
            self.codes[code] = Code(code, query["redirect_uri"], query["code_challenge"], method, scopes, until)
            told["code"] = code
        else:
            told["error"] = "access_denied"
        place = f"{query['redirect_uri']}?{urlencode(told)}"
        return Answer(302, b"<html><body>Back to the app.</body></html>", "text/html", (("Location", place),))

    # ── tokens ───────────────────────────────────────────────────────────────────────────────────

    def token(self, form: Mapping[str, str], header: str) -> Answer:
        """POST /2/oauth2/token: a code, or a refresh token, for an access token."""
        refused = self._refused_client(form, header)
        if refused is not None:
            return refused
        if form.get("grant_type") == "refresh_token":
            scopes = self.refreshes.pop(form.get("refresh_token", ""), None)
            if scopes is None:
                return _wrong("Value passed for the token was invalid.")
            return self._given(scopes)
        if form.get("grant_type") != "authorization_code":
            return _wrong("Missing required parameter [grant_type].", "unsupported_grant_type")
        code = self.codes.pop(form.get("code", ""), None)
        if code is None or self.authorisation.now() >= code.until or form.get("redirect_uri") != code.redirect_uri:
            return _wrong("Value passed for the authorization code was invalid.")
        if challenge_of(form.get("code_verifier", ""), code.method) != code.challenge:
            return _wrong("Value passed for the code verifier did not match the code challenge.")
        return self._given(code.scopes)

    def revoke(self, form: Mapping[str, str], header: str) -> Answer:
        """POST /2/oauth2/revoke: this token, of either kind, is no longer good."""
        refused = self._refused_client(form, header)
        if refused is not None:
            return refused
        if "token" not in form:
            return _wrong("Missing required parameter [token].")
        self.authorisation.grants.pop(form["token"], None)
        self.refreshes.pop(form["token"], None)
        return said({"revoked": True})

    def app_token(self, form: Mapping[str, str], header: str) -> Answer:
        """POST /oauth2/token: the app's own bearer, for its key and secret."""
        keys = self.authorisation.keys
        if header != _basic(keys.api_key, keys.api_secret) or form.get("grant_type") != "client_credentials":
            return said({"errors": [{"code": 99, "message": "Unable to verify your credentials"}]}, 403)
        return said({"token_type": "bearer", "access_token": keys.bearer_token})

    def sign_in(self, scopes: tuple[str, ...] = SCOPES, lives: timedelta = TOKEN_LIVES) -> Tokens:
        """Tokens as after a whole sign-in, for tests that are about something else."""
        access = self._fresh("access")
        until = self.authorisation.now() + lives
        self.authorisation.grants[access] = Grant(scopes, until)
        refresh = ""
        if "offline.access" in scopes:
            refresh = self._fresh("refresh")
            self.refreshes[refresh] = scopes
        return Tokens(access, refresh, until)

    def _given(self, scopes: tuple[str, ...]) -> Answer:
        tokens = self.sign_in(scopes)
        told: dict[str, object] = {
            "token_type": "bearer",
            "expires_in": int(TOKEN_LIVES.total_seconds()),
            "access_token": tokens.access,
            "scope": " ".join(scopes),
        }
        return said({**told, "refresh_token": tokens.refresh} if tokens.refresh else told)

    def _refused_client(self, form: Mapping[str, str], header: str) -> Answer | None:
        keys = self.authorisation.keys
        if self.confidential:
            if header != _basic(keys.client_id, keys.client_secret):
                told = {"error": "unauthorized_client", "error_description": "Missing valid authorization header"}
                return said(told, 401)
            return None
        if form.get("client_id") != keys.client_id:
            return unauthorized() if "client_id" in form else _wrong("Missing required parameter [client_id].")
        return None

    def _fresh(self, kind: str) -> str:
        seed = hashlib.sha256(f"{kind} {len(self.given)}".encode()).digest()
        self.given.append(base64.urlsafe_b64encode(seed * 2).decode().strip("="))
        return self.given[-1]


def challenge_of(verifier: str, method: str) -> str:
    """What a PKCE verifier is known by (RFC 7636, 4.2); "" for one that is too short or too long."""
    if not 43 <= len(verifier) <= 128:
        return ""
    if method == "plain":
        return verifier
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _basic(name: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()


def _wrong(description: str, error: str = "invalid_request") -> Answer:
    return said({"error": error, "error_description": description}, 400)
