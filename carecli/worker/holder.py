"""Who holds a lease: a name that tells this process from every other, and whether its process is gone.

A desk that was killed leaves its leases behind; on the same machine nobody need wait until they run out.
Not for: the leases themselves (`lease`, `store.leases`).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def holder_name(role: str, key: str) -> str:
    """This process's name: the machine's current run, the process, what it is (`screen`, `flags`), a key of its own."""
    return f"{_machine()}/{os.getpid()}/{role}-{key}"


def is_gone(holder: str) -> bool:
    """Whether the process of a holder has certainly ended: it ran here, in this run of the machine, and is no more."""
    machine, _, rest = holder.partition("/")
    process = rest.partition("/")[0]
    if machine != _machine() or not machine or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _machine() -> str:
    """A name for this run of this machine; "" where the system cannot tell, and then nobody is known to be gone."""
    if not sys.platform.startswith("linux"):
        return ""
    try:
        return _BOOT.read_text("ascii").strip()
    except OSError:
        return ""
