"""The end of a sign-in: X leads the browser to this machine, where one request is waited for on loopback.

Whatever else comes meanwhile (a favicon, another program, a stale page) is answered and ends nothing.
Not for: what the code is exchanged for (`oauth`).
"""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import urlsplit

from carecli.channels.x.oauth import Attempt, code_in, is_of
from carecli.errors import Misuse, NeedsPerson, Refused

_LOOPBACK = "127.0.0.1"
# How long a stop waits at most for the thread that accepts.
_STOP_SECONDS = 0.05
# A wait takes no note of an interrupt that the system told another thread of, or a moment too early; the next one does.
_TURN_SECONDS = 0.5
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>carecli</title>
<body style="font-family: sans-serif; margin: 4em auto; max-width: 30em"><p>{sentence}</p></body></html>"""
_THANKS = "Thank you. carecli goes on in the terminal; this page can be closed."
_DECLINED = "The sign-in was not allowed. The terminal says more; this page can be closed."
_OTHER = "This page belongs to another sign-in. carecli still waits for its own."
_NOTHING = "There is nothing here."


class Redirect:
    """Listens at the callback of `attempt` within `with`. silence: seconds after which a silent connection is dropped.

    Raises `Misuse` for a callback that is not on this machine, or whose port is taken.
    """

    def __init__(self, attempt: Attempt, *, silence: float = 5.0) -> None:
        address = urlsplit(attempt.callback)
        try:
            port = address.port
        except ValueError:
            port = None
        if address.scheme != "http" or address.hostname != _LOOPBACK or not port:
            raise Misuse(
                f"{attempt.callback} does not lead to a port of this machine.",
                f"Use one such as http://{_LOOPBACK}:8722/callback, or sign in with --paste.",
            )
        try:
            self._server = _Server((_LOOPBACK, port), attempt, address.path or "/", silence)
        except OSError as error:
            raise Misuse(
                f"Nothing can listen on port {port}: {error.strerror}.",
                "Name another with --callback, which X must know too; or sign in with --paste.",
            ) from None

    def __enter__(self) -> Redirect:
        threading.Thread(target=self._server.serve_forever, args=(_STOP_SECONDS,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def code(self, seconds: float) -> str:
        """The code that came, waited for so long. Raises `Refused` where X said no, `NeedsPerson` where none came."""
        turns = max(1, round(seconds / _TURN_SECONDS))
        if not any(self._server.done.wait(seconds / turns) for _ in range(turns)):
            raise NeedsPerson(
                f"Nobody allowed it within {seconds / 60:g} minutes.",
                "Start again; where the browser is on another machine, with --paste.",
            )
        if self._server.refused is not None:
            raise self._server.refused
        return self._server.code


class _Server(ThreadingHTTPServer):
    """The socket, and what came."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], attempt: Attempt, path: str, silence: float) -> None:
        self.attempt = attempt
        self.path = path
        self.silence = silence
        self.done = threading.Event()
        self.code = ""
        self.refused: Refused | None = None
        self._lock = threading.Lock()
        super().__init__(address, _Request)

    def take(self, target: str) -> tuple[int, str]:
        """Look at the target of a GET; the status and the sentence for whoever sent it."""
        if target.partition("?")[0] != self.path or "state=" not in target:
            return 404, _NOTHING
        with self._lock:
            if self.done.is_set():
                return 404, _NOTHING
            if not is_of(target, self.attempt):
                return 400, _OTHER
            try:
                self.code = code_in(target, self.attempt)
            except Refused as error:
                self.refused = error
            self.done.set()
        return (200, _THANKS) if self.refused is None else (200, _DECLINED)

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that broke is nobody's concern, and its trace would show the code."""


class _Request(BaseHTTPRequestHandler):
    """One connection, one request; a silent one is dropped."""

    server: _Server
    server_version, sys_version = "carecli", ""

    def setup(self) -> None:
        super().setup()
        self.connection.settimeout(self.server.silence)

    def do_GET(self) -> None:
        status, sentence = self.server.take(self.path)
        page = _PAGE.format(sentence=sentence).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:
        """Keep still: the request holds the code."""
