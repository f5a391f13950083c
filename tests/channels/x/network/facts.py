"""What X's API takes, of as much as a care desk uses: calls, parameters, bodies, scopes, limits and prices.

Written by hand from X's documentation (docs.x.com, August 2026) in the words of OpenAPI, so that tests run where its
description is absent; `test_facts` compares the two where it is there. Not for: wordings of refusals (`answers`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Schema = Mapping[str, Any]


def _names(text: str) -> list[str]:
    return text.split()


SNOWFLAKE: Schema = {"type": "string", "pattern": "^[0-9]{1,19}$"}
_TIME: Schema = {"type": "string", "format": "date-time"}
_TOKEN: Schema = {"type": "string", "minLength": 1}
# A long enough one for any post; the OpenAPI description says 4096, X refuses self-serve apps more than this.
LONGEST_QUERY = 512

TWEET_FIELDS = _names(
    "attachments author_id conversation_id created_at display_text_range edit_controls edit_history_tweet_ids entities "
    "id in_reply_to_user_id lang note_tweet possibly_sensitive public_metrics referenced_tweets reply_settings text "
    "withheld"
)
TWEET_EXPANSIONS = _names(
    "attachments.media_keys author_id edit_history_tweet_ids entities.mentions.username in_reply_to_user_id "
    "referenced_tweets.id referenced_tweets.id.attachments.media_keys referenced_tweets.id.author_id"
)
USER_FIELDS = _names(
    "created_at description id name profile_image_url protected public_metrics receives_your_dm url username verified "
    "verified_type withheld"
)
MEDIA_FIELDS = _names("alt_text duration_ms height media_key preview_image_url type url variants width")
MESSAGE_FIELDS = _names(
    "attachments created_at dm_conversation_id entities event_type id participant_ids referenced_tweets sender_id text"
)
MESSAGE_EXPANSIONS = _names("attachments.media_keys participant_ids referenced_tweets.id sender_id")

# What the dialect of 2.167 calls the same things; X takes both spellings [field].
NEWER_NAMES = {
    "tweet.fields": "post.fields",
    "note_tweet": "note_post",
    "referenced_tweets": "referenced_posts",
    "edit_history_tweet_ids": "edit_history_post_ids",
    "tweets": "posts",
}
NEWER_EXPANSIONS = {
    "edit_history_tweet_ids": "edit_history_post_ids",
    "referenced_tweets.id": "referenced_posts",
    "referenced_tweets.id.author_id": "referenced_posts.author_id",
    "referenced_tweets.id.attachments.media_keys": "referenced_posts.attachments.media_keys",
}


def _choice(names: list[str]) -> Schema:
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string", "enum": names}}


def _whole(least: int, most: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}


_ABOUT_POSTS: dict[str, Schema] = {
    "tweet.fields": _choice(TWEET_FIELDS),
    "expansions": _choice(TWEET_EXPANSIONS),
    "media.fields": _choice(MEDIA_FIELDS),
    "user.fields": _choice(USER_FIELDS),
}
_ABOUT_PEOPLE: dict[str, Schema] = {"user.fields": _choice(USER_FIELDS)}
_ABOUT_MESSAGES: dict[str, Schema] = {
    "dm_event.fields": _choice(MESSAGE_FIELDS),
    "expansions": _choice(MESSAGE_EXPANSIONS),
    "media.fields": _choice(MEDIA_FIELDS),
    "user.fields": _choice(USER_FIELDS),
    "tweet.fields": _choice(TWEET_FIELDS),
}
_WINDOW: dict[str, Schema] = {"since_id": SNOWFLAKE, "until_id": SNOWFLAKE, "start_time": _TIME, "end_time": _TIME}
_TIMELINE: dict[str, Schema] = {**_WINDOW, "max_results": _whole(5, 100), "pagination_token": _TOKEN, **_ABOUT_POSTS}
_MESSAGES: dict[str, Schema] = {
    "max_results": _whole(1, 100),
    "pagination_token": {"type": "string", "minLength": 16},
    "event_types": _choice(["MessageCreate", "ParticipantsJoin", "ParticipantsLeave"]),
    **_ABOUT_MESSAGES,
}

POST_BODY: Schema = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "text": {"type": "string"},
        "quote_tweet_id": SNOWFLAKE,
        "direct_message_deep_link": {"type": "string"},
        "reply_settings": {"type": "string", "enum": ["following", "mentionedUsers", "subscribers", "verified"]},
        "reply": {
            "type": "object",
            "additionalProperties": False,
            "required": ["in_reply_to_tweet_id"],
            "properties": {
                "in_reply_to_tweet_id": SNOWFLAKE,
                "exclude_reply_user_ids": {"type": "array", "items": SNOWFLAKE},
                "auto_populate_reply_metadata": {"type": "boolean"},
            },
        },
        "media": {
            "type": "object",
            "additionalProperties": False,
            "required": ["media_ids"],
            "properties": {"media_ids": {"type": "array", "minItems": 1, "maxItems": 4, "items": SNOWFLAKE}},
        },
    },
}
_ATTACHMENTS: Schema = {
    "type": "array",
    "items": {"type": "object", "required": ["media_id"], "properties": {"media_id": SNOWFLAKE}},
}
_MESSAGE_PARTS = {"text": {"type": "string", "minLength": 1}, "attachments": _ATTACHMENTS}
MESSAGE_BODY: Schema = {
    "anyOf": [
        {"type": "object", "required": ["text"], "properties": _MESSAGE_PARTS},
        {"type": "object", "required": ["attachments"], "properties": _MESSAGE_PARTS},
    ]
}
_IMAGES = ["image/jpeg", "image/gif", "image/bmp", "image/png", "image/webp", "image/pjpeg", "image/tiff"]
_FILMS = ["video/mp4", "video/webm", "video/mp2t", "video/quicktime"]
UPLOAD_BODY: Schema = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "media_category": {
            "type": "string",
            "enum": ["tweet_gif", "tweet_image", "tweet_video", "dm_gif", "dm_image", "dm_video"],
        },
        "media_type": {"type": "string", "enum": _IMAGES + _FILMS},
        "shared": {"type": "boolean"},
        "total_bytes": _whole(0, 17179869184),
    },
}
ONE_SHOT_BODY: Schema = {
    "type": "object",
    "additionalProperties": False,
    "required": ["media", "media_category"],
    "properties": {
        "media": {"type": "string"},
        "media_category": {"type": "string", "enum": ["tweet_image", "dm_image"]},
        "media_type": {"type": "string", "enum": [one for one in _IMAGES if one != "image/gif"]},
        "shared": {"type": "boolean"},
    },
}
APPEND_BODY: Schema = {
    "type": "object",
    "required": ["media", "segment_index"],
    "properties": {
        "media": {"type": "string"},
        "segment_index": {"oneOf": [_whole(0, 999), {"type": "string", "pattern": "^[0-9]{1,3}$"}]},
    },
}
METADATA_BODY: Schema = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": SNOWFLAKE,
        "metadata": {
            "type": "object",
            "properties": {
                "alt_text": {
                    "type": "object",
                    "required": ["text"],
                    "properties": {"text": {"type": "string", "maxLength": 1000}},
                }
            },
        },
    },
}
_RULE: Schema = {
    "type": "object",
    "required": ["value"],
    "properties": {"value": {"type": "string"}, "tag": {"type": "string"}},
}
RULES_BODY: Schema = {
    "oneOf": [
        {"type": "object", "required": ["add"], "properties": {"add": {"type": "array", "items": _RULE}}},
        {
            "type": "object",
            "required": ["delete"],
            "properties": {
                "delete": {
                    "type": "object",
                    "properties": {
                        "ids": {"type": "array", "items": SNOWFLAKE},
                        "values": {"type": "array", "items": {"type": "string"}},
                    },
                }
            },
        },
    ]
}


@dataclass(frozen=True)
class Call:
    """One operation. scopes: what a user's token must have. app_only, by_user: whose keys it takes.

    user_limit, app_limit: calls in 15 minutes, None for none; user_daily, app_daily: in 24 hours.
    """

    method: str
    path: str
    scopes: tuple[str, ...] = ()
    parameters: Mapping[str, Schema] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    body: Schema | None = None
    app_only: bool = False
    by_user: bool = True
    user_limit: int | None = None
    app_limit: int | None = None
    user_daily: int | None = None
    app_daily: int | None = None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


_READ = ("tweet.read", "users.read")
_WRITE = ("tweet.read", "tweet.write", "users.read")
_READ_MESSAGES = ("dm.read", "tweet.read", "users.read")
_WRITE_MESSAGES = ("dm.write", "tweet.read", "users.read")
_MEDIA = ("media.write",)
_ONE_PERSON_S = "/2/dm_conversations/with/{participant_id}"

_IDS: dict[str, Schema] = {"ids": {"type": "array", "minItems": 1, "maxItems": 100, "items": SNOWFLAKE}}
_OWN = {**_TIMELINE, "exclude": _choice(["replies", "retweets"])}
_SEARCH: dict[str, Schema] = {
    "query": {"type": "string", "minLength": 1, "maxLength": 4096},
    "max_results": _whole(10, 100),
    "next_token": _TOKEN,
    "pagination_token": _TOKEN,
    "sort_order": {"type": "string", "enum": ["recency", "relevancy"]},
    **_WINDOW,
    **_ABOUT_POSTS,
}
_STATUS: dict[str, Schema] = {"media_id": SNOWFLAKE, "command": {"type": "string", "enum": ["STATUS"]}}
_STREAM: dict[str, Schema] = {"backfill_minutes": _whole(0, 5), **_ABOUT_POSTS}
_RULES: dict[str, Schema] = {"max_results": _whole(1, 1000)}
_DRY: dict[str, Schema] = {"dry_run": {"type": "boolean"}}


def _anyone(path: str, parameters: Mapping[str, Schema], user_limit: int, app_limit: int, *required: str) -> Call:
    """A call that reads posts or people, open to a user's keys and to the app's own."""
    return Call("GET", path, _READ, parameters, required, None, True, True, user_limit, app_limit)


def _app(method: str, path: str, parameters: Mapping[str, Schema], app_limit: int, body: Schema | None = None) -> Call:
    """A call of the filtered stream, which takes the app's own keys alone."""
    return Call(method, path, (), parameters, (), body, True, False, None, app_limit)


