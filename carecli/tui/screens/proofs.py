"""The proofreader beside the composer: it reads what was typed after a pause, and never while keys come in.

Not for: reading (`desk.proofreading`), or showing what it finds, which are findings as any.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.events import Callback
from textual.timer import Timer
from textual.widget import Widget

from carecli.desk.composing import Composing
from carecli.desk.context import Desk
from carecli.desk.proofreading import TYPING_SECONDS, is_wanted, proofread, with_proof
from carecli.playbook.checks import Proof
from carecli.tui.asking import ask_network

_PAUSE_SECONDS = 0.3


class Proofs:
    """What the proofreader said last of the reply in the composer; `changed` is called when it has said more."""

    def __init__(self, node: Widget, desk: Desk, changed: Callable[[], None]) -> None:
        self._node = node
        self._desk = desk
        self._changed = changed
        self._of = ("", 0)
        self._asked = ""
        self._proof = Proof()
        self._pause: Timer | None = None

    def put_into(self, composing: Composing, text: str) -> Composing:
        """The reply with the last proof; `text` is read as soon as nobody types."""
        of = (composing.visibility, composing.conversation_id)
        if of != self._of:
            self._of, self._asked, self._proof = of, "", Proof()
        if text != self._asked:
            self._asked = text
            self._read_soon(composing, text)
        return with_proof(composing, self._proof)

    def _read_soon(self, composing: Composing, text: str) -> None:
        if self._pause is not None:
            self._pause.stop()
            self._pause = None
        if text.strip() and is_wanted(composing.facts):
            self._pause = self._node.set_timer(_PAUSE_SECONDS, partial(self._read, composing, text))

    def _read(self, composing: Composing, text: str) -> None:
        def read() -> Callback | None:
            proof = proofread(self._desk, composing, text, seconds=TYPING_SECONDS)
            return None if proof is None else Callback(partial(self._take, proof))

        ask_network(self._node, read)

    def _take(self, proof: Proof) -> None:
        if proof.text == self._asked:
            self._proof = proof
            self._changed()
