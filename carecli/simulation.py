"""Simulated desks: the demo, the replay of an archive, and archives stored at once.

A simulation is an ordinary desk whose configuration is written by this module, with a clock of its own; every command
works on it. Not for: the simulated network (`channels.sandbox`) or reading archives (`archive`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from carecli.archive.attribution import AccountItems, Loaded, load
from carecli.archive.base import Refusal
from carecli.config import Config
from carecli.config import load as load_config
from carecli.errors import Misuse
from carecli.model import Calendar, Item, Record, Target
from carecli.playbook.waits import policy_for
from carecli.safetext import sanitize_line
from carecli.storable import storable
from carecli.store import accounts
from carecli.store.session import Database
from carecli.worker.counting import Policies
from carecli.worker.intake import take_in

# A Monday morning: every demo with the same seed is the same shift, down to the second.
DEMO_START = datetime(2026, 3, 2, 8, 31, tzinfo=UTC)

_AGENTS: list[dict[str, Any]] = [
    {"id": "claire", "name": "Claire Lowe", "lead": True},
    {"id": "rob", "name": "Rob Iyer"},
    {"id": "mira", "name": "Mira Novak"},
]
_PLAYBOOK: dict[str, Any] = {
    "signature": "^{initials}",
    "team": "Team North",
    "greetings": [
        "Good morning! With you until {closes} today: {roster}. Tell us how we can help.",
        "Morning, all. {team} is at the desk: {roster}. We answer until {closes}.",
        "Hello from {roster}! Questions about your broadband, TV or mobile? Ask away, we are here until {closes}.",
    ],
    "signoffs": [
        "That is it from {roster} for today, thank you for writing. We are back {next_opening}.",
        "{team} is signing off. Whatever you write overnight, we answer from {next_opening}.",
        "Good night from {roster}. The desk opens again {next_opening}.",
    ],
    "checks": {"greeting-missing": "warn"},
}
# Of a recording nobody knows what the brand sells, nor when it is closed.
_RECORDED_PLAYBOOK = _PLAYBOOK | {
    "greetings": [
        "Good morning! With you today: {roster}. Tell us how we can help.",
        "Morning, all. {team} is at the desk: {roster}.",
        "Hello from {roster}! Ask away, we are here.",
    ],
    "signoffs": [
        "That is it from {roster} for today, thank you for writing.",
        "{team} is signing off. Thank you for your patience today.",
        "Good night from {roster}. Write whenever you like, a colleague reads it.",
    ],
}
# By language: the name of each ready sentence, and the sentence.
_SNIPPETS: dict[str, dict[str, str]] = {
    "en": {
        "looking": "Hi {name}, I'm sorry about that. I'm looking into {what} now and will write to you here by {time}.",
        "outage": "Hi {name}, there is a fault in {area} and our engineers are on it. I'll write here as soon as it is "
        "mended, by {time} at the latest.",
        "private": "{name}, let's keep the details between us. Please send us a private message: {link}",
        "come back": "Glad that it works again, {name}! If anything else comes up, just ask me here.",
    },
    "pl": {
        "looking": "Dzień dobry {name}, przepraszam za kłopot. Sprawdzam teraz {co} i napiszę tutaj najpóźniej o "
        "{godzina}.",
        "outage": "Dzień dobry {name}, w okolicy {miejsce} mamy awarię i technicy już nad nią pracują. Napiszę tutaj, "
        "gdy tylko ją usuną, najpóźniej o {godzina}.",
        "private": "{name}, niech szczegóły zostaną między nami. Proszę napisać do nas w wiadomości prywatnej: {link}",
        "come back": "Cieszę się, że już działa! W razie czego proszę po prostu napisać do mnie tutaj.",
    },
    "tr": {
        "looking": "Merhaba {name}, yaşadığınız sorun için üzgünüm. Şimdi {konu} konusuna bakıyorum, en geç {saat} "
        "buradan yazacağım.",
        "outage": "Merhaba {name}, {bölge} bölgesinde bir arıza var, ekibimiz şu an üzerinde çalışıyor. Giderilir "
        "giderilmez, en geç {saat}, buradan yazacağım.",
        "private": "{name}, ayrıntılar aramızda kalsın. Lütfen bize özel mesaj gönderin: {link}",
        "come back": "Yeniden çalışmasına sevindim! Başka bir şey olursa bana buradan yazmanız yeter.",
    },
}
_OPEN = ["07:30-22:00"]
_CALENDAR: dict[str, Any] = {
    "timezone": "Europe/London",
    **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), _OPEN),
    "saturday": ["09:00-13:00", "14:00-20:00"],
    "sunday": ["10:00-18:00"],
}
_CHUNK = 5000


class Imported(Record, frozen=True):
    """What became of an archive's `rows`, all of them. `stored` counts rows, not the accounts that show one."""

    rows: int
    stored: int
    duplicates: int
    skipped: int
    refused: tuple[Refusal, ...]
    accounts: tuple[str, ...]


