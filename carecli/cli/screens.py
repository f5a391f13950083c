"""The commands that open the desk on the screen: one's own, the demo, a recorded archive played again.

Not for: what the screen shows (`tui`) or how a simulation is made (`simulation`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from carecli.cli import options
from carecli.cli.invocation import Invocation, pass_invocation, user_data_folder
from carecli.cli.output import narrate
from carecli.clock import FASTEST
from carecli.errors import Misuse, NotFound

if TYPE_CHECKING:
    from carecli.config import Config


def _number(ctx: click.Context, param: click.Parameter, value: float | None) -> float | None:
    """A click callback: a float that is a number; "nan" is in every range."""
    if value != value:
        raise click.BadParameter("nan is not a number.", ctx, param)
    return value


_speed = click.option(
    "--speed", metavar="N", type=click.FloatRange(0, FASTEST, min_open=True), callback=_number,
    help="How many times as fast as real time; 1 unless said.",
)  # fmt: skip
_resume = click.option("--resume", is_flag=True, help="Go on with the last one instead of beginning a new one.")
_folder = click.option(
    "--folder", metavar="PATH", type=click.Path(path_type=Path, file_okay=False), help="Keep it there instead."
)


@click.command()
@pass_invocation
def desk(invocation: Invocation) -> None:
    """Open the desk."""
    _open(invocation.config(), invocation.agent)


@click.command()
@click.option(
    "--seed", metavar="N", type=options.Whole(-(2**63)), default=7, show_default=True,
    help="The same number, the same shift.",
)  # fmt: skip
@_speed
@_resume
@_folder
@pass_invocation
def demo(invocation: Invocation, seed: int, speed: float | None, resume: bool, folder: Path | None) -> None:
    """Work a shift on a simulated network.

    No account, no configuration, nothing to set up. Other commands reach it while it is open with --config
    FOLDER/config.toml.
    """
    from carecli import simulation

    folder = folder or user_data_folder() / "demo"
    _require_simulated(folder)
    if not resume:
        # Told before a demo is made. One to go on with must be there first.
        _require_terminal()
    with _alone(folder) as place:
        now = datetime.now(UTC)
        if resume:
            config = simulation.resumed(place, now, speed)
        else:
            config = simulation.demo_config(place, seed=seed, speed=speed or 1.0, now=now)
        _open(config, invocation.agent)


@click.command()
@click.argument("file", metavar="FILE", required=False, type=click.Path(path_type=Path))
@_speed
@click.option("--brand", metavar="NAME", default="", callback=options.text, help="Only this brand of the archive.")
@_resume
@_folder
@pass_invocation
def replay(
    invocation: Invocation, file: Path | None, speed: float | None, brand: str, resume: bool, folder: Path | None
) -> None:
    """Play a recorded archive as a live queue.

    Its messages come in as they did, both sides', from the first one on. With --resume no FILE is named.
    """
    from carecli import simulation
    from carecli.archive import open_archive

    folder = folder or user_data_folder() / "replay"
    if (file is None) != resume or (resume and brand):
        raise Misuse("A replay begins with FILE, or goes on with --resume alone.", "Name the one or the other.")
    # A real desk there, or a file that is no archive, is told before anything is made.
    _require_simulated(folder)
    if file is None:
        with _alone(folder) as place:
            _open(simulation.resumed(place, datetime.now(UTC), speed), invocation.agent)
        return
    open_archive(file)
    _require_terminal()
    with _alone(folder) as place:
        narrate(f"Reading {file} …")
        config, loaded = simulation.replay_config(place, file, speed=speed or 1.0, now=datetime.now(UTC), brand=brand)
        narrate(
            f"Messages: {loaded.rows_read}, brands: {len(loaded.accounts)}, "
            f"rows that cannot be read: {len(loaded.refusals)}."
        )
        _open(config, invocation.agent)


@contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """`folder`, or, while another simulation is open in it, the first free one beside it: `demo-2`, `demo-3`, …"""
    if sys.platform == "win32":
        yield folder
        return
    import fcntl

    for number in range(1, 100):
        place = folder if number == 1 else folder.with_name(f"{folder.name}-{number}")
        try:
            place.mkdir(parents=True, exist_ok=True)
            lock = (place / "open.lock").open("w")
        except OSError as error:
            raise Misuse(f"{place} cannot be used: {error.strerror}.", "Name another place with --folder.") from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield place
            return
    raise Misuse(f"Too many simulations are open beside {folder}.", "Close one, or name another place with --folder.")


def _require_terminal() -> None:
    """Raise `Misuse` where nobody could see the desk (it is drawn on standard error) or press a key."""
    # A closed stream is None.
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr)):
        raise Misuse("The desk needs a terminal.", "In a script or a pipe use the other commands: `carecli --help`.")
    term = os.environ.get("TERM", "")
    if term in ("", "dumb") and sys.platform != "win32":
        raise Misuse(
            f"A terminal that calls itself {term!r} cannot show the desk.",
            "Set TERM to what it is, such as xterm-256color, or use the other commands: `carecli --help`.",
        )


def _require_simulated(folder: Path) -> None:
    """Raise `Misuse` where `folder` holds a desk of the user's own, which a simulation would overwrite."""
    from carecli.config import load

    try:
        simulated = load(folder / "config.toml").simulation is not None
    except NotFound:
        simulated = not (folder / "desk.db").exists()
    if not simulated:
        raise Misuse(f"{folder} holds a real desk.", "Name another place with --folder.")


def _open(config: Config, agent: str) -> None:
    _require_terminal()
    from carecli.desk.context import open_desk
    from carecli.tui.start import run

    desk = open_desk(config, agent)
    try:
        run(desk)
    finally:
        desk.close()
