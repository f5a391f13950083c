"""The channel of an account at X: what the desk may ask of it, handed to the modules that know how.

Not for: any of X's rules (`mentions`, `threads`, `posting`, `permission`, `limits`), or its calls (`reading`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import msgspec

from carecli.channels.base import (
    Capabilities,
    Inconclusive,
    NotSent,
    Outgoing,
    Page,
    Permission,
    Prepared,
    ReconcileOutcome,
    SendOutcome,
    Sent,
    Spending,
    Thread,
)
from carecli.channels.x import posting
from carecli.channels.x.keys import Keys
from carecli.channels.x.links import links_in
from carecli.channels.x.mentions import Feed, cursor_in, is_private
from carecli.channels.x.permission import permission
from carecli.channels.x.prices import spendings
from carecli.channels.x.reading import Reader
from carecli.channels.x.threads import gone_of, thread_around
from carecli.clock import Clock
from carecli.config import XSection
from carecli.errors import ConfigError, NeedsPerson, NetworkFailure
from carecli.model import Author, Item, Length, Link, Visibility
from carecli.snowflake import id_in

if TYPE_CHECKING:
    from carecli.channels.http import Bounds
    from carecli.channels.x.stream import Stream
    from carecli.channels.x.transport import Door

CAPABILITIES = Capabilities(
    private_messages=True, idempotency="none", shortest_poll=15.0, metered=True, tells_removals=False,
    thread_on_opening=True, media=posting.MOST_PICTURES, media_bytes=posting.LARGEST_PICTURE,
    media_kinds=posting.PICTURES,
    private_note="encrypted ones not seen", link_price="$0.20 instead of $0.015",
)  # fmt: skip

# Whoever sends has 20 seconds for it, and the call itself may last 15.
_BEGINS_WITHIN = 4.0
_INVITATION = "Hi, "


class XChannel:
    """Implements `channels.base.Channel` on X. me: the account; without an id X is asked whose keys these are.

    found_to_be: told the id and the handle then, to be kept.
    """

    def __init__(
        self,
        section: XSection,
        me: Author,
        keys: Keys,
        clock: Clock,
        *,
        found_to_be: Callable[[str, str], None] | None = None,
        bounds: Bounds | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._section = section
        self._me = me
        self._clock = clock
        self._found_to_be = found_to_be
        self._seconds = seconds
        self._spendings = spendings()
        self._keys = keys
        self._bounds = bounds
        self._stream: Stream | None = None
        _check_address(section.url)
        self._feed: Feed | None = None
        self._posting: posting.Posting | None = None

    @cached_property
    def _door(self) -> Door:
        # What makes the calls takes 150 ms to import, and whoever only measures a text should not wait for it.
        from carecli.channels.x.transport import BOUNDS, Door

        url, bounds = self._section.url, self._bounds or BOUNDS
        return Door(self._keys, self._clock, url, bounds=bounds, seconds=self._seconds)

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self._door, self._clock, self._spendings, own_app=self._section.own_app)

    @property
    def capabilities(self) -> Capabilities:
        section = self._section
        return msgspec.structs.replace(CAPABILITIES, private_messages=section.messages, streaming=section.stream)

    @property
    def me(self) -> Author:
        return self._me

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def fetch_mentions(self, cursor: str) -> Page:
        """All mentions, own posts and messages after `cursor`; the first time, those of the last seven days.

        Own posts are looked for each five minutes, messages each ninety seconds at most. Raises `NeedsPerson` for a
        cursor of another network.
        """
        place = cursor_in(cursor)
        if self._feed is None:
            self._feed = Feed(self._reader, self._clock, self._known(), with_messages=self._section.messages)
        return self._feed.page(place)

    def fetch_thread(self, remote_id: str) -> Thread:
        """What a post answers, and what passed between the account and its author; private ones come by the feed."""
        if is_private(remote_id):
            return Thread(())
        return thread_around(self._reader, self._known(), remote_id, self._clock.now())

    def fetch_removed(self, remote_ids: Sequence[str]) -> frozenset[str]:
        """Which of these posts X does not show any more. Of messages it does not tell."""
        numbers = {id_in(one): one for one in remote_ids if not is_private(one)}
        gone = gone_of(self._reader, [number for number in numbers if number is not None])
        return frozenset(numbers[number] for number in gone if number in numbers)

    def listen(self, heard: Callable[[], None] | None) -> None:
        """Hold X's stream of mentions, where the account's `stream` asks for it, and say when something arrived."""
        if heard is None:
            if self._stream is not None:
                self._stream.end()
        elif self._section.stream:
            from carecli.channels.x.stream import Stream

            if self._stream is None:
                self._stream = Stream(self._section.url, self._keys.app_only, self._clock, self._spendings, self._known)
            self._stream.begin(heard)

    def take_spendings(self) -> tuple[Spending, ...]:
        return self._spendings.take()

    # ── what is known without asking ─────────────────────────────────────────────────────────────

    def measure(self, text: str, visibility: Visibility, reply: bool) -> Length:
        """Weighted characters of a post, as X counts them; plain ones of a message."""
        return posting.measure(text, visibility, reply, self._section.limit)

    def links(self, text: str) -> tuple[Link, ...]:
        """What X makes links of; a post with any costs thirteen times as much."""
        return links_in(text)

    def can_reply(self, item: Item, visibility: Visibility, now: datetime) -> Permission:
        """By X's summon rule: who mentions the account may be answered, whoever does not, may not."""
        return permission(item, visibility, self._me)

    def private_invitation(self, handle: str) -> str:
        """The link that opens a message to the account; it says who follows it. A post with a link costs 13 times."""
        if not self._me.remote_id:
            return ""
        text = quote(f"{_INVITATION}@{handle.removeprefix('@')}: ")
        return f"https://x.com/messages/compose?recipient_id={quote(self._me.remote_id)}&text={text}"

    # ── writing ──────────────────────────────────────────────────────────────────────────────────

    def prepare(self, outgoing: Outgoing) -> Prepared:
        """Freeze the call as JSON, with the time from which on it may be found at X."""
        return posting.prepared(outgoing, self._clock.now())

    def send(self, prepared: Prepared) -> SendOutcome:
        """Post, once. A refusal by the summon rule comes with the link for the browser."""
        begins_by = self._seconds() + _BEGINS_WITHIN
        try:
            outcome = self._writer().send(prepared, begins_by)
        except (NetworkFailure, NeedsPerson) as error:
            return NotSent(error.sentence)
        if isinstance(outcome, Sent) and self._feed is not None:
            self._feed.look_again()
        return outcome

    def reconcile(self, prepared: Prepared) -> ReconcileOutcome:
        """Read back what the account has sent since. X keeps no keys: a miss is never safe to repeat."""
        try:
            return self._writer().reconcile(prepared)
        except (NetworkFailure, NeedsPerson) as error:
            return Inconclusive(error.sentence)

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
        if "_door" in vars(self):
            self._door.close()

    def _writer(self) -> posting.Posting:
        if self._posting is None:
            limit = self._section.limit
            self._posting = posting.Posting(
                self._door, self._reader, self._clock, self._spendings, self._known(), limit=limit
            )
        return self._posting

    def _known(self) -> Author:
        """The account with its id, which X is asked for once where nobody kept it."""
        if not self._me.remote_id:
            found = self._reader.me()
            self._me = Author(found.remote_id, found.handle, self._me.display_name or found.display_name)
            if self._found_to_be is not None:
                self._found_to_be(found.remote_id, found.handle)
        return self._me


def _check_address(url: str) -> None:
    """Raise `ConfigError` unless `url` is an address on the web: now, and not at the first call."""
    try:
        address = urlsplit(url)
        sound = address.scheme in ("http", "https") and bool(address.hostname)
    except ValueError:
        sound = False
    if not sound:
        raise ConfigError(f"{url!r} is no address on the web.", "Write it as `https://api.twitter.com`.")
