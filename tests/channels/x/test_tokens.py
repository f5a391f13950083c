"""The keys of an X account: fresh when they are needed, renewed once, kept before they are used, and never shown."""

from __future__ import annotations

import multiprocessing
import pprint
import threading
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.pretty import pretty_repr

from carecli.channels.answers import Failure
from carecli.channels.http import HttpClient
from carecli.channels.x.oauth import App, Attempt, Authority, Grant, NotTaken
from carecli.channels.x.tokens import Bearer, OAuth1, Tokens, end_of, of_grant
from carecli.clock import ManualClock
from carecli.credentials.secrets_file import FileVault
from carecli.errors import CareError, NeedsPerson, NetworkFailure, RateLimited
from tests.channels.x.server import FailureKind, XServer

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TOKEN = "POST /2/oauth2/token"
LIFETIME = timedelta(hours=2)
KEYS = {"api_key": "key", "api_secret": "key-secret", "access_token": "token", "access_token_secret": "token-secret"}


@pytest.fixture
def vault(tmp_path: Path) -> FileVault:
    return FileVault(tmp_path / "credentials.toml", patience=5)


def signed_in(vault: FileVault, x: XServer) -> dict[str, str]:
    """Sign the account in, as `carecli login x` leaves it."""
    got = x.sign_in()
    app = {"client_id": x.keys.client_id}
    if x.api.signing_in.confidential:
        app["client_secret"] = x.keys.client_secret
    owner = {"user_id": "7", "handle": "NorthwindCare"}
    vault.write("care", app | owner | of_grant(Grant(got.access, got.refresh, got.until)))
    return vault.read("care")


def good(x: XServer) -> dict[str, datetime]:
    """The access tokens that X takes, and until when."""
    return {token: grant.until for token, grant in x.api.authorisation.grants.items()}


@pytest.fixture
def tokens(vault: FileVault, x: XServer, clock: ManualClock) -> Tokens:
    signed_in(vault, x)
    return Tokens(vault, "care", x.url, clock)


def token_of(keys: OAuth1 | Bearer) -> str:
    assert isinstance(keys, Bearer)
    return keys.token


def test_a_token_with_time_left_is_given_without_asking_x(tokens: Tokens, x: XServer, clock: ManualClock) -> None:
    clock.advance(2 * 3600 - 301)
    assert token_of(tokens.keys()) in good(x)
    assert x.requests == []


def test_it_is_renewed_when_five_minutes_are_left_and_kept_before_it_is_used(
    tokens: Tokens, x: XServer, clock: ManualClock, vault: FileVault
) -> None:
    first = token_of(tokens.keys())
    clock.advance(2 * 3600 - 300)
    second = token_of(tokens.keys())
    kept = vault.read("care")
    assert second != first
    assert kept["access_token"] == second
    assert kept["expires_at"] == (clock.now() + LIFETIME).isoformat()
    assert kept["refresh_token"] in x.api.signing_in.refreshes
    assert (kept["user_id"], kept["handle"], kept["client_id"]) == ("7", "NorthwindCare", "client-id")
    assert token_of(tokens.keys()) == second
    assert [seen.call for seen in x.requests] == [TOKEN]


def test_it_goes_on_for_days(tokens: Tokens, x: XServer, clock: ManualClock) -> None:
    for _ in range(30):
        clock.advance(3600)
        token = token_of(tokens.keys())
        assert good(x)[token] > clock.now()
    assert len(x.calls(TOKEN)) == 15


def test_a_confidential_app_shows_its_secret(vault: FileVault, clock: ManualClock) -> None:
    with XServer(clock.now, confidential=True) as x:
        signed_in(vault, x)
        clock.advance(7200)
        assert token_of(Tokens(vault, "care", x.url, clock).keys()) in good(x)


def test_after_a_401_it_is_renewed_once_even_before_the_time(tokens: Tokens, x: XServer) -> None:
    used = tokens.keys()
    fresh = tokens.refused(used)
    assert token_of(fresh) in good(x)
    assert fresh != used
    assert tokens.refused(used) == fresh, "a thread that comes late with the same 401 takes what the first one got"
    assert len(x.calls(TOKEN)) == 1


def test_a_token_that_another_process_renewed_is_taken_and_the_refresh_token_not_used_twice(
    tokens: Tokens, x: XServer, clock: ManualClock, vault: FileVault
) -> None:
    tokens.keys()
    clock.advance(2 * 3600 - 60)
    other = token_of(Tokens(vault, "care", x.url, clock).keys())
    assert token_of(tokens.keys()) == other
    assert len(x.calls(TOKEN)) == 1


