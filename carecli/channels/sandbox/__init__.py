"""The simulated network: somewhere to work a shift with no account anywhere.

`network` is the network, `channel` the desk's client of it; `wire` is all that the two share, and `server` and `remote`
are a connection between them where it is not in the same process. docs/sandbox.md explains it.
Not for: recorded conversations (`channels.archive`).
"""

from __future__ import annotations

from pathlib import Path

from carecli.channels.sandbox.channel import Faults, SandboxChannel
from carecli.channels.sandbox.network import SandboxNetwork
from carecli.channels.sandbox.wire import ACCOUNT
from carecli.clock import Clock, SimulatedClock
from carecli.config import AccountSection
from carecli.model import Author

__all__ = ["Faults", "SandboxChannel", "SandboxNetwork", "open_sandbox"]


def open_sandbox(path: Path, section: AccountSection, clock: Clock) -> SandboxChannel:
    """Open the channel of a configured account on the simulated network in `path`, made there if need be.

    The simulation begins when the desk's clock did, so that a seed gives the same shift every time.
    Raises `ConfigError` and `NetworkFailure` as `SandboxNetwork` does.
    """
    start = clock.simulation.desk if isinstance(clock, SimulatedClock) else clock.now()
    network = SandboxNetwork(
        path,
        section.sandbox.seed,
        start=start,
        pace=section.sandbox.pace,
        languages=section.sandbox.languages,
        account=Author(ACCOUNT.remote_id, section.handle, section.brand or ACCOUNT.display_name),
    )
    return SandboxChannel(network, clock, idempotency=section.sandbox.idempotency, metered=section.sandbox.metered)
