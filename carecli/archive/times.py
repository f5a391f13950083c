"""Times as archives write them, made aware and UTC.

Not for: the time that follows from an id (`carecli.snowflake`), or what a calendar says (`playbook.hours`).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from carecli.archive.base import Unreadable
from carecli.snowflake import id_in, time_of

# "Tue Oct 31 22:10:47 +0000 2017". strptime takes the month from the machine's language, and ten times as long.
_X_TIME = re.compile(
    r"[A-Za-z]{3} ([A-Za-z]{3}) ([0-9]{2}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) ([+-])([0-9]{2})([0-9]{2}) ([0-9]{4})"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}


def published(written: str | None, remote_id: str) -> datetime:
    """Return when the post `remote_id` was published: as written, else as its id tells. Raises `Unreadable`."""
    if not written or not written.strip():
        number = id_in(remote_id)
        moment = None if number is None else time_of(number)
        if moment is None:
            raise Unreadable("it has no time, and its id tells none")
    else:
        moment = parse_time(written)
        if moment is None:
            raise Unreadable(f"the time “{written[:40]}” cannot be read")
    return moment


def parse_time(written: str) -> datetime | None:
    """Return the moment in X's own form or in ISO 8601, in UTC; None for what is neither.

    A time without a zone is UTC, as the archives that leave it out mean it.
    """
    try:
        if found := _X_TIME.fullmatch(written.strip()):
            month, day, hour, minute, second, sign, hours, minutes, year = found.groups()
            offset = timedelta(hours=int(hours), minutes=int(minutes))
            zone = timezone(-offset if sign == "-" else offset) if offset else UTC
            moment = datetime(
                int(year), _MONTHS[month.lower()], int(day), int(hour), int(minute), int(second), tzinfo=zone
            )
        else:
            moment = datetime.fromisoformat(written.strip())
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, KeyError):
        return None
