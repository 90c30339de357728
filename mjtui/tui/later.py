"""Doing something a little later, and once for many requests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Later:
    """Calls `do` once after it was asked for.

    With `settle` it waits until nobody asked for `delay` seconds; without, `delay` seconds from the first request.
    """

    def __init__(self, delay: float, do: Callable[[], object], *, settle: bool = False) -> None:
        self._delay = delay
        self._do = do
        self._settle = settle
        self._handle: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> bool:
        return self._handle is not None

    def ask(self) -> None:
        """Ask for it."""
        if self._handle is not None:
            if not self._settle:
                return
            self._handle.cancel()
        self._handle = asyncio.get_running_loop().call_later(self._delay, self._run)

    def now(self) -> None:
        """Do it at once if it was asked for."""
        if self._handle is not None:
            self._handle.cancel()
            self._run()

    def cancel(self) -> None:
        """Forget that it was asked for."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _run(self) -> None:
        self._handle = None
        self._do()
