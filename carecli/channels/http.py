"""HTTP: one call to a network, bounded in time and size, and never made twice behind the caller's back.

For the channels that speak HTTP by httpx, which comes along: import this module where such an account is opened.
Not for: what an answer means (`channels.answers`), or a network that has a client of its own.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Any

import httpx

from carecli.channels.answers import Answer, Failure, failure_in
from carecli.errors import ConfigError
from carecli.model import Record

# What httpx raises for whatever becomes of a call. The second, which is none of the first, comes of a redirect to what
# is no address: httpx looks at it though it is not to follow it.
_FAILED = (httpx.HTTPError, httpx.InvalidURL)
# The only errors after which nothing can have been written. Every other one leaves the outcome of a POST unknown.
_NEVER_MADE = (
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol
)  # fmt: skip


class Bounds(Record, frozen=True):
    """How long and how large an answer may be.

    connect: seconds until there is a connection. silence: seconds without a byte, either way. total: seconds for the
    whole call, however the bytes trickle, a second try included; looking the name up is the system's own time.
    body: bytes.
    """

    connect: float = 5.0
    silence: float = 10.0
    total: float = 15.0
    body: int = 8 * 1024 * 1024


class HttpClient:
    """Calls one network at `url`. Safe for several threads. `network` begins the sentences about it.

    Redirects are not followed: a POST would become a GET, or go to somebody else. Each call has a connection of its
    own, because a POST on one that the network has just dropped would be an unknown outcome for nothing. Nothing is
    decompressed, so that `bounds` hold. The environment's proxies are used for https, where
    `proxies` is set.

    Raises `ConfigError` for an address that is none.
    """

    def __init__(self, url: str, network: str, *, bounds: Bounds | None = None, proxies: bool = True) -> None:
        self._network = network
        self._bounds = bounds or Bounds()
        self._line: _Deadline | None = None
        address = _address(url)
        self._client = httpx.Client(
            base_url=address,
            # Loading the authorities takes 20 ms, and nobody asks them about plain HTTP.
            verify=True if address.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            timeout=httpx.Timeout(self._bounds.silence, connect=self._bounds.connect),
            follow_redirects=False,
            # A server on this machine is plain http, and behind no proxy.
            trust_env=proxies and address.scheme == "https",
            headers={"User-Agent": "carecli", "Accept-Encoding": "identity", "Connection": "close"},
        )

    def call(
        self,
        method: str,
        path: str,
        *,
        now: datetime,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer | Failure:
        """Make the call and read its whole answer; an `Answer` has a status of success.

        now: the desk's time, from which a limit counts. A GET whose connection failed is made once more, anything
        else is made once. Raises nothing that a network could cause.
        """
        answer = self.exchange(method, path, query=query, headers=headers, body=body)
        return answer if isinstance(answer, Failure) else failure_in(answer, self._network, now) or answer

    def exchange(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        again: bool = True,
    ) -> Answer | Failure:
        """As `call`, for whoever reads refusals too: an `Answer` has any status. That of one too long has no body.

        again: whether a GET may be made once more; one whose signature holds once may not.
        """
        tries = 2 if method == "GET" and again else 1
        with _Deadline(self._bounds.total) as deadline:
            request = self._client.build_request(
                method, path, params=query, headers=headers, content=body, extensions={"trace": deadline.watch}
            )
            while True:
                tries -= 1
                try:
                    return self._try(request, deadline)
                except _FAILED as error:
                    if not tries or deadline.passed or isinstance(error, httpx.TimeoutException):
                        return self._failure(error, deadline)

    def _try(self, request: httpx.Request, deadline: _Deadline) -> Answer | Failure:
        response = self._client.send(request, stream=True)
        try:
            body = self._bounded(response)
        finally:
            response.close()
        if deadline.passed:
            raise httpx.ReadTimeout("the whole call took too long")
        if body is None and response.is_success:
            return Failure("unknown", f"{self._network} gave an answer of more than {_size(self._bounds.body)}.")
        return Answer(response.status_code, dict(response.headers), body or b"")

    def _bounded(self, response: httpx.Response) -> bytes | None:
        """The body, read no further than it may be long; None for a longer one."""
        read = bytearray()
        for chunk in response.iter_raw():
            read += chunk
            if len(read) > self._bounds.body:
                return None
        return bytes(read)

    def _failure(self, error: Exception, deadline: _Deadline) -> Failure:
        if isinstance(error, _NEVER_MADE):
            return Failure("not_sent", f"{self._network} is out of reach.")
        if deadline.passed or isinstance(error, httpx.TimeoutException):
            return Failure("unknown", f"{self._network} did not answer in time.")
        if isinstance(error, httpx.InvalidURL):
            return Failure("unknown", f"{self._network} gave an answer that could not be read.")
        return Failure("unknown", "The connection was cut before the network's answer came.")

    def listen(
        self, path: str, heard: Callable[[bytes], None], *, headers: Mapping[str, str] | None = None
    ) -> Answer | Failure:
        """Hand on each line of an answer that goes on and on, until it ends or `hang_up` is called; what ended it.

        An `Answer` is one that was no success. Bounds hold for connecting, for silence, and for the length of a line.
        """
        with _Deadline(threading.TIMEOUT_MAX) as line:
            self._line = line
            request = self._client.build_request("GET", path, headers=headers, extensions={"trace": line.watch})
            try:
                response = self._client.send(request, stream=True)
                try:
                    if not response.is_success:
                        return Answer(response.status_code, dict(response.headers), self._bounded(response) or b"")
                    self._hand_on(response, heard)
                finally:
                    response.close()
            except _FAILED as error:
                return self._failure(error, line)
            return Failure("unknown", f"{self._network} ended the connection.")

    def hang_up(self) -> None:
        """End what `listen` waits for, from another thread."""
        if self._line is not None:
            self._line.end()

    def _hand_on(self, response: httpx.Response, heard: Callable[[bytes], None]) -> None:
        rest = b""
        for chunk in response.iter_raw():
            *lines, rest = (rest + chunk).split(b"\n")
            for one in lines:
                heard(one.strip())
            if len(rest) > self._bounds.body:
                return

    def close(self) -> None:
        self._client.close()


class _Deadline:
    """Ends what happens within it after `seconds`, by shutting down the connection that it waits for.

    httpx bounds each single read, so that one byte now and then would keep it for ever, in the headers above all.
    """

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self.end)
        self._timer.daemon = True

    def __enter__(self) -> _Deadline:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()

    def watch(self, event: str, info: Mapping[str, Any]) -> None:
        """Take note of the connection: httpx's `trace` extension calls this with all that happens."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            with self._lock:
                self._socket = info["return_value"].get_extra_info("socket")
                if self.passed:
                    self._shut()

    def end(self) -> None:
        """End it now."""
        with self._lock:
            self.passed = True
            self._shut()

    def _shut(self) -> None:
        if self._socket is None:
            return
        try:
            # The plain socket's own: that of TLS would go on without encryption.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
        except OSError:
            return  # It was closed already.


def _address(url: str) -> httpx.URL:
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        address = httpx.URL()
    if address.scheme not in ("http", "https") or not address.host:
        raise ConfigError(f"{url!r} is no address on the web.", "Write it as `http://127.0.0.1:8080`.")
    return address


def _size(count: int) -> str:
    return f"{count // 1024 // 1024} MiB" if count >= 1024 * 1024 else f"{count} bytes"
