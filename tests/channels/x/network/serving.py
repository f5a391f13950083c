"""The socket of the loopback server: connections, scripted failures, and the stream that stays open.

Not for: what an answer says (`api`).
"""

from __future__ import annotations

import gzip
import select
import socket
import socketserver
import struct
import threading
import traceback
import zlib
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from typing import Protocol

from tests.channels.x.network import facts, failures
from tests.channels.x.network.answers import Answer, Refusal
from tests.channels.x.network.api import Api
from tests.channels.x.network.failures import Failure, Script
from tests.channels.x.network.request import Request, Seen, matching

_PIECE = 1024**2
# zlib's word for the gzip format.
_GZIP = 31
_STREAM = "GET /2/tweets/search/stream"


class Served(Protocol):
    """What a listener needs of the server that it belongs to."""

    api: Api
    script: Script
    requests: list[Seen]
    stopping: threading.Event

    @property
    def url(self) -> str: ...

    def see(self, asked: Request) -> str:
        """Write a request into the log. Returns its call's name."""
        ...

    def keep_for_later(self, asked: Request) -> None: ...

    def use_up(self, call: str, left: int = 0) -> None: ...


class Listener(socketserver.ThreadingTCPServer):
    """The socket and the threads of one server."""

    allow_reuse_address = True
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], served: Served) -> None:
        self.served = served
        self.connections: set[socket.socket] = set()
        super().__init__(address, _Connection)

    def handle_error(self, request: object, client_address: object) -> None:
        """A fault in the server itself: kept with the violations, so that its test fails."""
        self.served.api.violations.append(f"The server is broken: {traceback.format_exc()}")

    def server_close(self) -> None:
        for connection in self.connections.copy():
            _shut(connection)
        super().server_close()


class _Connection(BaseHTTPRequestHandler):
    """One connection, and the requests that come over it."""

    server: Listener
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)
        if self.server.served.stopping.is_set():
            _shut(self.connection)

    def handle(self) -> None:
        with suppress(ConnectionError):  # The client has gone.
            super().handle()

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        with suppress(ConnectionError):
            super().finish()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The `Date` of an answer: the network's time, not the machine's."""
        return super().date_time_string(self.server.served.api.world.now().timestamp())

    def log_message(self, format: str, *args: object) -> None:
        """Keep still: stderr is for what went wrong here."""

    def _answer(self) -> None:
        served = self.server.served
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            return  # The client went in the middle of it: this is not a request.
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Request(self.command, self.path, headers, body)
        call = served.see(asked)
        failure = served.script.take(call)
        if failure is not None:
            self._fail(asked, failure, call)
        elif call == _STREAM:
            self._stream(asked)
        else:
            self._write(served.api.answer(asked, served.url))

    def _fail(self, asked: Request, failure: Failure, call: str) -> None:
        served = self.server.served
        instead = failures.instead(failure, served.api.account.id)
        if instead is not None:
            self._write(self._with_reset(instead, failure, asked, call))
            return
        match failure.kind:
            case "cut":
                self._cut()
            case "silence":
                served.stopping.wait()
            case "act_late":
                served.keep_for_later(asked)
                self._cut()
            case "act_then_cut":
                served.api.answer(asked, served.url)
                self._cut()
            case "huge":
                self._flood()
            case "huge_packed":
                self._flood_packed()
            case "slow" | "slow_head":
                self._trickle(served.api.answer(asked, served.url), failure)
            case _:
                self._write(failures.spoiled(served.api.answer(asked, served.url), failure))

    def _with_reset(self, answer: Answer, failure: Failure, asked: Request, call: str) -> Answer:
        """A scripted 429 with its headers, where it has any."""
        found = next((one for one in facts.ALL_CALLS if one.name == call), None)
        if failure.kind not in ("rate_limited", "rate_limited_88") or found is None:
            return answer
        served = self.server.served
        served.use_up(call)
        kind = served.api.authorisation.kind_of(asked.headers.get("authorization", ""))
        return served.api.with_limits(answer, found, kind)

    def _stream(self, asked: Request) -> None:
        """Hold the connection and write what comes, in chunks, until one side has enough."""
        served = self.server.served
        found = matching(asked.method, asked.path)
        assert found is not None
        call, values = found
        header = asked.headers.get("authorization", "")
        kind = served.api.authorisation.kind_of(header)
        try:
            served.api.authorisation.check(call, header, asked.target, [], served.url)
            served.api.check_means(call, kind)
            query = served.api.checked(call, values, asked).query
            served.api.streaming.connect()
        except Refusal as refusal:
            self._write(served.api.with_limits(refusal.answer, call, kind))
            return
        head = Answer(200, headers=(("Transfer-Encoding", "chunked"),))
        try:
            self._head(served.api.with_limits(head, call, kind))
            for line in served.api.streaming.lines(query, self._client_is_gone):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
            self.wfile.write(b"0\r\n\r\n")
        finally:
            served.api.streaming.leave()
            self.close_connection = True

    def _client_is_gone(self) -> bool:
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)

    # ── bytes ────────────────────────────────────────────────────────────────────────────────────

    def _write(self, answer: Answer) -> None:
        """Answer, packed where the client takes that, as X does."""
        if "gzip" in self.headers.get("Accept-Encoding", "") and answer.body:
            packed = gzip.compress(answer.body, compresslevel=1, mtime=0)
            answer = replace(answer, body=packed, headers=(*answer.headers, ("Content-Encoding", "gzip")))
        self._head(answer, len(answer.body))
        self.wfile.write(answer.body)

    def _head(self, answer: Answer, length: int | None = None) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()

    def _cut(self) -> None:
        """End the connection at once, as a line that breaks does."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        _shut(self.connection)

    def _flood(self) -> None:
        self._head(Answer(200), failures.HUGE)
        self.wfile.write(b'{"data":[')
        for _ in range(failures.HUGE // _PIECE):
            if self.server.served.stopping.is_set():
                return
            self.wfile.write(b" " * _PIECE)

    def _flood_packed(self) -> None:
        """A megabyte that unpacks to a gigabyte: after a full flush the same block may follow again and again."""
        packer = zlib.compressobj(wbits=_GZIP)
        begin = packer.compress(b'{"data":[') + packer.flush(zlib.Z_FULL_FLUSH)
        block = packer.compress(b" " * _PIECE) + packer.flush(zlib.Z_FULL_FLUSH)
        body = begin + block * (failures.HUGE // _PIECE)
        self._head(Answer(200, headers=(("Content-Encoding", "gzip"),)), len(body))
        self.wfile.write(body)

    def _trickle(self, answer: Answer, failure: Failure) -> None:
        line, self.wfile = self.wfile, BytesIO()
        self._write(answer)
        written, self.wfile = self.wfile.getvalue(), line
        at_once = 0 if failure.kind == "slow_head" else written.index(b"\r\n\r\n") + 4
        self.wfile.write(written[:at_once])
        for place in range(at_once, len(written)):
            self.wfile.write(written[place : place + 1])
            if self.server.served.stopping.wait(failure.seconds):
                return


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):  # The other side was quicker.
        connection.shutdown(socket.SHUT_RDWR)
