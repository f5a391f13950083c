"""The desk as README shows it: some minutes into the demo's shift, the same one each time.

`make picture` draws it (`scripts.picture`). Not for: tests, which make desks of their own.
"""

from __future__ import annotations

import atexit
import tempfile
from itertools import count
from pathlib import Path

from carecli.channels.factory import open_channel
from carecli.clock import ManualClock
from carecli.desk.claims import claim
from carecli.desk.context import Desk
from carecli.desk.conversation import open_conversation
from carecli.desk.drafts import save_draft
from carecli.desk.queue import first_rows
from carecli.desk.reply import reply
from carecli.desk.shifts import greet, open_shift
from carecli.desk.views import QueueFilter, QueueRow
from carecli.desk.workflow import add_note
from carecli.simulation import DEMO_START, demo_config
from carecli.store.sqlite import open_database
from carecli.tui.app import CareApp
from carecli.tui.first_look import first_look
from carecli.worker.loop import Worker

_SEED = 7
_MINUTES = 14
_ANSWER = "Nobody in your street is forgotten: an engineer is on the way, and we tell you here when it is mended."
_NOTE = "The engineer's van broke down in Reading. Tomorrow 8:00 is free, I keep it for them."
_DRAFT = "I am so sorry that nobody came, and that nobody told you. Tomorrow at 8:00 is yours if you want it."


def desk_at_work() -> CareApp:
    """The app on a desk whose folder vanishes at the end of the process."""
    folder = tempfile.TemporaryDirectory(prefix="carecli-picture-")
    atexit.register(folder.cleanup)
    clock = ManualClock(DEMO_START)
    config = demo_config(Path(folder.name), seed=_SEED, speed=1.0, now=DEMO_START)
    database = open_database(config.path(config.database))
    keys = count(1)

    def desk_of(agent: str) -> Desk:
        return Desk(
            config,
            database,
            clock,
            config.agents[agent],
            lambda account: open_channel(config, account, clock),
            lambda: f"key-{next(keys)}",
        )

    claire, rob, mira = desk_of("claire"), desk_of("rob"), desk_of("mira")
    worker = Worker(config, database, clock, claire.open_channel, "picture")
    worker.run_once()
    open_shift(claire, "care", ("claire", "rob", "mira"))
    greet(claire, "care")
    for minute in range(_MINUTES):
        clock.advance(60)
        worker.run_once()
        if minute == 1:
            reply(mira, _waiting(mira)[3].conversation_id, _ANSWER, "public", seen_version=None, hold=False)
    first, second, third, *_ = _waiting(rob)
    claim(rob, first.conversation_id)
    claim(mira, second.conversation_id)
    open_conversation(rob, third.conversation_id)
    add_note(rob, third.conversation_id, _NOTE)
    seen = open_conversation(claire, third.conversation_id).version
    save_draft(claire, third.conversation_id, _DRAFT, len(_DRAFT), "public", seen)
    return CareApp(claire, first_look(claire, 50), works=False)


def _waiting(desk: Desk) -> tuple[QueueRow, ...]:
    return first_rows(desk, QueueFilter(), 50)
