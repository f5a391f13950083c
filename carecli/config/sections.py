"""The tables of the configuration file, exactly as they are written there.

One Struct a table; its fields are the keys, its defaults the defaults that `config.example.toml` documents.
Not for: what follows from them (`config.reading` makes a `Config` of them).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from carecli.clock import Simulation
from carecli.model import Level, Role

Network = Literal["sandbox", "archive", "x"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Named = Annotated[str, msgspec.Meta(min_length=1)]
# Beyond it, no number of minutes, seconds, days or dollars means anything; clocks and calendars end somewhere.
_MOST = 1_000_000
Some = Annotated[int, msgspec.Meta(ge=1, le=_MOST)]
NoneOrMore = Annotated[int, msgspec.Meta(ge=0, le=_MOST)]
ZeroOrAbove = Annotated[float, msgspec.Meta(ge=0, le=_MOST)]
Positive = Annotated[float, msgspec.Meta(gt=0, le=_MOST)]


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of the file's tables: unknown keys are refused with their path."""


class AgentSection(Section, frozen=True):
    """A person who answers. Without `initials` they are taken from `name`."""

    id: Named
    name: Named
    initials: str = ""
    lead: bool = False
    training: bool = False


class SandboxSection(Section, frozen=True):
    """A simulated network: its seed, its own file, desk seconds between new customers (0: none), their languages.

    url: of one that is served elsewhere and has these from whoever serves it. idempotency: "none" to do without keys.
    metered: it charges for its calls, in make-believe US dollars, of which `budget` may be spent a UTC day; 0: all.
    """

    seed: int = 7
    file: Named = "sandbox.db"
    pace: ZeroOrAbove = 100.0
    languages: tuple[str, ...] = ()
    url: str = ""
    idempotency: Literal["strong", "none"] = "strong"
    metered: bool = False
    budget: ZeroOrAbove = 0.0


class ArchiveSection(Section, frozen=True):
    """A recorded network: the archive's file and the brand whose account this is."""

    file: Named
    brand: Named


class XSection(Section, frozen=True):
    """An account of X. limit: weighted characters of a post; messages: whether direct ones are read and written.

    own_app: the app belongs to this very account, which reads its own posts for a fifth. budget: US dollars a UTC day,
    0 for none. stream: one worker listens for new posts. url: where X's API is. user_id: learned when signing in.
    """

    limit: Annotated[int, msgspec.Meta(ge=1, le=25_000)] = 280
    messages: bool = True
    own_app: bool = False
    budget: ZeroOrAbove = 0.0
    stream: bool = False
    url: Named = "https://api.twitter.com"
    user_id: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{0,19}$")] = ""


class AccountSection(Section, frozen=True):
    """A brand's presence on a network; `calendar` and `playbook` name tables of this file.

    recheck_days: for how long a message is looked up daily, where the network does not tell what was taken away.
    """

    id: Named
    network: Network
    handle: Named
    brand: str = ""
    role: Role = "care"
    calendar: str = ""
    playbook: str = ""
    poll_seconds: Positive = 20.0
    recheck_days: NoneOrMore = 1
    sandbox: SandboxSection = SandboxSection()
    archive: ArchiveSection | None = None
    x: XSection = XSection()


class CalendarSection(Section, frozen=True):
    """Opening intervals such as `["09:00-12:30", "14:00-22:00"]`; `"22:00-06:00"` runs into the next morning."""

    timezone: Named = "UTC"
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
    """The response time promised and the hard maximum, in minutes (practices 9 and 10)."""

    target_minutes: Some = 60
    limit_minutes: Some = 240
    business_hours: bool = True


# The tables of a playbook that set what each check may do.
CHECK_TABLES = ("checks", "private_checks", "training_checks")


class PlaybookSection(Section, frozen=True):
    """The brand's rules; `checks` sets what each check may do, by the check's id.

    private_checks and training_checks go before them, in private and for agents in training. phrases: a meaning's own
    phrases, by its name in `playbook/phrases/replies/*.toml`; without_phrases: those of ours that do not count.
    words: the brand's own, right however they are spelt.
    approval: what waits for a lead: "training", or the ids of checks.
    """

    signature: Named = "^{initials}"
    team: str = ""
    public: TargetSection = TargetSection()
    private: TargetSection = TargetSection()
    greetings: tuple[str, ...] = ()
    signoffs: tuple[str, ...] = ()
    undo_seconds: NoneOrMore = 10
    bump_minutes: NoneOrMore = 10
    interactions: tuple[Some, ...] = (6, 10, 18)
    numbered_parts: bool = False
    own_contacts: tuple[Named, ...] = ()
    approval: tuple[str, ...] = ()
    checks: dict[str, Level] = {}
    private_checks: dict[str, Level] = {}
    training_checks: dict[str, Level] = {}
    phrases: dict[str, tuple[Named, ...]] = {}
    without_phrases: tuple[Named, ...] = ()
    words: tuple[Named, ...] = ()


class SnippetSection(Section, frozen=True):
    """A ready sentence, in some languages and for some accounts; for all where none are named."""

    name: Named
    text: Named
    languages: tuple[Named, ...] = ()
    accounts: tuple[Named, ...] = ()


class ConfigFile(Section, frozen=True):
    """The file as written. `config.parse` turns it into a `Config`."""

    version: int = 1
    database: Named = "desk.db"
    credentials: Literal["file", "keyring"] = "file"
    agent: str = ""
    theme: Named = "dark"
    mouse: bool = False
    keyboard: str = ""
    dictionaries: str = ""
    agents: tuple[AgentSection, ...] = ()
    accounts: tuple[AccountSection, ...] = ()
    calendars: dict[str, CalendarSection] = {}
    playbooks: dict[str, PlaybookSection] = {}
    snippets: tuple[SnippetSection, ...] = ()
    keys: dict[str, str] = {}
    simulation: Simulation | None = None
