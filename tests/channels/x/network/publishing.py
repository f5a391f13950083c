"""Posting: what X lets an account publish, and in which words it refuses the rest.

The rules are those for self-serve apps since 2026-02-23: replies only where the author of the answered post mentioned
or quoted the account; no quotes of others; one cashtag; no text twice.
Not for: keys, scopes and limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from tests.channels.x.network import answers, wording
from tests.channels.x.network.answers import Refusal, forbidden
from tests.channels.x.network.world import Picture, Post, User, World

PLAIN_LIMIT = 280
SUBSCRIBED_LIMIT = 25_000


@dataclass
class Rules:
    """What a test may set. limit: weighted characters, 25,000 for a subscribed account.

    summon_wording: in which of its two wordings X refuses a reply to one who did not call. explicit_summons: a mention
    that X filled in does not count, as at times it does not [field]. duplicate_window: how long a text is remembered;
    duplicate_of: whether the same words in a reply to another post are a duplicate too.
    """

    limit: int = PLAIN_LIMIT
    summon_wording: Literal["mentioned", "author"] = "mentioned"
    explicit_summons: bool = False
    duplicate_window: timedelta = timedelta(hours=12)
    duplicate_of: Literal["reply", "text"] = "reply"


@dataclass(frozen=True)
class Publishing:
    """Posts for `account`. `made`: the posts that came by the API, in order, deleted ones included."""

    world: World
    account: User
    rules: Rules
    made: list[int] = field(default_factory=list)

    def post(self, body: Mapping[str, Any]) -> tuple[Post, str]:
        """Publish. The post, and what it costs by the words of the price list. Raises `Refusal`."""
        with self.world.lock:
            text: str = body.get("text", "")
            pictures = self._pictures(body.get("media", {}).get("media_ids", []))
            if not text.strip() and not pictures:
                raise Refusal(answers.invalid({"text": (text, "A Tweet must have text or media.")}))
            if wording.weight(_without_leading_mentions(text, "reply" in body)) > self.rules.limit:
                raise Refusal(answers.problem(400, "Invalid Request", answers.TOO_LONG))
            if len(wording.cashtags(text)) > 1:
                raise Refusal(forbidden("Posts are limited to a maximum of 1 cashtag."))
            quote = int(body["quote_tweet_id"]) if "quote_tweet_id" in body else None
            if quote is not None:
                self._check_quote(quote)
            parent, filled_in = self._answered(body.get("reply"), text)
            self._check_duplicate(text, filled_in, parent)
            post = self.world.add_post(
                self.account,
                text,
                reply_to=parent.id if parent else None,
                quote=quote,
                pictures=pictures,
                filled_in=filled_in,
            )
            self.made.append(post.id)
            return post, self._price(text, parent, body)

    def remove(self, number: int) -> None:
        """Delete an own post. Raises `Refusal`."""
        with self.world.lock:
            post = self.world.posts.get(number)
            if post is None or post.deleted:
                raise Refusal(answers.said({"errors": [answers.not_found("tweet", "id", number)]}, 404))
            if post.author.id != self.account.id:
                raise Refusal(forbidden("You are not authorized to delete this Tweet."))
            self.world.delete(number)

    def filled_in(self, author: User, parent: Post, text: str, excluded: frozenset[int] = frozenset()) -> str:
        """The mentions that X puts before a reply: the answered author, and whom they mentioned; with a space."""
        met = [self.world.user_by_handle(handle) for handle in wording.mentioned(parent.whole)]
        already = {handle.lower() for handle in _leading_mentions(text)}
        handles: list[str] = []
        for user in (parent.author, *met):
            if user is None or user.id in {author.id, *excluded} or user.handle.lower() in already:
                continue
            already.add(user.handle.lower())
            handles.append(f"@{user.handle} ")
        return "".join(handles)

    def summoned(self, parent: Post) -> bool:
        """Whether the author of a post has called the account: by mentioning or by quoting it."""
        quoted = self.world.posts.get(parent.quote) if parent.quote else None
        called = parent.mentions(self.account, explicit=self.rules.explicit_summons)
        return called or (quoted is not None and quoted.author.id == self.account.id)

    # ── the rules, one by one ────────────────────────────────────────────────────────────────────

    def _answered(self, reply: Mapping[str, Any] | None, text: str) -> tuple[Post | None, str]:
        if reply is None:
            return None, ""
        parent = self.world.posts.get(int(reply["in_reply_to_tweet_id"]))
        if parent is None or not self.world.visible(parent, self.account.id):
            raise Refusal(forbidden(answers.GONE))
        own = parent.author.id == self.account.id
        if not own and not self.summoned(parent):
            raise Refusal(forbidden(answers.SUMMON_WORDINGS[self.rules.summon_wording]))
        if not own and parent.reply_settings not in ("everyone", "mentionedUsers"):
            raise Refusal(forbidden("The original Tweet author restricted who can reply to this Tweet."))
        excluded = frozenset(int(user) for user in reply.get("exclude_reply_user_ids", ()))
        return parent, self.filled_in(self.account, parent, text, excluded)

    def _check_quote(self, number: int) -> None:
        quoted = self.world.posts.get(number)
        if quoted is None or not self.world.visible(quoted, self.account.id):
            raise Refusal(forbidden(answers.GONE))
        if quoted.author.id != self.account.id and not quoted.mentions(self.account):
            raise Refusal(forbidden(answers.SUMMON_WORDINGS["author"]))

    def _check_duplicate(self, text: str, filled_in: str, parent: Post | None) -> None:
        since = self.world.now() - self.rules.duplicate_window
        for post in self.world.posts.values():
            same = post.whole.strip() == (filled_in + text).strip() and post.author.id == self.account.id
            same_place = self.rules.duplicate_of == "text" or post.reply_to == (parent.id if parent else None)
            if same and same_place and not post.deleted and post.created_at > since:
                raise Refusal(forbidden(answers.DUPLICATE))

    def _pictures(self, ids: list[str]) -> list[Picture]:
        found = [self.world.pictures.get(int(number)) for number in ids]
        ready = [one for one in found if one is not None and one.owner == self.account.id and one.size]
        if len(ready) < len(ids):
            raise Refusal(answers.invalid({"media.media_ids": (ids, "Your media IDs are invalid.")}))
        if len(ready) > 1 and any(one.kind != "photo" for one in ready):
            raise Refusal(answers.invalid({"media.media_ids": (ids, "A film stands alone.")}))
        return ready

    def _price(self, text: str, parent: Post | None, body: Mapping[str, Any]) -> str:
        if wording.links(text) or "direct_message_deep_link" in body:
            return "posts with a link"
        called = parent is not None and parent.author.id != self.account.id and self.summoned(parent)
        return "summoned replies" if called else "posts"


def _leading_mentions(text: str) -> list[str]:
    handles = []
    for word in text.split():
        if not word.startswith("@") or wording.mentioned(word) != (word[1:],):
            break
        handles.append(word[1:])
    return handles


def _without_leading_mentions(text: str, reply: bool) -> str:
    """What counts of a reply: not the mentions at its head, which X would have filled in."""
    if not reply:
        return text
    for handle in _leading_mentions(text):
        text = text.lstrip().removeprefix(f"@{handle}").lstrip()
    return text
