"""The configuration: one TOML file, read strictly, with errors that name the key and the remedy.

Secrets never stand here. `config.example.toml` documents every key.
Not for: finding out what a network or the database says (`doctor` does that).
"""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import msgspec

from carecli.clock import Clock, SimulatedClock, Simulation, SystemClock
from carecli.errors import ConfigError, NotFound
from carecli.model import Agent, Calendar, Interval, Level, Playbook, Role, Target

Network = Literal["sandbox", "archive"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of the file's tables: unknown keys are refused with their path."""


class AgentSection(Section, frozen=True):
    id: str
    name: str
    initials: str = ""
    lead: bool = False
    training: bool = False


class SandboxSection(Section, frozen=True):
    """A simulated network: its seed, its own file, desk seconds between new customers, and their languages."""

    seed: int = 7
    file: str = "sandbox.db"
    pace: float = 100.0
    languages: tuple[str, ...] = ()


class ArchiveSection(Section, frozen=True):
    """A recorded network: the archive's file and the brand whose account this is."""

    file: str
    brand: str


class AccountSection(Section, frozen=True):
    id: str
    network: Network
    handle: str
    brand: str = ""
    role: Role = "care"
    calendar: str = ""
    playbook: str = ""
    poll_seconds: float = 20.0
    sandbox: SandboxSection = SandboxSection()
    archive: ArchiveSection | None = None


class CalendarSection(Section, frozen=True):
    """Opening intervals such as `["09:00-12:30", "14:00-22:00"]`; `"22:00-06:00"` runs into the next morning."""

    timezone: str = "UTC"
    monday: tuple[str, ...] = ()
    tuesday: tuple[str, ...] = ()
    wednesday: tuple[str, ...] = ()
    thursday: tuple[str, ...] = ()
    friday: tuple[str, ...] = ()
    saturday: tuple[str, ...] = ()
    sunday: tuple[str, ...] = ()
    holidays: tuple[date, ...] = ()
    holidays_of: str = ""


class TargetSection(Section, frozen=True):
    target_minutes: int = 60
    limit_minutes: int = 240
    business_hours: bool = True


class PlaybookSection(Section, frozen=True):
    signature: str = "^{initials}"
    team: str = ""
    public: TargetSection = TargetSection()
    private: TargetSection = TargetSection()
    greetings: tuple[str, ...] = ()
    signoffs: tuple[str, ...] = ()
    undo_seconds: int = 10
    bump_minutes: int = 10
    interactions: tuple[int, ...] = (6, 10, 18)
    checks: dict[str, Level] = {}


class ConfigFile(Section, frozen=True):
    """The file as written. `load` turns it into a `Config`."""

    version: int = 1
    database: str = "desk.db"
    agent: str = ""
    theme: str = "dark"
    mouse: bool = False
    agents: tuple[AgentSection, ...] = ()
    accounts: tuple[AccountSection, ...] = ()
    calendars: dict[str, CalendarSection] = {}
    playbooks: dict[str, PlaybookSection] = {}
    keys: dict[str, str] = {}
    simulation: Simulation | None = None


class Config(msgspec.Struct, frozen=True):
    """A configuration that has been checked: every name in it resolves. `folder` is where its file stands."""

    folder: Path
    database: str
    agent: str
    theme: str
    mouse: bool
    agents: dict[str, Agent]
    accounts: dict[str, AccountSection]
    calendar_sections: dict[str, CalendarSection]
    playbook_sections: dict[str, PlaybookSection]
    keys: dict[str, str]
    simulation: Simulation | None = None

    def clock(self) -> Clock:
        """The desk's clock: the machine's, or the simulation's own."""
        return SystemClock() if self.simulation is None else SimulatedClock(self.simulation)

    def path(self, name: str) -> Path:
        """`name` as a path beside the configuration file, unless it is absolute."""
        return self.folder / Path(name).expanduser()

    def playbook(self, account: str) -> Playbook:
        """The rules of `account`."""
        return playbook_of(self.playbook_sections.get(self.accounts[account].playbook, PlaybookSection()))

    def calendar(self, account: str, around: date) -> Calendar:
        """The opening hours of `account`; public holidays are those of the years around `around`."""
        return calendar_of(self.calendar_sections.get(self.accounts[account].calendar, CalendarSection()), around)


def load(path: Path) -> Config:
    """Read and check the configuration at `path`.

    Raises `NotFound` where there is no file, `ConfigError` with the key's path where it is wrong.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise NotFound(
            f"There is no configuration at {path}.", "Write one with `carecli init`, or try `carecli demo`."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"The configuration {path} cannot be read: {error}.", "Check its permissions and encoding (UTF-8)."
        ) from None
    return parse(text, path)


def parse(text: str, path: Path) -> Config:
    """Check a configuration given as text; `path` is where it stands. Raises `ConfigError`."""
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path.name} is not valid TOML: {error}.", "Mend that line.") from None
    try:
        file = msgspec.convert(raw, ConfigFile)
    except msgspec.ValidationError as error:
        message, _, key = str(error).partition(" - at `$")
        key = key.rstrip("`").lstrip(".")
        where = f" at `{key}`" if key else ""
        raise ConfigError(
            f"{path.name}{where}: {message}.", "See config.example.toml for every key and its values.", key=key
        ) from None
    return _checked(file, path)


def _checked(file: ConfigFile, path: Path) -> Config:
    if file.version != 1:
        raise ConfigError(
            f"{path.name} has version {file.version}; this carecli reads version 1.", "Upgrade carecli.", key="version"
        )
    agents = {
        section.id: Agent(
            section.id, section.name, section.initials or initials_of(section.name), section.lead, section.training
        )
        for section in file.agents
    }
    if len(agents) != len(file.agents):
        raise ConfigError("Two agents have the same id.", "Give each agent its own id.", key="agents")
    accounts = {section.id: section for section in file.accounts}
    if len(accounts) != len(file.accounts):
        raise ConfigError("Two accounts have the same id.", "Give each account its own id.", key="accounts")
    if file.agent and file.agent not in agents:
        raise ConfigError(f"`agent` names {file.agent!r}, who is not among the agents.", "Add them.", key="agent")
    for number, account in enumerate(file.accounts):
        _check_name(account.calendar, file.calendars, f"accounts[{number}].calendar")
        _check_name(account.playbook, file.playbooks, f"accounts[{number}].playbook")
        if account.network == "archive" and account.archive is None:
            raise ConfigError(
                f"Account {account.id!r} is an archive without a file.",
                "Add `archive = { file = …, brand = … }`.",
                key=f"accounts[{number}].archive",
            )
    for name, calendar in file.calendars.items():
        _check_calendar(name, calendar)
    return Config(
        folder=path.parent,
        database=file.database,
        agent=file.agent,
        theme=file.theme,
        mouse=file.mouse,
        agents=agents,
        accounts=accounts,
        calendar_sections=file.calendars,
        playbook_sections=file.playbooks,
        keys=file.keys,
        simulation=file.simulation,
    )


def _check_name(name: str, known: dict[str, Any], key: str) -> None:
    if name and name not in known:
        raise ConfigError(
            f"`{key}` names {name!r}, which is not defined.", f"Define it, or use one of {sorted(known)}.", key=key
        )


def _check_calendar(name: str, section: CalendarSection) -> None:
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(section.timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(
            f"{section.timezone!r} is not a time zone.",
            "Use an IANA name such as Europe/London.",
            key=f"calendars.{name}.timezone",
        ) from None
    for weekday in WEEKDAYS:
        for text in getattr(section, weekday):
            interval_of(text, f"calendars.{name}.{weekday}")


def initials_of(name: str) -> str:
    """The initials of a name: `Claire Lowe` → `CL`."""
    return "".join(word[0] for word in name.split()[:3]).upper()


def interval_of(text: str, key: str) -> Interval:
    """`"22:00-06:00"` as minutes after local midnight, running into the next day where it ends before it starts."""
    try:
        start, end = (
            int(hours) * 60 + int(minutes) for hours, minutes in (part.split(":") for part in text.split("-"))
        )
    except ValueError:
        start = end = -1
    if not (0 <= start < 1440 and 0 <= end <= 1440):
        raise ConfigError(f"{text!r} is not an interval of opening hours.", 'Write it as "09:00-17:30".', key=key)
    return Interval(start, end if end > start else end + 1440)


def calendar_of(section: CalendarSection, around: date) -> Calendar:
    """The calendar of a section. `holidays_of` (a country such as `GB`, or `GB-SCT`) adds its public holidays."""
    week = tuple(tuple(interval_of(text, weekday) for text in getattr(section, weekday)) for weekday in WEEKDAYS)
    holidays = frozenset(section.holidays)
    if section.holidays_of:
        holidays |= public_holidays(
            section.holidays_of, (around - timedelta(days=400)).year, (around + timedelta(days=400)).year
        )
    return Calendar(zone=section.timezone, week=week if any(week) else (), holidays=holidays)


def public_holidays(country: str, first: int, last: int) -> frozenset[date]:
    """The public holidays of a country (`GB`) or part of one (`GB-SCT`) in the years first..last."""
    import holidays

    code, _, part = country.partition("-")
    try:
        return frozenset(holidays.country_holidays(code, subdiv=part or None, years=range(first, last + 1)))
    except NotImplementedError:
        raise ConfigError(
            f"No public holidays are known for {country!r}.",
            "Use a country code such as GB or GB-SCT.",
            key="holidays_of",
        ) from None


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
        undo_seconds=section.undo_seconds,
        bump_minutes=section.bump_minutes,
        interactions=section.interactions,
    )


def _target_of(section: TargetSection) -> Target:
    return Target(section.target_minutes, section.limit_minutes, section.business_hours)
