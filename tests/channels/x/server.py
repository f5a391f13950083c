"""X on loopback: a server that behaves as X is documented to, for tests of whatever speaks to it.

Real HTTP, state in memory, the clock handed in. A test lets customers write, scripts failures, and asks afterwards
what stands, what was asked, what was wrong about it and what it would have cost.
Not for: being imported by carecli. The network itself is in `network/`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from types import TracebackType

from tests.channels.x.network import facts
from tests.channels.x.network.api import Api
from tests.channels.x.network.authorisation import Authorisation, Keys
from tests.channels.x.network.billing import Bill
from tests.channels.x.network.failures import Failure, FailureKind, Script
from tests.channels.x.network.limits import Limits
from tests.channels.x.network.publishing import Rules
from tests.channels.x.network.rendering import Dialect
from tests.channels.x.network.request import Request, Seen, matching
from tests.channels.x.network.serving import Listener
from tests.channels.x.network.signing_in import SCOPES, TOKEN_LIVES, SigningIn, Tokens
from tests.channels.x.network.world import EVERYWHERE, DirectMessage, Picture, Post, User, World

__all__ = ["Dialect", "Failure", "FailureKind", "Keys", "Picture", "Post", "Tokens", "User", "XServer"]

_LOOPBACK = "127.0.0.1"
_STOP_SECONDS = 0.005
_NOT_LOGGED = ("authorization", "cookie")


class XServer:
    """Serves X on 127.0.0.1 within `with`. `account` is the brand whose keys are good here.

    now: the network's time, aware. own_app: whether the brand owns the app. enforce_limits: whether limits refuse.
    confidential: whether the app must show its secret for tokens.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        handle: str = "acme_care",
        name: str = "Acme Care",
        keys: Keys | None = None,
        own_app: bool = True,
        limit: int = 280,
        enforce_limits: bool = True,
        confidential: bool = False,
    ) -> None:
        world = World(now)
        self.account = world.add_user(handle, name)
        authorisation = Authorisation(keys or Keys(), now)
        self.rules = Rules(limit)
        self.api = Api(
            world,
            self.account,
            authorisation,
            SigningIn(authorisation, confidential),
            Limits(enforce_limits),
            self.rules,
            own_app=own_app,
        )
        self.script = Script()
        self.requests: list[Seen] = []
        self.stopping = threading.Event()
        self._late: list[Request] = []
        self._listener = Listener((_LOOPBACK, 0), self)

    # ── what a test lets happen ──────────────────────────────────────────────────────────────────

    def customer(
        self,
        handle: str,
        name: str = "",
        *,
        protected: bool = False,
        followed: bool = False,
        verified: bool = False,
        accepts_messages: bool = True,
    ) -> User:
        """A new person on the network. followed: by the brand, which then sees what a protected one writes."""
        return self.api.world.add_user(
            handle, name, protected=protected, followed=followed, verified=verified, accepts_messages=accepts_messages
        )

    def post(
        self,
        author: User,
        text: str,
        *,
        reply_to: int | None = None,
        quote: int | None = None,
        media: Iterable[Picture] = (),
        filled_in: bool = True,
        language: str = "en",
        at: datetime | None = None,
        reply_settings: str = "everyone",
    ) -> int:
        """Let somebody write, without the API's rules and charges; any length. Returns the post's id.

        filled_in: whether X puts the mentions before a reply, as its own apps do. at: when, if not now.
        """
        parent = self.api.world.posts.get(reply_to) if reply_to else None
        mentions = self.api.publishing.filled_in(author, parent, text) if parent and filled_in else ""
        return self.api.world.add_post(
            author,
            text,
            reply_to=reply_to,
            quote=quote,
            pictures=media,
            filled_in=mentions,
            language=language,
            at=at,
            reply_settings=reply_settings,
        ).id

    def repost(self, author: User, post: int) -> int:
        """Let somebody pass a post on as it is. Returns the repost's own id."""
        passed_on = self.api.world.posts[post]
        text = f"RT @{passed_on.author.handle}: {passed_on.whole}"
        return self.api.world.add_post(author, text, repost_of=post).id

    def picture(self, alt: str = "", *, kind: str = "photo") -> Picture:
        """Something that a customer's post can show; kind: photo, video or animated_gif."""
        return self.api.world.add_picture(kind, alt, size=1)

    def edit(self, post: int, text: str) -> int:
        """Let its author edit a post; the new version has an id of its own."""
        return self.api.world.edit(post, text).id

    def delete(self, post: int) -> None:
        self.api.world.delete(post)

    def withhold(self, post: int, *countries: str) -> None:
        """Withhold a post in some countries, which is told; in none named, everywhere, so that it is an error."""
        self.api.world.withhold(post, countries or (EVERYWHERE,))

    def message(
        self,
        customer: User,
        text: str,
        *,
        media: Iterable[Picture] = (),
        post: int | None = None,
        at: datetime | None = None,
    ) -> int:
        """Let a customer write to the brand directly; post: one that the message shares. Returns the event's id."""
        return self.api.world.add_message(customer, self.account, text, pictures=media, post=post, at=at).id

    def sign_in(self, scopes: tuple[str, ...] = SCOPES, lives: timedelta = TOKEN_LIVES) -> Tokens:
        """OAuth 2 tokens as after a whole sign-in."""
        return self.api.signing_in.sign_in(scopes, lives)

    def expire_tokens(self) -> None:
        """Let every access token be refused from now on; refresh tokens stay good."""
        self.api.authorisation.grants.clear()

    def fail(self, call: str, *kinds: FailureKind | Failure) -> None:
        """Let the next requests of a call fail, one each; "POST /2/tweets", "GET /2/users/{id}/mentions", "*"."""
        known = {one.name for one in facts.ALL_CALLS} | {"*", "POST /2/oauth2/token", "POST /2/oauth2/revoke"}
        assert call in known, f"There is no call {call!r}."
        self.script.add(call, *(kind if isinstance(kind, Failure) else Failure(kind) for kind in kinds))

    def mend(self, call: str | None = None) -> None:
        """Forget the failures that still wait, of one call or of all."""
        self.script.clear(call)

    def release(self) -> None:
        """Let what was cut off "late" act now."""
        while self._late:
            self.api.answer(self._late.pop(0), self.url)

    def use_up(self, call: str, left: int = 0) -> None:
        """Leave so many calls in the current 15 minutes."""
        found = next(one for one in facts.ALL_CALLS if one.name == call)
        self.api.limits.use_up(found, self.api.world.now(), left)

    def drop_stream(self, *, with_reason: bool = False) -> None:
        """End the stream's connection from X's side, with a line that says why or without."""
        self.api.streaming.drop(with_reason=with_reason)

    def say_on_stream(self, line: bytes) -> None:
        """Send these bytes over the stream's connection, whatever they are."""
        self.api.streaming.say(line)

    # ── what a test asks ─────────────────────────────────────────────────────────────────────────

    @property
    def url(self) -> str:
        return f"http://{_LOOPBACK}:{self._listener.server_address[1]}"

    @property
    def keys(self) -> Keys:
        return self.api.authorisation.keys

    @property
    def dialect(self) -> Dialect:
        return self.api.dialect

    @dialect.setter
    def dialect(self, dialect: Dialect) -> None:
        self.api.dialect = dialect

    @property
    def posts(self) -> list[Post]:
        """What the brand has published through the API and what still stands, oldest first."""
        made = [self.api.world.posts[number] for number in self.api.publishing.made]
        return [post for post in made if not post.deleted]

    @property
    def sent_messages(self) -> list[DirectMessage]:
        """What the brand has written to people through the API, oldest first."""
        return [self.api.world.messages[number] for number in self.api.correspondence.made]

    @property
    def bill(self) -> Bill:
        return self.api.bill

    @property
    def cost(self) -> dict[str, int]:
        """What X would have charged so far: micros by kind."""
        return self.api.bill.by_kind

    @property
    def violations(self) -> list[str]:
        """What requests asked that X does not know. A right client leaves it empty."""
        return self.api.violations

    def calls(self, name: str) -> list[Seen]:
        """The requests of one call, oldest first."""
        return [seen for seen in self.requests if seen.call == name]

    # ── serving ──────────────────────────────────────────────────────────────────────────────────

    def see(self, asked: Request) -> str:
        """Write a request into the log. Returns its call's name."""
        found = matching(asked.method, asked.path)
        call = found[0].name if found else f"{asked.method} {asked.path}"
        try:
            body = asked.document
        except ValueError:
            body = asked.body
        kept = {name: value for name, value in asked.headers.items() if name not in _NOT_LOGGED}
        kind = self.api.authorisation.kind_of(asked.headers.get("authorization", ""))
        self.requests.append(Seen(call, asked.method, asked.path, asked.query, body, kind, kept))
        return call

    def keep_for_later(self, asked: Request) -> None:
        self._late.append(asked)

    def __enter__(self) -> XServer:
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(_STOP_SECONDS,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stopping.set()
        self.api.streaming.drop()
        self._listener.shutdown()
        self._thread.join()
        self._listener.server_close()
