"""Whose account some keys are: one `GET /2/users/me`, which costs $0.010.

Signs a call by OAuth 1.0a itself, since nothing is kept yet that the channel could use. Not for: any other call
(`transport`).
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from carecli.channels.answers import Failure, decoded, error_of
from carecli.channels.x.refusals import NETWORK
from carecli.channels.x.tokens import Bearer, OAuth1
from carecli.errors import NeedsPerson, Refused
from carecli.model import Author

_ME = "/2/users/me"


class _User(msgspec.Struct, frozen=True):
    id: str
    username: str
    name: str = ""


class _Answer(msgspec.Struct, frozen=True):
    data: _User


def owner_of(keys: OAuth1 | Bearer, url: str, now: datetime) -> Author:
    """The account that these keys speak for. url: X's API.

    Raises `Refused` where X does not take the keys, `NeedsPerson` where the app's credits are spent, `NetworkFailure`.
    """
    from carecli.channels.http import HttpClient

    client = HttpClient(url, NETWORK)
    try:
        answer = client.call("GET", _ME, now=now, headers={"Authorization": _authorization(keys, url)})
    finally:
        client.close()
    found = answer if isinstance(answer, Failure) else decoded(answer, _Answer, NETWORK)
    if isinstance(found, _Answer):
        return Author(found.data.id, found.data.username, found.data.name)
    if found.kind in ("signed_out", "refused"):
        raise Refused("X does not take these keys.", "Copy all of them once more; the app needs read and write access.")
    if found.kind == "no_credit":
        raise NeedsPerson(
            "The app's credits at X are spent, so it cannot be checked whose account this is.",
            "Buy some on X's developer page, and sign in again.",
        )
    raise error_of(found)


def _authorization(keys: OAuth1 | Bearer, url: str) -> str:
    if isinstance(keys, Bearer):
        return f"Bearer {keys.token}"
    from oauthlib.oauth1 import Client

    signer = Client(keys.api_key, keys.api_secret, keys.access_token, keys.access_token_secret)
    _, headers, _ = signer.sign(url.rstrip("/") + _ME)
    return str(headers["Authorization"])
