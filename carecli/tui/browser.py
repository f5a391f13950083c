"""The browser: opens a network's own page beside the desk, in a window of its own.

Not for: browsers in the terminal, which would draw over the desk.
"""

from __future__ import annotations

import subprocess
import sys
import webbrowser
from contextlib import suppress

from carecli.errors import Refused

_PATIENCE_SECONDS = 20.0


def open_page(link: str) -> None:
    """Open a page in the browser. Blocking for a moment. Raises `Refused` where there is none with windows."""
    if not link.startswith(("https://", "http://")) or not _has_windows():
        raise Refused("There is no browser here that opens a window.", "Copy the link, and open it elsewhere.")
    # By a process of its own, whose words do not reach the terminal; the browser itself goes on without it.
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(
            [sys.executable, "-m", "webbrowser", link],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            check=False,
            timeout=_PATIENCE_SECONDS,
        )


def _has_windows() -> bool:
    """Whether the browser that would be taken draws elsewhere than in this terminal."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if isinstance(browser, webbrowser.BackgroundBrowser):
        return True
    if isinstance(browser, webbrowser.GenericBrowser):
        return False
    return not isinstance(browser, webbrowser.UnixBrowser) or bool(browser.background)
