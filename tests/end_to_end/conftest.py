"""What every end-to-end test has: user's folders of its own, and, where it asks for one, a desk under attack."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.end_to_end.attacked import attack


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's folders lie beside the desk, and nothing of the user's environment is seen."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    for name in ("CARECLI_CONFIG", "CARECLI_AGENT", "CARECLI_DEBUG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The attacked desk of which each test gets a copy."""
    folder = tmp_path_factory.mktemp("attacked")
    attack(folder)
    return folder


@pytest.fixture
def attacked(stocked: Path, tmp_path: Path) -> Path:
    """The folder of an attacked desk of this test's own."""
    return Path(shutil.copytree(stocked, tmp_path / "desk"))
