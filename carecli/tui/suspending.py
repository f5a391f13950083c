"""Giving the terminal back to the shell for a while: `ctrl+z`, and `fg` to go on.

Not for: what is saved before (`app`).
"""

from __future__ import annotations

import os
import signal
import sys

from textual.driver import Driver

from carecli.store.session import Database


def shell_waits() -> bool:
    """Whether a shell with job control has started the desk: without one, nobody could make it go on."""
    return sys.platform != "win32" and os.getsid(0) != os.getpgrp()


def suspend(driver: Driver, database: Database) -> None:
    """Restore the terminal and stop, until the shell says to go on; the driver then takes the terminal again.

    Blocking. Raises `StoreError` where the database has no rest to stop in.
    """
    with database.at_rest():
        driver.suspend_application_mode()
        os.write(2, b"The desk is stopped: it reads and sends nothing until `fg` lets it go on.\n")
        # The whole job, as a terminal would: whatever has started the desk (uv, make) stops with it.
        os.killpg(0, signal.SIGSTOP)
