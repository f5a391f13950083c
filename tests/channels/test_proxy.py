"""The cutting proxy cuts where it says: the proofs of delivery lean on it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.channels.proxy import CuttingProxy, Stage

BODY = b"abcdefghij"


class _Echo(BaseHTTPRequestHandler):
    """Answers with what was sent, and remembers it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: EchoServer

    def handle(self) -> None:
        with suppress(ConnectionError):
            super().handle()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.acted.append(body)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep still."""


class EchoServer(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Echo)
        self.acted: list[bytes] = []


@pytest.fixture
def server() -> Iterator[EchoServer]:
    with EchoServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.005,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def proxy(server: EchoServer) -> Iterator[CuttingProxy]:
    with CuttingProxy(f"http://127.0.0.1:{server.server_address[1]}") as proxy:
        yield proxy


@pytest.fixture
def connection(proxy: CuttingProxy) -> Iterator[HTTPConnection]:
    connection = HTTPConnection(proxy.url.removeprefix("http://"), timeout=5)
    yield connection
    connection.close()


def post(connection: HTTPConnection, body: bytes = BODY) -> bytes:
    connection.request("POST", "/", body)
    return connection.getresponse().read()


def raw(proxy: CuttingProxy, body: bytes = BODY) -> bytes:
    """Every byte that comes back for one request; what came before a reset may be lost with it."""
    host, port = proxy.url.removeprefix("http://").split(":")
    received = b""
    with socket.create_connection((host, int(port)), timeout=5) as client, suppress(ConnectionError):
        client.sendall(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        while data := client.recv(65536):
            received += data
    return received


@pytest.mark.parametrize("size", [0, 1, 100_000, 5_000_000])
def test_what_is_not_cut_comes_through_unchanged(connection: HTTPConnection, server: EchoServer, size: int) -> None:
    body = bytes(range(256)) * (size // 256) + b"a" * (size % 256)
    assert post(connection, body) == body
    assert server.acted == [body]


def test_several_requests_over_one_connection_are_counted_each(connection: HTTPConnection, proxy: CuttingProxy) -> None:
    assert [post(connection) for _ in range(3)] == [BODY] * 3
    assert proxy.exchanges == 3


@pytest.mark.parametrize("stage", ["before_request", "late"])
def test_before_the_request_nothing_reaches_the_server(proxy: CuttingProxy, server: EchoServer, stage: Stage) -> None:
    proxy.cut(stage)
    assert raw(proxy) == b""
    assert server.acted == []


def test_before_the_answer_the_server_has_acted_and_nothing_comes_back(proxy: CuttingProxy, server: EchoServer) -> None:
    proxy.cut("before_answer")
    assert raw(proxy) == b""
    assert server.acted == [BODY]


def test_in_the_head_an_answer_begins_and_its_headers_do_not_end(proxy: CuttingProxy, server: EchoServer) -> None:
    proxy.cut("in_head")
    assert raw(proxy).startswith(b"HTTP/1.1 200")
    assert server.acted == [BODY]
    proxy.cut("in_head")
    assert b"\r\n\r\n" not in raw(proxy)


def test_in_the_body_an_answer_lacks_its_end(proxy: CuttingProxy, server: EchoServer) -> None:
    proxy.cut("in_body")
    assert raw(proxy).partition(b"\r\n\r\n")[2] == BODY[:1]
    assert server.acted == [BODY]


def test_what_is_late_reaches_the_server_when_it_is_released(proxy: CuttingProxy, server: EchoServer) -> None:
    proxy.cut("late", "late")
    raw(proxy, b"one")
    raw(proxy, b"two")
    assert server.acted == []
    proxy.release()
    assert sorted(server.acted) == [b"one", b"two"]


def test_the_plan_names_the_exchange_that_is_cut(connection: HTTPConnection, proxy: CuttingProxy) -> None:
    proxy.cut(None, None, "before_answer")
    assert [post(connection), post(connection)] == [BODY, BODY]
    with pytest.raises(ConnectionError):
        post(connection)
    connection.close()
    assert post(connection) == BODY


def test_while_it_is_unreachable_connections_are_refused(connection: HTTPConnection, proxy: CuttingProxy) -> None:
    with proxy.unreachable(), pytest.raises(ConnectionRefusedError):
        connection.connect()
    assert post(connection) == BODY


def test_its_end_ends_what_is_under_way(server: EchoServer) -> None:
    with CuttingProxy(f"http://127.0.0.1:{server.server_address[1]}") as proxy:
        proxy.cut("late")
        raw(proxy)
        host, port = proxy.url.removeprefix("http://").split(":")
        idle = socket.create_connection((host, int(port)))
    assert idle.recv(1) == b""
    idle.close()
