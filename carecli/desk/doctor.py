"""What `carecli doctor` asks: whether the configuration, the database, the accounts and the hours are in order.

Each answer is one `Check` with the remedy beside it. Stores nothing on the desk.
Not for: the terminal (`cli.terminal`), or the shape of the configuration file (`config.problems`).
"""

from __future__ import annotations

import os
import stat
import zoneinfo
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from carecli.config import Config
from carecli.config.sections import CHECK_TABLES, PlaybookSection
from carecli.config.shape import joined
from carecli.errors import CareError, ConfigError, NeedsPerson, RateLimited, StoreError
from carecli.model import Calendar, Record
from carecli.money import dollars
from carecli.playbook import approval, hours, snippets
from carecli.playbook.checks import ALWAYS, CHECKS
from carecli.playbook.explaining import advice
from carecli.playbook.greeting import problems as template_problems
from carecli.playbook.personal import is_contact
from carecli.playbook.signature import validate_format
from carecli.playbook.wording import MEANINGS, is_ours, phrase_problems

if TYPE_CHECKING:
    from carecli.desk.context import Desk
    from carecli.store.session import Session

Verdict = Literal["ok", "warn", "fail"]

_OPENS_WITHIN = timedelta(days=14)
_ROOM_BYTES = 200_000_000
_WEEK_MINUTES = 7 * 1440


class Check(Record, frozen=True):
    """One thing that was looked at. `exit_code` is what a command would end with because of it."""

    area: str
    verdict: Verdict
    sentence: str
    remedy: str = ""
    exit_code: int = 0


def failed(area: str, error: CareError) -> Check:
    """A failure as a check."""
    return Check(area, "fail", error.sentence, error.remedy, error.exit_code)


def examine(config: Config, environ: Mapping[str, str]) -> Iterator[Check]:
    """Everything that can be asked of a configuration that loads. Slow: opens the database and every account.

    environ: the environment, where secrets may be.
    """
    now = config.clock().now()
    yield from people(config)
    yield proofs(config)
    for account in config.accounts:
        yield opening_hours(config, account, now)
    yield from database(config)
    yield from left_behind(config)
    for account in config.accounts:
        signed_in = tuple(sign_in(config, account, environ))
        yield from signed_in
        if all(check.verdict != "fail" for check in signed_in):
            yield reachable(config, account)


def playbook_problems(config: Config) -> Iterator[ConfigError]:
    """What is wrong with the playbooks' signatures, templates and checks, and with snippets, each with its key."""
    for name, section in config.playbook_sections.items():
        key = joined("playbooks", name)
        for problem in validate_format(section.signature):
            yield _problem(f"{key}.signature", problem)
        for kind, templates in (("greetings", section.greetings), ("signoffs", section.signoffs)):
            for number, template in enumerate(templates):
                for problem in template_problems(template):
                    yield _problem(f"{key}.{kind}[{number}]", problem)
        for table in CHECK_TABLES:
            yield from unknown_checks((joined(f"{key}.{table}", check), check) for check in getattr(section, table))
        for problem in approval.problems(section.approval, CHECKS, ALWAYS):
            yield _problem(f"{key}.approval", problem)
        for number, contact in enumerate(section.own_contacts):
            if not is_contact(contact):
                yield _problem(f"{key}.own_contacts[{number}]", "this is no telephone, address or @domain")
        yield from _phrase_problems(section, key)
    for number, snippet in enumerate(config.snippets):
        for problem in snippets.problems(snippet):
            yield _problem(f"snippets[{number}]", problem)
        if any(snippets.overlap(snippet, earlier) for earlier in config.snippets[:number]):
            yield _problem(f"snippets[{number}].name", f"{snippet.name!r} is taken, in a language and for an account")


def unknown_checks(named: Iterable[tuple[str, str]]) -> Iterator[ConfigError]:
    """Those of the `named` checks, each with its key, that are not there, with what may be meant."""
    for key, check in named:
        if check not in CHECKS:
            yield ConfigError(f"`{key}`: there is no check {check!r}.", advice(check), key=key)


def _phrase_problems(section: PlaybookSection, key: str) -> Iterator[ConfigError]:
    for meaning, phrases in section.phrases.items():
        place = joined(f"{key}.phrases", meaning)
        if meaning not in MEANINGS:
            yield _problem(place, f"there is no such meaning; there are {', '.join(MEANINGS)}")
        for number, phrase in enumerate(phrases):
            for problem in phrase_problems(phrase):
                yield _problem(f"{place}[{number}]", problem)
    for number, phrase in enumerate(section.without_phrases):
        if not is_ours(phrase):
            yield _problem(f"{key}.without_phrases[{number}]", "no phrase of ours is written so")


