"""tweepy as it comes, pointed at the loopback server: what carecli's channel is built on finds its X here."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import requests
import tweepy
from requests.adapters import HTTPAdapter

from carecli.clock import ManualClock
from tests.channels.x.network.world import User
from tests.channels.x.server import XServer

_X = "https://api.twitter.com"


class Turned(HTTPAdapter):
    """Sends what is meant for X to another address."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float | None, float | None] | None = None,
        verify: bool | str = True,
        cert: str | tuple[str, str] | None = None,
        proxies: dict[str, str] | None = None,
    ) -> requests.Response:
        request.url = (request.url or "").replace(_X, self._url)
        return super().send(request, stream, 5, verify, cert, proxies)


def client_of(x: XServer, **keys: str) -> tweepy.Client:
    client = tweepy.Client(**keys)
    client.session.mount(_X, Turned(x.url))
    return client


@pytest.fixture(params=["OAuth 1.0a", "OAuth 2"])
def client(request: pytest.FixtureRequest, x: XServer) -> Iterator[tuple[tweepy.Client, bool]]:
    """A client with either kind of keys, and whether it signs."""
    signs = request.param == "OAuth 1.0a"
    keys = x.keys
    client = (
        client_of(
            x,
            consumer_key=keys.api_key,
            consumer_secret=keys.api_secret,
            access_token=keys.access_token,
            access_token_secret=keys.access_token_secret,
        )
        if signs
        else client_of(x, bearer_token=x.sign_in().access)
    )
    yield client, signs
    client.session.close()


def test_mentions_are_read_answered_and_read_back(x: XServer, jo: User, client: tuple[tweepy.Client, bool]) -> None:
    tweepy_client, signs = client
    asked = x.post(jo, "@acme_care is it down & out? 👩‍👩‍👧‍👦 #now")
    found = tweepy_client.get_users_mentions(
        x.account.id, user_auth=signs, expansions=["author_id"], tweet_fields=["created_at", "conversation_id"]
    )
    assert [(one.id, one.author_id) for one in found.data] == [(asked, jo.id)]
    assert [one.username for one in found.includes["users"]] == ["jo"]
    sent = tweepy_client.create_tweet(text="It is – 100 %: sorry! ^CL", in_reply_to_tweet_id=asked, user_auth=signs)
    own = tweepy_client.get_users_tweets(x.account.id, user_auth=signs)
    assert [str(one.id) for one in own.data] == [sent.data["id"]]
    thread = tweepy_client.search_recent_tweets(f"conversation_id:{asked} -from:jo", since_id=asked, user_auth=signs)
    assert [str(one.id) for one in thread.data] == [sent.data["id"]]
    assert x.requests[0].keys == ("oauth1" if signs else "oauth2")


def test_messages_are_read_and_answered(x: XServer, jo: User, client: tuple[tweepy.Client, bool]) -> None:
    tweepy_client, signs = client
    event = x.message(jo, "my order?")
    found = tweepy_client.get_direct_message_events(user_auth=signs, dm_event_fields=["sender_id", "created_at"])
    assert [(int(one.id), int(one.sender_id)) for one in found.data] == [(event, jo.id)]
    tweepy_client.create_direct_message(participant_id=jo.id, text="On its way. ^CL", user_auth=signs)
    assert [message.text for message in x.sent_messages] == ["On its way. ^CL"]


def test_refusals_arrive_as_tweepy_s_own(x: XServer, jo: User, client: tuple[tweepy.Client, bool]) -> None:
    tweepy_client, signs = client
    with pytest.raises(tweepy.Forbidden, match="not allowed because you have not been mentioned"):
        tweepy_client.create_tweet(text="Hm? ^CL", in_reply_to_tweet_id=x.post(jo, "hm"), user_auth=signs)
    x.fail("GET /2/users/me", "rate_limited")
    with pytest.raises(tweepy.TooManyRequests):
        tweepy_client.get_me(user_auth=signs)
    missing = tweepy_client.get_tweets([5], user_auth=signs)
    assert (missing.data, missing.errors[0]["title"]) == (None, "Not Found Error")


def test_a_token_that_expired_is_refused(x: XServer, client: tuple[tweepy.Client, bool], clock: ManualClock) -> None:
    tweepy_client, signs = client
    clock.advance(7200)
    if signs:
        assert tweepy_client.get_me(user_auth=True).data.username == "acme_care"
    else:
        with pytest.raises(tweepy.Unauthorized):
            tweepy_client.get_me(user_auth=False)


def test_the_stream_brings_what_is_written(x: XServer, jo: User) -> None:
    seen: list[int] = []
    connected, told = threading.Event(), threading.Event()

    class Listening(tweepy.StreamingClient):  # type: ignore[misc,unused-ignore]
        def on_connect(self) -> None:
            connected.set()

        def on_tweet(self, tweet: tweepy.Tweet) -> None:
            seen.append(tweet.id)
            told.set()
            self.disconnect()

    stream = Listening(x.keys.bearer_token, max_retries=0)
    stream.session.mount(_X, Turned(x.url))
    stream.add_rules(tweepy.StreamRule("@acme_care", tag="mentions"))
    thread = stream.filter(threaded=True)
    assert connected.wait(5)
    wanted = x.post(jo, "@acme_care hello?")
    assert told.wait(5)
    thread.join(5)
    assert seen == [wanted]
