"""The credentials: each account's secrets, in the environment, a file of their owner's alone or the system's keyring.

Never in the configuration, the database, a log or a sentence. Not for: what the values mean (an account's channel
knows), or getting them from a network.
"""

from carecli.credentials.vault import Vault, open_vault

__all__ = ["Vault", "open_vault"]
