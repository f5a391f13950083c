"""carecli as a subject: how to start the desk, fill its database and press its keys.

The one file here that knows carecli beyond its model. Not for: how anything is measured.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from carecli.channels.sandbox import SandboxNetwork
from carecli.model import Calendar, Item, Target
from carecli.playbook.folding import fold
from carecli.playbook.waits import policy_for
from carecli.store.accounts import account_id
from carecli.store.sqlite import open_database
from carecli.worker.counting import Policies
from carecli.worker.intake import take_in
from tests.bench.material import LAST_WORD, items
from tests.bench.rows import Table
from tests.bench.yardsticks import Key, Subject

_CARECLI = str(Path(sys.executable).with_name("carecli"))
_SMALL = 100
# As many messages in a transaction as when an archive is stored at once.
_PAGE = 5000

_CONFIG = """\
version = 1
database = "{database}"
agent = "claire"

[[agents]]
id = "claire"
name = "Claire Lowe"

[[accounts]]
id = "northwind"
network = "sandbox"
handle = "NorthwindCare"
brand = "Northwind Broadband"
sandbox = {{ seed = {seed}, file = "{network}" }}
"""
_SEED = 7

# A text of each pane: status, queue, conversation, reply, hints. The most urgent one is a complaint, so it is not the
# oldest; the last word of its thread says that the thread is there.
_EVER = ("@NorthwindCare", "waiting", "QUEUE", "n next")
_WAITING = ("@customer1", "complaint", f"{LAST_WORD}000001", "REPLY", "^CL")
_NOBODY = ("Nobody is waiting", "No conversation is open")


class CarecliSubjects:
    """The real thing, on databases made when they are first asked for and kept in `folder`."""

    move = Key("down")
    next = Key("n", (LAST_WORD.encode() + rb"(\d{6})",))

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def desk(self, conversations: int) -> Subject:
        command = (_CARECLI, "--config", str(self._config(conversations)), "desk")
        return Subject(command, (*_EVER, *(_WAITING if conversations else _NOBODY)))

    def queue_command(self) -> tuple[str, ...]:
        return _CARECLI, "--config", str(self._config(_SMALL)), "queue", "--json"

    def create(self, database: Path) -> None:
        open_database(database).close()

    def intake(self, database: Path, material: Sequence[Item]) -> None:
        policy = policy_for(Calendar(), Target())
        desk = open_database(database)
        received_at = datetime.now(UTC)
        for start in range(0, len(material), _PAGE):
            with desk.write() as session:
                account = account_id(session, "northwind")
                page = material[start : start + _PAGE]
                take_in(session, account, page, received_at=received_at, policies=Policies(policy, policy))
        desk.close()

    def unreadable(self, database: Path) -> list[Table]:
        with closing(sqlite3.connect(database)) as connection:
            rows = [(number, fold(text)) for number, text in connection.execute("SELECT id, text FROM message")]
        return [Table("message_search", ("rowid", "folded"), rows)]

    def _config(self, conversations: int) -> Path:
        config = self._folder / f"desk-{conversations}.toml"
        if not config.exists():
            database, network = (config.with_suffix(f".{kind}.db") for kind in ("desk", "network"))
            self.create(database)
            self.intake(database, items(conversations))
            # The desk's worker reads and sends as always; on this network nobody writes.
            SandboxNetwork(network, _SEED, start=datetime.now(UTC), pace=0, waiting=0).close()
            config.write_text(_CONFIG.format(database=database.name, network=network.name, seed=_SEED))
        return config
