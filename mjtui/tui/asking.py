"""How the screen asks the engine: await the answer without holding up the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from mjtui.engine import Handle

if TYPE_CHECKING:
    from mjtui.engine.engine import Engine

T = TypeVar("T")


class Ask(Protocol):
    """Has a question answered by the engine; raises what the engine raises."""

    async def __call__(self, question: Callable[[Engine], Awaitable[T]], /) -> T: ...


def asker(handle: Handle) -> Ask:
    """Ask this engine."""

    async def ask(question: Callable[[Engine], Awaitable[T]], /) -> T:
        return await asyncio.wrap_future(handle.ask(question))

    return ask