def demo_config(folder: Path, *, seed: int, speed: float, now: datetime, languages: Sequence[str] = ()) -> Config:
    """Write a new demo into `folder`, which begins at `now` (the machine's time), and return its configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in ("desk.db", "sandbox.db"):
        _remove_database(folder / old)
    account = {
        "id": "care",
        "network": "sandbox",
        "handle": "NorthwindCare",
        "brand": "Northwind Broadband",
        "calendar": "desk",
        "playbook": "desk",
        "poll_seconds": 2.0,
        "sandbox": {"seed": seed, "file": "sandbox.db", "languages": list(languages)},
    }
    return _write(folder, [account], _simulation(now, DEMO_START, speed), _PLAYBOOK, {"desk": _CALENDAR})


def resumed(folder: Path, now: datetime, speed: float | None = None) -> Config:
    """The simulation that stands in `folder`, going on from where its network was last seen. Raises `NotFound`.

    speed: another than it had; None leaves it.
    """
    config = load_config(folder / "config.toml")
    if config.simulation is None:
        return config
    from carecli.store.sqlite import open_database

    database = open_database(config.path(config.database))
    try:
        with database.read() as session:
            seen = [state.last_success_at for state in accounts.account_states(session) if state.last_success_at]
    finally:
        database.close()
    raw = _read_toml(folder / "config.toml")
    raw["simulation"] = _simulation(now, max(seen, default=config.simulation.desk), speed or config.simulation.speed)
    _dump(folder / "config.toml", raw)
    return load_config(folder / "config.toml")


def replay_config(
    folder: Path, archive: Path, *, speed: float, now: datetime, brand: str = ""
) -> tuple[Config, Loaded]:
    """Write a desk into `folder` on which `archive` happens again from its first message on.

    Every brand of the archive has an account, or only `brand`. Raises `ArchiveError`, `NotFound` for the brand, and
    `Misuse` for a path that no configuration can name.
    """
    if storable(str(archive.resolve())) != str(archive.resolve()):
        raise Misuse("The archive's path is no UTF-8.", "Give the file, or its folder, another name.")
    loaded = load(archive, brand or None)
    folder.mkdir(parents=True, exist_ok=True)
    _remove_database(folder / "desk.db")
    section = [
        {
            "id": name,
            "network": "archive",
            "handle": sanitize_line(recorded.me.handle) or name,
            "brand": sanitize_line(recorded.me.handle) or name,
            "playbook": "desk",
            "poll_seconds": 30.0,
            "archive": {"file": str(archive.resolve()), "brand": recorded.handle},
        }
        for name, recorded in loaded.accounts.items()
    ]
    first = loaded.first_at or now
    return _write(folder, section, _simulation(now, first, speed), _RECORDED_PLAYBOOK, {}), loaded


def import_archive(database: Database, loaded: Loaded, now: datetime) -> Imported:
    """Store an archive at once, each brand as an account of its own, and count what became of its rows."""
    around_the_clock = policy_for(Calendar(), Target())
    policies = Policies(around_the_clock, around_the_clock)
    fresh: set[str] = set()
    everything: set[str] = set()
    for pages in _together(loaded.accounts, _CHUNK):
        with database.write() as session:
            for name, page in pages:
                account = accounts.account_id(session, name)
                fresh.update(take_in(session, account, page, received_at=now, policies=policies).stored)
                everything.update(item.remote_id for item in page)
    return Imported(
        rows=loaded.rows_read + loaded.duplicates + loaded.skipped + len(loaded.refusals),
        stored=len(fresh),
        duplicates=loaded.duplicates + len(everything) - len(fresh),
        skipped=loaded.skipped,
        refused=loaded.refusals,
        accounts=tuple(loaded.accounts),
    )


def _together(recorded: Mapping[str, AccountItems], size: int) -> Iterator[list[tuple[str, tuple[Item, ...]]]]:
    """The items of all accounts, `size` of them at a time: a commit waits for the disk, and most brands have few."""
    pages: list[tuple[str, tuple[Item, ...]]] = []
    room = size
    for name, account in recorded.items():
        at = 0
        while at < len(account.items):
            page = account.items[at : at + room]
            pages.append((name, page))
            at, room = at + len(page), room - len(page)
            if not room:
                yield pages
                pages, room = [], size
    if pages:
        yield pages


def _simulation(real: datetime, desk: datetime, speed: float) -> dict[str, Any]:
    return {"real": real, "desk": desk, "speed": speed}


def _write(
    folder: Path,
    sections: list[dict[str, Any]],
    simulation: dict[str, Any],
    playbook: dict[str, Any],
    calendars: dict[str, Any],
) -> Config:
    path = folder / "config.toml"
    raw = {
        "version": 1,
        "database": "desk.db",
        "agent": "claire",
        "agents": _AGENTS,
        "accounts": sections,
        "calendars": calendars,
        "playbooks": {"desk": playbook},
        "snippets": [
            {"name": name, "text": text, "languages": [language]}
            for language, texts in _SNIPPETS.items()
            for name, text in texts.items()
        ],
        "simulation": simulation,
    }
    _dump(path, raw)
    return load_config(path)


def _dump(path: Path, raw: dict[str, Any]) -> None:
    import tomli_w

    path.write_text(tomli_w.dumps(raw), "utf-8")


def _read_toml(path: Path) -> dict[str, Any]:
    import tomllib

    return tomllib.loads(path.read_text("utf-8"))


def _remove_database(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
