"""Gathers what changed and tells it a few times a second, so that a busy engine never floods a slow screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from mjtui.engine.events import EngineEvent, JobsChanged, Notice

INTERVAL = 0.05
"""Seconds between two batches; the first change after a quiet time is told at once."""


class Publisher:
    """Collects changes of jobs, notices and single events into batches."""

    def __init__(self, tell: Callable[[tuple[EngineEvent, ...]], None]) -> None:
        self._tell = tell
        self._jobs: set[int] = set()
        self._all = False
        self._others: list[EngineEvent] = []
        self._pending: asyncio.TimerHandle | None = None
        self._last = 0.0
        self._waiters: set[asyncio.Event] = set()

    def jobs(self, *ids: int) -> None:
        """These jobs have new rows; none named means that any of them may have."""
        self._jobs.update(ids)
        self._all = self._all or not ids
        self._schedule()

    def notice(self, notice: Notice) -> None:
        self._others.append(notice)
        self._schedule()

    def event(self, event: EngineEvent) -> None:
        """Tell an event of which only the newest of its type matters."""
        self._others = [other for other in self._others if type(other) is not type(event)]
        self._others.append(event)
        self._schedule()

    def changes(self) -> asyncio.Event:
        """An event that is set with each batch; to be given back with `ignore`."""
        waiter = asyncio.Event()
        self._waiters.add(waiter)
        return waiter

    def ignore(self, waiter: asyncio.Event) -> None:
        self._waiters.discard(waiter)

    def _schedule(self) -> None:
        if self._pending is None:
            loop = asyncio.get_running_loop()
            self._pending = loop.call_at(max(loop.time(), self._last + INTERVAL), self.flush)

    def flush(self) -> None:
        """Tell everything that has gathered."""
        if self._pending is not None:
            self._pending.cancel()
            self._pending = None
        self._last = asyncio.get_running_loop().time()
        batch: list[EngineEvent] = []
        if self._jobs or self._all:
            batch.append(JobsChanged(frozenset() if self._all else frozenset(self._jobs)))
        batch += self._others
        self._jobs.clear()
        self._all = False
        self._others = []
        if batch:
            self._tell(tuple(batch))
            for waiter in self._waiters:
                waiter.set()
