"""Looking for something and coming back: where a search began, and the way back to it.

Not for: the search itself (`queue_pane`).
"""

from __future__ import annotations

from typing import NamedTuple

from carecli.tui.screens.conversation_pane import ConversationPane
from carecli.tui.screens.queue_pane import QueuePane


class Beginning(NamedTuple):
    """Where a search began. reading: the conversation whose thread was read; chosen: what had been opened last."""

    wait_id: int | None
    reading: int | None
    chosen: int | None


def begin(queue: QueuePane, pane: ConversationPane) -> Beginning:
    """Open the search box."""
    reading = None if queue.has_focus_within else pane.current
    queue.begin_search()
    return Beginning(queue.list.highlighted_id, reading, pane.chosen)


def leave(queue: QueuePane, pane: ConversationPane, beginning: Beginning | None) -> int | None:
    """Show the whole queue, as it stood when the search began; which conversation was read then.

    Whoever has opened something meanwhile stays there.
    """
    if beginning is None or beginning.chosen != pane.chosen:
        queue.show_all()
        return None
    queue.show_all(wait_id=beginning.wait_id)
    return beginning.reading