def _media(path: str, user_limit: int, body: Schema | None = None) -> Call:
    return Call("POST", f"/2/media/{path}", _MEDIA, body=body, user_limit=user_limit)


ALL_CALLS = (
    Call("GET", "/2/users/me", _READ, _ABOUT_PEOPLE, user_limit=75),
    _anyone("/2/users", {**_IDS, **_ABOUT_PEOPLE}, 900, 300, "ids"),
    _anyone("/2/users/by/username/{username}", _ABOUT_PEOPLE, 900, 300),
    _anyone("/2/users/{id}/mentions", _TIMELINE, 300, 450),
    _anyone("/2/users/{id}/tweets", _OWN, 900, 10_000),
    _anyone("/2/tweets", {**_IDS, **_ABOUT_POSTS}, 5000, 3500, "ids"),
    _anyone("/2/tweets/{id}", _ABOUT_POSTS, 900, 450),
    _anyone("/2/tweets/search/recent", _SEARCH, 300, 450, "query"),
    Call("POST", "/2/tweets", _WRITE, body=POST_BODY, user_limit=100, app_daily=10_000),
    Call("DELETE", "/2/tweets/{id}", _WRITE, user_limit=50),
    Call("GET", "/2/dm_events", _READ_MESSAGES, _MESSAGES, user_limit=15),
    Call("GET", "/2/dm_events/{event_id}", _READ_MESSAGES, _ABOUT_MESSAGES, user_limit=15),
    Call("GET", f"{_ONE_PERSON_S}/dm_events", _READ_MESSAGES, _MESSAGES, user_limit=15),
    Call("POST", f"{_ONE_PERSON_S}/messages", _WRITE_MESSAGES, {}, (), MESSAGE_BODY, False, True, 15, None, 1440, 1440),
    Call("GET", "/2/media/upload", _MEDIA, _STATUS, ("media_id",), user_limit=1000),
    _media("upload", 500, ONE_SHOT_BODY),
    _media("upload/initialize", 1875, UPLOAD_BODY),
    _media("upload/{id}/append", 1875, APPEND_BODY),
    _media("upload/{id}/finalize", 1875),
    _media("metadata", 500, METADATA_BODY),
    _app("GET", "/2/tweets/search/stream", _STREAM, 50),
    _app("GET", "/2/tweets/search/stream/rules", _RULES, 450),
    _app("POST", "/2/tweets/search/stream/rules", _DRY, 100, RULES_BODY),
)

# Millionths of a US dollar (docs.x.com, "Pricing"): each thing read, each request that writes.
PRICES = {
    "posts read": 5_000,
    "own mentions read": 1_000,
    "own posts read": 1_000,
    "people read": 10_000,
    "messages read": 10_000,
    "posts": 15_000,
    "posts with a link": 200_000,
    "summoned replies": 10_000,
    "messages": 15_000,
    "posts deleted": 10_000,
    "media descriptions": 5_000,
}
