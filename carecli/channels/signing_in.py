"""Whether an account is signed in at its network, and signing it out, whichever network that is.

As `channels.factory`, it goes from a network's name to its code. Not for: signing in, which asks a person what each
network wants (`cli.signing_in`).
"""

from __future__ import annotations

from datetime import datetime

from carecli.config import Config
from carecli.credentials import Vault
from carecli.errors import CareError, Misuse
from carecli.model import Record


class Standing(Record, frozen=True):
    """How an account stands at its network, as far as what is kept tells; nothing here is secret.

    how: the kind of keys, in words. handle: whose they were found to be, "" where that was never asked.
    ends: when the present token does, if that is known; renews: whether another is got by itself then.
    lacks: what is missing for what the configuration asks for, and the remedy; "" for nothing.
    """

    signed_in: bool
    how: str = ""
    handle: str = ""
    ends: datetime | None = None
    renews: bool = False
    lacks: str = ""


def standing(config: Config, account: str, vault: Vault) -> Standing | None:
    """How a configured account stands; None for one that needs no signing in. Raises `NeedsPerson`."""
    if config.accounts[account].network != "x":
        return None
    from carecli.channels.x.signing_in import standing_of

    return standing_of(config.accounts[account], vault)


def sign_out(config: Config, account: str, vault: Vault, now: datetime) -> CareError | None:
    """End an account's tokens at its network where that is possible, and forget them.

    Returns why the network could not be told, if it could not. Raises `Misuse` for an account that needs no signing
    in, and `NeedsPerson`.
    """
    section = config.accounts[account]
    if section.network != "x":
        raise Misuse(f"{account} is an account of the network {section.network}, which needs no signing in.")
    from carecli.channels.x.signing_in import place_of
    from carecli.channels.x.signing_in import sign_out as sign_out_at_x

    return sign_out_at_x(place_of(section), vault, now)
