"""The one request that ends a sign-in, among all that may come to a port of this machine."""

from __future__ import annotations

import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial

import httpx
import pytest

from carecli.channels.x.oauth import Attempt
from carecli.channels.x.redirect import Redirect
from carecli.errors import Misuse, NeedsPerson, Refused


@pytest.fixture
def attempt() -> Attempt:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return Attempt("state-1", "verifier-1", f"http://127.0.0.1:{port}/callback")


@pytest.fixture
def redirect(attempt: Attempt) -> Iterator[Redirect]:
    with Redirect(attempt) as waiting:
        yield waiting


def test_the_browser_brings_the_code_and_is_shown_a_calm_page(redirect: Redirect, attempt: Attempt) -> None:
    page = httpx.get(attempt.callback, params={"state": "state-1", "code": "abc"})
    assert redirect.code(0) == "abc"
    assert page.status_code == 200
    assert "can be closed" in page.text
    assert "abc" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "Python" not in page.headers["server"]


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/favicon.ico", 404),
        ("GET", "/", 404),
        ("GET", "/callback", 404),
        ("GET", "/callbacks?state=state-1&code=evil", 404),
        ("GET", "/callback?state=state-2&code=evil", 400),
        ("GET", "/callback?state=&code=evil", 400),
        ("GET", "/callback?state=state-2&error=access_denied", 400),
        ("POST", "/callback?state=state-1&code=evil", 501),
    ],
)
def test_strangers_are_answered_and_end_nothing(
    redirect: Redirect, attempt: Attempt, method: str, target: str, status: int
) -> None:
    origin = attempt.callback.removesuffix("/callback")
    assert httpx.request(method, origin + target).status_code == status
    httpx.get(attempt.callback, params={"state": "state-1", "code": "right"})
    assert redirect.code(0) == "right"


def test_only_the_first_right_answer_counts(redirect: Redirect, attempt: Attempt) -> None:
    httpx.get(attempt.callback, params={"state": "state-1", "code": "first"})
    assert httpx.get(attempt.callback, params={"state": "state-1", "code": "second"}).status_code == 404
    assert redirect.code(0) == "first"


def test_a_person_who_declines_ends_the_wait(redirect: Redirect, attempt: Attempt) -> None:
    page = httpx.get(attempt.callback, params={"state": "state-1", "error": "access_denied"})
    assert "not allowed" in page.text
    with pytest.raises(Refused, match="declined"):
        redirect.code(0)


def test_nobody_who_keeps_a_connection_open_keeps_the_browser_away(redirect: Redirect, attempt: Attempt) -> None:
    port = int(attempt.callback.rsplit(":", 1)[1].split("/")[0])
    with socket.create_connection(("127.0.0.1", port)) as silent:
        silent.sendall(b"GET /callback?state=")
        httpx.get(attempt.callback, params={"state": "state-1", "code": "abc"})
        assert redirect.code(0) == "abc"


def test_a_silent_connection_is_dropped(attempt: Attempt) -> None:
    port = int(attempt.callback.rsplit(":", 1)[1].split("/")[0])
    with Redirect(attempt, silence=0.05), socket.create_connection(("127.0.0.1", port), timeout=20) as silent:
        assert silent.recv(1) == b""


def test_the_wait_has_an_end(redirect: Redirect) -> None:
    with pytest.raises(NeedsPerson, match=r"--paste"):
        redirect.code(0.01)


def test_it_waits_for_who_comes_later(redirect: Redirect, attempt: Attempt) -> None:
    got: list[str] = []
    waiting = threading.Thread(target=lambda: got.append(redirect.code(20)))
    waiting.start()
    httpx.get(attempt.callback, params={"state": "state-1", "code": "abc"})
    waiting.join()
    assert got == ["abc"]


def test_a_port_that_is_taken_is_told(redirect: Redirect, attempt: Attempt) -> None:
    with pytest.raises(Misuse, match="--callback"):
        Redirect(attempt)


@pytest.mark.parametrize(
    "callback",
    [
        "https://127.0.0.1:8722/callback", "http://localhost:8722/callback", "http://0.0.0.0:8722/", "http://[::1]:1/",
        "http://127.0.0.1/callback", "http://127.0.0.1:99999/", "https://northwind.example/callback", "", "nonsense",
    ],
)  # fmt: skip
def test_a_callback_that_is_not_on_this_machine_is_refused(callback: str) -> None:
    with pytest.raises(Misuse, match="--paste"):
        Redirect(Attempt("s", "v", callback))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells no thread of an interrupt.")
def test_an_interrupt_ends_the_waiting_whichever_thread_is_told_of_it(
    redirect: Redirect, request: pytest.FixtureRequest
) -> None:
    def interrupt() -> None:
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)

    # What a shell starts in the background ignores interrupts.
    request.addfinalizer(
        partial(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, signal.default_int_handler))
    )
    began = time.monotonic()
    other = threading.Timer(0.05, interrupt)
    other.start()
    with pytest.raises(KeyboardInterrupt):
        redirect.code(20)
    assert time.monotonic() - began < 10
    other.join()
