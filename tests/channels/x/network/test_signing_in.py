"""Signing in by OAuth 2.0 with PKCE, as X has it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from carecli.clock import ManualClock
from tests.channels.x.network.signing_in import SCOPES, challenge_of
from tests.channels.x.server import XServer

BACK = "http://127.0.0.1:8722/callback"
VERIFIER = "v" * 64


@pytest.fixture
def http(x: XServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=x.url, verify=False, trust_env=False) as client:
        yield client


def asked(x: XServer, http: httpx.Client, **other: str) -> httpx.Response:
    query = {
        "response_type": "code",
        "client_id": x.keys.client_id,
        "redirect_uri": BACK,
        "scope": " ".join(SCOPES),
        "state": "s1",
        "code_challenge": challenge_of(VERIFIER, "S256"),
        "code_challenge_method": "S256",
        **other,
    }
    return http.get("/i/oauth2/authorize", params=query)


def code(x: XServer, http: httpx.Client, **other: str) -> str:
    told = parse_qs(urlsplit(asked(x, http, **other).headers["Location"]).query)
    assert told["state"] == ["s1"]
    return told["code"][0]


def exchanged(x: XServer, http: httpx.Client, code: str, **other: str) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "client_id": x.keys.client_id,
        "code_verifier": VERIFIER,
        **other,
    }
    return http.post("/2/oauth2/token", data=form)


def refreshed(x: XServer, http: httpx.Client, token: str) -> httpx.Response:
    form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": x.keys.client_id}
    return http.post("/2/oauth2/token", data=form)


def me(http: httpx.Client, token: str) -> int:
    return http.get("/2/users/me", headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_code_and_its_verifier_bring_tokens_that_work(x: XServer, http: httpx.Client) -> None:
    told = exchanged(x, http, code(x, http)).json()
    assert told["expires_in"] == 7200
    assert told["token_type"] == "bearer"
    assert set(told["scope"].split()) == set(SCOPES)
    assert me(http, told["access_token"]) == 200


def test_a_plain_challenge_is_taken_too(x: XServer, http: httpx.Client) -> None:
    given = code(x, http, code_challenge=VERIFIER, code_challenge_method="plain")
    assert exchanged(x, http, given).status_code == 200


def test_a_code_lives_30_seconds(x: XServer, http: httpx.Client, clock: ManualClock) -> None:
    given = code(x, http)
    clock.advance(30)
    answer = exchanged(x, http, given)
    assert answer.status_code == 400
    assert answer.json()["error_description"] == "Value passed for the authorization code was invalid."


def test_a_code_is_good_once(x: XServer, http: httpx.Client) -> None:
    given = code(x, http)
    assert [exchanged(x, http, given).status_code for _ in range(2)] == [200, 400]


@pytest.mark.parametrize("other", [{"code_verifier": "w" * 64}, {"redirect_uri": BACK + "/"}, {"client_id": "other"}])
def test_a_code_is_of_no_use_to_others(x: XServer, http: httpx.Client, other: dict[str, str]) -> None:
    assert exchanged(x, http, code(x, http), **other).status_code in (400, 401)


@pytest.mark.parametrize(
    "other", [{"client_id": "other"}, {"state": ""}, {"scope": "everything"}, {"code_challenge_method": "S512"}]
)
def test_the_page_knows_a_request_that_is_wrong(x: XServer, http: httpx.Client, other: dict[str, str]) -> None:
    answer = asked(x, http, **other)
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_who_says_no_is_sent_back_without_a_code(x: XServer, http: httpx.Client) -> None:
    x.api.signing_in.consents = False
    told = parse_qs(urlsplit(asked(x, http).headers["Location"]).query)
    assert told == {"state": ["s1"], "error": ["access_denied"]}


def test_a_refresh_token_is_good_once_and_brings_the_next(x: XServer, http: httpx.Client) -> None:
    first = exchanged(x, http, code(x, http)).json()["refresh_token"]
    second = refreshed(x, http, first).json()
    assert me(http, second["access_token"]) == 200
    again = refreshed(x, http, first)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_request")
    assert refreshed(x, http, second["refresh_token"]).status_code == 200


def test_without_the_scope_for_it_there_is_no_refresh_token(x: XServer, http: httpx.Client) -> None:
    assert "refresh_token" not in exchanged(x, http, code(x, http, scope="tweet.read users.read")).json()


def test_what_is_revoked_is_refused(x: XServer, http: httpx.Client) -> None:
    tokens = x.sign_in()
    for token in (tokens.access, tokens.refresh):
        answer = http.post("/2/oauth2/revoke", data={"token": token, "client_id": x.keys.client_id})
        assert answer.json() == {"revoked": True}
    assert me(http, tokens.access) == 401
    assert refreshed(x, http, tokens.refresh).status_code == 400


def test_an_app_with_a_secret_must_show_it(x: XServer, http: httpx.Client) -> None:
    x.api.signing_in.confidential = True
    given = code(x, http)
    assert exchanged(x, http, given).json()["error_description"] == "Missing valid authorization header"
    form = {"grant_type": "authorization_code", "code": given, "redirect_uri": BACK, "code_verifier": VERIFIER}
    answer = http.post("/2/oauth2/token", data=form, auth=(x.keys.client_id, x.keys.client_secret))
    assert answer.status_code == 200


def test_an_app_gets_its_own_bearer_for_its_key_and_secret(x: XServer, http: httpx.Client) -> None:
    shown = base64.b64encode(f"{x.keys.api_key}:{x.keys.api_secret}".encode()).decode()
    form = {"grant_type": "client_credentials"}
    told = http.post("/oauth2/token", data=form, headers={"Authorization": f"Basic {shown}"}).json()
    assert told == {"token_type": "bearer", "access_token": x.keys.bearer_token}
    assert http.post("/oauth2/token", data=form, auth=("a", "b")).status_code == 403
