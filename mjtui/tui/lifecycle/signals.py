"""Ending well when the machine says so: SIGTERM, and SIGHUP when the line drops."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import termios
import threading
from collections.abc import Callable
from typing import Any, Final

from mjtui.terminal.reset import RESET

PATIENCE: Final = 3.0
"""Seconds for an orderly end; a terminal that takes no bytes any more can hold one up for ever."""

SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP)


class LastResort:
    """Ends the process when its orderly end takes too long, and leaves the terminal as it was."""

    def __init__(self) -> None:
        self._timer: threading.Timer | None = None
        try:
            self._modes: list[Any] | None = termios.tcgetattr(sys.__stdin__.fileno()) if sys.__stdin__ else None
        except (termios.error, OSError, ValueError):
            self._modes = None

    def arm(self, status: int) -> None:
        """From now on there are a few seconds left."""
        if self._timer is None:
            self._timer = threading.Timer(PATIENCE, self._end, (status,))
            self._timer.daemon = True
            self._timer.start()

    def disarm(self) -> None:
        """The end was orderly."""
        if self._timer is not None:
            self._timer.cancel()

    def _end(self, status: int) -> None:
        if sys.__stdin__ is not None and sys.__stderr__ is not None:
            try:
                os.set_blocking(sys.__stderr__.fileno(), False)
                os.write(sys.__stderr__.fileno(), RESET)
                if self._modes is not None:
                    termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, self._modes)
            except (OSError, termios.error):
                os._exit(status)
        os._exit(status)


def listen(end: Callable[[int], object]) -> None:
    """Have `end` called, in the running event loop, with the number of the signal that asks for the end."""
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, end, int(number))
