"""How a person is called in a sentence of ours: short enough that the sentence is seen whole.

Not for: lists and headers, which crop names to their own columns.
"""

from __future__ import annotations

from carecli.desk.views import ConversationView, QueueRow, ThreadRow
from carecli.safetext import SafeText
from carecli.tui.widgets.cells import crop

_LONGEST = 40  # cells


def called(person: QueueRow | ConversationView | ThreadRow) -> SafeText:
    """The person's name, or their handle where they have none."""
    return SafeText(crop(person.name or person.handle, _LONGEST))
