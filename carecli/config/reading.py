"""Reading the configuration: one TOML file to a `Config` in which every name resolves.

`load` is on the path of every command and stops at the first mistake; `problems` takes its time and finds them all.
Not for: what a network, the database or the playbook's rules say of it (`desk.doctor`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Literal

import msgspec

from carecli.clock import Clock, SimulatedClock, Simulation, SystemClock
from carecli.config.calendars import calendar_of, check_zone, interval_of, public_holidays
from carecli.config.sections import (
    CHECK_TABLES,
    WEEKDAYS,
    AccountSection,
    CalendarSection,
    ConfigFile,
    PlaybookSection,
    TargetSection,
)
from carecli.errors import ConfigError, NotFound
from carecli.model import Agent, Calendar, Playbook, Snippet, Target, Vocabulary
from carecli.money import MICROS

VERSION = 1


class Config(msgspec.Struct, frozen=True):
    """A configuration that has been checked: every name in it resolves. `folder` is where its file stands."""

    folder: Path
    database: str
    agent: str
    theme: str
    mouse: bool
    keyboard: str
    dictionaries: str
    agents: dict[str, Agent]
    accounts: dict[str, AccountSection]
    calendar_sections: dict[str, CalendarSection]
    playbook_sections: dict[str, PlaybookSection]
    keys: dict[str, str]
    snippets: tuple[Snippet, ...] = ()
    simulation: Simulation | None = None
    credentials: Literal["file", "keyring"] = "file"

    def clock(self) -> Clock:
        """The desk's clock: the machine's, or the simulation's own."""
        return SystemClock() if self.simulation is None else SimulatedClock(self.simulation)

    def path(self, name: str) -> Path:
        """`name` as a path beside the configuration file, unless it is absolute. Raises `ConfigError`."""
        try:
            return self.folder / Path(name).expanduser()
        except RuntimeError:
            raise ConfigError(f"{name} begins with a home folder that nobody has here.", "Write it out.") from None

    def playbook(self, account: str) -> Playbook:
        """The rules of `account`."""
        return self.playbook_named(self.accounts[account].playbook)

    def playbook_named(self, name: str) -> Playbook:
        """The rules of a playbook; the defaults where there is none of that name."""
        return playbook_of(self.playbook_sections.get(name, PlaybookSection()))

    def budget(self, account: str) -> int:
        """What `account` may spend a UTC day, in micros; 0: as much as it costs.

        It is the `budget` of the account's own table, which is named as its network is.
        """
        section = self.accounts[account]
        return round(getattr(getattr(section, section.network, None), "budget", 0.0) * MICROS)

    def zone(self, account: str) -> str:
        """The time zone in which `account` tells the time, an IANA name; UTC for an account that has none."""
        section = self.accounts.get(account)
        return self.calendar_sections.get(section.calendar if section else "", CalendarSection()).timezone

    def calendar(self, account: str, around: date) -> Calendar:
        """The opening hours of `account`; public holidays are those of the years around `around`.

        Raises `ConfigError` where its zone or country is unknown.
        """
        name = self.accounts[account].calendar
        return calendar_of(self.calendar_sections.get(name, CalendarSection()), around, f"calendars.{name}")


def load(path: Path) -> Config:
    """Read and check the configuration at `path`.

    Raises `NotFound` where there is no file, `ConfigError` with the key's path where it is wrong.
    """
    return parse(_text_of(path), path)


def parse(text: str, path: Path) -> Config:
    """Check a configuration given as text; `path` is where it stands. Raises `ConfigError`, the first there is."""
    raw = _table(text, path)
    try:
        file = msgspec.convert(raw, ConfigFile)
    except msgspec.ValidationError as error:
        from carecli.config.shape import shape_problems

        for problem in shape_problems(raw, ConfigFile):
            raise _in(path, problem) from None
        raise ConfigError(f"{path.name}: {error}.", "See docs/configuration.md for every key.") from None
    for problem in _contradictions(file):
        raise _in(path, problem)
    return _config(file, path.parent)


def problems(path: Path, today: date) -> tuple[ConfigError, ...]:
    """Everything that is wrong with the configuration at `path`, zones and holidays included.

    Contradictions are looked for once the shape is right. Raises `NotFound` where there is no file.
    """
    try:
        raw = _table(_text_of(path), path)
    except ConfigError as error:
        return (error,)
    try:
        file = msgspec.convert(raw, ConfigFile)
    except msgspec.ValidationError:
        from carecli.config.shape import shape_problems

        return tuple(shape_problems(raw, ConfigFile))
    return (*_contradictions(file), *_unknown_places(file, today))


def named_checks(path: Path) -> Iterator[tuple[str, str]]:
    """Each key that sets a check's level, and the check's id, however wrong the rest of the file at `path` is."""
    try:
        raw = _table(_text_of(path), path)
    except ConfigError:
        return
    from carecli.config.shape import joined

    for name, section in _tables(raw.get("playbooks")):
        for table, levels in _tables(section):
            if table in CHECK_TABLES:
                yield from ((joined(f"{joined('playbooks', name)}.{table}", check), check) for check in levels)


def _tables(raw: object) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(raw, dict):
        yield from ((name, value) for name, value in raw.items() if isinstance(value, dict))


def _in(path: Path, problem: ConfigError) -> ConfigError:
    return ConfigError(f"{path.name}: {problem.sentence}", problem.remedy, key=problem.key)


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise NotFound(
            f"There is no configuration at {path}.", "Write one with `carecli init`, or try `carecli demo`."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"The configuration {path} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}.",
            "Check its permissions and encoding (UTF-8).",
        ) from None


