"""The rest of a thread, for networks whose feed brings no whole ones: read from the network after the first picture.

Not for: what is read, and what it may cost (`desk.threads`), or showing it: it comes as any change does.
"""

from __future__ import annotations

from carecli.desk.context import Desk
from carecli.desk.threads import complete_thread
from carecli.errors import CareError, NeedsPerson, NetworkFailure
from carecli.tui.asking import Done


class RestOfThread:
    """Reads on, in a thread, and says once why it could not: not with every conversation that is opened meanwhile."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._told = ""

    def read(self, conversation_id: int) -> Done | None:
        """Read the rest of a conversation's thread; what to tell about it, if anything."""
        before, self._told = self._told, ""
        try:
            complete_thread(self._desk, conversation_id)
        except (NetworkFailure, NeedsPerson) as error:
            self._told = str(error)
            return None if before == self._told else Done(f"The rest of the thread was not read: {error}")
        except CareError:
            return None
        return None
