"""The terminal driver: Textual's, with an input thread that ends at once, sleeps in between, and bears bad bytes."""

from __future__ import annotations

import os
import selectors
from codecs import getincrementaldecoder
from contextlib import suppress
from typing import Any, Final

from textual._parser import ParseError
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from mjtui.tui.lifecycle.keys import KeyParser
from mjtui.tui.messages import HangUp

TICK: Final = 0.1
"""Seconds between two looks at whether an escape key is one or begins a sequence; only after something was typed."""

QUIET_TICKS: Final = 3


class Driver(LinuxDriver):
    """Reads keys until it is told to stop by a byte in a pipe, where Textual looks for the end ten times a second."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)  # pyright: ignore[reportUnknownMemberType]
        self._wake: tuple[int, int] | None = None

    def start_application_mode(self) -> None:
        self._wake = os.pipe()
        super().start_application_mode()

    def write(self, data: str) -> None:
        """Write, unless the terminal is gone: the queue of a writer that has ended would fill up and hold up all."""
        if self._writing:
            super().write(data)

    def close(self) -> None:
        if self._writing:
            super().close()

    @property
    def _writing(self) -> bool:
        return self._writer_thread is not None and self._writer_thread.is_alive()

    def disable_input(self) -> None:
        if self._wake is not None:
            # The exit event first, so that the thread sees it when it wakes up.
            self.exit_event.set()
            os.write(self._wake[1], b".")
            if self._key_thread is not None:
                self._key_thread.join()
            self.exit_event.clear()
            for end in self._wake:
                os.close(end)
            self._wake = None
            self._key_thread = None
        super().disable_input()

    def _disable_mouse_support(self) -> None:
        if self._mouse_pixels:
            self.write("\x1b[?1016l")
        super()._disable_mouse_support()

    def run_input_thread(self) -> None:
        """Read keys and post them, until there is a byte in the pipe or the terminal is gone."""
        assert self._wake is not None
        selector = selectors.DefaultSelector()
        selector.register(self.fileno, selectors.EVENT_READ)
        selector.register(self._wake[0], selectors.EVENT_READ)
        parser = KeyParser()
        decode = getincrementaldecoder("utf-8")("replace").decode
        quiet = QUIET_TICKS
        try:
            while not self.exit_event.is_set():
                ready = selector.select(TICK if quiet < QUIET_TICKS else None)
                quiet += 1
                if any(key.fd == self.fileno for key, _ in ready):
                    quiet = 0
                    data = os.read(self.fileno, 4096)
                    if not data:
                        self.send_message(HangUp())
                        return
                    # Half a letter is no text yet, and no text is how the parser is told of the end.
                    if text := decode(data):
                        for message in parser.feed(text):
                            self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)
        except OSError:
            # The terminal is gone: EIO is how Linux says so on the last read.
            self.send_message(HangUp())
        finally:
            selector.close()
            with suppress(EOFError, ParseError):
                list(parser.feed(""))
