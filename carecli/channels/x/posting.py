"""What leaves for X: the frozen call, what its answer means, and finding out what became of one without an answer.

X keeps no keys: a call whose answer is lost may have acted. Then the account's own posts since the call was frozen are
read back and compared; what is not among them may still arrive, so nothing here ever repeats a call.
Not for: whether it may leave (`worker.delivery`), or what X will refuse, foretold (`permission`).
"""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec

from carecli.channels.answers import Answer, Failure, decoded, outcome_of
from carecli.channels.base import (
    Inconclusive,
    Media,
    NotFound,
    NotSent,
    Outgoing,
    Paused,
    Prepared,
    ReconcileOutcome,
    Rejected,
    SendOutcome,
    Sent,
    Unknown,
)
from carecli.channels.spendings import Spendings
from carecli.channels.x.length import first_invalid, weighted_length
from carecli.channels.x.links import links_in
from carecli.channels.x.mentions import is_private, private_id
from carecli.channels.x.prices import Kind
from carecli.channels.x.reading import Reader
from carecli.channels.x.refusals import NETWORK, Refusal
from carecli.clock import Clock
from carecli.errors import NeedsPerson, NetworkFailure
from carecli.model import Author, Length, Record, Visibility
from carecli.snowflake import first_at, id_in, time_of

if TYPE_CHECKING:
    import tweepy

    from carecli.channels.x.transport import Ask, Door

PRIVATE_LIMIT = 10_000

_FOREIGN = "This was not prepared for X."
_STANDS = "X says that the same text stands there already."
_ABSENT = NotFound(safe_to_repeat=False)
_UNREADABLE = "X gave an answer that could not be read."
# What X takes in one call. Moving pictures need several calls and minutes of X's own work.
PICTURES = ("image/jpeg", "image/png", "image/webp", "image/bmp", "image/tiff", "image/pjpeg")
MOST_PICTURES = 4
LARGEST_PICTURE = 5 * 1024 * 1024
_LONGEST_DESCRIPTION = 1000
# How much earlier the read-back begins, in case that our clock is ahead of X's.
_SKEW = timedelta(minutes=10)

_HEAD = re.compile(r"(?:\s*@\w{1,15}(?=\s))*", re.ASCII)
_HANDLE = re.compile(r"@(\w+)", re.ASCII)

_REASONS = {
    "reply_forbidden": "X lets this account answer only those who mention it. Send it from the browser.",
    "duplicate": "X says that this account has posted the same text before. Change a word.",
    "not_found": "What it answers was deleted, or is not visible to this account.",
    "too_long": "X says that it is too long.",
    "messages_closed": "This person takes no messages from the account. Invite them with the link in public.",
}


class Call(Record, frozen=True):
    """A call as it was frozen. since: from when on it may be found at X. to: the recipient's id; "" for a post."""

    text: str
    since: datetime
    reply_to: str = ""
    to: str = ""
    private: bool = False
    media: tuple[Media, ...] = ()


class _Handed:
    """The pictures of a call that X has, by its ids, and how many of them are described."""

    def __init__(self) -> None:
        self.pictures: list[str] = []
        self.described = 0

    @property
    def steps(self) -> int:
        return len(self.pictures) + self.described


