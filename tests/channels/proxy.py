"""A proxy that cuts connections where it is told to, between any channel and any server of HTTP/1.

It hands bytes on as they come and knows no more of HTTP than where a request ends and where an answer's body begins.
Not for: TLS, or answers that a server spoils by itself.
"""

from __future__ import annotations

import re
import select
import socket
import struct
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Literal, get_args
from urllib.parse import urlsplit

# before_request: nothing reaches the server. before_answer: it has answered, and no byte of that comes through.
# in_head, in_body: the answer ends in the middle of its headers, or of its body.
# late: the client is cut off at once, and the request reaches the server when the proxy is told to `release` it.
Stage = Literal["before_request", "before_answer", "in_head", "in_body", "late"]
STAGES: tuple[Stage, ...] = get_args(Stage)

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_RESET = struct.pack("ii", 1, 0)


class CuttingProxy:
    """Listens on 127.0.0.1 and passes all on to `url`, within `with`. `exchanges` counts requests, whole or not."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        assert address.hostname is not None
        assert address.port is not None
        self.exchanges = 0
        self._ended = False
        self._upstream = (address.hostname, address.port)
        self._plan: deque[Stage | None] = deque()
        self._late: list[tuple[threading.Event, threading.Thread]] = []
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        # Keeps the port while nobody listens on it, so that no connection on its way out takes it.
        self._place = _bound(("127.0.0.1", 0))
        self._address: tuple[str, int] = self._place.getsockname()
        self._listen()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._address[1]}"

    # ── what it is told ──────────────────────────────────────────────────────────────────────────

    def cut(self, *stages: Stage | None) -> None:
        """Cut the next exchanges at these stages, one each in their order; None lets one pass."""
        self._plan.extend(stages)

    def release(self) -> None:
        """Let requests that are late reach the server; returns when it has answered them."""
        while self._late:
            may_go, thread = self._late.pop()
            may_go.set()
            thread.join()

    @contextmanager
    def unreachable(self) -> Iterator[None]:
        """Refuse connections meanwhile."""
        self._stop_listening()
        try:
            yield
        finally:
            self._listen()

    # ── listening ────────────────────────────────────────────────────────────────────────────────

    def _listen(self) -> None:
        self._listener = _bound(self._address)
        self._listener.listen(64)
        self._listening = threading.Thread(target=self._accept, args=(self._listener,), daemon=True)
        self._listening.start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            client, _ = listener.accept()
            if listener is not self._listener:
                client.close()
                return
            thread = threading.Thread(target=self._relay, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _stop_listening(self) -> None:
        old, self._listener = self._listener, self._place
        socket.create_connection(self._address).close()  # Wakes whoever waits for the next one.
        self._listening.join()
        old.close()

    # ── one connection ───────────────────────────────────────────────────────────────────────────

    def _relay(self, client: socket.socket) -> None:
        with client, suppress(OSError), socket.create_connection(self._upstream) as server:
            for side in (client, server):
                side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._sockets.add(side)
            try:
                if not self._ended:  # Set before the sockets are looked through: one of the two sees the other.
                    _Exchanges(self, client, server).run()
            finally:
                self._sockets.difference_update((client, server))

    def next_stage(self) -> Stage | None:
        """Where the exchange that begins now is to be cut."""
        with self._lock:
            self.exchanges += 1
            return self._plan.popleft() if self._plan else None

    def hold(self) -> threading.Event:
        """What this thread has to wait for before its request may reach the server."""
        may_go = threading.Event()
        self._late.append((may_go, threading.current_thread()))
        if self._ended:
            may_go.set()
        return may_go

    # ── its end ──────────────────────────────────────────────────────────────────────────────────

    def __enter__(self) -> CuttingProxy:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended = True
        self._stop_listening()
        self._place.close()
        for one in self._sockets.copy():
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self.release()
        for thread in self._threads:
            thread.join()


class _Exchanges:
    """What goes over one connection: a request, its answer, and so on."""

    def __init__(self, proxy: CuttingProxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy = proxy
        self._client = client
        self._server = server
        self._stage: Stage | None = None
        self._asking = False
        self._request = b""
        self._answer = b""

    def run(self) -> None:
        sides = [self._client, self._server]
        while True:
            for side in select.select(sides, [], [])[0]:
                data = side.recv(65536)
                if not data and side is self._client:
                    sides.remove(side)
                    self._server.shutdown(socket.SHUT_WR)
                elif not data or not (self._asked(data) if side is self._client else self._answered(data)):
                    return

    def _asked(self, data: bytes) -> bool:
        """The client says something; whether the connection goes on."""
        if not self._asking:
            self._asking, self._request, self._answer = True, b"", b""
            self._stage = self._proxy.next_stage()
        self._request += data
        if self._stage == "before_request":
            _reset(self._client)
            return False
        if self._stage == "late":
            if not _complete(self._request):
                return True
            may_go = self._proxy.hold()
            _reset(self._client)
            may_go.wait()
            self._server.sendall(self._request)
            self._server.recv(1)
            return False
        self._server.sendall(data)
        return True

    def _answered(self, data: bytes) -> bool:
        """The server says something; whether the connection goes on."""
        self._asking = False
        self._answer += data
        if self._stage == "before_answer":
            _reset(self._client)
            return False
        if self._stage is None:
            self._client.sendall(data)
            return True
        head, found, body = self._answer.partition(b"\r\n\r\n")
        if self._stage == "in_head" and len(self._answer) > 1:
            self._client.sendall(head[: len(head) // 2])
            return False
        if found and len(body) > 1:
            self._client.sendall(head + found + body[:1])
            return False
        return True


def _complete(request: bytes) -> bool:
    head, found, body = request.partition(b"\r\n\r\n")
    length = _LENGTH.search(head + b"\r\n")
    return bool(found) and len(body) >= (int(length[1]) if length else 0)


def _reset(connection: socket.socket) -> None:
    """End a connection at once, as a line that breaks does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    connection.close()


def _bound(address: tuple[str, int]) -> socket.socket:
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(address)
    return bound
