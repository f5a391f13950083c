"""The simulated network, served over HTTP on loopback: its own process, its own failures, nothing leaves the machine.

`python -m carecli.channels.sandbox.server --file FILE --seed 7 --start 2026-03-02T08:00:00Z` prints its address.
The time is that of the request's `Desk-Time`: the network never asks the machine. docs/sandbox.md lists the calls.
Not for: the rules of the network (`network`), or being reached from elsewhere.
"""

from __future__ import annotations

import argparse
import json
import socket
import socketserver
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

import msgspec

from carecli.channels.sandbox.faults import Call, Fault, FaultQueue, Reply, date_told, instead, spoiled
from carecli.channels.sandbox.network import DEFAULT_PACE, DEFAULT_WAITING, SandboxNetwork
from carecli.channels.sandbox.wire import (
    ACCOUNT,
    DESK_TIME,
    MAX_MEDIA,
    MAX_MEDIA_BYTES,
    MAX_PAGE,
    Advance,
    Found,
    Identity,
    Posting,
    Refusal,
)
from carecli.errors import CareError, NetworkFailure
from carecli.model import Author

_LOOPBACK = "127.0.0.1"
# In JSON bytes take a third more; the text and the rest are small.
_LARGEST_REQUEST = MAX_MEDIA * MAX_MEDIA_BYTES * 4 // 3 + 1024 * 1024
# How long a stop waits at most for the thread that accepts; connections are cut at once.
_STOP_SECONDS = 0.005
CALLS: dict[tuple[str, str], Call] = {
    ("GET", "/network"): "network",
    ("POST", "/advance"): "advance",
    ("POST", "/posts"): "publish",
    ("GET", "/posts"): "posts",
    ("GET", "/thread"): "thread",
    ("GET", "/key"): "key",
    ("GET", "/own-posts"): "own_posts",
}


class SandboxServer:
    """Serves `network` on 127.0.0.1, within `with` or by `serve`; port 0 takes a free one. The network stays open.

    control: whether `POST /control/faults` may tell it to fail. Each request has a thread and a connection of its own.
    """

    def __init__(self, network: SandboxNetwork, *, port: int = 0, control: bool = False) -> None:
        self.faults = FaultQueue()
        self.network = network
        self.control = control
        self.stopping = threading.Event()
        self._listener = _Listener((_LOOPBACK, port), self)

    @property
    def url(self) -> str:
        return f"http://{_LOOPBACK}:{self._listener.server_address[1]}"

    @property
    def under_way(self) -> int:
        """How many requests are being dealt with, those whose client has gone included."""
        return len(self._listener.connections)

    def serve(self) -> None:
        """Answer requests until interrupted."""
        self._listener.serve_forever()

    def close(self) -> None:
        """Cut every connection and drop what has not been done yet; returns when all threads have ended."""
        self.stopping.set()
        self._listener.server_close()

    def __enter__(self) -> SandboxServer:
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(_STOP_SECONDS,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._listener.shutdown()
        self._thread.join()
        self.close()


class _Listener(socketserver.ThreadingTCPServer):
    """The socket and the threads of a `SandboxServer`."""

    allow_reuse_address = True
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], served: SandboxServer) -> None:
        self.served = served
        self.connections: set[socket.socket] = set()
        super().__init__(address, _Connection)

    def server_close(self) -> None:
        for connection in self.connections.copy():
            _shut(connection)
        super().server_close()


class _Connection(BaseHTTPRequestHandler):
    """One connection, one request."""

    server: _Listener
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
        super().finish()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:
        """Keep still: stderr is for what went wrong here."""

    def _answer(self) -> None:
        served = self.server.served
        address = urlsplit(self.path)
        told = str(self.headers.get("Content-Length", "0"))
        length = int(told[:9]) if told.isascii() and told.isdigit() else _LARGEST_REQUEST + 1
        if length > _LARGEST_REQUEST:
            self._write(_said(413, "This is too much at once, or nobody knows how much."), None)
            return
        body = self.rfile.read(length)
        if len(body) < length:
            return  # The client went in the middle of it: this is not a request.
        if served.control and (self.command, address.path) == ("POST", "/control/faults"):
            self._write(_taught(served.faults, body), None)
            return
        call = CALLS.get((self.command, address.path))
        if call is None:
            self._write(_said(404, "There is nothing here."), None)
            return
        self._carry_out(call, _Request(served.network, parse_qs(address.query), body, self.headers.get(DESK_TIME, "")))

    def _carry_out(self, call: Call, request: _Request) -> None:
        """Act and answer, as the fault that waits for such a call lets it."""
        served = self.server.served
        fault = served.faults.take(call)
        if fault is None:
            self._write(request.reply(call), request.now)
            return
        refused = instead(fault)
        if refused is not None:
            self._write(refused, date_told(request.now, fault))
        elif fault.kind != "cut_before_acting":
            if fault.kind == "act_late" and served.stopping.wait(fault.seconds):
                return
            reply = spoiled(request.reply(call, again=fault.kind == "repeated_page"), fault)
            if fault.kind == "slow":
                self._trickle(reply.written(request.now), fault.seconds)
            elif fault.kind != "cut_after_acting":
                self._write(reply, date_told(request.now, fault))

    def _write(self, reply: Reply, now: datetime | None) -> None:
        self.wfile.write(reply.written(now))

    def _trickle(self, data: bytes, seconds: float) -> None:
        for place in range(len(data)):
            self.wfile.write(data[place : place + 1])
            if self.server.served.stopping.wait(seconds):
                return


