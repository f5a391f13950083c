"""The calls of X's API, from a request to its answer: keys, credits, limits, checks, the act, and what it costs.

Not for: sockets and scripted failures (`server`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from tests.channels.x.network import answers, openapi, request
from tests.channels.x.network.answers import Answer, Refusal, said
from tests.channels.x.network.authorisation import Authorisation, Kind
from tests.channels.x.network.billing import Bill
from tests.channels.x.network.correspondence import Correspondence
from tests.channels.x.network.facts import Call
from tests.channels.x.network.limits import Limits
from tests.channels.x.network.publishing import Publishing, Rules
from tests.channels.x.network.rendering import Asked, Dialect, Renderer, Told
from tests.channels.x.network.request import Request
from tests.channels.x.network.signing_in import SigningIn
from tests.channels.x.network.streaming import Streaming
from tests.channels.x.network.timelines import Timelines
from tests.channels.x.network.uploads import Uploads
from tests.channels.x.network.world import User, World

_Act = Callable[["_Asking"], Answer]


@dataclass(frozen=True)
class _Asking:
    """A request that was let in: the values of its path, its query in the older names, its body."""

    values: Mapping[str, str]
    query: Mapping[str, str]
    body: Any

    def number(self, name: str) -> int:
        return int(self.values[name])


@dataclass
class Api:
    """X as one app and one account see it.

    dialect: in which words answers are told. own_app: whether the account owns the app, so that its own timelines are
    read at a fifth. charges_beside: whether `includes` are charged like data ("per resource returned in the response").
    without_credits: the prepaid credits are spent, in this wording. checks_itself: whether each answer is compared with
    X's description, where that is there. violations: what was asked that X does not know.
    """

    world: World
    account: User
    authorisation: Authorisation
    signing_in: SigningIn
    limits: Limits
    rules: Rules
    bill: Bill = field(default_factory=Bill)
    dialect: Dialect = "tweet"
    own_app: bool = True
    charges_beside: bool = True
    without_credits: Literal["", "credits", "payment"] = ""
    checks_itself: bool = False
    violations: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        def renderer() -> Renderer:
            return Renderer(self.world, self.account.id, self.dialect)

        self.timelines = Timelines(self.world, self.account, renderer)
        self.publishing = Publishing(self.world, self.account, self.rules)
        self.correspondence = Correspondence(self.world, self.account, renderer)
        self.uploads = Uploads(self.world, self.account)
        self.streaming = Streaming(self.world, self.account, renderer, self.bill)
        self._renderer = renderer
        self._acts = self._all_acts()

    def answer(self, asked: Request, own_url: str) -> Answer:
        """What X answers. own_url: this server's address, for which a client may have signed."""
        form, header = dict(asked.form), asked.headers.get("authorization", "")
        match asked.method, asked.path:
            case "GET", "/i/oauth2/authorize":
                return self.signing_in.page(asked.query)
            case "POST", "/2/oauth2/token":
                return self.signing_in.token(form, header)
            case "POST", "/2/oauth2/revoke":
                return self.signing_in.revoke(form, header)
            case "POST", "/oauth2/token":
                return self.signing_in.app_token(form, header)
        found = request.matching(asked.method, asked.path)
        if found is None:
            self.violations.append(f"{asked.method} {asked.path}: there is no such call")
            return answers.problem(404, "Not Found", "Not Found")
        call, values = found
        kind = self.authorisation.kind_of(header)
        try:
            self.authorisation.check(call, header, asked.target, asked.form, own_url)
            self.check_means(call, kind)
            asking = self.checked(call, values, asked)
            answer = self._acts[call.name](asking)
            self._check_itself(call, answer)
        except Refusal as refusal:
            answer = refusal.answer
        return self.with_limits(answer, call, kind)

    def check_means(self, call: Call, kind: Kind) -> None:
        """Whether there are credits, and calls left. Raises `Refusal`."""
        if self.without_credits == "credits":
            raise Refusal(answers.credits_depleted(self.account.id))
        if self.without_credits == "payment":
            raise Refusal(answers.payment_required())
        if not self.limits.take(call, kind, self.world.now()):
            raise Refusal(answers.too_many())

    def checked(self, call: Call, values: Mapping[str, str], asked: Request) -> _Asking:
        """The request, if X's description knows all it asks. Raises `Refusal`, and keeps the violation."""
        query = request.in_older_names(asked.query) if self.dialect == "post" else asked.query
        try:
            body = asked.document
            faults = request.faults(call, values, query, body)
        except ValueError as error:
            body, faults = None, {"body": (asked.body[:40], f"no JSON: {error}")}
        if faults:
            self.violations += [f"{call.name}: {sentence}" for _, sentence in faults.values()]
            raise Refusal(answers.invalid(faults))
        return _Asking(values, query, body)

    def _check_itself(self, call: Call, answer: Answer) -> None:
        described = openapi.description() if self.checks_itself and self.dialect == "tweet" else None
        if described is not None:
            found = described.faults_of_answer(call.method, call.path, answer.status, answer.document)
            self.violations += [f"The server answers {call.name} wrongly: {fault}" for fault in found]

    def with_limits(self, answer: Answer, call: Call, kind: Kind) -> Answer:
        """The answer with the headers that tell what is left."""
        return replace(answer, headers=(*answer.headers, *self.limits.headers(call, kind, self.world.now())))

    # ── the calls ────────────────────────────────────────────────────────────────────────────────

    def _all_acts(self) -> dict[str, _Act]:
        uploads, one_person = self.uploads, "/2/dm_conversations/with/{participant_id}"
        return {
            "GET /2/users/me": lambda a: self._people([self.account], a, single=True),
            "GET /2/users": self._people_by_ids,
            "GET /2/users/by/username/{username}": self._person_by_name,
            "GET /2/users/{id}/mentions": lambda a: self._timeline("own mentions read", a),
            "GET /2/users/{id}/tweets": lambda a: self._timeline("own posts read", a),
            "GET /2/tweets": lambda a: self._charged(self.timelines.by_ids("ids", _numbers(a.query["ids"]), a.query)),
            "GET /2/tweets/{id}": lambda a: self._charged(self.timelines.by_ids("id", [a.number("id")], a.query)),
            "GET /2/tweets/search/recent": lambda a: self._charged(self.timelines.found(a.query)),
            "POST /2/tweets": self._post,
            "DELETE /2/tweets/{id}": self._delete,
            "GET /2/dm_events": lambda a: self._charged(self.correspondence.events(a.query)),
            "GET /2/dm_events/{event_id}": lambda a: self._charged(
                self.correspondence.event(a.number("event_id"), a.query)
            ),
            f"GET {one_person}/dm_events": lambda a: self._charged(
                self.correspondence.events(a.query, a.number("participant_id"))
            ),
            f"POST {one_person}/messages": self._message,
            "POST /2/media/upload": lambda a: uploads.at_once(a.body),
            "GET /2/media/upload": lambda a: uploads.status(int(a.query["media_id"])),
            "POST /2/media/upload/initialize": lambda a: uploads.begin(a.body),
            "POST /2/media/upload/{id}/append": lambda a: uploads.append(a.number("id"), a.body),
            "POST /2/media/upload/{id}/finalize": lambda a: uploads.finish(a.number("id")),
            "POST /2/media/metadata": self._describe,
            "GET /2/tweets/search/stream/rules": lambda a: self.streaming.listed(),
            "POST /2/tweets/search/stream/rules": lambda a: self.streaming.change(
                a.body, a.query.get("dry_run") == "true"
            ),
        }

    def _timeline(self, own: str, asking: _Asking) -> Answer:
        person = asking.number("id")
        read = self.timelines.mentions if own == "own mentions read" else self.timelines.posts_of
        mine = self.own_app and person == self.account.id
        return self._charged(read(person, asking.query), own if mine else "posts read")

    def _post(self, asking: _Asking) -> Answer:
        post, kind = self.publishing.post(asking.body)
        self.bill.wrote(kind)
        told = self._renderer().post(post, Asked())
        return said({"data": told}, 201)

    def _delete(self, asking: _Asking) -> Answer:
        self.publishing.remove(asking.number("id"))
        self.bill.wrote("posts deleted")
        return said({"data": {"deleted": True}})

    def _message(self, asking: _Asking) -> Answer:
        message = self.correspondence.write(asking.number("participant_id"), asking.body)
        self.bill.wrote("messages")
        return said({"data": {"dm_conversation_id": message.conversation, "dm_event_id": str(message.id)}}, 201)

    def _describe(self, asking: _Asking) -> Answer:
        answer = self.uploads.describe(asking.body)
        self.bill.wrote("media descriptions")
        return answer

    def _people_by_ids(self, asking: _Asking) -> Answer:
        numbers = _numbers(asking.query["ids"])
        found = [self.world.users[number] for number in numbers if number in self.world.users]
        errors = [answers.not_found("user", "ids", number) for number in numbers if number not in self.world.users]
        return self._people(found, asking, errors=errors)

    def _person_by_name(self, asking: _Asking) -> Answer:
        name = asking.values["username"]
        user = self.world.user_by_handle(name)
        errors = [] if user is not None else [answers.not_found("user", "username", name)]
        return self._people([user] if user is not None else [], asking, single=True, errors=errors)

    def _people(
        self, users: list[User], asking: _Asking, *, single: bool = False, errors: list[dict[str, object]] | None = None
    ) -> Answer:
        asked = Asked.of(asking.query)
        told = [self._renderer().user(user, asked) for user in users]
        document: dict[str, Any] = {"data": told[0] if single else told} if told else {}
        if errors:
            document["errors"] = errors
        return self._charged(Told(document, users=tuple(user.id for user in users)))

    def _charged(self, told: Told, kind: str = "posts read") -> Answer:
        now = self.world.now()
        self.bill.read(kind, told.posts, now)
        self.bill.read("messages read", told.messages, now)
        self.bill.read("people read", told.users, now)
        if self.charges_beside:
            self.bill.read("posts read", told.posts_beside, now)
            self.bill.read("people read", told.users_beside, now)
        return said(told.document)


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]
