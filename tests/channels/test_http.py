"""One call over HTTP: bounded in time and size, and made once more only where nothing can have come of it."""

from __future__ import annotations

import gzip
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from itertools import repeat

import pytest

from carecli.channels.answers import Answer, Failure
from carecli.channels.http import Bounds, HttpClient
from carecli.errors import ConfigError

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
BOUNDS = Bounds(connect=5.0, silence=5.0, total=10.0, body=64 * 1024)

CUT = Failure("unknown", "The connection was cut before the network's answer came.")
TOO_LATE = Failure("unknown", "The network did not answer in time.")
OUT_OF_REACH = Failure("not_sent", "The network is out of reach.")

# What a server does with a connection on which a request has come.
Script = Callable[[socket.socket], None]


class ScriptedServer:
    """Answers each connection by the next script, the last one from then on. `heard` has the requests."""

    def __init__(self, *scripts: Script) -> None:
        self.heard: list[bytes] = []
        self._scripts = scripts
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._listener.getsockname()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            with connection, suppress(OSError):
                connection.settimeout(5)
                request = _request(connection)
                if request == b"stop":
                    return
                self.heard.append(request)
                self._scripts[min(len(self.heard), len(self._scripts)) - 1](connection)

    def close(self) -> None:
        """Returns when it has heard all that was said to it."""
        if not self._thread.is_alive():
            return
        with socket.create_connection(self.address) as last:
            last.sendall(b"stop")
        self._thread.join()
        self._listener.close()


def _request(connection: socket.socket) -> bytes:
    """All of a request: who closes a connection with a rest of it unread takes back what it has answered."""
    request = b""
    while request != b"stop" and not _is_whole(request):
        data = connection.recv(65536)
        if not data:
            break
        request += data
    return request


def _is_whole(request: bytes) -> bool:
    head, end, body = request.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    return bool(end) and len(body) >= (int(length[1]) if length else 0)


def says(data: bytes) -> Script:
    return lambda connection: connection.sendall(data)


def trickles(begin: bytes) -> Script:
    """Says how it begins, and one byte now and then, until the client has had enough."""

    def script(connection: socket.socket) -> None:
        connection.settimeout(0.01)
        connection.sendall(begin)
        for _ in range(1000):
            connection.sendall(b"a")
            with suppress(TimeoutError):
                if not connection.recv(1):
                    return

    return script


def is_silent(connection: socket.socket) -> None:
    """Listens until the client has gone."""
    while connection.recv(65536):
        continue


def hangs_up(connection: socket.socket) -> None:
    connection.close()


OK = says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Name: value\r\n\r\n[]")
_WITHOUT_END = b"HTTP/1.1 200 OK\r\n\r\n"