def _problem(key: str, problem: str) -> ConfigError:
    return ConfigError(f"`{key}`: {problem.rstrip('.')}.", "docs/configuration.md explains it.", key=key)


def people(config: Config) -> Iterator[Check]:
    """Whether there is somebody to answer, told apart by their signatures, and an account that is there for it."""
    if not config.agents:
        yield Check("agents", "fail", "There is no agent, so nobody can answer.", "Add one under [[agents]].", 2)
        return
    yield Check("agents", "ok", f"Agents: {', '.join(config.agents)}.")
    if not config.agent:
        yield Check("agents", "warn", "No `agent` is set.", "Set it, or give --agent with each command.")
    for initials, times in Counter(agent.initials for agent in config.agents.values()).items():
        if times > 1:
            sentence = f"{times} agents have the initials {initials}."
            yield Check("agents", "warn", sentence, "Give each `initials` of their own, so that signatures differ.")
    if not config.accounts:
        yield Check("accounts", "warn", "There is no account to answer for.", "Add one under [[accounts]].")
    for_care = {account.brand for account in config.accounts.values() if account.role == "care"}
    for account in config.accounts.values():
        if account.role == "main" and account.brand not in for_care:
            sentence = f"{account.id} is a general account, and its brand has none for care (practice 1)."
            yield Check("accounts", "warn", sentence, "Open one with a clear name, and add it under [[accounts]].")


def proofs(config: Config) -> Check:
    """What is proofread here, and what is not (practice 24): nothing fails for the want of it."""
    from carecli.desk.proofreading import proofreader_for, what_is_off

    missing = what_is_off(proofreader_for(config))
    if missing is not None:
        return Check("proofreading", "ok", missing.sentence, missing.remedy)
    return Check("proofreading", "ok", "Spelling is read in each language that has phrases, and English grammar.")


def opening_hours(config: Config, account: str, now: datetime) -> Check:
    """Whether the hours of an account make sense with its holidays (practice 2)."""
    area = f"hours of {account}"
    try:
        calendar = config.calendar(account, now.date())
    except ConfigError as error:
        return failed(area, error)
    if not calendar.week:
        return Check(area, "ok", "Open around the clock.")
    key = f"calendars.{config.accounts[account].calendar}"
    if _overlaps(calendar):
        return Check(area, "warn", "Some intervals overlap.", f"Join or separate them in [{key}].")
    opening = hours.next_opening(calendar, now)
    if not hours.is_open(calendar, now) and (opening is None or opening - now > _OPENS_WITHIN):
        sentence = "It does not open within the next two weeks."
        return Check(area, "warn", sentence, f"Look at the weekdays and holidays of [{key}].")
    section = config.calendar_sections[config.accounts[account].calendar]
    if section.holidays and max(section.holidays) < now.date():
        return Check(area, "warn", "All its own `holidays` have passed.", f"Add the coming ones to [{key}].")
    local = (opening or now).astimezone(zoneinfo.ZoneInfo(calendar.zone))
    state = "Open now." if hours.is_open(calendar, now) else f"Closed until {local:%A %H:%M}."
    return Check(area, "ok", f"{state} {len(calendar.holidays)} holidays known, {calendar.zone}.")


def database(config: Config) -> Iterator[Check]:
    """Whether the database is there, private, sound, of this version, and has room to grow."""
    from carecli.store.integrity import inspect

    path = config.path(config.database)
    if not path.exists():
        yield Check("database", "ok", f"{path} is not there yet; it is made when the desk is first opened.")
        return
    if os.name == "posix" and path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
        sentence = f"Everybody on this machine can open {path}, with all that customers wrote."
        yield Check("database", "warn", sentence, f"chmod o= {path}")
    try:
        unsound = [one for one in inspect(path, quick=True) if not one.sound]
    except StoreError as error:
        yield failed("database", error)
        return
    for one in unsound:
        yield Check("database", "fail", one.sentence, "Look with `carecli db check`.", StoreError.exit_code)
    if not unsound:
        yield Check("database", "ok", f"{path} is sound.")
    room = os.statvfs(path.parent) if hasattr(os, "statvfs") else None
    if room is not None and room.f_bavail * room.f_frsize < _ROOM_BYTES:
        yield Check("database", "warn", "Its disk is nearly full.", "Free some room.")


def left_behind(config: Config) -> Iterator[Check]:
    """Customers who wait on accounts that are not configured: no queue shows them but that of the account itself."""
    from carecli.store import accounts, waits

    try:
        with _as_stored(config) as stored:
            if stored is None:
                return
            _, session = stored
            waiting = {name: waits.open_count(session, id) for id, name in accounts.account_names(session).items()}
    except StoreError:
        # That it cannot be read is told of the database itself.
        return
    for name, customers in waiting.items():
        if customers and name not in config.accounts:
            who = "customer waits" if customers == 1 else "customers wait"
            sentence = f"{customers} {who} on {name}, which is not in the configuration."
            remedy = f"Add the account again, or look with `carecli queue --account {name}`."
            yield Check("accounts", "warn", sentence, remedy)


