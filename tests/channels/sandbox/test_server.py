"""The served network: its address, its clock, what it refuses, and the faults that it can be told to have."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from carecli.channels.sandbox import SandboxNetwork
from carecli.channels.sandbox.faults import After, Before, Call, Fault, FaultQueue
from carecli.channels.sandbox.server import CALLS, SandboxServer
from carecli.channels.sandbox.wire import DESK_TIME, Post, Posting
from carecli.model import Author
from tests.channels.sandbox.agent import all_posts
from tests.channels.sandbox.conftest import START, MakeNetwork

ANDY = Author("42", "andy", "Andy Loynes")
GREETING = msgspec.json.encode(Posting("k1", "Good morning! ^CL", "public"))
NOW = {DESK_TIME: START.isoformat()}


@pytest.fixture
def network(make_network: MakeNetwork) -> SandboxNetwork:
    return make_network(quiet=True)


@pytest.fixture
def server(network: SandboxNetwork) -> Iterator[SandboxServer]:
    with SandboxServer(network, control=True) as server:
        yield server


@contextmanager
def asked(
    url: str, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> Iterator[HTTPResponse]:
    connection = HTTPConnection(url.removeprefix("http://"), timeout=10)
    try:
        connection.request(method, path, body, NOW if headers is None else headers)
        yield connection.getresponse()
    finally:
        connection.close()


def status(
    server: SandboxServer, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> int:
    with asked(server.url, method, path, body, headers) as answer:
        return answer.status


# ── answers ──────────────────────────────────────────────────────────────────────────────────────


def test_it_listens_on_this_machine_only(server: SandboxServer) -> None:
    assert server.url.startswith("http://127.0.0.1:")


def test_a_posting_is_created_or_refused(server: SandboxServer) -> None:
    assert status(server, "POST", "/posts", GREETING) == 201
    assert status(server, "POST", "/posts", GREETING.replace(b"k1", b"k2")) == 422


def test_its_time_is_the_request_s(server: SandboxServer, network: SandboxNetwork) -> None:
    headers = {DESK_TIME: "2031-05-01T14:00:00+02:00"}
    with asked(server.url, "POST", "/posts", GREETING, headers) as answer:
        assert answer.headers["Date"] == "Thu, 01 May 2031 12:00:00 GMT"
        assert msgspec.json.decode(answer.read(), type=Post).at == datetime(2031, 5, 1, 12, tzinfo=UTC)


def test_an_answer_to_a_request_without_a_time_has_none(server: SandboxServer) -> None:
    with asked(server.url, "GET", "/network", headers={}) as answer:
        assert answer.status == 200
        assert answer.headers["Date"] is None


@pytest.mark.parametrize(
    ("method", "path", "body", "headers"),
    [
        ("POST", "/posts", b"", NOW),
        ("POST", "/posts", b"not json", NOW),
        ("POST", "/posts", b'{"key": "k1"}', NOW),
        ("POST", "/posts", GREETING, {}),
        ("POST", "/posts", GREETING, {DESK_TIME: "now"}),
        ("POST", "/posts", GREETING, {DESK_TIME: "2026-03-02T08:00:00"}),
        ("POST", "/advance", b"[]", NOW),
        ("GET", "/posts", b"", NOW),
        ("GET", "/posts?after=one&limit=1", b"", NOW),
        ("GET", f"/posts?after={10**30}&limit=1", b"", NOW),
        ("GET", "/own-posts?since=0001-01-01T00:00:00%2B23:00&limit=1", b"", {DESK_TIME: "9999-12-31T23:59:59-23:00"}),
        ("GET", "/thread", b"", NOW),
        ("GET", "/key", b"", NOW),
        ("GET", "/own-posts?since=2026-03-02&limit=1", b"", NOW),
        ("POST", "/control/faults", b'[{"kind": "bad luck"}]', NOW),
        ("POST", "/control/faults", b'[{"kind": "html", "times": 0}]', NOW),
    ],
)
def test_what_is_no_request_of_its_kind_is_told_so(
    server: SandboxServer, network: SandboxNetwork, method: str, path: str, body: bytes, headers: dict[str, str]
) -> None:
    assert status(server, method, path, body, headers) == 400
    assert all_posts(network) == ()


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/elsewhere"), ("GET", "/advance"), ("POST", "/key")]
)
def test_there_is_nothing_at_other_addresses(server: SandboxServer, method: str, path: str) -> None:
    assert status(server, method, path) == 404


@pytest.mark.parametrize("length", ["28000000", "99999999999", "-1", "many"])
def test_too_much_at_once_is_refused_unread(server: SandboxServer, length: str) -> None:
    assert status(server, "POST", "/posts", headers={**NOW, "Content-Length": length}) == 413


@pytest.mark.parametrize(("limit", "told"), [(100_000, 101), (-1, 0)])
def test_a_page_is_no_longer_than_the_network_s_pages(
    server: SandboxServer, network: SandboxNetwork, limit: int, told: int
) -> None:
    for number in range(105):
        network.write_as(ANDY, f"message {number}", START)
    with asked(server.url, "GET", f"/posts?after=0&limit={limit}") as answer:
        assert len(msgspec.json.decode(answer.read(), type=list[Post])) == told


def test_a_request_whose_client_went_in_the_middle_of_it_is_none(
    server: SandboxServer, network: SandboxNetwork
) -> None:
    connection = HTTPConnection(server.url.removeprefix("http://"), timeout=10)
    connection.putrequest("POST", "/posts")
    for name, value in {**NOW, "Content-Length": str(len(GREETING))}.items():
        connection.putheader(name, value)
    connection.endheaders(GREETING[:-1])
    connection.close()
    assert status(server, "GET", "/network") == 200
    assert all_posts(network) == ()


# ── faults ───────────────────────────────────────────────────────────────────────────────────────


def test_faults_come_one_a_request_in_their_order_and_pass() -> None:
    faults = FaultQueue()
    html, publish = Fault("html", times=2), Fault("signed_out", "publish")
    faults.add(html, publish)
    assert faults.take("publish") is html
    assert faults.take("posts") is html
    assert faults.take("posts") is None
    assert faults.take("publish") is publish
    assert faults.take("publish") is None


def test_it_is_taught_faults_over_the_wire(server: SandboxServer) -> None:
    told = b'[{"kind": "signed_out", "call": "network", "times": 2}, {"kind": "rate_limited", "retry_after": "7"}]'
    assert status(server, "POST", "/control/faults", told) == 200
    assert [status(server, "GET", "/network") for _ in range(2)] == [401, 401]
    with asked(server.url, "GET", "/network") as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
    assert status(server, "GET", "/network") == 200


def test_it_is_taught_nothing_unless_it_was_started_for_that(network: SandboxNetwork) -> None:
    with SandboxServer(network) as server:
        assert status(server, "POST", "/control/faults", b'[{"kind": "html"}]') == 404
        assert status(server, "GET", "/network") == 200


def test_a_clock_that_is_off_shows_in_the_date_alone(server: SandboxServer) -> None:
    server.faults.add(Fault("skewed"))
    with asked(server.url, "POST", "/posts", GREETING) as answer:
        assert answer.headers["Date"] == "Mon, 02 Mar 2026 09:00:00 GMT"
        assert msgspec.json.decode(answer.read(), type=Post).at == START


def test_its_page_knows_every_call_and_every_fault() -> None:
    page = (Path(__file__).parents[3] / "docs" / "sandbox.md").read_text("utf-8")
    names = [name for kinds in (Before, After, Call) for name in get_args(kinds)]
    assert [name for name in names if f"`{name}`" not in page] == []
    assert [path for _, path in CALLS if f" {path}" not in page] == []


# ── beginning and end ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["act_late", "slow"])
def test_its_end_drops_what_is_under_way(network: SandboxNetwork, kind: str) -> None:
    connection = None
    with SandboxServer(network) as server:
        server.faults.add(Fault(kind, "publish", seconds=60))  # type: ignore[arg-type]
        connection = HTTPConnection(server.url.removeprefix("http://"), timeout=10)
        connection.request("POST", "/posts", GREETING, NOW)
        while len(server.faults):
            threading.Event().wait(0.002)
    connection.close()
    assert len(all_posts(network)) == (kind == "slow")


def test_as_a_process_it_prints_its_address_and_serves_the_file(tmp_path: Path) -> None:
    file = tmp_path / "network.db"
    command = [
        sys.executable,
        "-m",
        "carecli.channels.sandbox.server",
        "--file",
        str(file),
        "--seed",
        "1",
        "--pace",
        "0",
    ]
    more = [
        "--waiting",
        "2",
        "--start",
        START.isoformat(),
        "--languages",
        "en",
        "--handle",
        "AskNorthwind",
        "--control",
    ]
    with subprocess.Popen([*command, *more], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = msgspec.json.decode(process.stdout.readline(), type=dict[str, str])["url"]
        network = SandboxNetwork(file, 1, start=START)
        try:
            with asked(url, "POST", "/posts", GREETING) as answer:
                assert answer.status == 201
            with asked(url, "POST", "/control/faults", b"[]") as answer:
                assert answer.status == 200
            assert [post.text for post in all_posts(network) if post.author == network.account] == ["Good morning! ^CL"]
            assert {post.language for post in all_posts(network) if post.author != network.account} == {"en"}
            assert network.account.handle == "AskNorthwind"
        finally:
            network.close()
            process.terminate()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["--start", "today"], "--start"),
        (["--start", START.isoformat(), "--languages", "xx"], "There are no scenarios in the language 'xx'."),
        (["--start", START.isoformat(), "--port", "99999"], "port"),
    ],
)
def test_what_cannot_be_served_is_one_sentence(tmp_path: Path, wrong: list[str], said: str) -> None:
    command = [sys.executable, "-m", "carecli.channels.sandbox.server", "--file", str(tmp_path / "network.db"), *wrong]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
