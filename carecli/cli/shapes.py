"""What JSON holds where it is not simply a view of the desk; docs/json.md documents both.

A field added is no new version; one that is renamed, removed or means something else is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from carecli.desk.views import QueueRow


def queue_data(rows: Sequence[QueueRow], now: datetime) -> dict[str, object]:
    """The queue at `now` (the desk's time), with the seconds of the wall clock until each is due."""
    return {
        "now": now,
        "rows": [msgspec.structs.asdict(row) | {"seconds_until_due": _seconds(row.due_at, now)} for row in rows],
    }


def _seconds(at: datetime, now: datetime) -> int:
    return int((at - now).total_seconds() // 1)
