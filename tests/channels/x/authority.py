"""The part of X that signs accounts in, on loopback: consent, single-use codes and refresh tokens, and who one is.

It refuses what X refuses. Faults are scripted per path, each for one call.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from oauthlib.oauth1 import SIGNATURE_TYPE_AUTH_HEADER
from oauthlib.oauth1 import Client as OAuth1Client

from carecli.clock import ManualClock

LIFETIME = timedelta(hours=2)


class Call(NamedTuple):
    """One request as it came."""

    method: str
    path: str
    form: dict[str, str]
    authorization: str


class XAuthority:
    """X's authority. client_secret: "" for an app that has none. `user` is whoever sits at the browser."""

    def __init__(self, clock: ManualClock, client_secret: str = "") -> None:
        self.clock = clock
        self.client_id = "app-1"
        self.client_secret = client_secret
        self.callbacks = {"http://127.0.0.1:8722/callback"}
        self.user = ("2244994945", "NorthwindCare")
        self.oauth1 = ("key", "key-secret", "token", "token-secret")
        self.calls: list[Call] = []
        # Answers in place of the real one, one a call: a status and a body, or "cut" after acting.
        self.faults: dict[str, list[tuple[int, str] | str]] = {}
        self.access: dict[str, datetime] = {}
        self.refresh: set[str] = set()
        self._codes: dict[str, tuple[str, str, datetime]] = {}
        self._made = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def paths(self) -> list[str]:
        return [f"{call.method} {call.path}" for call in self.calls]

    def secrets(self) -> set[str]:
        """Every secret there has been."""
        codes = {part for code, (challenge, _, _) in self._codes.items() for part in (code, challenge)}
        return {*self.access, *self.refresh, *self.oauth1, *codes, *self._spent} - {""}

    # ── what X does ───────────────────────────────────────────────────────────────────────────────

    _spent: frozenset[str] = frozenset()

    def consent(self, url: str, *, allow: bool = True) -> str:
        """What a person does on the page at `url`; the address to which X leads the browser then."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert query["client_id"] == self.client_id
        assert query["redirect_uri"] in self.callbacks, "X shows an error page for an address that is not registered"
        back = {"state": query["state"]}
        if allow:
            code = self._new("code")
            self._codes[code] = (
                query["code_challenge"],
                query["redirect_uri"],
                self.clock.now() + timedelta(seconds=30),
            )
            back["code"] = code
        else:
            back["error"] = "access_denied"
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def grant(self) -> dict[str, object]:
        access, refresh = self._new("access"), self._new("refresh")
        self.access[access] = self.clock.now() + LIFETIME
        self.refresh.add(refresh)
        return {
            "token_type": "bearer", "expires_in": int(LIFETIME.total_seconds()), "access_token": access,
            "refresh_token": refresh, "scope": "tweet.read offline.access",
        }  # fmt: skip

    def answer(self, call: Call) -> tuple[int, object]:
        if call.path == "/2/users/me":
            return self._me(call)
        if not self._knows(call):
            return 401, {"error": "unauthorized_client", "error_description": "Missing valid authorization header"}
        if call.path == "/2/oauth2/revoke":
            self.access.pop(call.form["token"], None)
            self.refresh.discard(call.form["token"])
            return 200, {"revoked": True}
        if call.form.get("grant_type") == "refresh_token":
            token = call.form["refresh_token"]
            if token not in self.refresh:
                return 400, _invalid("token")
            self.refresh.discard(token)
            self._spent |= {token}
            return 200, self.grant()
        challenge, callback, until = self._codes.pop(call.form.get("code", ""), ("", "", self.clock.now()))
        proof = hashlib.sha256(call.form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(proof).rstrip(b"=").decode() != challenge or self.clock.now() >= until:
            return 400, _invalid("authorization code")
        if call.form.get("redirect_uri") != callback:
            return 400, _invalid("redirect uri")
        return 200, self.grant()

    def _knows(self, call: Call) -> bool:
        if self.client_secret:
            pair = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
            return call.authorization == f"Basic {pair}"
        return call.form.get("client_id") == self.client_id

    def _me(self, call: Call) -> tuple[int, object]:
        if call.authorization.startswith("OAuth "):
            known = self._signed(call)
        else:
            token = call.authorization.removeprefix("Bearer ")
            known = self.access.get(token, self.clock.now()) > self.clock.now()
        if not known:
            return 401, {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}
        return 200, {"data": {"id": self.user[0], "name": "Northwind", "username": self.user[1]}}

    def _signed(self, call: Call) -> bool:
        """Whether the signature is the one that these keys give for this very request."""
        sent = dict(part.strip().split("=", 1) for part in call.authorization.removeprefix("OAuth ").split(","))
        given = {name: value.strip('"') for name, value in sent.items()}
        key, key_secret, token, token_secret = self.oauth1
        ours = OAuth1Client(
            key, key_secret, token, token_secret, signature_type=SIGNATURE_TYPE_AUTH_HEADER,
            nonce=given["oauth_nonce"], timestamp=given["oauth_timestamp"],
        )  # fmt: skip
        _, headers, _ = ours.sign(f"{self.url}{call.path}", http_method=call.method)
        return bool(headers["Authorization"] == call.authorization)

    def _new(self, kind: str) -> str:
        self._made += 1
        return f"{kind}-{self._made:06}-hush"


def _invalid(what: str) -> dict[str, str]:
    description = f"Value passed for the {what} was invalid."
    return {"error": "invalid_request", "error_description": description}


def _handler(authority: XAuthority) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def _answer(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            call = Call(method, urlsplit(self.path).path, form, self.headers.get("Authorization") or "")
            authority.calls.append(call)
            scripted = authority.faults.get(call.path)
            fault = scripted.pop(0) if scripted else None
            if isinstance(fault, tuple):
                self._send(*fault)
                return
            if call.path == "/i/oauth2/authorize":
                self.send_response(302)
                self.send_header("Location", authority.consent(self.path))
                self.end_headers()
                return
            status, answer = authority.answer(call)
            if fault is None:
                self._send(status, json.dumps(answer))

        def _send(self, status: int, text: str) -> None:
            data = text.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *words: object) -> None:
            """Say nothing."""

    return Handler
