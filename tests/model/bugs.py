"""Bugs put in on purpose: what the model test makes of each, and the tests beside it.

`python -m tests.model.bugs [WORD…]` puts each bug whose sentence holds one of the words, or each there is, into a copy
of the package, and writes the table of docs/reliability.md. A bug whose place in the code is no longer found is told
loudly, here and by `test_bugs`. Not for: finding bugs nobody thought of, which is the model's own work.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import msgspec
from hypothesis import Phase, settings

from carecli.channels.sandbox.channel import Keys
from carecli.model import Record
from tests.model.test_delivery_model import LONG, SHORT, Form, drive

ROOT = Path(__file__).parents[2]
_TELLING = ("promises.py", "test_delivery_model.py")
_BESIDE = ("tests/worker", "tests/desk", "tests/store/test_leases.py")


class Edit(Record, frozen=True):
    """Where a text stands once in a file of the package, and what stands there instead."""

    file: str
    before: str
    after: str


class Bug(Record, frozen=True):
    """A bug in a sentence, and the edits that make it."""

    sentence: str
    edits: tuple[Edit, ...]


def bugs() -> tuple[Bug, ...]:
    """All of `bugs.toml`."""
    text = Path(__file__).with_name("bugs.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[str, tuple[Bug, ...]])["bugs"]


def put_in(bug: Bug, root: Path) -> None:
    """Put a bug into the code under `root`. Raises `LookupError` where its place is not found, just once, any more."""
    for edit in bug.edits:
        path = root / "carecli" / edit.file
        text = path.read_text("utf-8")
        if text.count(edit.before) != 1:
            raise LookupError(f"“{bug.sentence}” has no place in {edit.file} any more:\n{edit.before}")
        path.write_text(text.replace(edit.before, edit.after), "utf-8")


def tried(bug: Bug) -> str:
    """A row of the table: by which promise the model caught a bug, in which form, and which test beside it did."""
    with _copy() as root:
        put_in(bug, root)
        short = _promise_broken(root, "short")
        long = "" if short else _promise_broken(root, "long")
        by = f"`{short}`" if short else f"`{long}`, the long form" if long else "–"
        return f"| {bug.sentence} | {by} | {_test_failed(root) or '–'} |"


@contextmanager
def _copy() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("carecli", "tests", "themes"):
            shutil.copytree(ROOT / name, root / name)
        for name in ("pyproject.toml", "config.example.toml"):
            shutil.copy(ROOT / name, root / name)
        yield root


def _promise_broken(root: Path, form: str) -> str:
    return _run(root, "tests.model.bugs", "--drive", form)


def _test_failed(root: Path) -> str:
    told = _run(root, "pytest", "-n", "0", "-x", "-q", "--tb=no", "-p", "no:cacheprovider", *_BESIDE)
    names = [line.split("::")[1].split(" - ")[0] for line in told.splitlines() if line.startswith("FAILED")]
    return f"`{names[0]}`" if names else ""


def _run(root: Path, *module: str) -> str:
    """What a module tells on the copy. Raises `RuntimeError` where it ends neither well nor, as pytest does, with 1."""
    command = [sys.executable, "-m", *module]
    environment = os.environ | {"PYTHONPATH": str(root)}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1) or done.stderr:
        raise RuntimeError(f"{module}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


def what_fails(form: Form) -> str:
    """The promise or the rule of the model that fails first on one of the two networks; "" where none does."""
    settings.register_profile(
        "first failure", deadline=None, database=None, phases=[Phase.generate], report_multiple_bugs=False
    )
    settings.load_profile("first failure")
    for keys in get_args(Keys):
        try:
            drive(keys, form)
        except Exception as error:
            return _first_failure(error)
    return ""


def _first_failure(error: BaseException) -> str:
    """Where a run failed: what it left behind is judged too, after the failure that ended it."""
    name = ""
    failure: BaseException | None = error
    while failure is not None:
        frames = traceback.extract_tb(failure.__traceback__)
        telling = [frame.name for frame in frames if Path(frame.filename).name in _TELLING]
        name = telling[-1] if telling else name
        failure = failure.__context__
    return name


def main(words: Sequence[str]) -> None:
    """Write the table, after a look at the code without bugs: it has to pass."""
    with _copy() as root:
        failed = _promise_broken(root, "short") or _test_failed(root)
        if failed:
            raise SystemExit(f"Without any bug put in, this fails already: {failed}")
    chosen = [bug for bug in bugs() if not words or any(word in bug.sentence for word in words)]
    print("| bug | the promise of the model that caught it | the first test beside it that did |\n|---|---|---|")
    with ThreadPoolExecutor(2) as pool:
        for row in pool.map(tried, chosen):
            print(row, flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--drive"]:
        print(what_fails(LONG if sys.argv[2] == "long" else SHORT))
    else:
        main(sys.argv[1:])
