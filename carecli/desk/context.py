"""The desk as one agent has it open: configuration, database, clock, who is asking.

Everything that a use case needs comes from here, so that a test can make one of parts of its choice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from carecli.channels.base import Channel
from carecli.clock import Clock
from carecli.config import Config
from carecli.errors import Misuse, NotFound
from carecli.model import Agent, Calendar, Conversation, Playbook, Target, Visibility
from carecli.store import accounts, conversations
from carecli.store.session import Database, Session

if TYPE_CHECKING:
    from carecli.proof.proofreader import Proofreader
    from carecli.worker.thread_reader import ThreadReader

OpenChannel = Callable[[str], Channel]


class Desk:
    """One agent's desk. Use cases take it first; close it when done."""

    def __init__(
        self,
        config: Config,
        database: Database,
        clock: Clock,
        agent: Agent,
        open_channel: OpenChannel,
        new_key: Callable[[], str],
    ) -> None:
        self.config = config
        self.database = database
        self.clock = clock
        self.agent = agent
        self.new_key = new_key
        self.open_channel = open_channel
        self._channels: dict[str, Channel] = {}
        self._playbooks: dict[str, Playbook] = {}
        self._calendars: dict[str, Calendar] = {}
        self._readers: dict[str, ThreadReader] = {}
        self._reading = threading.Lock()
        self._proofreader: Proofreader | None = None
        self._proofreading = threading.Lock()

    def now(self) -> datetime:
        """The desk's time."""
        return self.clock.now()

    def channel(self, account: str) -> Channel:
        """The channel of an account, opened on first use: its measures and links; the worker has its own."""
        if account not in self.config.accounts:
            raise NotFound(
                f"{account!r} is not configured here, so it can only be read.",
                "Add it to the configuration's accounts.",
            )
        if account not in self._channels:
            self._channels[account] = self.open_channel(account)
        return self._channels[account]

    @contextmanager
    def reading(self, account: str) -> Iterator[ThreadReader]:
        """Who reads an account's threads at the network, lent to one thread at a time: it has a channel of its own."""
        from carecli.worker.counting import policies_for
        from carecli.worker.holder import holder_name
        from carecli.worker.purse import Purse
        from carecli.worker.station import Station
        from carecli.worker.thread_reader import ThreadReader

        with self._reading:
            if account not in self._readers:
                channel = self.open_channel(account)
                policies = policies_for(self.playbook(account), self.calendar(account))
                purse = Purse(self.database, self.clock, account, channel, self.config.budget(account))
                station = Station(self.database, self.clock, account, channel, policies, purse)
                self._readers[account] = ThreadReader(station, holder_name("thread", self.new_key()))
            yield self._readers[account]

    def playbook(self, account: str) -> Playbook:
        """The rules of an account; the defaults for one that is in the database only, such as an imported archive's."""
        if account not in self._playbooks:
            known = account in self.config.accounts
            self._playbooks[account] = self.config.playbook(account) if known else Playbook()
        return self._playbooks[account]

    def calendar(self, account: str) -> Calendar:
        """The opening hours of an account."""
        if account not in self._calendars:
            known = account in self.config.accounts
            today = self.now().date()
            self._calendars[account] = self.config.calendar(account, today) if known else Calendar()
        return self._calendars[account]

    def target(self, account: str, visibility: Visibility) -> Target:
        """The response time promised on an account at a visibility."""
        playbook = self.playbook(account)
        return playbook.private if visibility == "private" else playbook.public

    @property
    def proofreader(self) -> Proofreader:
        """Who reads proofs; begun with the first text."""
        from carecli.desk.proofreading import proofreader_for

        with self._proofreading:
            if self._proofreader is None:
                self._proofreader = proofreader_for(self.config)
            return self._proofreader

    def account_name(self, account: str = "") -> str:
        """`account` if it exists; where none is named, the only one there is. Raises `NotFound` or `Misuse`."""
        known = self.config.accounts
        if account:
            if account not in known:
                raise NotFound(f"There is no account {account!r}.", f"The accounts are: {', '.join(known)}.")
            return account
        if len(known) == 1:
            return next(iter(known))
        if not known:
            raise NotFound("No account is configured.", "Add one to the configuration.")
        raise Misuse("There are several accounts.", f"Name one with --account: {', '.join(known)}.")

    def close(self) -> None:
        """Close the channels and the database."""
        for channel in self._channels.values():
            channel.close()
        self._channels.clear()
        # One that is being lent goes on: its process is about to end, and nobody waits for a network then.
        if self._reading.acquire(blocking=False):
            for reader in self._readers.values():
                reader.close()
            self._readers.clear()
            self._reading.release()
        if self._proofreader is not None:
            self._proofreader.close()
        self.database.close()


def open_desk(config: Config, agent: str = "", *, needs_agent: bool = True) -> Desk:
    """Open the desk of a configuration for an agent (the configured one where none is named).

    Raises `Misuse` where nobody is named or known, `StoreError` where the database cannot be used.
    """
    from carecli.store.sqlite import open_database

    who = _agent(config, agent or config.agent, needs_agent)
    clock = config.clock()

    def open_channel(account: str) -> Channel:
        from carecli.channels.factory import open_channel as opened

        return opened(config, account, clock)

    return Desk(config, open_database(config.path(config.database)), clock, who, open_channel, new_key)


def new_key() -> str:
    """A fresh idempotency key."""
    import secrets

    return secrets.token_hex(16)


def conversation_of(session: Session, conversation_id: int) -> Conversation:
    """The conversation, or `NotFound` with the remedy."""
    found = conversations.conversation(session, conversation_id)
    if found is None:
        raise NotFound(f"There is no conversation {conversation_id}.", "`carecli queue` lists those that wait.")
    return found


def account_number(session: Session, account: str) -> int:
    """The database's id of an account."""
    return accounts.account_id(session, account)


def agent_of(config: Config, agent: str) -> Agent:
    """The agent of an id. Raises `Misuse`."""
    if agent in config.agents:
        return config.agents[agent]
    raise Misuse(f"There is no agent {agent!r}.", f"The agents are: {', '.join(config.agents) or 'none yet'}.")


def _agent(config: Config, agent: str, needed: bool) -> Agent:
    if agent:
        return agent_of(config, agent)
    if needed:
        raise Misuse("Nobody is named who answers.", "Set `agent` in the configuration, or use --agent.")
    return Agent("", "", "")
