"""`carecli import`: a recorded archive, stored at once, with an account of what became of each row.

Not for: playing one as a live queue (`cli.screens`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from carecli.cli import options
from carecli.cli.invocation import Invocation, pass_invocation
from carecli.cli.main import outlast
from carecli.cli.output import answer, narrate
from carecli.errors import NotFound
from carecli.safetext import sanitize_line

if TYPE_CHECKING:
    from carecli.archive.base import Refusal
    from carecli.store.session import Database

_TOLD = 20
_NAMED = 5


@click.command("import")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--database", metavar="PATH", type=click.Path(path_type=Path), help="Store there, not in your desk.")
@click.option(
    "--brand", metavar="NAME", default="", callback=options.text, help="Only what concerns this brand of the archive."
)
@options.as_json
@pass_invocation
def import_(invocation: Invocation, file: Path, database: Path | None, brand: str, as_json: bool) -> None:
    """Store a recorded archive at once.

    Reads care-tweet CSVs, X archives, Mastodon outboxes and JSON lines. What comes twice is stored once, so
    that an import can be repeated.
    """
    from carecli.archive import load
    from carecli.clock import SystemClock
    from carecli.simulation import import_archive

    outlast()
    path = _path(invocation, database)
    # Read before a database is made: a file that is no archive leaves none behind.
    loaded = load(file, brand or None)
    with _database(path) as target:
        done = import_archive(target, loaded, SystemClock().now())
    sentence = (
        f"Rows read: {done.rows}. Stored: {done.stored}, duplicates: {done.duplicates}, skipped: {done.skipped}, "
        f"refused: {len(done.refused)}."
    )
    answer("import", done, sentence, as_json=as_json)
    if not as_json:
        _tell_refused(done.refused)
        if database is None:
            _tell_unanswered([name for name in done.accounts if name not in invocation.config().accounts])


def _path(invocation: Invocation, path: Path | None) -> Path:
    if path is not None:
        return path
    try:
        config = invocation.config()
    except NotFound as error:
        remedy = "Name a database with --database PATH, or write a configuration with `carecli init`."
        raise NotFound(error.sentence, remedy) from None
    return config.path(config.database)


@contextmanager
def _database(path: Path) -> Iterator[Database]:
    from carecli.store.sqlite import open_database

    database = open_database(path)
    try:
        yield database
    finally:
        database.close()


def _tell_unanswered(outside: Sequence[str]) -> None:
    if outside:
        more = f" and {len(outside) - _NAMED} more" if len(outside) > _NAMED else ""
        narrate(
            f"Your desk does not answer for {', '.join(outside[:_NAMED])}{more}, so its queue leaves them out. "
            f"`carecli queue --account {outside[0]}` shows who waited there."
        )


def _tell_refused(refused: tuple[Refusal, ...]) -> None:
    for one in refused[:_TOLD]:
        narrate(sanitize_line(f"{one.file} line {one.line}: {one.reason}"))
    if len(refused) > _TOLD:
        narrate(f"… and {len(refused) - _TOLD} more; --json lists them all.")
