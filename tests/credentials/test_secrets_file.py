"""The file of secrets: whole at every moment, its owner's alone, and silent about what is in it."""

from __future__ import annotations

import errno
import multiprocessing
import os
import stat
import subprocess
import sys
import threading
import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.credentials.secrets_file import FileVault
from carecli.errors import NeedsPerson

SECRET = "hush-0123456789-hush"
TOKENS = {"access_token": SECRET, "refresh_token": "r1"}
# Anything but half a character, which no file can hold.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk" / "credentials.toml"


def test_what_is_kept_is_read_again_and_by_another(path: Path) -> None:
    FileVault(path).write("care", TOKENS)
    assert FileVault(path).read("care") == TOKENS


def test_an_account_that_nobody_signed_in_has_nothing(path: Path) -> None:
    assert FileVault(path).read("care") == {}


def test_each_account_has_its_own(path: Path) -> None:
    vault = FileVault(path)
    vault.write("care", TOKENS)
    vault.write("main", {"access_token": "other"})
    vault.forget("care")
    assert vault.read("care") == {}
    assert vault.read("main") == {"access_token": "other"}


@given(tables=st.dictionaries(TEXTS, st.dictionaries(TEXTS, TEXTS, max_size=4), max_size=3))
def test_any_name_and_any_value_comes_back_as_it_was(
    tables: dict[str, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    vault = FileVault(tmp_path_factory.mktemp("any") / "credentials.toml")
    for account, values in tables.items():
        vault.write(account, values)
    for account, values in tables.items():
        assert vault.read(account) == values


def test_a_value_that_is_no_text_is_refused_without_being_told(path: Path) -> None:
    with pytest.raises(NeedsPerson) as refused:
        FileVault(path).write("care", {"access_token": SECRET + "\ud800"})
    assert SECRET not in str(refused.value)
    assert not path.exists()


def test_the_file_is_its_owners_alone_whatever_the_umask(path: Path) -> None:
    before = os.umask(0)
    try:
        FileVault(path).write("care", TOKENS)
    finally:
        os.umask(before)
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in (path, path.parent, *path.parent.iterdir())}
    assert modes == {"credentials.toml": 0o600, "desk": 0o700, "credentials.lock": 0o600}


def test_it_never_lies_there_more_open_not_even_while_it_is_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int]] = []
    fsync = os.fsync

    def noting(descriptor: int) -> None:
        status = os.fstat(descriptor)
        seen.extend([(stat.S_IMODE(status.st_mode), status.st_size)] if stat.S_ISREG(status.st_mode) else [])
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noting)
    FileVault(path).write("care", TOKENS)
    assert seen == [(0o600, path.stat().st_size)], "written in full and made durable before it gets its name"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o601])
def test_a_file_that_others_can_open_is_refused_with_the_remedy(path: Path, mode: int) -> None:
    vault = FileVault(path)
    vault.write("care", TOKENS)
    path.chmod(mode)
    for call in (lambda: vault.read("care"), lambda: vault.write("care", {}), lambda: vault.forget("care")):
        with pytest.raises(NeedsPerson, match=f"Others .* {path}.*mode {mode:04o}.*chmod 600"):
            call()
    path.chmod(0o600)
    assert vault.read("care") == TOKENS


def test_a_file_of_another_user_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = FileVault(path)
    vault.write("care", TOKENS)
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    with pytest.raises(NeedsPerson, match="belongs to another user"):
        vault.read("care")


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_refused_and_never_waited_for(path: Path, make: object) -> None:
    path.parent.mkdir()
    assert callable(make)
    make(path)
    path.chmod(0o600)
    with pytest.raises(NeedsPerson):
        FileVault(path).read("care")


