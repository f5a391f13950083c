"""Signing an account in at X and out again: the order in which keys are got, checked, kept and ended.

Nothing is kept before X has said whose account it is. Not for: asking the person (`cli.signing_in`), or keeping the
tokens fresh afterwards (`tokens`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

from carecli.channels.answers import Failure, error_of
from carecli.channels.base import Spending
from carecli.channels.signing_in import Standing
from carecli.channels.x.identity import owner_of
from carecli.channels.x.oauth import App, Attempt, Authority, Grant
from carecli.channels.x.prices import PRICES
from carecli.channels.x.refusals import NETWORK
from carecli.channels.x.tokens import Bearer, OAuth1, end_of, is_oauth1, of_grant
from carecli.config import AccountSection
from carecli.credentials import Vault
from carecli.errors import CareError, Refused
from carecli.model import Author, Record

# Answered to the app's own token alone, and free.
_RULES = "/2/tweets/search/stream/rules"

# Is told what X charges for saying whose account it is, whether it is the right one or not.
Paid = Callable[[Spending], object]


class Place(Record, frozen=True):
    """The account to sign in: its id and handle in the configuration, and where its X is (`url`)."""

    account: str
    handle: str
    url: str


def place_of(section: AccountSection) -> Place:
    """Where a configured account is."""
    return Place(section.id, section.handle, section.x.url)


def standing_of(section: AccountSection, vault: Vault) -> Standing:
    """How the account stands by what is kept. Raises `NeedsPerson` where that cannot be read."""
    values = vault.read(section.id)
    handle = values.get("handle", "")
    lacks = ""
    if section.x.stream and not values.get("bearer_token"):
        lacks = f"The stream lacks the app's own token: `carecli login x --account {section.id} --bearer`."
    if is_oauth1(values):
        return Standing(True, "OAuth 1.0a", handle, lacks=lacks)
    renews = bool(values.get("refresh_token"))
    if not renews and not values.get("access_token"):
        return Standing(False, lacks=lacks)
    return Standing(True, "OAuth 2.0", handle, end_of(values), renews, lacks)


def sign_in(
    place: Place,
    vault: Vault,
    app: App,
    attempt: Attempt,
    code: str,
    now: datetime,
    paid: Paid,
    *,
    any_owner: bool = False,
) -> Author:
    """Exchange the code, see whose account it is, and keep the tokens; whose it is.

    any_owner: keep them even if that is not the configured handle. Raises `Refused` where it is not or X does not
    take the code, `NetworkFailure`, `NeedsPerson`; the tokens are ended at X then, and what was kept before stays.
    """
    authority = Authority(place.url, app)
    grant = authority.exchange(attempt, code, now)
    try:
        owner = _owner(place, Bearer(grant.access_token), now, paid, any_owner)
        secret = {"client_secret": app.client_secret} if app.client_secret else {}
        _keep(place, vault, owner, {"client_id": app.client_id, **secret, **of_grant(grant)})
    except CareError:
        _end(authority, grant, now)
        raise
    return owner


def take_keys(
    place: Place, vault: Vault, keys: OAuth1, now: datetime, paid: Paid, *, any_owner: bool = False
) -> Author:
    """See whose account these keys are, and keep them; whose it is. Raises as `sign_in` does."""
    owner = _owner(place, keys, now, paid, any_owner)
    _keep(
        place, vault, owner,
        {
            "api_key": keys.api_key, "api_secret": keys.api_secret,
            "access_token": keys.access_token, "access_token_secret": keys.access_token_secret,
        },
    )  # fmt: skip
    return owner


def take_bearer(place: Place, vault: Vault, token: str, now: datetime) -> None:
    """Keep the app's own token beside what is there, once X has taken it.

    Raises `Refused` where X does not, `NetworkFailure`, `NeedsPerson`; what was kept before stays.
    """
    _require_app_token(place, token, now)
    with vault.locked():
        vault.write(place.account, vault.read(place.account) | {"bearer_token": token})


def sign_out(place: Place, vault: Vault, now: datetime) -> CareError | None:
    """End the tokens at X where that is possible, and forget all that was kept. Raises `NeedsPerson`.

    Returns why X could not be told, if it could not.
    """
    with vault.locked():
        values = vault.read(place.account)
        failed = _told(place, values, now)
        vault.forget(place.account)
    return failed


def _told(place: Place, values: Mapping[str, str], now: datetime) -> CareError | None:
    if is_oauth1(values):
        return Refused("Keys of OAuth 1.0a do not end by that.", "Take them back on X's developer page.")
    authority = Authority(place.url, App(values.get("client_id", ""), values.get("client_secret", "")))
    # The refresh token first: with it another access token could be had.
    for name in ("refresh_token", "access_token"):
        try:
            if values.get(name):
                authority.revoke(values[name], now)
        except CareError as error:
            return error
    return None


def _require_app_token(place: Place, token: str, now: datetime) -> None:
    from carecli.channels.http import HttpClient

    client = HttpClient(place.url, NETWORK)
    try:
        answer = client.call("GET", _RULES, now=now, headers={"Authorization": f"Bearer {token}"})
    finally:
        client.close()
    if not isinstance(answer, Failure):
        return
    if answer.kind in ("signed_out", "refused"):
        raise Refused(
            "X does not take this as an app's own token.", "Copy the bearer token once more from X's developer page."
        )
    raise error_of(answer)


def _owner(place: Place, keys: OAuth1 | Bearer, now: datetime, paid: Paid, any_owner: bool) -> Author:
    owner = owner_of(keys, place.url, now)
    paid(Spending("people read", 1, PRICES["people read"]))
    configured = place.handle.removeprefix("@")
    if not any_owner and owner.handle.casefold() != configured.casefold():
        raise Refused(
            f"These are keys of @{owner.handle}, and the account {place.account} is @{configured}. Nothing was kept.",
            f"Sign in at X as @{configured}, correct `handle` in the configuration, or keep them with --force.",
        )
    return owner


def _keep(place: Place, vault: Vault, owner: Author, values: Mapping[str, str]) -> None:
    with vault.locked():
        # The app's own token belongs to no session.
        bearer = {name: value for name, value in vault.read(place.account).items() if name == "bearer_token"}
        vault.write(place.account, bearer | dict(values) | {"user_id": owner.remote_id, "handle": owner.handle})


def _end(authority: Authority, grant: Grant, now: datetime) -> None:
    for token in (grant.refresh_token, grant.access_token):
        with suppress(CareError):
            if token:
                authority.revoke(token, now)
