"""The `carecli` process: a quick start, the commands, a quick end.

A short command lives for some 50 ms, so what Python does around it counts. Not for: the commands
(`cli.commands`), nor for tests of them, which call the group itself.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line as a process of its own, and leave with its exit code."""
    # What is imported is never garbage: looking for some costs 3 ms. Commands that last call `outlast`.
    gc.disable()
    if sys.stdout is None:
        # Closed before the start: nobody wants the answer, and the exit code is the same.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    try:
        from carecli.cli.commands import cli

        cli.main(sys.argv[1:], prog_name="carecli")
    except SystemExit as end:
        leave(end.code if isinstance(end.code, int) else 1)
    except KeyboardInterrupt:
        # So early that nothing was there yet to catch it (`errors.EXIT_INTERRUPTED`).
        leave(130)


def outlast() -> None:
    """Collect garbage from now on, for a command that runs on; what has been imported so far is spared."""
    gc.freeze()
    gc.enable()


def leave(code: int) -> NoReturn:
    """End the process. By now all is closed: taking the interpreter apart would only take time (7 ms).

    A process that ran threads or an event loop ends the ordinary way.
    """
    if threading.active_count() > 1 or "asyncio" in sys.modules:
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        try:
            # One that was closed before the start is None.
            if stream is not None:
                stream.flush()
        except OSError:
            # The reader has gone: nobody is left to tell.
            continue
    os._exit(code)