@pytest.mark.parametrize(
    "text",
    [
        f"[care]\naccess_token = '{SECRET}\n",
        f"[care]\n{SECRET}\n",
        f"[care]\n{SECRET} = 1\n{SECRET} = 2\n",
        f"[care]\n'{SECRET}' = {{}}\n['care'.'{SECRET}']\n",
        f"[care]\naccess_token = ['{SECRET}']\n",
        f"care = '{SECRET}'\n",
        f"{SECRET} = 1\n",
        f"[care]\nexpires_at = 2026-01-01T00:00:00Z # {SECRET}\n",
        f"[care]\nx = {'[' * 5000}'{SECRET}'",
    ],
)
def test_a_broken_file_is_a_sentence_that_does_not_quote_it(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    with pytest.raises(NeedsPerson) as refused:
        FileVault(path).read("care")
    assert str(path) in refused.value.sentence
    assert SECRET not in "".join(traceback.format_exception(refused.value))
    with pytest.raises(NeedsPerson):
        FileVault(path).write("care", TOKENS)
    assert path.read_text("utf-8") == text, "what a person could still mend is not written over"


def test_bytes_that_are_no_text_are_a_sentence(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe")
    path.chmod(0o600)
    with pytest.raises(NeedsPerson, match="is not UTF-8"):
        FileVault(path).read("care")


def test_a_full_disk_leaves_the_old_file_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = FileVault(path)
    vault.write("care", TOKENS)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NeedsPerson, match="No space left on device") as refused:
        vault.write("care", {"access_token": "newer"})
    assert "newer" not in str(refused.value)
    monkeypatch.undo()
    assert vault.read("care") == TOKENS
    assert sorted(one.name for one in path.parent.iterdir()) == ["credentials.lock", "credentials.toml"]


WRITES_FOR_EVER = """
import itertools, sys
from pathlib import Path
from carecli.credentials.secrets_file import FileVault
vault = FileVault(Path(sys.argv[1]))
for turn in itertools.count():
    vault.write("care", {"access_token": str(turn) * 5000, "refresh_token": str(turn)})
    print(turn, flush=True)
"""


def test_a_kill_at_any_moment_leaves_the_last_file_or_the_next_one_whole(path: Path) -> None:
    for round_ in range(4):
        writer = subprocess.Popen([sys.executable, "-c", WRITES_FOR_EVER, str(path)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        done = [writer.stdout.readline() for _ in range(round_ * 7 + 1)][-1]
        writer.kill()
        done = (writer.stdout.read().split() or [done])[-1]
        writer.wait()
        writer.stdout.close()
        kept = FileVault(path, patience=0.1).read("care")
        assert kept["access_token"] == kept["refresh_token"] * 5000
        assert int(kept["refresh_token"]) in (int(done), int(done) + 1)
    FileVault(path).write("care", TOKENS)
    assert sorted(one.name for one in path.parent.iterdir()) == ["credentials.lock", "credentials.toml"]


def test_a_link_to_the_file_stays_one(path: Path, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere.toml"
    FileVault(real).write("care", {})
    path.parent.mkdir()
    path.symlink_to(real)
    FileVault(path).write("care", TOKENS)
    assert path.is_symlink()
    assert FileVault(real).read("care") == TOKENS


def _adds_its_own(path: Path, number: int) -> None:
    for turn in range(5):
        FileVault(path).write(f"{number}-{turn}", {"access_token": str(number)})


def test_processes_that_write_at_once_lose_nothing(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_adds_its_own, args=(path, number)) for number in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    kept = {f"{number}-{turn}": FileVault(path).read(f"{number}-{turn}") for number in range(3) for turn in range(5)}
    assert kept == {name: {"access_token": name[0]} for name in kept}


def test_whoever_hangs_with_the_lock_is_told_of_and_not_waited_for_without_end(path: Path) -> None:
    impatient = FileVault(path, patience=0.1)
    with FileVault(path).locked(), pytest.raises(NeedsPerson, match="Another carecli has held"):
        impatient.write("care", TOKENS)
    impatient.write("care", TOKENS)


@pytest.mark.skipif(os.name != "posix", reason="Locks are another matter there.")
def test_a_disk_that_knows_no_locks_is_told_of(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def flock(descriptor: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", flock)
    with pytest.raises(NeedsPerson, match=r"cannot be locked by .*No locks available"):
        FileVault(path).write("care", TOKENS)


def test_threads_of_one_vault_wait_for_each_other(path: Path) -> None:
    vault = FileVault(path)
    order: list[str] = []
    inside = threading.Event()

    def second() -> None:
        inside.set()
        with vault.locked():
            order.append("second")

    with vault.locked():
        thread = threading.Thread(target=second)
        thread.start()
        inside.wait()
        vault.write("care", TOKENS)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_the_lock_ends_with_the_process_that_has_it(path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from carecli.credentials.secrets_file import FileVault\n"
        "with FileVault(Path(sys.argv[1])).locked(): os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", program, str(path)]).returncode == 9
    FileVault(path, patience=0.1).write("care", TOKENS)


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "desk").write_text("a file")
    with pytest.raises(NeedsPerson, match="cannot be kept"):
        FileVault(tmp_path / "desk" / "credentials.toml").write("care", TOKENS)
