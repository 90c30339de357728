"""News of the engine, made into fresh rows on the screen: read when something changed, a few times a second at most."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from mjtui.engine import EngineEvent, Job, JobsChanged, Notice, Status
from mjtui.errors import LibraryError
from mjtui.tui.later import Later
from mjtui.tui.opening import expectations

if TYPE_CHECKING:
    from mjtui.engine.engine import Engine
    from mjtui.tui.screens.studio import Studio

EVERY: Final = 0.2
"""Seconds between two readings of rows while much is going on."""


class Feed:
    """Takes batches of events for the Studio."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._changed: set[int] = set()
        self._any = False
        self._reading = False
        self._later = Later(EVERY, self._start)

    def take(self, events: Iterable[EngineEvent]) -> None:
        """Show what these events tell, and read again the rows that they say have changed."""
        for event in events:
            match event:
                case JobsChanged(ids):
                    self._changed |= ids
                    self._any = self._any or not ids
                case Status():
                    self._studio.show_status(event)
                case Notice():
                    self._studio.show_notice(event)
        if (self._changed or self._any) and not self._reading:
            if self._later.waiting:
                return
            self._start()
            self._later.ask()

    def stop(self) -> None:
        """Read nothing any more."""
        self._later.cancel()

    def _start(self) -> None:
        if (self._changed or self._any) and not self._reading and self._studio.is_attached:
            self._reading = True
            self._studio.run_worker(self._read(), group="feed")

    async def _read(self) -> None:
        studio, changed, any_ = self._studio, self._changed, self._any
        self._changed, self._any = set(), False
        interest = {job_id for job_id in (studio.job.id if studio.job else None, *studio.sent) if job_id is not None}

        async def rows(engine: Engine) -> tuple[list[Job], dict[int, float], list[Job], Status]:
            tasks = await engine.tasks()
            watched = interest if any_ else interest & changed
            return (
                tasks,
                await expectations(engine, tasks),
                await engine.jobs(watched) if watched else [],
                await engine.status(),
            )

        try:
            tasks, expected, watched, status = await studio.ask(rows)
        except LibraryError as error:
            studio.say(error.sentences(), "error")
            return
        finally:
            self._reading = False
        studio.show_rows(tasks, expected, watched)
        studio.show_status(status)
        if self._changed or self._any:
            self._later.ask()