class _Request:
    """One call to the network, and what it is answered with."""

    def __init__(self, network: SandboxNetwork, query: dict[str, list[str]], body: bytes, desk_time: str) -> None:
        self._network = network
        self._query = query
        self._body = body
        self._desk_time = desk_time
        self._calls: dict[Call, Callable[[], object]] = {
            "network": lambda: Identity(network.name, network.account),
            "advance": self._advance,
            "publish": self._publish,
            "posts": lambda: network.posts_after(int(self._asked("after")), self._limit()),
            "thread": lambda: network.thread(self._asked("of")),
            "key": lambda: Found(network.post_by_key(self._asked("key"))),
            "own_posts": lambda: network.own_posts(_aware(self._asked("since")), self._limit()),
        }

    @property
    def now(self) -> datetime | None:
        """The time that the client told; None if it told none."""
        try:
            return _aware(self._desk_time)
        except (ValueError, OverflowError):
            return None

    def reply(self, call: Call, *, again: bool = False) -> Reply:
        """Act. `again` tells posts from the beginning, as if none had been told yet."""
        if again:
            self._query["after"] = ["0"]
        try:
            answer = self._calls[call]()
        except (ValueError, OverflowError, msgspec.DecodeError) as error:
            return _said(400, f"This is no request of that kind: {error}.")
        except NetworkFailure as failure:
            return _said(503, failure.sentence)
        status = {"publish": 422 if isinstance(answer, Refusal) else 201}.get(call, 200)
        return Reply(status, msgspec.json.encode(answer))

    def _advance(self) -> bool:
        at_most = msgspec.json.decode(self._body, type=Advance).at_most
        return self._network.advance(_aware(self._desk_time), at_most)

    def _publish(self) -> object:
        return self._network.publish(msgspec.json.decode(self._body, type=Posting), _aware(self._desk_time))

    def _limit(self) -> int:
        return min(max(int(self._asked("limit")), 0), MAX_PAGE + 1)

    def _asked(self, name: str) -> str:
        """A value of the query. Raises `ValueError` where there is none."""
        if name not in self._query:
            raise ValueError(f"{name} is missing")
        return self._query[name][0]


def _taught(faults: FaultQueue, body: bytes) -> Reply:
    try:
        faults.add(*msgspec.json.decode(body, type=tuple[Fault, ...]))
    except msgspec.DecodeError as error:
        return _said(400, f"These are no faults: {error}.")
    return Reply(200, b"{}")


def _said(status: int, sentence: str) -> Reply:
    return Reply(status, msgspec.json.encode({"sentence": sentence}))


def _aware(text: str) -> datetime:
    """A moment that was written with its zone, in UTC. Raises `ValueError`."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment.astimezone(UTC)


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):  # The other side was quicker.
        connection.shutdown(socket.SHUT_RDWR)


def main(arguments: Sequence[str]) -> int:
    """Serve until interrupted; prints one line of JSON with the address once it answers."""
    parser = argparse.ArgumentParser("carecli.channels.sandbox.server", description="Serve a simulated network.")
    parser.add_argument("--file", type=Path, required=True, help="the network's file, made if need be")
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--start", type=_aware, required=True, help="when a new network begins, with its zone")
    parser.add_argument("--pace", type=float, default=DEFAULT_PACE, help="seconds between new customers; 0: none")
    parser.add_argument("--waiting", type=int, default=DEFAULT_WAITING, help="how many have written before the start")
    parser.add_argument("--languages", nargs="*", default=(), help="codes of those that customers write; none: all")
    parser.add_argument("--handle", default=ACCOUNT.handle)
    parser.add_argument("--control", action="store_true", help="let POST /control/faults make it fail: for tests")
    asked = parser.parse_args(arguments)
    account = Author(ACCOUNT.remote_id, asked.handle, ACCOUNT.display_name)
    try:
        network = SandboxNetwork(
            asked.file,
            asked.seed,
            start=asked.start,
            pace=asked.pace,
            waiting=asked.waiting,
            languages=asked.languages,
            account=account,
        )
        server = SandboxServer(network, port=asked.port, control=asked.control)
    except (CareError, OSError, OverflowError) as error:
        parser.error(str(error))
    sys.stdout.write(json.dumps({"url": server.url}) + "\n")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        server.serve()
    server.close()
    network.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
