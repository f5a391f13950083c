"""Who asks: keys of OAuth 1.0a with a signature that is worked out again, OAuth 2 tokens that expire, app-only bearers.

The signature follows RFC 5849 and is written apart from the libraries that make it.
Not for: handing out tokens (`signing_in`), or limits.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote

from tests.channels.x.network.answers import PROBLEMS, Answer, Refusal, problem, unauthorized
from tests.channels.x.network.facts import Call

Kind = Literal["oauth1", "oauth2", "app", "none"]
# A client signs for the host it means; where it is sent instead is the test's affair.
SIGNED_FOR = ("https://api.twitter.com", "https://api.x.com")


@dataclass(frozen=True)
class Keys:
    """The secrets of one app and of one account in it."""

    client_id: str = "client-id"
    client_secret: str = "client-secret"
    api_key: str = "api-key"
    api_secret: str = "api-secret"
    access_token: str = "2244994945-access"
    access_token_secret: str = "access-secret"
    bearer_token: str = "app-only-bearer"


@dataclass(frozen=True)
class Grant:
    """What an OAuth 2 access token stands for."""

    scopes: tuple[str, ...]
    until: datetime


@dataclass
class Authorisation:
    """Checks each request's keys. `grants`: the access tokens in force, by their text."""

    keys: Keys
    now: Callable[[], datetime]
    grants: dict[str, Grant] = field(default_factory=dict)
    _nonces: set[tuple[str, str]] = field(default_factory=set)

    def kind_of(self, header: str) -> Kind:
        """Which kind of keys a request shows, whether they are good or not."""
        if header.startswith("OAuth "):
            return "oauth1"
        if header == f"Bearer {self.keys.bearer_token}":
            return "app"
        return "oauth2" if header.startswith("Bearer ") else "none"

    def check(self, call: Call, header: str, url_path: str, form: Sequence[tuple[str, str]], own_url: str) -> Kind:
        """Let a request pass, or raise `Refusal` as X words it. url_path: path and query as sent."""
        kind = self.kind_of(header)
        if kind == "none":
            raise Refusal(unauthorized())
        if kind == "app":
            if not call.app_only:
                raise Refusal(
                    _unsupported("OAuth 2.0 Application-Only", ["OAuth 1.0a User Context", "OAuth 2.0 User Context"])
                )
            return kind
        if kind == "oauth1":
            self._check_signature(call.method, header, url_path, form, own_url)
        else:
            self._check_grant(call, header.removeprefix("Bearer "))
        if not call.by_user:
            said = {"oauth1": "OAuth 1.0a User Context", "oauth2": "OAuth 2.0 User Context"}[kind]
            raise Refusal(_unsupported(said, ["OAuth 2.0 Application-Only"]))
        return kind

    def _check_grant(self, call: Call, token: str) -> None:
        grant = self.grants.get(token)
        if grant is None or self.now() >= grant.until:
            raise Refusal(unauthorized())
        if not set(call.scopes) <= set(grant.scopes):
            raise Refusal(problem(403, "Forbidden", "Forbidden"))

    def _check_signature(
        self, method: str, header: str, url_path: str, form: Sequence[tuple[str, str]], own_url: str
    ) -> None:
        told = _told_in(header)
        nonce = (told.get("oauth_timestamp", ""), told.get("oauth_nonce", ""))
        known = (told.get("oauth_consumer_key"), told.get("oauth_token")) == (self.keys.api_key, self.keys.access_token)
        if not known or not all(nonce) or nonce in self._nonces or told.get("oauth_signature_method") != "HMAC-SHA1":
            raise Refusal(unauthorized())
        signed = {name: value for name, value in told.items() if name not in ("oauth_signature", "realm")}
        path, _, query = url_path.partition("?")
        pairs = [*signed.items(), *parse_qsl(query, keep_blank_values=True), *form]
        secrets = (self.keys.api_secret, self.keys.access_token_secret)
        expected = [signature(method, host + path, pairs, *secrets) for host in (own_url, *SIGNED_FOR)]
        if told.get("oauth_signature") not in expected:
            raise Refusal(unauthorized())
        self._nonces.add(nonce)


def signature(method: str, url: str, pairs: Sequence[tuple[str, str]], secret: str, token_secret: str) -> str:
    """The HMAC-SHA1 signature of a request (RFC 5849, 3.4.2). pairs: query, form and `oauth_` parameters, decoded."""
    parameters = "&".join(f"{name}={value}" for name, value in sorted((_written(n), _written(v)) for n, v in pairs))
    base = "&".join(_written(part) for part in (method.upper(), url, parameters))
    key = f"{_written(secret)}&{_written(token_secret)}"
    return base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()).decode()


def _told_in(header: str) -> Mapping[str, str]:
    parts = [part.strip().partition("=") for part in header.removeprefix("OAuth ").split(",")]
    return {unquote(name): unquote(value.strip('"')) for name, _, value in parts}


def _written(text: str) -> str:
    return quote(text, safe="~")


def _unsupported(used: str, taken: Sequence[str]) -> Answer:
    detail = (
        f"Authenticating with {used} is forbidden for this endpoint.  "
        f"Supported authentication types are [{', '.join(taken)}]."
    )
    return problem(403, "Unsupported Authentication", detail, PROBLEMS + "unsupported-authentication")
