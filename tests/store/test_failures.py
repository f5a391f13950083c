"""Whatever happens to the file ends in a sentence and a remedy: no trace of ours, no hang, and nothing half written."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from carecli.errors import StoreError
from carecli.store import accounts, sqlite_errors
from carecli.store.sqlite import SqliteDatabase, open_database
from tests.store.files import as_somebody_without_rights, every_connection, write_over

PAGE = 4096
LONG = "x" * 3 * PAGE


def add_accounts(database: SqliteDatabase, name: str = LONG) -> None:
    with database.write() as session:
        accounts.account_id(session, name)


def names(database: SqliteDatabase) -> list[str]:
    with database.read() as session:
        return [state.name for state in accounts.account_states(session)]


@pytest.fixture
def grown(tmp_path: Path) -> Path:
    """A database of many pages, closed."""
    database = open_database(tmp_path / "desk.db")
    with database.write() as session:
        for number in range(60):
            accounts.account_id(session, f"{number} {LONG}")
    database.close()
    return database.path


# ── what is no database ───────────────────────────────────────────────────────────────────────────


def a_folder(path: Path) -> None:
    path.mkdir()


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_circle_of_links(path: Path) -> None:
    path.symlink_to(path)


def a_text(path: Path) -> None:
    path.write_bytes(b"not a database at all, but long enough to be taken for one" * 50)


def a_few_bytes(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + b"x" * 10)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (a_folder, "is not a file"),
        (a_pipe, "is not a file"),
        (a_circle_of_links, "cannot be"),
        (a_text, "is damaged, or is not a carecli database"),
        (a_few_bytes, "is damaged, or is not a carecli database"),
    ],
)
def test_what_is_no_database_is_refused_and_left_as_it_is(
    tmp_path: Path, make: Callable[[Path], None], sentence: str
) -> None:
    path = tmp_path / "desk.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError, match=sentence) as caught:
        open_database(path)
    assert caught.value.remedy
    assert before is None or path.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be made"):
        open_database(tmp_path / "file" / "desk.db")


# ── what was damaged ──────────────────────────────────────────────────────────────────────────────


def test_a_truncated_file_is_told_as_damaged(grown: Path) -> None:
    os.truncate(grown, grown.stat().st_size // 2)
    with pytest.raises(StoreError, match="is damaged"):
        names(open_database(grown))


def test_a_page_that_was_overwritten_is_told_and_what_can_be_read_is_still_read(grown: Path) -> None:
    write_over(grown, grown.stat().st_size - 8 * PAGE, b"\xff" * 8 * PAGE)
    database = open_database(grown)
    with pytest.raises(StoreError, match="is damaged") as caught:
        names(database)
    assert "carecli db restore" in caught.value.remedy
    with database.read() as session:
        assert session.one("SELECT count(*) FROM message") == (0,)
    database.close()


def test_a_file_that_is_emptied_while_it_is_open_is_told(grown: Path) -> None:
    database = open_database(grown)
    os.truncate(grown, 0)
    for use in (names, add_accounts):
        with pytest.raises(StoreError, match="is damaged"):
            use(database)
    # Nor is it taken for a new one by the connections that follow.
    with pytest.raises(StoreError, match="is damaged"):
        database.change_number()
    database.close()


def test_without_its_log_the_desk_is_as_it_was_when_the_log_began(tmp_path: Path, grown: Path) -> None:
    database = open_database(grown)
    add_accounts(database, "in the log")
    shutil.copy(grown, tmp_path / "copy.db")
    database.close()
    copy = open_database(tmp_path / "copy.db")
    assert len(names(copy)) == 60
    copy.close()


def test_a_log_full_of_rubbish_is_passed_over(grown: Path) -> None:
    grown.with_name("desk.db-wal").write_bytes(os.urandom(5 * PAGE))
    database = open_database(grown)
    assert len(names(database)) == 60
    database.close()


# ── what the disk and the rights forbid ───────────────────────────────────────────────────────────


def test_a_full_disk_is_told_and_nothing_of_the_change_is_stored(grown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = open_database(grown)
    with every_connection(monkeypatch, database, "max_page_count = 1"):
        with pytest.raises(StoreError, match="is full"), database.write() as session:
            accounts.account_id(session, "short")
            accounts.account_id(session, LONG)
        assert len(names(database)) == 60
    add_accounts(database, "as before")
    database.close()


def test_a_file_that_has_become_read_only_is_told_and_still_read(grown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = open_database(grown)
    with every_connection(monkeypatch, database, "query_only = ON"):
        with pytest.raises(StoreError, match="is read-only"):
            add_accounts(database)
        assert len(names(database)) == 60
    add_accounts(database)
    database.close()


QUOTA = """
import resource, sys
from pathlib import Path
from carecli.errors import StoreError
from carecli.store import accounts
from carecli.store.sqlite import open_database

