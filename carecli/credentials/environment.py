"""Secrets from the environment, over another vault: `CARECLI_<ACCOUNT>_<NAME>`, for machines that are given theirs.

What the environment gives cannot be written back, and tokens are renewed: those that were kept since go before the ones
that the environment gave, until it gives others. Not for: keeping (`Vault`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager

from carecli.credentials.vault import NAMES, Vault
from carecli.errors import ConfigError

# What belongs to one signing in: all of it comes from the same place.
_SESSION = frozenset({"access_token", "refresh_token", "expires_at", "access_token_secret", "user_id", "handle"})
# Which session of the environment the kept one followed, as a digest.
_AFTER = "after_environment"


class EnvironmentVault:
    """`environ` over `below`, into which nothing that the environment gives is copied."""

    def __init__(self, below: Vault, environ: Mapping[str, str]) -> None:
        self._below = below
        self._environ = environ

    @property
    def where(self) -> str:
        return self._below.where

    def given(self, account: str) -> tuple[str, ...]:
        return tuple(variable(account, name) for name in self._given(account))

    def read(self, account: str) -> dict[str, str]:
        given, kept = self._given(account), self._below.read(account)
        after, session = kept.pop(_AFTER, ""), _session(given)
        if session and after != _digest(session):
            kept = {name: value for name, value in kept.items() if name not in _SESSION}
        given = {name: value for name, value in given.items() if name not in _SESSION or name not in kept}
        return {name: value for name, value in (kept | given).items() if value}

    def write(self, account: str, values: Mapping[str, str]) -> None:
        given = self._given(account)
        session = _session(given)
        kept = {name: value for name, value in values.items() if given.get(name) != value}
        # Of a session that the environment gave, what the new one does not have is gone.
        kept |= dict.fromkeys(session.keys() - values.keys(), "")
        self._below.write(account, kept | {_AFTER: _digest(session)} if session else kept)

    def forget(self, account: str) -> None:
        self._below.forget(account)

    def locked(self) -> AbstractContextManager[None]:
        return self._below.locked()

    def _given(self, account: str) -> dict[str, str]:
        values = {name: self._environ.get(variable(account, name), "").strip() for name in NAMES}
        return {name: value for name, value in values.items() if value}


def variable(account: str, name: str) -> str:
    """The variable that gives a secret: `CARECLI_CARE_X_API_KEY` for `api_key` of the account `care-x`."""
    return "CARECLI_" + "".join(letter if letter.isalnum() else "_" for letter in f"{account}_{name}").upper()


def refuse_shared(accounts: Iterable[str], environ: Mapping[str, str]) -> None:
    """Raise `ConfigError` where a variable of `environ` would speak for two accounts: they would answer as one."""
    owners: dict[str, str] = {}
    for account in accounts:
        for name in NAMES:
            other = owners.setdefault(variable(account, name), account)
            if other != account and environ.get(variable(account, name)):
                raise ConfigError(
                    f"{variable(account, name)} of the environment would be a secret of {other} and of {account}.",
                    "Give one of them an id that differs in its letters or digits.",
                    key="accounts",
                )


def _session(given: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if name in _SESSION}


def _digest(session: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(sorted(session.items())).encode()).hexdigest()