Serve = Callable[..., ScriptedServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    open_servers: list[ScriptedServer] = []

    def start(*scripts: Script) -> ScriptedServer:
        open_servers.append(ScriptedServer(*scripts))
        return open_servers[-1]

    yield start
    for server in open_servers:
        server.close()


def call(server: ScriptedServer, method: str = "GET", *, bounds: Bounds = BOUNDS, scheme: str = "http") -> object:
    url = f"{scheme}://127.0.0.1:{server.address[1]}"
    with closing(HttpClient(url, "The network", bounds=bounds, proxies=False)) as client:
        return client.call(method, "a/b", now=NOW, query={"q": "ł &"}, headers={"X-Key": "k1"}, body=b"{}")


# ── going well ───────────────────────────────────────────────────────────────────────────────────


def test_an_answer_has_its_status_headers_and_body(serve: Serve) -> None:
    answer = call(serve(OK))
    assert answer == Answer(200, {"content-length": "2", "x-name": "value"}, b"[]")


def test_a_request_is_written_as_it_was_asked_for(serve: Serve) -> None:
    server = serve(OK)
    call(server, "POST")
    first, *headers = server.heard[0].decode().lower().split("\r\n")
    assert first == "post /a/b?q=%c5%82+%26 http/1.1"
    assert {"x-key: k1", "content-length: 2", "accept-encoding: identity", "connection: close"} <= set(headers)


# ── what is tried again, and what is not ─────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "breaks",
    [hangs_up, says(b"HTTP/1.1 200"), says(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[]"), says(b"?\r\n\r\n")],
)
def test_a_reading_whose_line_is_cut_is_tried_once_more(serve: Serve, breaks: Script) -> None:
    mended, broken = serve(breaks, OK), serve(breaks, breaks, OK)
    assert isinstance(call(mended), Answer)
    assert call(broken) == CUT
    assert [len(mended.heard), len(broken.heard)] == [2, 2]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_writing_whose_line_is_cut_is_never_made_twice(serve: Serve, method: str) -> None:
    server = serve(hangs_up, OK)
    assert call(server, method) == CUT
    assert len(server.heard) == 1


@pytest.mark.parametrize("location", ["mailto:care", "tel:1", "http://[::1", "//", "http://:99999/"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_redirect_to_no_address_is_an_unknown_outcome(serve: Serve, method: str, location: str) -> None:
    head = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
    answer = call(serve(says(head.encode())), method)
    assert isinstance(answer, Failure)
    assert answer.kind == "unknown"


@pytest.mark.parametrize("status", [302, 303, 307, 308, 408, 500, 503])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_neither_redirects_nor_errors_lead_to_another_request(serve: Serve, method: str, status: int) -> None:
    elsewhere = serve(OK)
    location = f"http://127.0.0.1:{elsewhere.address[1]}/"
    head = f"HTTP/1.1 {status} Elsewhere\r\nLocation: {location}\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"
    server = serve(says(head.encode()), OK)
    assert call(server, method) == Failure("unknown", f"The network answered with an error ({status}).")
    assert [len(server.heard), len(elsewhere.heard)] == [1, 0]


# ── nothing was written ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_where_nobody_listens_nothing_was_sent(method: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        url = f"http://127.0.0.1:{gone.getsockname()[1]}"
    with closing(HttpClient(url, "The network", proxies=False)) as client:
        assert client.call(method, "/", now=NOW) == OUT_OF_REACH


def test_where_the_name_is_not_found_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with closing(HttpClient("https://network.invalid", "The network", proxies=False)) as client:
        assert client.call("POST", "/", now=NOW) == OUT_OF_REACH


@pytest.mark.parametrize("script", [hangs_up, OK, is_silent])
def test_without_an_encrypted_connection_nothing_was_sent(serve: Serve, script: Script) -> None:
    server = serve(script)
    bounds = Bounds(connect=0.1, silence=0.1, total=2.0)
    assert call(server, "POST", bounds=bounds, scheme="https") == OUT_OF_REACH
    assert b"k1" not in b"".join(server.heard)


# ── bounded in time ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_silence_ends_a_call_and_is_not_tried_again(serve: Serve, method: str) -> None:
    server = serve(is_silent)
    assert call(server, method, bounds=Bounds(silence=0.05)) == TOO_LATE
    server.close()
    assert len(server.heard) == 1


@pytest.mark.parametrize(
    "begin",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nX-Slow: ", id="in the head"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", id="in the body"),
        pytest.param(_WITHOUT_END, id="in a body without an end"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_answer_that_trickles_ends_with_the_time_for_the_whole_call(serve: Serve, method: str, begin: bytes) -> None:
    server = serve(trickles(begin))
    began = time.monotonic()
    assert call(server, method, bounds=Bounds(silence=30.0, total=0.1)) == TOO_LATE
    assert time.monotonic() - began < 5
    server.close()
    assert len(server.heard) == 1


# ── bounded in size ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("head", [_WITHOUT_END, b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n"])
def test_a_body_that_is_too_long_is_read_no_further(serve: Serve, head: bytes) -> None:
    written = []

    def gigabyte(connection: socket.socket) -> None:
        connection.sendall(head)
        for block in repeat(b" " * 65536, 16384):
            connection.sendall(block)
            written.append(len(block))

    assert call(serve(gigabyte)) == Failure("unknown", "The network gave an answer of more than 65536 bytes.")
    assert sum(written) < 64 * 1024 * 1024


def test_a_body_may_be_as_long_as_it_may_be(serve: Serve) -> None:
    answer = call(serve(says(_WITHOUT_END + b"a" * BOUNDS.body)))
    assert isinstance(answer, Answer)
    assert len(answer.body) == BOUNDS.body


def test_headers_without_end_are_read_no_further(serve: Serve) -> None:
    assert call(serve(says(b"HTTP/1.1 200 OK\r\n" + b"X-More: a\r\n" * 100_000))) == CUT


def test_nothing_is_unpacked(serve: Serve) -> None:
    packed = gzip.compress(b" " * 1024 * 1024)
    answer = call(serve(says(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + packed)))
    assert isinstance(answer, Answer)
    assert answer.body == packed


def test_a_refusal_is_one_however_long_its_body(serve: Serve) -> None:
    failure = call(serve(says(b"HTTP/1.1 403 Forbidden\r\n\r\n" + b"a" * BOUNDS.body * 2)), "POST")
    assert failure == Failure("refused", "The network refused it (403).")


# ── the address ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "url", ["", "here", "127.0.0.1:8080", "http://", "ftp://127.0.0.1", "http://127.0.0.1:port", "//x"]
)
def test_an_address_that_is_none_is_refused_with_a_remedy(url: str) -> None:
    with pytest.raises(ConfigError, match="is no address") as caught:
        HttpClient(url, "The network")
    assert caught.value.remedy


def test_the_environment_s_proxies_are_used_for_https_alone_and_only_where_that_was_asked_for(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, proxy = serve(OK), serve(says(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"))
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.address[1]}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with closing(HttpClient(f"http://127.0.0.1:{server.address[1]}", "The network")) as client:
        assert isinstance(client.call("GET", "/", now=NOW), Answer)
    assert proxy.heard == []
    for asked_for in (False, True):
        with closing(HttpClient("https://network.invalid", "The network", proxies=asked_for)) as client:
            assert client.exchange("GET", "/", again=False) == OUT_OF_REACH
    (connecting,) = proxy.heard
    assert connecting.startswith(b"CONNECT network.invalid:443 ")