def _table(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path.name} is not valid TOML: {error}.", "Mend that line.") from None


def _contradictions(file: ConfigFile) -> Iterator[ConfigError]:
    """What does not go together in a file of the right shape. Quick: no zone, no holiday is looked up."""
    if file.version != VERSION:
        yield ConfigError(
            f"`version` is {file.version}; this carecli reads version {VERSION}.", "Upgrade carecli.", key="version"
        )
    yield from _repeated([section.id for section in file.agents], "agents")
    yield from _repeated([section.id for section in file.accounts], "accounts")
    agents = {section.id for section in file.agents}
    accounts = {section.id for section in file.accounts}
    if file.agent:
        yield from _dangling(file.agent, agents, "agent", "Add it under [[agents]]")
    for number, account in enumerate(file.accounts):
        key = f"accounts[{number}]"
        yield from _dangling(account.calendar, file.calendars, f"{key}.calendar", "Add it under [calendars]")
        yield from _dangling(account.playbook, file.playbooks, f"{key}.playbook", "Add it under [playbooks]")
        if account.network == "archive" and account.archive is None:
            yield ConfigError(
                f"`{key}` is a recorded account without a recording.",
                "Add `archive = { file = …, brand = … }`.",
                key=f"{key}.archive",
            )
    for number, snippet in enumerate(file.snippets):
        for place, account_id in enumerate(snippet.accounts):
            key = f"snippets[{number}].accounts[{place}]"
            yield from _dangling(account_id, accounts, key, "Add it under [[accounts]]")
    for name, calendar in file.calendars.items():
        yield from _mistaken_hours(name, calendar)
    for name, playbook in file.playbooks.items():
        yield from _mistaken_target(playbook.public, f"playbooks.{name}.public")
        yield from _mistaken_target(playbook.private, f"playbooks.{name}.private")


def _repeated(ids: list[str], key: str) -> Iterator[ConfigError]:
    for number, name in enumerate(ids):
        if name in ids[:number]:
            path = f"{key}[{number}].id"
            yield ConfigError(f"`{path}` is {name!r}, which is taken.", "Give each an id of its own.", key=path)


def _dangling(name: str, known: Collection[str], key: str, remedy: str) -> Iterator[ConfigError]:
    if name and name not in known:
        others = f", or use {', '.join(sorted(known))}" if known else ""
        yield ConfigError(f"`{key}` names {name!r}, which is not defined.", f"{remedy}{others}.", key=key)


def _mistaken_hours(name: str, calendar: CalendarSection) -> Iterator[ConfigError]:
    for weekday in WEEKDAYS:
        for number, text in enumerate(getattr(calendar, weekday)):
            try:
                interval_of(text, f"calendars.{name}.{weekday}[{number}]")
            except ConfigError as error:
                yield error


def _mistaken_target(target: TargetSection, key: str) -> Iterator[ConfigError]:
    if target.limit_minutes < target.target_minutes:
        yield ConfigError(
            f"`{key}.limit_minutes` ({target.limit_minutes}) is below the target ({target.target_minutes}).",
            "The limit is the hard maximum: make it the larger one.",
            key=f"{key}.limit_minutes",
        )


def _unknown_places(file: ConfigFile, today: date) -> Iterator[ConfigError]:
    """Zones and countries that nobody here knows. Slow: reads zone data, imports the holidays' tables."""
    for name, calendar in file.calendars.items():
        try:
            check_zone(calendar.timezone, f"calendars.{name}.timezone")
        except ConfigError as error:
            yield error
        if calendar.holidays_of:
            try:
                public_holidays(calendar.holidays_of, today.year, today.year, f"calendars.{name}.holidays_of")
            except ConfigError as error:
                yield error


def _config(file: ConfigFile, folder: Path) -> Config:
    return Config(
        folder=folder,
        database=file.database,
        agent=file.agent,
        theme=file.theme,
        mouse=file.mouse,
        keyboard=file.keyboard,
        dictionaries=file.dictionaries,
        agents={
            section.id: Agent(
                section.id, section.name, section.initials or initials_of(section.name), section.lead, section.training
            )
            for section in file.agents
        },
        accounts={section.id: section for section in file.accounts},
        calendar_sections=file.calendars,
        playbook_sections=file.playbooks,
        keys=file.keys,
        snippets=tuple(Snippet(one.name, one.text, one.languages, one.accounts) for one in file.snippets),
        simulation=file.simulation,
        credentials=file.credentials,
    )


def initials_of(name: str) -> str:
    """The initials of a name: `Claire Lowe` → `CL`."""
    return "".join(word[0] for word in name.split()[:3]).upper()


def playbook_of(section: PlaybookSection) -> Playbook:
    """The playbook of a section."""
    return Playbook(
        signature=section.signature,
        public=_target_of(section.public),
        private=_target_of(section.private),
        greetings=section.greetings,
        signoffs=section.signoffs,
        team=section.team,
        levels=dict(section.checks),
        private_levels=dict(section.private_checks),
        training_levels=dict(section.training_checks),
        vocabulary=Vocabulary(tuple(section.phrases.items()), section.without_phrases),
        undo_seconds=section.undo_seconds,
        bump_minutes=section.bump_minutes,
        interactions=section.interactions,
        numbered_parts=section.numbered_parts,
        words=section.words,
        own_contacts=section.own_contacts,
        approval=section.approval,
    )


def _target_of(section: TargetSection) -> Target:
    return Target(section.target_minutes, section.limit_minutes, section.business_hours)
