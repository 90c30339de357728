"""An engine for the time of one command."""

from __future__ import annotations

import signal
from collections.abc import Awaitable, Callable
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from mjtui import logs, paths
from mjtui.cli.output import Progress, narrate
from mjtui.engine import EngineEvent, Handle, JobsChanged, Notice, Options
from mjtui.errors import MjtuiError

if TYPE_CHECKING:
    from mjtui.engine.engine import Engine

T = TypeVar("T")

TICK = 1.0
"""Seconds between two looks at how long work goes on."""


class Session:
    """Starts the engine, asks it for things, and stops it safely however the command ends.

    Without `work` only the library is opened. With `watch` the engine looks after running jobs by itself. `changed`
    gathers the ids of jobs that got new rows; `trouble` is what last stood between us and the service;
    `parting` is what is said where the person does not wait for the end.
    """

    def __init__(self, *, work: bool = True, watch: bool = False) -> None:
        self.changed: set[int] = set()
        self.trouble: Notice | None = None
        self.parting = ""
        self._work = work
        self._heard: list[Notice] = []
        self._progress = Progress()
        self._paths = paths.discover()
        self._handle = Handle(Options(paths=self._paths, watch=watch))
        self._handle.listen(self._hear)
        self._signals: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                self._signals[number] = signal.signal(number, _interrupt)
        self._log = logs.begin(self._paths.log)
        self._handle.start()
        if self._work:
            self._handle.serve()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._handle.stop()
        self._progress.clear()
        self._narrate(besides=error.sentences() if isinstance(error, MjtuiError) else "")
        logs.end(self._log)
        for number, handler in self._signals.items():
            signal.signal(number, handler)
        if isinstance(error, KeyboardInterrupt) and not error.args and self.parting:
            raise KeyboardInterrupt(self.parting) from None

    def ask(self, question: Callable[[Engine], Awaitable[T]], *, progress: Callable[[], str] | None = None) -> T:
        """The engine's answer; while it is awaited `progress` is shown and notices are said.

        Raises what the engine raises.
        """
        future = self._handle.ask(question)
        try:
            while True:
                try:
                    answer = future.result(timeout=TICK)
                except TimeoutError:
                    if future.done():
                        raise
                    self._narrate()
                    if progress is not None:
                        self._progress.show(progress())
                else:
                    return answer
        except KeyboardInterrupt:
            future.cancel()
            raise
        finally:
            if progress is not None:
                self._progress.clear()

    def check_settings(self) -> None:
        """Raise SettingsError where a setting is wrong: nothing is sent with a budget that was misspelt."""
        from mjtui.config import strict

        strict(self.ask(lambda engine: engine.loaded()))

    def mention_settings(self) -> None:
        """Say what is wrong with the settings, and go on with the defaults."""
        for problem in self.ask(lambda engine: engine.loaded()).problems:
            narrate(str(problem))

    def _hear(self, events: tuple[EngineEvent, ...]) -> None:
        for event in events:
            if isinstance(event, JobsChanged):
                self.changed |= event.ids
            elif isinstance(event, Notice):
                self._heard.append(event)

    def _narrate(self, besides: str = "") -> None:
        """Say what concerns the service as a whole, `besides` what is told as the end of the command anyway.

        What concerns a job is told with its outcome.
        """
        while self._heard:
            notice = self._heard.pop(0)
            if notice.job is None and notice.level != "info":
                self.trouble = notice
                self._progress.clear()
                if notice.text != besides:
                    narrate(notice.text)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """The end of a line or a polite kill is as Ctrl+C: what was sent still gets its answer."""
    raise KeyboardInterrupt
