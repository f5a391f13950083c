"""The door to X: signed, bounded, honest about what came of a call, and silent about its keys."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from carecli.channels.answers import Answer, Failure
from carecli.channels.http import Bounds
from carecli.channels.x.channel import XChannel
from carecli.channels.x.opening import open_x
from carecli.channels.x.tokens import Bearer
from carecli.channels.x.transport import Door
from carecli.clock import ManualClock
from carecli.config import XSection, load
from carecli.credentials import open_vault
from carecli.errors import ConfigError, NeedsPerson, NetworkFailure
from carecli.model import Author
from tests.channels.rig import everything
from tests.channels.x.rig import Held, bearer, oauth1, opened
from tests.channels.x.server import FailureKind, XServer

MENTIONS = "GET /2/users/{id}/mentions"


def test_keys_of_oauth_1_sign_every_kind_of_call(x: XServer, clock: ManualClock) -> None:
    channel = opened(x, clock, held=Held(oauth1(x)))
    number = x.post(x.customer("andy"), "@acme_care żółw & co?")
    assert [item.remote_id for item in everything(channel)[0]] == [str(number)]
    channel.fetch_thread(str(number))
    assert {seen.keys for seen in x.requests} == {"oauth1"}


def test_a_signature_is_used_once_even_where_the_line_breaks(x: XServer, clock: ManualClock) -> None:
    channel = opened(x, clock, held=Held(oauth1(x)))
    x.fail(MENTIONS, "act_then_cut")
    with pytest.raises(NetworkFailure):
        channel.fetch_mentions("")
    assert len(x.calls(MENTIONS)) == 1
    channel.fetch_mentions("")


def test_a_token_that_x_refuses_is_renewed_once_and_the_call_made_again(x: XServer, clock: ManualClock) -> None:
    channel = opened(x, clock, held=Held(Bearer("spoilt"), bearer(x)))
    number = x.post(x.customer("andy"), "@acme_care hello")
    assert [item.remote_id for item in everything(channel)[0]] == [str(number)]


def test_keys_that_stay_refused_need_a_person(x: XServer, clock: ManualClock) -> None:
    with pytest.raises(NeedsPerson) as caught:
        opened(x, clock, held=Held(Bearer("spoilt"), Bearer("spoilt too"))).fetch_mentions("")
    assert "Sign in" in caught.value.remedy


@pytest.mark.parametrize(
    "kind", ["server_error", "empty_500", "html_503", "html_200", "empty_200", "truncated", "list_error", "redirect"]
)
def test_an_answer_that_is_none_is_tried_again_later(x: XServer, clock: ManualClock, kind: FailureKind) -> None:
    x.fail(MENTIONS, kind)
    channel = opened(x, clock)
    with pytest.raises(NetworkFailure):
        channel.fetch_mentions("")
    channel.fetch_mentions("")


def test_an_answer_without_end_is_given_up(x: XServer, clock: ManualClock) -> None:
    x.fail(MENTIONS, "huge")
    with pytest.raises(NetworkFailure, match="more than"):
        opened(x, clock).fetch_mentions("")


def test_silence_is_given_up(x: XServer, clock: ManualClock) -> None:
    door = Door(Held(bearer(x)), clock, x.url, bounds=Bounds(connect=5.0, silence=0.2, total=5.0))
    x.fail("GET /2/users/me", "silence")
    answer = door.call("me", lambda client, signed: client.get_me(user_auth=signed))
    assert isinstance(answer, Failure)
    assert (answer.kind, answer.reason) == ("unknown", "X did not answer in time.")


def test_an_account_whose_id_nobody_kept_is_asked_for_once(x: XServer, clock: ManualClock) -> None:
    channel = XChannel(XSection(url=x.url), Author("", "acme_care"), Held(bearer(x)), clock)
    for _ in range(3):
        channel.fetch_mentions("")
    assert channel.me == Author(str(x.account.id), "acme_care", "Acme Care")
    assert len(x.calls("GET /2/users/me")) == 1


def test_whose_account_it_is_is_kept_for_the_next_process(x: XServer, clock: ManualClock, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        f'[[accounts]]\nid = "care"\nnetwork = "x"\nhandle = "acme_care"\n[accounts.x]\nurl = "{x.url}"\n', "utf-8"
    )
    environ = {
        f"CARECLI_CARE_{name.upper()}": getattr(x.keys, name)
        for name in ("api_key", "api_secret", "access_token", "access_token_secret")
    }
    for _ in range(3):
        loaded = load(config)
        channel = open_x(loaded.accounts["care"], open_vault(loaded, environ), clock)
        channel.fetch_mentions("")
    assert len(x.calls("GET /2/users/me")) == 1
    kept = (tmp_path / "credentials.toml").read_text("utf-8")
    assert not any(secret in kept for secret in environ.values())


@pytest.mark.parametrize("url", ["api.twitter.com", "ftp://api.twitter.com", "http://", "http://[::1"])
def test_an_address_that_is_none_is_a_mistake_of_the_configuration(x: XServer, clock: ManualClock, url: str) -> None:
    with pytest.raises(ConfigError):
        opened(x, clock, url=url)


def test_nothing_that_is_written_down_holds_a_key(
    x: XServer, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    held = Held(oauth1(x))
    with caplog.at_level(logging.DEBUG):
        channel = opened(x, clock, held=held)
        channel.fetch_mentions("")
        channel.fetch_thread("17")
    secrets = {x.keys.api_secret, x.keys.access_token, x.keys.access_token_secret}
    assert not [record for record in caplog.records if any(one in record.getMessage() for one in secrets)]
    assert not any(one in repr(held.keys()) for one in secrets)


def test_neither_a_password_file_nor_a_proxy_gets_between_a_token_and_its_loopback(
    x: XServer, clock: ManualClock, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    passwords = tmp_path_factory.mktemp("home") / "netrc"
    passwords.write_text("machine api.twitter.com login somebody password else\n")
    passwords.chmod(0o600)
    monkeypatch.setenv("NETRC", str(passwords))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    door = Door(Held(bearer(x)), clock, x.url)
    assert isinstance(door.call("me", lambda client, signed: client.get_me(user_auth=signed)), Answer)


def test_opening_an_account_and_measuring_its_texts_imports_no_library() -> None:
    program = (
        "import sys, carecli.channels.factory, carecli.channels.x.opening;"
        "print(*(name for name in sys.modules if name.partition('.')[0] in ('tweepy', 'requests', 'httpx')))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
