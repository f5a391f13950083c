"""The configuration: one TOML file, read strictly, with errors that name the key and the remedy.

Secrets never stand here. `config.example.toml` documents every key.
Not for: finding out what a network or the database says (`desk.doctor` does that).
"""

from carecli.config.calendars import calendar_of, interval_of, public_holidays
from carecli.config.reading import Config, initials_of, load, named_checks, parse, playbook_of, problems
from carecli.config.sections import (
    WEEKDAYS,
    AccountSection,
    AgentSection,
    ArchiveSection,
    CalendarSection,
    ConfigFile,
    Network,
    PlaybookSection,
    SandboxSection,
    Section,
    TargetSection,
    XSection,
)

__all__ = [
    "WEEKDAYS",
    "AccountSection",
    "AgentSection",
    "ArchiveSection",
    "CalendarSection",
    "Config",
    "ConfigFile",
    "Network",
    "PlaybookSection",
    "SandboxSection",
    "Section",
    "TargetSection",
    "XSection",
    "calendar_of",
    "initials_of",
    "interval_of",
    "load",
    "named_checks",
    "parse",
    "playbook_of",
    "problems",
    "public_holidays",
]