def test_threads_that_need_it_at_once_renew_it_once(tokens: Tokens, x: XServer, clock: ManualClock) -> None:
    clock.advance(7200)
    got: set[str] = set()
    threads = [threading.Thread(target=lambda: got.add(token_of(tokens.keys()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1
    assert len(x.calls(TOKEN)) == 1


def _asks(path: Path, url: str, now: datetime) -> None:
    Tokens(FileVault(path), "care", url, ManualClock(now)).keys()


def test_processes_that_need_it_at_once_renew_it_once(
    tokens: Tokens, x: XServer, clock: ManualClock, vault: FileVault, tmp_path: Path
) -> None:
    clock.advance(7200)
    context = multiprocessing.get_context("spawn")
    asking = [context.Process(target=_asks, args=(tmp_path / "credentials.toml", x.url, clock.now())) for _ in range(3)]
    for process in asking:
        process.start()
    for process in asking:
        process.join()
    assert [process.exitcode for process in asking] == [0, 0, 0]
    assert len(x.calls(TOKEN)) == 1
    assert vault.read("care")["refresh_token"] in x.api.signing_in.refreshes


@pytest.mark.parametrize("fault", ["html_503", "html_200", "rate_limited", "cut", "redirect"])
def test_while_the_token_holds_a_renewal_that_failed_hurts_nobody_and_is_not_hurried(
    tokens: Tokens, x: XServer, clock: ManualClock, fault: FailureKind
) -> None:
    clock.advance(2 * 3600 - 200)
    x.fail(TOKEN, fault)
    first = token_of(tokens.keys())
    assert token_of(tokens.keys()) == first
    assert len(x.calls(TOKEN)) == 1
    clock.advance(30)
    assert token_of(tokens.keys()) != first


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("html_503", NetworkFailure),
        ("html_200", NetworkFailure),
        ("rate_limited", RateLimited),
        ("cut", NetworkFailure),
        ("act_then_cut", NetworkFailure),
        ("credits", NeedsPerson),
    ],
)
def test_when_it_has_ended_the_failure_is_told(
    tokens: Tokens, x: XServer, clock: ManualClock, fault: FailureKind, error: type[CareError]
) -> None:
    clock.advance(7200)
    x.fail(TOKEN, fault)
    with pytest.raises(error):
        tokens.keys()
    if fault != "act_then_cut":
        assert token_of(tokens.keys()) in good(x), "and asked for again"


def test_a_refresh_token_that_x_does_not_take_is_offered_once_until_somebody_signs_in(
    tokens: Tokens, x: XServer, clock: ManualClock, vault: FileVault
) -> None:
    x.api.signing_in.refreshes.clear()
    clock.advance(7200)
    for _ in range(3):
        with pytest.raises(NeedsPerson, match="Sign in with `carecli login x --account care`"):
            tokens.keys()
    assert len(x.calls(TOKEN)) == 1
    again = signed_in(vault, x)
    assert token_of(tokens.keys()) == again["access_token"]


def test_the_answer_can_be_kept_or_the_refresh_token_is_not_used(
    tokens: Tokens, x: XServer, clock: ManualClock, vault: FileVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.advance(7200)

    def full(account: str, values: Mapping[str, str]) -> None:
        raise NeedsPerson("The disk is full.")

    monkeypatch.setattr(vault, "write", full)
    with pytest.raises(NeedsPerson, match="full"):
        tokens.keys()
    assert x.requests == []
    monkeypatch.undo()
    assert token_of(tokens.keys()) in good(x)


@pytest.mark.parametrize("written", ["", "soon", "9999-12-31T23:59:59-23:59"])
def test_an_end_that_cannot_be_read_is_not_known(written: str) -> None:
    assert end_of({"expires_at": written}) is None


def test_nobody_signed_in_is_a_sentence(vault: FileVault, clock: ManualClock) -> None:
    tokens = Tokens(vault, "care", "http://127.0.0.1:9", clock)
    with pytest.raises(NeedsPerson, match=r"not signed in at X\. Sign in with `carecli login x --account care`"):
        tokens.keys()
    assert tokens.user_id == ""


def test_who_may_not_read_the_secrets_can_work_without_them_until_a_call(
    vault: FileVault, clock: ManualClock, tmp_path: Path
) -> None:
    vault.write("care", KEYS | {"user_id": "7"})
    (tmp_path / "credentials.toml").chmod(0o644)
    tokens = Tokens(vault, "care", "http://127.0.0.1:9", clock)
    assert tokens.user_id == ""
    with pytest.raises(NeedsPerson, match="chmod 600"):
        tokens.keys()


def test_a_sign_out_elsewhere_is_noticed_with_the_next_401(tokens: Tokens, vault: FileVault) -> None:
    used = tokens.keys()
    vault.forget("care")
    with pytest.raises(NeedsPerson, match="not signed in"):
        tokens.refused(used)


def test_a_refresh_token_alone_is_enough_to_begin_with(vault: FileVault, x: XServer, clock: ManualClock) -> None:
    refresh_token = x.sign_in().refresh
    vault.write("care", {"client_id": x.keys.client_id, "refresh_token": refresh_token})
    assert token_of(Tokens(vault, "care", x.url, clock).keys()) in good(x)


def test_a_token_without_an_end_holds_until_x_refuses_it(vault: FileVault, clock: ManualClock) -> None:
    vault.write("care", {"access_token": "for-ever"})
    tokens = Tokens(vault, "care", "http://127.0.0.1:9", clock)
    used = tokens.keys()
    assert token_of(used) == "for-ever"
    with pytest.raises(NeedsPerson):
        tokens.refused(used)


def test_keys_of_oauth_1_are_given_as_they_are(vault: FileVault, clock: ManualClock) -> None:
    vault.write("care", KEYS)
    assert Tokens(vault, "care", "http://127.0.0.1:9", clock).keys() == OAuth1(*KEYS.values())


def test_keys_of_oauth_1_that_x_refuses_need_a_person_until_they_are_others(
    vault: FileVault, clock: ManualClock
) -> None:
    vault.write("care", KEYS)
    tokens = Tokens(vault, "care", "http://127.0.0.1:9", clock)
    used = tokens.keys()
    with pytest.raises(NeedsPerson, match="does not take the keys"):
        tokens.refused(used)
    vault.write("care", KEYS | {"access_token_secret": "newer"})
    assert tokens.refused(used) == OAuth1("key", "key-secret", "token", "newer")


@pytest.mark.parametrize("bad", ["", "with space", "line\nbreak", "zażółć", "tab\t"])
def test_what_is_no_token_never_reaches_a_header(vault: FileVault, clock: ManualClock, bad: str) -> None:
    vault.write("care", KEYS | {"access_token": bad or " "})
    with pytest.raises(NeedsPerson, match="access_token"):
        Tokens(vault, "care", "http://127.0.0.1:9", clock).keys()


def test_the_stream_has_the_apps_own_token_or_a_sentence(vault: FileVault, clock: ManualClock) -> None:
    tokens = Tokens(vault, "care", "http://127.0.0.1:9", clock)
    with pytest.raises(NeedsPerson, match="carecli login x --account care --bearer"):
        tokens.app_only()
    vault.write("care", {"bearer_token": "AAAA"})
    assert tokens.app_only() == "AAAA"


@pytest.mark.parametrize(
    "record",
    [
        OAuth1("hush", "hush", "hush", "hush"),
        Bearer("hush"),
        App("hush", "hush"),
        Attempt("hush", "hush", "hush"),
        Grant("hush", "hush", NOW + timedelta(hours=2)),
    ],
)
def test_no_record_shows_what_is_in_it(record: object) -> None:
    shown = (repr(record), str(record), f"{record}", pprint.pformat(record), pretty_repr(record), pretty_repr([record]))
    assert not [one for one in shown if "hush" in one]


@pytest.mark.parametrize("fault", [None, "forbidden", "html_503", "unauthorized", "act_then_cut"])
def test_no_failure_shows_a_secret(
    tokens: Tokens, x: XServer, clock: ManualClock, vault: FileVault, fault: FailureKind | None
) -> None:
    hidden = {*vault.read("care").values(), *x.api.signing_in.given} - {"7", "NorthwindCare", "client-id"}
    tokens.keys()
    clock.advance(7200)
    x.api.signing_in.refreshes.clear()
    x.fail(TOKEN, *([fault] if fault else []))
    with pytest.raises(CareError) as failed:
        tokens.keys()
    told = "".join(traceback.format_exception(failed.value))
    assert not [one for one in hidden if one in told]


def test_what_x_says_back_of_a_secret_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    body = b'{"error_description": "The token hush-1 was used, says app-1."}'
    monkeypatch.setattr(HttpClient, "call", lambda *words, **more: Failure("refused", "no", body=body))
    with pytest.raises(NotTaken) as failed:
        Authority("http://127.0.0.1:9", App("app-2")).renew("hush-1", NOW)
    assert "hush-1" not in str(failed.value)
    with pytest.raises(NotTaken, match="It says: The token hush-1 was used"):
        Authority("http://127.0.0.1:9", App("app-2")).renew("another", NOW)
