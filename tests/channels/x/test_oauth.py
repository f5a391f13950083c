"""OAuth 2.0 at X: what a page of consent is asked with, what may come back, and what tokens are got for it."""

from __future__ import annotations

import base64
import hashlib
import os
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.channels.x.oauth import App, Attempt, Authority, code_in, consent_url, is_token, new_attempt
from carecli.clock import ManualClock
from carecli.errors import CareError, NeedsPerson, NetworkFailure, Refused
from tests.channels.x.server import FailureKind, XServer

CALLBACK = "http://127.0.0.1:8722/callback"
ATTEMPT = Attempt("state-1", "verifier-1", CALLBACK)
TOKEN = "POST /2/oauth2/token"


def app_of(x: XServer) -> App:
    return App(x.keys.client_id, x.keys.client_secret if x.api.signing_in.confidential else "")


def allowed(x: XServer, attempt: Attempt, url: str = "") -> str:
    """The address to which X leads the browser of somebody who allows it."""
    return httpx.get(url or consent_url(x.url, app_of(x), attempt)).headers["location"]


def test_the_page_is_on_xs_site_unless_a_server_stands_in_for_it() -> None:
    app = App("app-1")
    assert consent_url("https://api.twitter.com", app, ATTEMPT).startswith("https://x.com/i/oauth2/authorize?")
    assert consent_url("http://127.0.0.1:9/", app, ATTEMPT).startswith("http://127.0.0.1:9/i/oauth2/authorize?")


def test_the_page_is_asked_with_what_the_verifier_hashes_to_and_never_with_a_secret() -> None:
    url = consent_url("https://api.twitter.com", App("app-1", "hush"), ATTEMPT)
    query = parse_qs(urlsplit(url).query)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"verifier-1").digest()).rstrip(b"=").decode()
    assert query == {
        "response_type": ["code"], "client_id": ["app-1"], "redirect_uri": [CALLBACK], "state": ["state-1"],
        "code_challenge": [challenge], "code_challenge_method": ["S256"],
        "scope": ["tweet.read tweet.write users.read dm.read dm.write media.write offline.access"],
    }  # fmt: skip
    assert "hush" not in url
    assert "verifier-1" not in url


def test_no_two_attempts_are_alike_and_each_is_as_long_as_the_rules_ask() -> None:
    one, two = new_attempt(CALLBACK, os.urandom), new_attempt(CALLBACK, os.urandom)
    assert len({one.state, two.state, one.verifier, two.verifier}) == 4
    assert all(43 <= len(text) <= 128 and is_token(text) for text in (one.verifier, one.state))


@pytest.mark.parametrize(
    "answer",
    [
        f"{CALLBACK}?state=state-1&code=abc",
        f"  {CALLBACK}?code=abc&state=state-1#_\n",
        "state=state-1&code=abc",
        "/callback?state=state-1&code=abc",
        "abc",
        "\tabc\r\n",
    ],
)
def test_the_code_is_found_in_whatever_a_person_pastes(answer: str) -> None:
    assert code_in(answer, ATTEMPT) == "abc"


@pytest.mark.parametrize("answer", ["?state=state-2&code=abc", "?code=abc", "?state=&code=abc", "?state=%00&code=x"])
def test_another_state_is_refused(answer: str) -> None:
    with pytest.raises(Refused, match="belongs to another sign-in"):
        code_in(CALLBACK + answer, ATTEMPT)


def test_a_person_who_declines_is_no_failure_of_anything() -> None:
    with pytest.raises(Refused, match="was declined at X"):
        code_in(f"{CALLBACK}?state=state-1&error=access_denied", ATTEMPT)


@pytest.mark.parametrize("answer", ["", "two words", "żółć", f"{CALLBACK}?state=state-1", "x" * 5000, "\x00"])
def test_an_answer_without_a_code_is_refused(answer: str) -> None:
    with pytest.raises(Refused, match="no code in that answer"):
        code_in(answer, ATTEMPT)


@given(answer=st.text() | st.text("/[]?&=#:%", max_size=12).map("//{}".format))
def test_any_text_is_a_code_or_a_sentence(answer: str) -> None:
    try:
        assert is_token(code_in(answer, ATTEMPT))
    except Refused as error:
        assert str(error)


@pytest.mark.parametrize("confidential", [False, True])
def test_a_code_becomes_tokens_once(clock: ManualClock, confidential: bool) -> None:
    with XServer(clock.now, confidential=confidential) as x:
        attempt = new_attempt(CALLBACK, os.urandom)
        code = code_in(allowed(x, attempt), attempt)
        authority = Authority(x.url, app_of(x))
        grant = authority.exchange(attempt, code, clock.now())
        assert grant.access_token in x.api.authorisation.grants
        assert grant.refresh_token in x.api.signing_in.refreshes
        assert (grant.expires_at - clock.now()).total_seconds() == 7200
        with pytest.raises(Refused, match="did not take the code"):
            authority.exchange(attempt, code, clock.now())


def test_a_code_of_half_a_minute_ago_is_refused_with_the_reason(x: XServer, clock: ManualClock) -> None:
    attempt = new_attempt(CALLBACK, os.urandom)
    code = code_in(allowed(x, attempt), attempt)
    clock.advance(30)
    with pytest.raises(Refused, match="30 seconds"):
        Authority(x.url, app_of(x)).exchange(attempt, code, clock.now())


def test_a_code_that_another_attempt_was_given_is_worth_nothing(x: XServer, clock: ManualClock) -> None:
    ours, theirs = new_attempt(CALLBACK, os.urandom), new_attempt(CALLBACK, os.urandom)
    code = code_in(allowed(x, theirs), theirs)
    with pytest.raises(Refused, match="code verifier did not match"):
        Authority(x.url, app_of(x)).exchange(ours, code, clock.now())


def test_an_app_that_x_does_not_know_is_said(clock: ManualClock) -> None:
    with XServer(clock.now, confidential=True) as x, pytest.raises(NeedsPerson, match="client secret"):
        Authority(x.url, App(x.keys.client_id, "wrong")).renew("any", clock.now())


@pytest.mark.parametrize(
    ("fault", "error"),
    [("html_503", NetworkFailure), ("html_200", NetworkFailure), ("cut", NetworkFailure), ("credits", NeedsPerson)],
)
def test_each_way_of_failing_is_a_sentence(
    x: XServer, clock: ManualClock, fault: FailureKind, error: type[CareError]
) -> None:
    x.fail(TOKEN, fault)
    with pytest.raises(error):
        Authority(x.url, app_of(x)).renew("any", clock.now())


def test_a_revoked_token_is_good_no_more(x: XServer, clock: ManualClock) -> None:
    tokens = x.sign_in()
    authority = Authority(x.url, app_of(x))
    authority.revoke(tokens.refresh, clock.now())
    authority.revoke(tokens.access, clock.now())
    assert not x.api.authorisation.grants
    assert not x.api.signing_in.refreshes
