"""Asking the desk: a use case runs in a thread, its answer comes back as a message.

The event loop never touches disk or network. Not for: what is asked, and what an answer changes (the screens).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context

from textual.dom import DOMNode
from textual.message import Message
from textual.worker import get_current_worker

from carecli.errors import CareError
from carecli.tui.type_ahead import Typing


class Failed(Message):
    """The desk said no, or could not: an error with a sentence and a remedy. `group` is the question's."""

    def __init__(self, group: str, error: CareError) -> None:
        super().__init__()
        self.group = group
        self.error = error


class Fault(Message):
    """A mistake of ours came to light in a thread. The desk goes on; the fault is told at the end."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


class Done(Message):
    """Something was done: one sentence of ours about it."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


def ask_network(node: DOMNode, call: Callable[[], Message | None]) -> None:
    """As `ask`, for what may take as long as a network does: nobody waits for the answer, not even the end of the app.

    A `CareError` is the caller's to tell of; any other exception is posted as `Fault`.
    """

    def work() -> None:
        try:
            answer = call()
        except Exception as error:
            answer = Fault(error)
        if answer is not None:
            # The app may have ended meanwhile.
            with suppress(RuntimeError):
                node.post_message(answer)

    threading.Thread(target=copy_context().run, args=(work,), name="network", daemon=True).start()


def ask(
    node: DOMNode, group: str, call: Callable[[], Message | None], *, latest: bool = True, by_key: bool = False
) -> None:
    """Run `call` in a thread and post the message that it returns to `node`.

    A `CareError` is posted as `Failed`, any other exception as `Fault`: neither ends the app. With `latest`, an older
    question of the same group loses its answer. by_key: a person asks, and what they type meanwhile waits for the
    answer. `call` must not touch widgets.
    """
    typing = node.app if by_key and isinstance(node.app, Typing) else None

    def work() -> None:
        worker = get_current_worker()
        try:
            answer = call()
        except CareError as error:
            answer = Failed(group, error)
        except Exception as error:
            answer = Fault(error)
        if answer is not None and not (latest and worker.is_cancelled):
            node.post_message(answer)
        if typing is not None:
            typing.type_ahead.answered(node, worker)

    question = node.run_worker(work, group=group, exclusive=latest, exit_on_error=False, thread=True)
    if typing is not None:
        typing.type_ahead.asked(question)
