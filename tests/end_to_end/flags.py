"""carecli by flags, as a process of its own beside the one on the screen."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def command(folder: Path, *words: str) -> list[str]:
    """The words that run a command on the desk in `folder`."""
    return [sys.executable, "-m", "carecli", "--config", str(folder / "config.toml"), *words]


def told(folder: Path, *words: str) -> Any:  # noqa: ANN401
    """The data that a command tells with `--json`."""
    done = subprocess.run(command(folder, *words, "--json"), capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout)["data"]
