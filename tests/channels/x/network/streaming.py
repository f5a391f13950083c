"""The filtered stream: rules, one connection, posts as they are written and signs of life between them.

Not for: the socket (`server`), which asks `lines` for what it writes.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.channels.x.network import answers, search
from tests.channels.x.network.answers import PROBLEMS, Answer, Refusal, problem, said
from tests.channels.x.network.billing import Bill
from tests.channels.x.network.rendering import Asked, Renderer, written
from tests.channels.x.network.world import Post, User, World

MOST_RULES = 1000
_LOOK_SECONDS = 0.05
_DISCONNECT = {
    "title": "operational-disconnect",
    "disconnect_type": "UpstreamOperationalDisconnect",
    "detail": "This stream has been disconnected upstream for operational reasons.",
    "type": PROBLEMS + "operational-disconnect",
}
_TOO_MANY = "This stream is currently at the maximum allowed connection limit."


@dataclass(frozen=True)
class Rule:
    id: int
    value: str
    tag: str | None = None

    @property
    def told(self) -> dict[str, str]:
        told = {"id": str(self.id), "value": self.value}
        return told if self.tag is None else told | {"tag": self.tag}


@dataclass
class Streaming:
    """The stream for one app. keep_alive: real seconds between two signs of life. gone: set when a connection ended."""

    world: World
    account: User
    renderer: Callable[[], Renderer]
    bill: Bill
    keep_alive: float = 20.0
    rules: dict[int, Rule] = field(default_factory=dict)
    connected: bool = False
    gone: threading.Event = field(default_factory=threading.Event)
    _queue: queue.SimpleQueue[Post | bytes | None] = field(default_factory=queue.SimpleQueue)

    def listed(self) -> Answer:
        """GET /2/tweets/search/stream/rules."""
        told = [rule.told for rule in self.rules.values()]
        meta = {"sent": written(self.world.now()), "result_count": len(told)}
        return said({"data": told, "meta": meta} if told else {"meta": meta})

    def change(self, body: Mapping[str, Any], dry_run: bool) -> Answer:
        """POST /2/tweets/search/stream/rules."""
        meta: dict[str, Any] = {"sent": written(self.world.now())}
        if "delete" in body:
            ids, values = body["delete"].get("ids", ()), body["delete"].get("values", ())
            gone = [rule.id for rule in self.rules.values() if str(rule.id) in ids or rule.value in values]
            for number in gone if not dry_run else ():
                del self.rules[number]
            asked = len(ids) + len(values)
            return said({"meta": meta | {"summary": {"deleted": len(gone), "not_deleted": asked - len(gone)}}})
        added = [self._rule(one) for one in body["add"]]
        known = {rule.value for rule in self.rules.values()}
        twice = [rule for rule in added if rule.value in known]
        if twice:
            errors = [
                {
                    "value": rule.value,
                    "id": str(rule.id),
                    "title": "DuplicateRule",
                    "type": PROBLEMS + "duplicate-rules",
                }
                for rule in twice
            ]
            return said({"meta": meta | {"summary": {"created": 0, "not_created": len(added)}}, "errors": errors}, 400)
        if not dry_run:
            self.rules |= {rule.id: rule for rule in added}
        summary = {"created": len(added), "not_created": 0, "valid": len(added), "invalid": 0}
        return said({"data": [rule.told for rule in added], "meta": meta | {"summary": summary}}, 201)

    def connect(self) -> None:
        """Take the one connection. Raises `Refusal` if it is taken, or if there is no rule."""
        if not self.rules:
            raise Refusal(self._not_possible(409, "RuleConfigurationIssue", "There are no rules for this stream."))
        if self.connected:
            raise Refusal(self._not_possible(429, "TooManyConnections", _TOO_MANY))
        self._queue = queue.SimpleQueue()
        self.world.listeners.append(self._queue.put)
        self.connected = True
        self.gone.clear()

    def lines(self, query: Mapping[str, str], client_is_gone: Callable[[], bool]) -> Iterator[bytes]:
        """What goes over the connection until one side ends it: posts as they come, empty lines in between."""
        asked = Asked.of(query)
        look = min(_LOOK_SECONDS, self.keep_alive)
        quiet = 0.0
        while not client_is_gone():
            try:
                said = self._queue.get(timeout=look)
            except queue.Empty:
                quiet += look
                line = b"\r\n" if quiet >= self.keep_alive else b""
            else:
                if said is None:
                    return
                line = said if isinstance(said, bytes) else self._line(said, asked)
            if line:
                quiet = 0.0
                yield line

    def leave(self) -> None:
        """The connection is gone."""
        self.world.listeners.clear()
        self.connected = False
        self.gone.set()

    def say(self, line: bytes) -> None:
        """Send these bytes as they are, whatever they are."""
        self._queue.put(line)

    def drop(self, *, with_reason: bool = False) -> None:
        """End the connection from X's side, with a line that says why or without."""
        if with_reason:
            self.say(json.dumps({"errors": [_DISCONNECT]}).encode() + b"\r\n")
        self._queue.put(None)

    def _line(self, post: Post, asked: Asked) -> bytes:
        matching = [rule for rule in self.rules.values() if search.parsed(rule.value, self.world)(post)]
        if not matching or not self.world.visible(post, None):
            return b""
        renderer = self.renderer()
        with self.world.lock:
            data, beside = renderer.posts([post], asked)
            document: dict[str, Any] = {"data": data[0]}
            if includes := renderer.includes(beside, asked):
                document["includes"] = includes
        document["matching_rules"] = [
            {"id": str(rule.id)} if rule.tag is None else {"id": str(rule.id), "tag": rule.tag} for rule in matching
        ]
        now = self.world.now()
        self.bill.read("posts read", (post.id, *beside.posts), now)
        self.bill.read("people read", beside.users, now)
        return json.dumps(document, ensure_ascii=False).encode() + b"\r\n"

    def _rule(self, told: Mapping[str, str]) -> Rule:
        if len(self.rules) >= MOST_RULES:
            raise Refusal(problem(400, "RulesCapExceeded", "Too many rules.", PROBLEMS + "rule-cap"))
        if len(told["value"]) > 1024:
            raise Refusal(answers.invalid({"value": (told["value"][:40], "Rule length exceeds the maximum.")}))
        search.parsed(told["value"], self.world)
        return Rule(self.world.snowflakes.at(self.world.now()), told["value"], told.get("tag"))

    def _not_possible(self, status: int, issue: str, detail: str) -> Answer:
        return problem(status, "ConnectionException", detail, PROBLEMS + "streaming-connection", connection_issue=issue)
