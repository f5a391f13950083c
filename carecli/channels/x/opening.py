"""Opening the channel of a configured account of X: its section, its secrets, and whose account it is.

Not for: signing in, or what the channel does then (`channel`).
"""

from __future__ import annotations

from carecli.channels.x.channel import XChannel
from carecli.channels.x.tokens import Tokens
from carecli.clock import Clock
from carecli.config import AccountSection
from carecli.credentials import Vault
from carecli.model import Author


def open_x(section: AccountSection, vault: Vault, clock: Clock) -> XChannel:
    """Open the channel of an account. Asks X nothing yet. Raises `ConfigError` for an address that is none."""
    tokens = Tokens(vault, section.id, section.x.url, clock)
    me = Author(section.x.user_id or tokens.user_id, section.handle.removeprefix("@"), section.brand)
    return XChannel(section.x, me, tokens, clock, found_to_be=tokens.found_to_be)
