"""Who is let in: signatures are worked out again, tokens expire, scopes are looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from oauthlib import oauth1

from carecli.clock import ManualClock
from tests.channels.x.network import authorisation
from tests.channels.x.network.client import PlainClient
from tests.channels.x.network.signing_in import SCOPES
from tests.channels.x.server import XServer


def signed(x: XServer, method: str, target: str, host: str = "", **other: str) -> httpx.Response:
    """Ask with a signature that oauthlib makes, for `host` if one is given; `other` keys in place of the right ones."""
    keys = x.keys
    named = {
        "client_key": keys.api_key,
        "client_secret": keys.api_secret,
        "resource_owner_key": keys.access_token,
        "resource_owner_secret": keys.access_token_secret,
        **other,
    }
    _, headers, _ = oauth1.Client(**named).sign((host or x.url) + target, http_method=method)
    return httpx.request(method, x.url + target, headers=headers, verify=False)


@pytest.fixture
def bare(x: XServer) -> Iterator[PlainClient]:
    """A client without any keys."""
    client = PlainClient(x, "")
    yield client
    client.close()


def test_the_signature_is_that_of_x_s_own_example() -> None:
    """docs.x.com, "Creating a signature"."""
    pairs = [
        ("status", "Hello Ladies + Gentlemen, a signed OAuth request!"),
        ("include_entities", "true"),
        ("oauth_consumer_key", "xvz1evFS4wEEPTGEFPHBog"),
        ("oauth_nonce", "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "1318622958"),
        ("oauth_token", "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb"),
        ("oauth_version", "1.0"),
    ]
    made = authorisation.signature(
        "POST",
        "https://api.x.com/1.1/statuses/update.json",
        pairs,
        "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
        "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
    )
    assert made == "Ls93hJiZbQ3akF3HF3x1Bz8/zU4="


@pytest.mark.parametrize("host", ["", "https://api.twitter.com", "https://api.x.com"])
def test_a_good_signature_is_let_in_whichever_of_x_s_hosts_it_was_made_for(x: XServer, host: str) -> None:
    assert signed(x, "GET", "/2/users/me?user.fields=protected", host).status_code == 200
    assert x.requests[-1].keys == "oauth1"


@pytest.mark.parametrize("wrong", ["client_key", "client_secret", "resource_owner_key", "resource_owner_secret"])
def test_each_of_the_four_keys_must_be_right(x: XServer, wrong: str) -> None:
    assert signed(x, "GET", "/2/users/me", **{wrong: "other"}).status_code == 401


def test_a_signature_for_another_request_is_refused(x: XServer) -> None:
    assert signed(x, "GET", "/2/users/me", "https://elsewhere.example").status_code == 401
    _, headers, _ = oauth1.Client(x.keys.api_key, x.keys.api_secret, x.keys.access_token).sign(f"{x.url}/2/users/me")
    assert httpx.get(f"{x.url}/2/users/me?user.fields=url", headers=headers, verify=False).status_code == 401


def test_a_signature_is_good_for_one_request(x: XServer) -> None:
    keys = x.keys
    client = oauth1.Client(keys.api_key, keys.api_secret, keys.access_token, keys.access_token_secret)
    _, headers, _ = client.sign(f"{x.url}/2/users/me")
    codes = [httpx.get(f"{x.url}/2/users/me", headers=headers, verify=False).status_code for _ in range(2)]
    assert codes == [200, 401]


def test_without_keys_nothing_is_told(bare: PlainClient) -> None:
    answer = bare.get("/2/users/me")
    assert (answer.status_code, answer.json()["title"]) == (401, "Unauthorized")


def test_a_token_is_good_for_two_hours(x: XServer, client: PlainClient, clock: ManualClock) -> None:
    clock.advance(7199)
    assert client.get("/2/users/me").status_code == 200
    clock.advance(1)
    assert client.get("/2/users/me").status_code == 401


def test_a_token_without_the_scope_is_forbidden(x: XServer, bare: PlainClient) -> None:
    scopes = tuple(scope for scope in SCOPES if scope != "dm.read")
    bare.header = f"Bearer {x.sign_in(scopes, timedelta(hours=1)).access}"
    assert bare.get("/2/dm_events").status_code == 403
    assert bare.get("/2/users/me").status_code == 200


def test_the_app_s_own_keys_neither_post_nor_read_messages(x: XServer, bare: PlainClient) -> None:
    bare.header = f"Bearer {x.keys.bearer_token}"
    assert bare.mentions().status_code == 200
    for answer in (bare.publish("hello"), bare.get("/2/dm_events"), bare.get("/2/users/me")):
        assert (answer.status_code, answer.json()["title"]) == (403, "Unsupported Authentication")


def test_a_user_s_keys_do_not_open_the_stream(client: PlainClient) -> None:
    assert client.get("/2/tweets/search/stream/rules").json()["title"] == "Unsupported Authentication"


def test_the_log_says_which_keys_came_and_keeps_no_secret(x: XServer, client: PlainClient) -> None:
    client.get("/2/users/me")
    assert x.requests[-1].keys == "oauth2"
    assert client.header.removeprefix("Bearer ") not in repr(x.requests)
