"""The vault: one protocol for every place where secrets are kept, and the one place that chooses among them.

Not for: how a place keeps them (`secrets_file`, `system_keyring`) or how the environment covers it (`environment`).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from carecli.config import Config

# What secrets are called, whichever account's they are; the environment is asked for these.
NAMES = (
    "client_id", "client_secret", "access_token", "refresh_token", "expires_at", "user_id", "handle",
    "api_key", "api_secret", "access_token_secret", "bearer_token",
)  # fmt: skip


class Vault(Protocol):
    """Keeps named secrets for each account. Safe for several threads and processes.

    Every call raises `NeedsPerson` where the place cannot be used; no sentence of it holds a secret.
    """

    @property
    def where(self) -> str:
        """Where the secrets are, as the part of a sentence."""
        ...

    def read(self, account: str) -> dict[str, str]:
        """The account's secrets by their names; empty where there are none."""
        ...

    def write(self, account: str, values: Mapping[str, str]) -> None:
        """Keep these and no others for the account; they are durable when this returns."""
        ...

    def forget(self, account: str) -> None:
        """Keep nothing for the account any more. What the environment gives is not ours to forget."""
        ...

    def given(self, account: str) -> tuple[str, ...]:
        """The names of the environment's variables that speak for the account."""
        ...

    def locked(self) -> AbstractContextManager[None]:
        """Keep every other thread and process from writing. May be taken again by the thread that has it."""
        ...


def open_vault(config: Config, environ: Mapping[str, str]) -> Vault:
    """The vault of a desk: the environment, over the place that `credentials` in its configuration names.

    Reads nothing yet. Raises `NeedsPerson` where the keyring is asked for and not installed, `ConfigError` where the
    environment speaks for two accounts at once.
    """
    from carecli.credentials.environment import EnvironmentVault, refuse_shared

    refuse_shared(config.accounts, environ)
    from carecli.credentials.secrets_file import FileVault

    # An absolute path: the lock and the keyring's entry are the same whichever way the folder was named.
    path = config.folder.resolve() / "credentials.toml"
    if config.credentials == "keyring":
        from carecli.credentials.system_keyring import KeyringVault

        return EnvironmentVault(KeyringVault(path.parent), environ)
    return EnvironmentVault(FileVault(path), environ)