class Posting:
    """Sends for the account `me`. limit: weighted characters of a post."""

    def __init__(
        self, door: Door, reader: Reader, clock: Clock, spendings: Spendings[Kind], me: Author, *, limit: int
    ) -> None:
        self._door = door
        self._reader = reader
        self._clock = clock
        self._spendings = spendings
        self._me = me
        self._limit = limit
        self._own: set[str] = set()
        # By the key of their call: X keeps a picture for a day, and those that took long are there the next time.
        self._handed: dict[str, _Handed] = {}

    def send(self, prepared: Prepared, begins_by: float) -> SendOutcome:
        """Make the call, once. Pictures go before it: where one fails, nothing has been posted.

        begins_by: seconds of the machine's clock after which neither it nor what goes before it is begun. What was
        handed over by then stays, and the rest may follow at once.
        """
        call = call_in(prepared)
        refusal = Rejected(_FOREIGN) if call is None else self._refusal(call)
        if call is None or refusal is not None:
            return refusal or Rejected(_FOREIGN)
        handed = self._handed.pop(prepared.key, None) or _Handed()
        before = handed.steps
        outcome: SendOutcome | None = self._hand_over(call, handed, begins_by)
        if outcome is None:
            answer = self._call(call, handed.pictures, begins_by)
            outcome = (
                self._not_done(call, answer, prepared) if isinstance(answer, Failure) else self._done(call, answer)
            )
        if not isinstance(outcome, NotSent):
            return outcome
        self._handed[prepared.key] = handed
        at_once = outcome.until is None and handed.steps > before
        return NotSent(outcome.reason, self._clock.now()) if at_once else outcome

    def reconcile(self, prepared: Prepared) -> ReconcileOutcome:
        """Look among what the account has sent since the call was frozen. Raises nothing."""
        call = call_in(prepared)
        if call is None:
            return Inconclusive(_FOREIGN)
        try:
            found = self._found(call)
        except (NetworkFailure, NeedsPerson) as error:
            return Inconclusive(error.sentence)
        return found or _ABSENT

    # ── before ───────────────────────────────────────────────────────────────────────────────────

    def _refusal(self, call: Call) -> Rejected | None:
        """What X would refuse without fail, so that it is not asked."""
        if call.private and not call.to:
            return Rejected("Nobody is named to whom this message goes.")
        if not call.private and is_private(call.reply_to):
            return Rejected("A private message cannot be answered in public.")
        limit = PRIVATE_LIMIT if call.private else self._limit
        length = len(call.text) if call.private else weight(call.text, reply=bool(call.reply_to))
        if length > limit:
            return Rejected(f"It is too long for X: {length} of {limit}.")
        if not call.private and first_invalid(call.text) is not None:
            return Rejected("An invisible character that X does not take is in it. Take it out, or type it anew.")
        if len(call.media) > (1 if call.private else MOST_PICTURES):
            return Rejected("X takes one picture with a message, and four with a post.")
        for medium in call.media:
            if medium.kind not in PICTURES or len(medium.data) > LARGEST_PICTURE:
                return Rejected(f"X takes pictures of up to 5 MiB here, not {medium.kind} of {len(medium.data)} bytes.")
            if len(medium.alt) > _LONGEST_DESCRIPTION:
                return Rejected(f"X takes {_LONGEST_DESCRIPTION} characters to describe a picture.")
        return None

    def _hand_over(self, call: Call, handed: _Handed, begins_by: float) -> NotSent | Rejected | Paused | None:
        """Hand the pictures over with their descriptions; None when all are there.

        An unknown outcome is none here: nothing is posted yet.
        """
        for number, medium in enumerate(call.media):
            if number == len(handed.pictures):
                picture = self._uploaded(medium, begins_by, private=call.private)
                if not isinstance(picture, str):
                    return picture
                handed.pictures.append(picture)
            if number == handed.described:
                failed = self._describe(handed.pictures[number], medium.alt, begins_by)
                if failed is not None:
                    return failed
                handed.described += 1
        return None

    def _uploaded(self, medium: Media, begins_by: float, *, private: bool) -> str | NotSent | Rejected | Paused:
        upload = {
            "media": b64encode(medium.data).decode(),
            "media_category": "dm_image" if private else "tweet_image",
            "media_type": medium.kind,
        }
        answer = self._door.read("picture", _request("/2/media/upload", upload), urgent=True, begins_by=begins_by)
        if isinstance(answer, Failure):
            return _not_posted(answer)
        number = id_in(_data(answer).get("id"))
        return NotSent(_UNREADABLE) if number is None else str(number)

    def _describe(self, picture: str, alt: str, begins_by: float) -> NotSent | Rejected | Paused | None:
        if not alt:
            return None
        about = {"id": picture, "metadata": {"alt_text": {"text": alt}}}
        request = _request("/2/media/metadata", about)
        described = self._door.call("description", request, urgent=True, begins_by=begins_by)
        if isinstance(described, Failure):
            return _not_posted(described)
        self._spendings.wrote("media descriptions")
        return None

    # ── the call ─────────────────────────────────────────────────────────────────────────────────

    def _call(self, call: Call, pictures: list[str], begins_by: float) -> Answer | Failure:
        if call.private:
            return self._door.call("message", _message(call, pictures), urgent=True, begins_by=begins_by)
        return self._door.call("post", _post(call, pictures), urgent=True, begins_by=begins_by)

    def _done(self, call: Call, answer: Answer) -> SendOutcome:
        told = decoded(answer, dict[str, Any], NETWORK)
        if isinstance(told, Failure):
            return outcome_of(told)
        number = id_in(_data(told).get("dm_event_id" if call.private else "id"))
        if number is None:
            return Unknown(_UNREADABLE)
        return self._sent(number, call)

    def _not_done(self, call: Call, failure: Failure, prepared: Prepared) -> SendOutcome:
        if not isinstance(failure, Refusal):
            return outcome_of(failure)
        if failure.meaning == "duplicate":
            # What stands there may be an earlier attempt of unknown outcome, or a colleague's: who looks it up tells.
            return Unknown(_STANDS) if self.reconcile(prepared) != _ABSENT else Rejected(_REASONS["duplicate"])
        link = browser_link(call) if failure.meaning == "reply_forbidden" else ""
        return Rejected(_REASONS.get(failure.meaning, failure.reason), link)

    def _kind(self, call: Call) -> Kind:
        if call.private:
            return "messages"
        if links_in(call.text):
            return "posts with a link"
        return "summoned replies" if call.reply_to and call.reply_to not in self._own else "posts"

    def _sent(self, number: int, call: Call) -> Sent:
        """It stands at X. It is paid for once, however often it is found."""
        remote_id = private_id(number) if call.private else str(number)
        if remote_id not in self._own:
            self._spendings.wrote(self._kind(call))
            self._own.add(remote_id)
        return Sent(remote_id, time_of(number) or self._clock.now())

    # ── afterwards ───────────────────────────────────────────────────────────────────────────────

    def _found(self, call: Call) -> Sent | None:
        """What stands for a call among what was sent since. Raises as the channel's reading calls do."""
        me, reply_to = self._me.remote_id, id_in(call.reply_to)
        start = first_at(call.since - _SKEW)
        if call.private:
            messages = self._reader.messages_with(me, call.to, start)
            alike = [m.id for m in messages if m.sender.remote_id == me and same(m.text, call.text)]
        else:
            posts = self._reader.own_posts(me, start, urgent=True)
            alike = [p.version for p in posts if p.parent == reply_to and same(p.own_words, call.text)]
        # Only now is it known how far the clocks are apart.
        first = first_at(call.since + self._door.skew)
        number = min((one for one in alike if one >= first), default=None)
        return None if number is None else self._sent(number, call)