def sign_in(config: Config, account: str, environ: Mapping[str, str]) -> Iterator[Check]:
    """Whether the account is signed in, where its secrets are and when they end; nothing where it needs none."""
    from carecli.channels.signing_in import standing
    from carecli.credentials import open_vault

    area, section = f"sign-in of {account}", config.accounts[account]
    remedy = f"Sign in with `carecli login {section.network} --account {account}`."
    try:
        vault = open_vault(config, environ)
        found = standing(config, account, vault)
    except CareError as error:
        yield failed(area, error)
        return
    if found is None:
        return
    if not found.signed_in:
        yield Check(area, "fail", "It is not signed in.", remedy, NeedsPerson.exit_code)
        return
    given = vault.given(account)
    kept = f"Its secrets are in {vault.where}."
    if given:
        kept = f"The environment gives {', '.join(given)}; the rest is in {vault.where}."
    whose = f"Signed in as @{found.handle} by {found.how}." if found.handle else f"Signed in by {found.how}."
    end = f" The token ends {found.ends:%Y-%m-%d %H:%M} UTC" if found.ends else ""
    if found.handle and found.handle.casefold() != section.handle.removeprefix("@").casefold():
        yield Check(area, "warn", f"{whose} That is not its `handle`. {kept}", remedy)
    elif end and not found.renews:
        yield Check(area, "warn", f"{whose}{end} and is not renewed. {kept}", remedy)
    else:
        yield Check(area, "ok", f"{whose}{end and f'{end} and is renewed by itself.'} {kept}")
    if found.lacks:
        yield Check(area, "warn", found.lacks)


def reachable(config: Config, account: str) -> Check:
    """Whether the account's network answers. Reads a page of it and stores nothing.

    Of a network that charges for that it tells how the account stood when it was last read.
    """
    from carecli.channels.factory import open_channel

    area = f"account {account}"
    section = config.accounts[account]
    try:
        channel = open_channel(config, account, config.clock())
        try:
            if channel.capabilities.metered:
                return _as_last_read(config, account)
            channel.fetch_mentions("")
        finally:
            channel.close()
    except RateLimited as error:
        again = f"Try again after {_local(config, account, error.until)}." if error.until else error.remedy
        return Check(area, "fail", error.sentence, again, error.exit_code)
    except CareError as error:
        return failed(area, error)
    return Check(area, "ok", f"@{section.handle.removeprefix('@')} answers ({section.network}).")


def _as_last_read(config: Config, account: str) -> Check:
    """How an account stands by what the database knows of it. Raises `StoreError`."""
    from carecli.desk.health import health
    from carecli.store import accounts

    area = f"account {account}"
    unread = Check(area, "ok", "Its network charges for reading, so it is not asked here; no desk has read it yet.")
    with _as_stored(config) as stored:
        if stored is None:
            return unread
        desk, session = stored
        stands = health(desk, session, account, accounts.account_state(session, account), desk.now())
    spent = f"about {dollars(stands.spent)} spent today" + (f" of {dollars(stands.budget)}" if stands.budget else "")
    if stands.problem:
        until = f" until {_local(config, account, stands.until)}" if stands.until else ""
        return Check(area, "warn", f"Not in order{until}, {spent}: {stands.problem}")
    if stands.last_success_at is None:
        return unread
    read = _local(config, account, stands.last_success_at)
    return Check(area, "ok", f"Last read {read}, {spent}; its network charges for reading, so it is not asked here.")


@contextmanager
def _as_stored(config: Config) -> Iterator[tuple[Desk, Session] | None]:
    """The desk, and a reading of its database; None where there is none of this version, so that none is made."""
    from carecli.desk.context import open_desk
    from carecli.store.integrity import is_current

    if not is_current(config.path(config.database)):
        yield None
        return
    desk = open_desk(config, needs_agent=False)
    try:
        with desk.database.read() as session:
            yield desk, session
    finally:
        desk.close()


def _local(config: Config, account: str, at: datetime) -> str:
    return f"{at.astimezone(zoneinfo.ZoneInfo(config.zone(account))):%a %H:%M}"


def _overlaps(calendar: Calendar) -> bool:
    """Whether two intervals of the week overlap, over midnight and Sunday night included."""
    spans = sorted(
        (day * 1440 + interval.start, day * 1440 + interval.end)
        for day, intervals in enumerate(calendar.week)
        for interval in intervals
    )
    wrapped = [*spans, *((start + _WEEK_MINUTES, end + _WEEK_MINUTES) for start, end in spans[:1])]
    return any(end > start for (_, end), (start, _) in pairwise(wrapped))
