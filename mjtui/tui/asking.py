"""How the screen asks the engine: await the answer without holding up the screen."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from mjtui.engine import Handle
from mjtui.errors import MjtuiError

if TYPE_CHECKING:
    from mjtui.engine.engine import Engine

T = TypeVar("T")
log = logging.getLogger(__name__)


class Ask(Protocol):
    """Has a question answered by the engine; raises MjtuiError, whatever the engine raises."""

    async def __call__(self, question: Callable[[Engine], Awaitable[T]], /) -> T: ...


def asker(handle: Handle) -> Ask:
    """Ask this engine."""

    async def ask(question: Callable[[Engine], Awaitable[T]], /) -> T:
        try:
            return await asyncio.wrap_future(handle.ask(question))
        except (MjtuiError, asyncio.CancelledError):
            raise
        except Exception as error:
            log.exception("a question to the engine failed")
            raise MjtuiError(
                f"Something inside mjtui broke ({type(error).__name__}: {error}).", hint="The log has more."
            ) from error

    return ask