# ── frozen calls ─────────────────────────────────────────────────────────────────────────────────


def measure(text: str, visibility: Visibility, reply: bool, limit: int) -> Length:
    """Weighted characters of a post, of which an account may have `limit`; plain ones of a message."""
    if visibility == "private":
        return Length(len(text), PRIVATE_LIMIT, "characters")
    return Length(weight(text, reply=reply), limit, "weighted characters")


def weight(text: str, *, reply: bool) -> int:
    """Weighted characters of a post. Whom a reply mentions at its head, X would have filled in: that is free."""
    head = _HEAD.match(text) if reply else None
    return weighted_length(text, filled_in=_HANDLE.findall(head[0]) if head else ())


def prepared(outgoing: Outgoing, now: datetime) -> Prepared:
    """Freeze a call, which may be found at X from `now` on."""
    private = outgoing.visibility == "private"
    call = Call(
        text=outgoing.text,
        since=now,
        reply_to="" if private else outgoing.reply_to or "",
        to=outgoing.recipient.remote_id if private and outgoing.recipient else "",
        private=private,
        media=outgoing.media,
    )
    return Prepared(outgoing.key, msgspec.json.encode(call))


def call_in(frozen: Prepared) -> Call | None:
    """The call that was frozen; None for one of another channel."""
    try:
        return msgspec.json.decode(frozen.payload, type=Call)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def browser_link(call: Call) -> str:
    """Where a person can send the same text on X's own page."""
    return f"https://x.com/intent/post?in_reply_to={quote(call.reply_to)}&text={quote(call.text, safe='')}"


def same(told: str, written: str) -> bool:
    """Whether X tells a text that was written so: however it composes characters, trims, and fills mentions in."""
    return _essence(told) == _essence(written)


def _essence(text: str) -> str:
    words = unicodedata.normalize("NFC", text).split()
    while words and words[0].startswith("@"):
        words = words[1:]
    return " ".join(words)


def _not_posted(failure: Failure) -> NotSent | Rejected | Paused:
    outcome = outcome_of(failure)
    return NotSent(outcome.reason) if isinstance(outcome, Unknown) else outcome


def _data(answer: dict[str, Any]) -> dict[str, Any]:
    data = answer.get("data")
    return data if isinstance(data, dict) else {}


def _request(route: str, body: dict[str, Any]) -> Ask:
    return lambda client, signed: client.request("POST", route, json=body, user_auth=signed)


def _post(call: Call, pictures: Iterable[str]) -> Ask:
    def ask(client: tweepy.Client, signed: bool) -> object:
        return client.create_tweet(
            text=call.text,
            in_reply_to_tweet_id=call.reply_to or None,
            media_ids=list(pictures) or None,
            user_auth=signed,
        )

    return ask


def _message(call: Call, pictures: Iterable[str]) -> Ask:
    def ask(client: tweepy.Client, signed: bool) -> object:
        return client.create_direct_message(
            participant_id=call.to, text=call.text, media_id=next(iter(pictures), None), user_auth=signed
        )

    return ask
