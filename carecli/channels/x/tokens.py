"""What an account signs its calls to X with: OAuth 1.0a keys, or an OAuth 2.0 token that is renewed in time.

X's refresh tokens hold once. So one thread of one process renews, under the vault's lock, after reading again what
another may have stored; it makes sure first that the answer can be kept, and keeps it before anybody uses it.
Not for: getting the first tokens (`signing_in`), or making the calls (`transport`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from carecli.channels.x.oauth import App, Authority, Grant, NotTaken, is_token
from carecli.clock import Clock
from carecli.credentials import Vault
from carecli.credentials.sealed import Sealed
from carecli.errors import CareError, NeedsPerson

_IN_GOOD_TIME = timedelta(minutes=5)
# After a renewal that failed while the token still holds.
_NOT_AGAIN_FOR = timedelta(seconds=30)
_ENDED = "X does not renew this sign-in any more."
_KEYS = ("api_key", "api_secret", "access_token", "access_token_secret")


class OAuth1(Sealed, frozen=True):
    """Keys that do not end; each call is signed with them."""

    api_key: str
    api_secret: str
    access_token: str
    access_token_secret: str


class Bearer(Sealed, frozen=True):
    """A token that stands in each call as it is: a person's for two hours, or an app's own."""

    token: str


class Tokens:
    """The keys of one account. Safe for several threads and processes. url: X's API.

    The secrets are read once and again whenever they no longer do, so that a sign-in elsewhere is noticed.
    """

    def __init__(self, vault: Vault, account: str, url: str, clock: Clock) -> None:
        self._vault = vault
        self._account = account
        self._url = url
        self._clock = clock
        self._values: dict[str, str] = {}
        self._not_before: datetime | None = None
        self._refused_refresh = ""

    @property
    def user_id(self) -> str:
        """The account's id at X as it was found when it was signed in; "" where that is not known here.

        On a shared desk only the worker may read the secrets; everybody else works without them.
        """
        try:
            return self._known().get("user_id", "")
        except NeedsPerson:
            return ""

    def keys(self) -> OAuth1 | Bearer:
        """What to sign a call with now; renewed where less than five minutes are left.

        Raises `NeedsPerson` where the account must be signed in, and `NetworkFailure` where no token holds any more
        and X is out of reach.
        """
        values, now = self._known(), self._clock.now()
        if is_oauth1(values):
            return self._oauth1(values)
        if _holds(values, now + _IN_GOOD_TIME) or (_holds(values, now) and self._waits(now)):
            return self._bearer(values)
        try:
            return self._renewed(values.get("access_token", ""))
        except CareError:
            if not _holds(values, now):
                raise
            self._not_before = now + _NOT_AGAIN_FOR
            return self._bearer(values)

    def refused(self, used: OAuth1 | Bearer) -> OAuth1 | Bearer:
        """What to sign the call with after a 401: other keys than those `used`, which it tells of as spoilt.

        Renews once, even before the time. Raises as `keys` does.
        """
        values = self._values or self._known()
        if is_oauth1(values):
            self._values = self._vault.read(self._account)
            if is_oauth1(self._values) and self._oauth1(self._values) == used:
                raise self._signed_out("X does not take the keys of this account any more.")
            return self.keys()
        return self._renewed(used.token if isinstance(used, Bearer) else values.get("access_token", ""))

    def app_only(self) -> str:
        """The app's own bearer token, the only kind that the stream takes. Raises `NeedsPerson` where none is kept."""
        token = self._known().get("bearer_token", "")
        if not is_token(token):
            raise NeedsPerson(
                "The stream needs the app's own bearer token, and none is kept.",
                f"Give it with `carecli login x --account {self._account} --bearer`, or set `stream = false`.",
            )
        return token

    def found_to_be(self, user_id: str, handle: str) -> None:
        """Keep whose account this is, so that X need not be asked again; what cannot be kept is asked for again."""
        try:
            with self._vault.locked():
                kept = self._vault.read(self._account) | {"user_id": user_id, "handle": handle}
                self._vault.write(self._account, kept)
        except NeedsPerson:
            return

    def _known(self) -> dict[str, str]:
        if not self._values:
            self._values = self._vault.read(self._account)
        return self._values

    def _waits(self, now: datetime) -> bool:
        return self._not_before is not None and now < self._not_before

    def _renewed(self, spoilt: str) -> OAuth1 | Bearer:
        """Other keys than `spoilt`: those that another thread or process has stored, or new ones."""
        with self._vault.locked():
            self._values = values = self._vault.read(self._account)
            if is_oauth1(values):
                return self._oauth1(values)
            if values.get("access_token", "") != spoilt and _holds(values, self._clock.now()):
                return self._bearer(values)
            refresh_token = values.get("refresh_token", "")
            if not is_token(refresh_token):
                raise self._signed_out("This account is not signed in at X.")
            if refresh_token == self._refused_refresh:
                raise self._signed_out(_ENDED)
            # What could not be kept afterwards would be lost: that shows now, while the old token still holds.
            self._vault.write(self._account, values)
            grant = self._granted(values, refresh_token)
            self._values = values | of_grant(grant)
            self._vault.write(self._account, self._values)
            self._not_before = None
            return self._bearer(self._values)

    def _granted(self, values: Mapping[str, str], refresh_token: str) -> Grant:
        app = App(values.get("client_id", ""), values.get("client_secret", ""))
        try:
            return Authority(self._url, app).renew(refresh_token, self._clock.now())
        except NotTaken as error:
            # It is not offered again and again; another sign-in brings another.
            self._refused_refresh = refresh_token
            raise self._signed_out(f"{_ENDED} {error}".rstrip()) from None

    def _oauth1(self, values: Mapping[str, str]) -> OAuth1:
        return OAuth1(*(self._sound(values, name) for name in _KEYS))

    def _bearer(self, values: Mapping[str, str]) -> Bearer:
        return Bearer(self._sound(values, "access_token"))

    def _sound(self, values: Mapping[str, str], name: str) -> str:
        value = values.get(name, "")
        if not is_token(value):
            raise self._signed_out(f"The {name} that is kept for this account is none.")
        return value

    def _signed_out(self, sentence: str) -> NeedsPerson:
        return NeedsPerson(sentence, f"Sign in with `carecli login x --account {self._account}`.")


def is_oauth1(values: Mapping[str, str]) -> bool:
    """Whether these secrets are OAuth 1.0a keys."""
    return all(values.get(name) for name in _KEYS)


def of_grant(grant: Grant) -> dict[str, str]:
    """What is kept of a grant."""
    kept = {"access_token": grant.access_token, "expires_at": grant.expires_at.astimezone(UTC).isoformat()}
    return kept | ({"refresh_token": grant.refresh_token} if grant.refresh_token else {})


def end_of(values: Mapping[str, str]) -> datetime | None:
    """When the access token ends, aware UTC; None where that is not known."""
    try:
        end = datetime.fromisoformat(values.get("expires_at", ""))
        return end.astimezone(UTC) if end.tzinfo else end.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _holds(values: Mapping[str, str], at: datetime) -> bool:
    """Whether there is a token that has not ended `at` that time; one that no end is known of holds till X refuses."""
    end = end_of(values)
    return bool(values.get("access_token")) and (end is None or end > at)
