"""The station of one account: what each part of the worker has before it when it works on that account.

Not for: what the parts do there (`poll`, `delivery`, `reconciling`, `removals`, `thread_reader`), or whose turn it is
(`lease`).
"""

from __future__ import annotations

import msgspec

from carecli.channels.base import Channel
from carecli.clock import Clock
from carecli.store.session import Database
from carecli.worker.counting import Policies
from carecli.worker.purse import Purse


class Station(msgspec.Struct, frozen=True):
    """One account, the channel that speaks for it, and the database that it is stored in. Used by one thread.

    policies: what is promised there; purse: what its calls may cost.
    """

    database: Database
    clock: Clock
    account: str
    channel: Channel
    policies: Policies
    purse: Purse