database = open_database(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    with database.write() as session:
        accounts.account_id(session, "x" * 500_000)
except StoreError as error:
    print(error)
with database.read() as session:
    assert session.one("SELECT count(*) FROM account") == (60,)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="no limit on the size of files here")
def test_a_disk_that_takes_no_more_is_told(grown: Path) -> None:
    done = subprocess.run([sys.executable, "-c", QUOTA, grown], capture_output=True, text=True, timeout=30)
    assert done.stderr == ""
    assert done.stdout.startswith(f"The disk does not take what is written to {grown}. It is full, over its quota")


@pytest.fixture
def common_folder() -> Iterator[Path]:
    """A folder that others can look into, too: pytest's own are closed to them."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name != "posix", reason="needs the rights of POSIX")
@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o444, 0o555), (0o444, 0o777), (0o666, 0o555), (0o000, 0o755)])
def test_what_one_has_no_rights_for_is_told(common_folder: Path, file_mode: int, folder_mode: int) -> None:
    path = common_folder / "desk.db"
    open_database(path).close()
    path.chmod(file_mode)
    common_folder.chmod(folder_mode)
    with as_somebody_without_rights(), pytest.raises(StoreError) as caught:
        add_accounts(open_database(path))
    assert any(words in caught.value.sentence for words in ("is read-only", "cannot be opened"))
    assert "your" in caught.value.remedy
    common_folder.chmod(0o755)


@pytest.mark.skipif(os.name != "posix", reason="needs the rights of POSIX")
def test_a_folder_that_one_may_not_write_to_is_told(common_folder: Path) -> None:
    common_folder.chmod(0o555)
    with as_somebody_without_rights(), pytest.raises(StoreError, match="cannot be made: Permission denied"):
        open_database(common_folder / "desk.db")
    common_folder.chmod(0o755)


# ── the words for it ──────────────────────────────────────────────────────────────────────────────


def engine_errors() -> list[int]:
    """Every code by which SQLite can fail."""
    named = {name: getattr(sqlite3, name) for name in dir(sqlite3) if name.startswith("SQLITE_")}
    codes = {code for name, code in named.items() if isinstance(code, int)}
    return sorted(code for code in codes if code & 0xFF in range(1, 27))


@pytest.mark.parametrize("code", engine_errors())
def test_every_error_of_the_engine_has_its_sentence_and_remedy(code: int) -> None:
    error = sqlite3.OperationalError("words of the engine")
    error.sqlite_errorcode = code
    told = sqlite_errors.explain(error, Path("desk.db"))
    assert told.exit_code == 5
    assert told.sentence.endswith(".") and told.remedy.endswith(".")
    assert "desk.db" in told.sentence


def test_a_table_that_is_missing_is_told_as_what_a_desk_needs(tmp_path: Path) -> None:
    database = open_database(tmp_path / "desk.db")
    with closing(sqlite3.connect(database.path)) as other:
        other.execute("DROP TABLE outbox")
    with pytest.raises(StoreError, match="lacks what a desk's database holds: no such table: outbox"):  # noqa: SIM117
        with database.read() as session:
            session.all("SELECT * FROM outbox")
    database.close()
