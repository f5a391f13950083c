"""One call of the command line: which configuration, which agent, and the desk that they open.

Not for: what a command does with the desk.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from carecli.config import Config
    from carecli.desk.context import Desk


class Invocation:
    """What the global options said. Nothing is read before it is asked for."""

    def __init__(self, config_path: str | None = None, agent: str = "") -> None:
        self._config_path = config_path
        self.agent = agent

    def path(self) -> Path:
        """The configuration's path: as told, else `config.toml` in the user's configuration folder."""
        from pathlib import Path

        return Path(self._config_path).expanduser() if self._config_path else user_config_folder() / "config.toml"

    def config(self) -> Config:
        """The configuration. Raises `NotFound`, `ConfigError`."""
        from carecli import config

        return config.load(self.path())

    @contextmanager
    def desk(self, *, needs_agent: bool = True) -> Iterator[Desk]:
        """The desk, closed at the end; without `needs_agent` nobody need be named. Raises `CareError`s."""
        from carecli.desk.context import open_desk

        desk = open_desk(self.config(), self.agent, needs_agent=needs_agent)
        try:
            yield desk
        finally:
            desk.close()


pass_invocation = click.make_pass_decorator(Invocation, ensure=True)


def user_config_folder() -> Path:
    """Where this platform keeps a user's configuration of carecli."""
    if sys.platform != "linux":
        import platformdirs

        return platformdirs.user_config_path("carecli", appauthor=False)
    from pathlib import Path

    # What platformdirs answers there, without the 6 ms that its import takes.
    return Path(os.environ.get("XDG_CONFIG_HOME", "").strip() or "~/.config").expanduser() / "carecli"


def user_data_folder() -> Path:
    """Where this platform keeps a user's data of carecli, such as the demo."""
    import platformdirs

    return platformdirs.user_data_path("carecli", appauthor=False)


def user_state_folder() -> Path:
    """Where this platform keeps what a user's carecli notes down, such as the trace of a fault."""
    import platformdirs

    return platformdirs.user_state_path("carecli", appauthor=False)
