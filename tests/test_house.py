"""The house keeps its own rules: imports, docstrings, sizes, the map, the dependencies, what may stand in a file."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from scripts import house_map

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "carecli").rglob("*.py"))
MOST_LINES = 450

# Tools and plugins are not imported: each is at work where this text stands.
AT_WORK = {
    "chunspell": ("carecli", "from hunspell import"),
    "harper-py": ("carecli", "from harper import"),
    "import-linter": (".ci/run", "lint-imports"),
    "mypy": (".ci/run", "/mypy"),
    "pytest-textual-snapshot": ("tests", "snap_compare"),
    "pytest-timeout": ("pyproject.toml", "\ntimeout = "),
    "pytest-xdist": ("pyproject.toml", "-n auto"),
    "pyyaml": ("tests", "import yaml"),
    "ruff": (".ci/run", "/ruff"),
    "types-pyyaml": ("tests", "import yaml"),
    # The time zones of a machine that has none of its own; `zoneinfo` finds it.
    "tzdata": ("carecli", "import zoneinfo"),
}

_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
_NEEDED = _PROJECT["project"]["dependencies"]
_NEEDED_BY_TESTS = _PROJECT["project"]["optional-dependencies"]["test"]
_NEEDED_TO_BUILD = _PROJECT["build-system"]["requires"]

_ASKS_THE_MACHINE = re.compile(
    r"datetime\.now\(|\.today\(|utcnow\(|time\.time\(|\brandom\.[a-z]\w*\(|secrets\.|uuid\d\("
)
# Where a process begins: the clock itself, and `new_key`, both handed on as arguments.
_AT_THE_EDGE = {"carecli/clock.py", "carecli/desk/context.py"}

# A folder of one person's machine, an index of packages, and what names the hosts of one.
_OF_ONE_MACHINE = re.compile(
    r"(?<![\w.~])/(?:root|home|Users|work)/|(?:extra-)?index-url|find-links|files\.pythonhosted"
)
_LOCK_FILES = {"uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock"}


def test_imports_point_one_way() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_module_says_what_it_is_for() -> None:
    silent = [_shown(path) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert silent == []


def test_only_the_clock_and_the_edge_ask_the_machine_for_the_time_or_for_chance() -> None:
    asking = [
        f"{_shown(path)}: {match[0]}"
        for path in MODULES
        if _shown(path) not in _AT_THE_EDGE and not _shown(path).startswith("carecli/cli/")
        for match in _ASKS_THE_MACHINE.finditer(path.read_text("utf-8"))
    ]
    assert asking == [], "Take `now` or a `Clock`, a `random.Random`, or `new_key`."


def test_no_module_grows_beyond_what_one_can_hold_in_mind() -> None:
    lengths = {_shown(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


def test_the_map_is_current() -> None:
    assert house_map.stale() == [], "Run `python -m scripts.house_map`."


def test_no_file_names_one_machine_or_where_its_packages_come_from() -> None:
    found = [
        f"{_shown(path)}: {match[0]}"
        for path, text in _texts(_tracked())
        for match in _OF_ONE_MACHINE.finditer(text)
        if path != Path(__file__)
    ]
    assert found == []


def test_no_lock_file_is_kept() -> None:
    assert [path for path in _tracked() if path.name in _LOCK_FILES] == []


def test_every_dependency_has_its_reason_written_down() -> None:
    reasons = (ROOT / "docs" / "decisions.md").read_text("utf-8")
    asked_for = [_name(text) for text in (*_NEEDED, *_NEEDED_BY_TESTS, *_NEEDED_TO_BUILD)]
    assert [name for name in asked_for if f"**{name}**" not in reasons] == []


def test_every_dependency_is_used_by_the_package() -> None:
    assert [name for name in map(_name, _NEEDED) if not _is_used(name, "carecli")] == []


def test_every_dependency_of_the_tests_is_used_by_them() -> None:
    assert [name for name in map(_name, _NEEDED_BY_TESTS) if not _is_used(name, "tests")] == []


def _shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _name(requirement: str) -> str:
    found = re.match(r"[\w.-]+", requirement)
    assert found is not None
    return found[0]


def _is_used(name: str, folder: str) -> bool:
    if name not in AT_WORK:
        return any(name.replace("-", "_") in _imported(path) for path in (ROOT / folder).rglob("*.py"))
    place, sign = ROOT / AT_WORK[name][0], AT_WORK[name][1]
    files = [place] if place.is_file() else place.rglob("*.py")
    return any(sign in path.read_text("utf-8") for path in files if path != Path(__file__))


@cache
def _imported(module: Path) -> set[str]:
    """The top-level names that a module imports, at its head or within a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def _tracked() -> list[Path]:
    """The files that git keeps, or would with the next `git add`."""
    git = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("This is not a git working copy.")
    return [path for path in (ROOT / name for name in listed.split("\0") if name) if path.is_file()]


def _texts(paths: list[Path]) -> Iterator[tuple[Path, str]]:
    for path in paths:
        try:
            yield path, path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
