"""A loop that does what is due, then sleeps until the next thing is due or somebody wakes it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

LONGEST_SLEEP = 15.0
"""Seconds; a bound, so that a clock that was set back or a machine that slept delays nothing for long."""

AFTER_ERROR = 2.0
"""Seconds to rest after a step that failed, so that a broken disk or a bug does not spin."""

Step = Callable[[], Awaitable[int | None]]
"""Does what is due and says when to come again: a time in ms, or None for when it is woken."""


class Worker:
    """Runs one kind of work for as long as the engine lives."""

    def __init__(self, name: str, step: Step, now: Callable[[], int]) -> None:
        self.name = name
        self._step = step
        self._now = now
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=self.name)

    def wake(self) -> None:
        """There may be something to do now."""
        self._woken.set()

    async def stop(self) -> None:
        """Cancel the loop and wait for it to end."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                due = await self._step()
                delay = None if due is None else max(0.0, (due - self._now()) / 1000)
            except Exception:
                log.exception("%s failed; it goes on in %s s", self.name, AFTER_ERROR)
                delay = AFTER_ERROR
            try:
                await asyncio.wait_for(self._woken.wait(), min(LONGEST_SLEEP, delay) if delay is not None else None)
            except TimeoutError:
                continue
