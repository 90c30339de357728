"""Keys in the order in which they were typed, however many of them come at once, as they do on a slow line.

Textual acts on the keys of commands at once, sends others through the queue of the widget that has the focus, and looks
for a binding of the widget only when they have come back up to the app. So a prompt with `alt+enter` behind it would be
sent without its last words, a backspace would delete the letter that was typed after it, and the letters after `/`
would act on the list instead of being searched for.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from typing import Any, Final

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.widgets import Input, TextArea

PATIENCE: Final = 0.25
"""Seconds after which a key counts as done, for a widget that went away with it, or is busy for long."""

Handle = Callable[[events.Event], Awaitable[None]]


class InOrder:
    """Hands keys and pastes to `handle` one after the other, each when the one before it has done what it does."""

    def __init__(self, app: App[Any], handle: Handle) -> None:
        self._app = app
        self._handle = handle
        self._waiting: deque[events.Event] = deque()
        self._under_way: dict[int, asyncio.TimerHandle] = {}
        self._only_text = False
        self._numbers = count()

    async def take(self, event: events.Event) -> None:
        """Handle an event, now or as soon as it is its turn."""
        if self._waiting or not self._is_next(event):
            self._waiting.append(event)
        else:
            await self._begin(event)

    def _is_next(self, event: events.Event) -> bool:
        # Letters for a text keep their order in its queue, so a long text need not go letter by letter.
        return not self._under_way or (self._only_text and self._is_text(event))

    def _is_text(self, event: events.Event) -> bool:
        return isinstance(event, events.Key) and event.is_printable and isinstance(self._app.focused, Input | TextArea)

    async def _begin(self, event: events.Event) -> None:
        number = next(self._numbers)
        self._only_text = self._is_text(event)
        patience = asyncio.get_running_loop().call_later(PATIENCE, self._pass_on, number, [self._app])
        self._under_way[number] = patience
        way = list((self._app.focused or self._app.screen).ancestors_with_self)
        await self._handle(event)
        self._pass_on(number, way)

    def _pass_on(self, number: int, way: Sequence[DOMNode]) -> None:
        """Follow a key up to the app: behind it in the queue of each widget on its way."""
        for index, node in enumerate(way):
            done = self._end if node is self._app else self._pass_on
            if node.call_later(done, number, way[index + 1 :]):
                return

    async def _end(self, number: int, _: Sequence[DOMNode]) -> None:
        if (patience := self._under_way.pop(number, None)) is not None:
            patience.cancel()
        while self._waiting and self._is_next(self._waiting[0]):
            await self._begin(self._waiting.popleft())
