"""Typing ahead: each key acts on the screen that the key before it has left, however quickly they come.

A key waits until the one before it has gone through, its focus and dialogs included, and until what that one asked
of the desk is answered: `n`, `r` and a sentence, typed in one breath, are never commands to the wrong place.
Not for: what a key does (the screens), or how the desk is asked (`asking`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from itertools import count
from typing import Protocol, runtime_checkable

from textual import events
from textual.dom import DOMNode
from textual.worker import Worker

Typed = events.Key | events.Paste

PATIENCE = 2.0
"""Seconds after which what was typed ahead is dropped: by then nobody knows any more what it would act on."""
_LOOK_SECONDS = 0.1
# Going after a key takes as long as its picture does, and nobody needs it before the next key: the picture goes first.
_PICTURE_SECONDS = 0.015


@runtime_checkable
class Typing(Protocol):
    """An app whose keys wait for each other."""

    @property
    def type_ahead(self) -> TypeAhead: ...


class TypeAhead:
    """The keys that wait. Lives on the event loop, `answered` apart.

    app, front: the app, and the screen in front of it. act: hands a key to whoever has the focus, and returns them, or
    None where the key can have changed nothing for the next one. lost: told when keys were dropped. seconds: a clock
    that only goes forward.
    """

    def __init__(
        self,
        app: DOMNode,
        front: Callable[[], DOMNode],
        act: Callable[[Typed], Awaitable[DOMNode | None]],
        lost: Callable[[], None],
        seconds: Callable[[], float],
    ) -> None:
        self._app = app
        self._front = front
        self._act = act
        self._lost = lost
        self._seconds = seconds
        self._waiting: deque[Typed] = deque()
        self._set_out: list[DOMNode] = []
        self._under_way: dict[int, DOMNode] = {}
        self._questions: dict[Worker[None], float] = {}
        self._numbers = count()

    @property
    def waits(self) -> bool:
        """Whether a key has not acted yet."""
        return bool(self._waiting)

    async def take(self, event: Typed) -> None:
        """Let a key act: now, or when those before it have."""
        self._waiting.append(event)
        if self._questions and self._seconds() - min(self._questions.values()) > PATIENCE:
            self._questions.clear()
            self._waiting.clear()
            self._lost()
        self._go_after()
        await self._go_on()
        if self._waiting:
            self._app.set_timer(_LOOK_SECONDS, self._go_on)

    def asked(self, question: Worker[None]) -> None:
        """A key has asked something of the desk: the next ones wait for the answer."""
        self._questions[question] = self._seconds()

    def answered(self, node: DOMNode, question: Worker[None]) -> None:
        """The answer has been posted to `node`: the keys go on once it has been dealt with. Safe from any thread."""
        if not node.call_later(self._after_answer, node, question):
            self._app.call_later(self._after_answer, self._app, question)

    def drop(self) -> None:
        """Forget what was typed ahead: something came up that its writer cannot have expected."""
        self._waiting.clear()

    async def _go_on(self) -> None:
        while self._waiting and not self._must_wait():
            target = await self._act(self._waiting.popleft())
            if target is not None:
                self._follow_soon(target)

    def _must_wait(self) -> bool:
        # A question that a newer one has replaced has no answer; a way through a screen that has closed has no end.
        self._questions = {one: since for one, since in self._questions.items() if not one.is_cancelled}
        self._under_way = {one: node for one, node in self._under_way.items() if node.is_running and node.is_attached}
        return bool(self._questions or self._set_out or self._under_way)

    def _after_answer(self, node: DOMNode, question: Worker[None]) -> None:
        self._questions.pop(question, None)
        self._follow_soon(node)

    def _follow_soon(self, begin: DOMNode) -> None:
        """Follow what has set out from `begin`: at once where a key waits for it, else when its picture is there."""
        self._set_out.append(begin)
        if self._waiting:
            self._go_after()
        else:
            asyncio.get_running_loop().call_later(_PICTURE_SECONDS, self._go_after)

    def _go_after(self) -> None:
        set_out, self._set_out = self._set_out, []
        for begin in set_out:
            self._follow(begin)

    def _follow(self, begin: DOMNode) -> None:
        """Go the way that a message goes, behind it: up to the app, to the screen in front by then, and back.

        Twice up: a key that the app has found a meaning for is a message of the widget, which goes up as well.
        """
        way = begin.ancestors_with_self
        self._step(iter((*way, *way, None)), next(self._numbers))

    def _step(self, way: Iterator[DOMNode | None], number: int) -> None:
        node = next(way)
        if node is None:
            front = self._under_way[number] = self._front()
            front.call_later(self._app.call_later, self._through, number)
        elif node.call_later(self._step, way, number):
            self._under_way[number] = node
        else:
            self._step(way, number)

    async def _through(self, number: int) -> None:
        self._under_way.pop(number, None)
        await self._go_on()
