"""The commands for the database: copy it, look whether it is sound, put a copy back.

Not for: how that is done (`store.backup`, `store.integrity`, `store.restore`).
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from carecli.cli import options
from carecli.cli.invocation import Invocation, pass_invocation
from carecli.cli.main import outlast
from carecli.cli.output import answer, narrate, write, write_json
from carecli.errors import NotFound, StoreError

if TYPE_CHECKING:
    from carecli.store.backup import Contents
    from carecli.store.integrity import Inspection

_file = click.Path(path_type=Path)


@click.group(no_args_is_help=False)
def db() -> None:
    """Back up, check and restore the database."""


@db.command()
@click.argument("file", metavar="[FILE]", type=_file, required=False)
@click.option("--force", is_flag=True, help="Replace the file that is there.")
@options.as_json
@pass_invocation
def backup(invocation: Invocation, file: Path | None, force: bool, as_json: bool) -> None:
    """Copy the database to a file, while desks work on it.

    Without FILE it stands beside the database, with the date and time in its name. Only its owner reads it.
    """
    from carecli.store.backup import back_up

    outlast()
    path = _database(invocation)
    target = file or path.with_name(f"{path.stem}-{_stamp()}{path.suffix}")
    done = back_up(path, target, overwrite=force)
    data = {"path": str(done.path), "size": done.size, **_counts(done.contents)}
    sentence = f"Backed up to {done.path}, {_size(done.size)}. {_told(done.contents)}"
    answer("db_backup", data, sentence, as_json=as_json)


@db.command()
@click.argument("file", metavar="[FILE]", type=_file, required=False)
@options.as_json
@pass_invocation
def check(invocation: Invocation, file: Path | None, as_json: bool) -> None:
    """Look whether the database, or the backup FILE, is sound.

    Its pages and indexes, its references, the index of the search, and what the desk relies on. Changes nothing.
    """
    from carecli.store.integrity import inspect

    outlast()
    if file is not None and not file.exists():
        raise NotFound(f"There is no file {file}.", "Check the path.")
    path = file or _database(invocation)
    found = inspect(path)
    unsound = [one for one in found if not one.sound]
    if as_json:
        write_json("db_check", {"path": str(path), "sound": not unsound, "checks": found})
    else:
        write("\n".join(_line(one) for one in found))
    if unsound:
        raise StoreError(
            f"{path} is not sound: {len(unsound)} of {len(found)} checks failed.",
            "Restore a backup with `carecli db restore FILE`; it was left as it is.",
        )


@db.command()
@click.argument("file", metavar="FILE", type=_file)
@options.as_json
@pass_invocation
def restore(invocation: Invocation, file: Path, as_json: bool) -> None:
    """Put a backup in the place of the database.

    Every desk must be closed. The file that is there stays beside the new one. Replies that were on their way in
    the backup may have been sent since: they are looked up at the network, and what stays open is left to you.
    """
    from carecli.store.restore import restore as put_back
    from carecli.worker.holder import is_gone

    outlast()
    now = invocation.config().clock().now()
    done = put_back(_database(invocation), file, now=now, stamp=_stamp(), gone=is_gone)
    data = {
        "path": str(done.path),
        "kept": str(done.kept) if done.kept else None,
        **_counts(done.contents),
        "unknown": done.unknown,
        "problems": done.problems,
    }
    sentence = f"Restored {file}. {_told(done.contents)}"
    if done.kept:
        sentence += f"\nWhat was there before is {done.kept}."
    if done.unknown:
        sentence += f"\nTo be looked up at the network: {len(done.unknown)}. `carecli outbox` lists them."
    answer("db_restore", data, sentence, as_json=as_json)
    for problem in done.problems:
        narrate(problem)


def _database(invocation: Invocation) -> Path:
    config = invocation.config()
    return config.path(config.database)


def _stamp() -> str:
    """The machine's time, as a part of a file's name."""
    return f"{datetime.now().astimezone():%Y-%m-%d-%H%M%S}"


def _counts(inside: Contents) -> dict[str, int]:
    import msgspec

    return msgspec.structs.asdict(inside)


def _told(inside: Contents) -> str:
    return (
        f"Conversations: {inside.conversations}, messages: {inside.messages}, replies on their way: {inside.pending}."
    )


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{size / 1000:.0f} kB"


def _line(one: Inspection) -> str:
    from carecli.cli.tables import toned

    verdict = toned("ok  ", "good") if one.sound else toned("fail", "late")
    return f"{verdict}  {one.name}: {one.sentence}"
