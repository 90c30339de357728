"""The one thread-safe way to the engine, which runs in a thread and an event loop of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from mjtui.engine.events import EngineEvent
from mjtui.paths import Paths

if TYPE_CHECKING:
    from mjtui.engine.engine import Engine

T = TypeVar("T")
Listener = Callable[[tuple[EngineEvent, ...]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to start an engine.

    `flags` are settings from the command line by `section.key`. `service` gives flags and an API key of its own when
    the work begins: the demo's, whose service is only just starting. `watch` keeps looking after every job, as a screen
    wants it; without it the engine does what it is asked to do and no more.
    """

    paths: Paths
    flags: Mapping[str, Any] = field(default_factory=dict[str, Any])
    service: Callable[[], tuple[Mapping[str, Any], str]] | None = None
    watch: bool = True


class Handle:
    """Starts an engine, asks it for things, hears of its events and stops it."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._listeners: list[Listener] = []
        self._loop = asyncio.new_event_loop()
        self._opened: asyncio.Future[Engine] = self._loop.create_future()
        self._serve = asyncio.Event()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._main, name="mjtui-engine", daemon=True)

    def listen(self, listener: Listener) -> None:
        """Call `listener` with every batch of events, in the engine's thread; to be called before `start`."""
        self._listeners.append(listener)

    def start(self) -> None:
        """Start the thread and open the library; work begins with `serve`."""
        self._thread.start()

    def serve(self) -> None:
        """Begin the work with the service, and load what is slow to load: now, or once the first screen is painted."""
        self._loop.call_soon_threadsafe(self._serve.set)

    def ask(self, question: Callable[[Engine], Awaitable[T]]) -> Future[T]:
        """Have `question` answered in the engine's loop; its result or error comes in the future.

        >>> handle.ask(lambda engine: engine.credits()).result()
        """

        async def answer() -> T:
            return await question(await asyncio.shield(self._opened))

        return asyncio.run_coroutine_threadsafe(answer(), self._loop)

    def stop(self) -> None:
        """End the work and wait until it is safe to leave: a request that may cost credits gets its answer first."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()

    def _main(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._run())
        finally:
            left = asyncio.all_tasks(self._loop)
            for task in left:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()

    async def _run(self) -> None:
        from mjtui.engine.engine import Engine

        try:
            engine = await Engine.open(self._options, self._tell)
        except Exception as error:  # noqa: BLE001 - every question is answered with it
            self._opened.set_exception(error)
            await self._stop.wait()
            return
        self._opened.set_result(engine)
        try:
            waits = [asyncio.ensure_future(event.wait()) for event in (self._serve, self._stop)]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            if not self._stop.is_set():
                await engine.begin()
                await self._stop.wait()
        finally:
            await engine.close()

    def _tell(self, events: tuple[EngineEvent, ...]) -> None:
        for listener in self._listeners:
            listener(events)
