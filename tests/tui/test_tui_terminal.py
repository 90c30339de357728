"""The program in a real terminal: however it ends, the terminal is as it was and the draft is kept."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mjtui.tui.lifecycle.signals import SIGNALS

LONG = 20.0
OPEN = """
import sys
from mjtui.engine import Options
from mjtui.paths import discover
from mjtui.tui.run import run
sys.exit(run(Options(paths=discover())))
"""


class Terminal:
    """A pseudo terminal with the program in it."""

    def __init__(self, home: Path) -> None:
        self.out = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            kept = {name: value for name, value in os.environ.items() if not name.startswith(("MJTUI_", "TMUX", "COV"))}
            facts = {"MJTUI_HOME": str(home), "TERM": "xterm-256color", "KIE_API_KEY": "a-key"}
            os.execve(
                sys.executable, [sys.executable, "-c", OPEN], kept | facts | {"MJTUI_API_URL": "http://127.0.0.1:9"}
            )
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.modes = termios.tcgetattr(self.fd)

    def read(self, seconds: float = 0.1) -> bytes:
        """What the program writes within some time."""
        got = b""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if not select.select([self.fd], [], [], left)[0]:
                break
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                break
            if not data:
                break
            got += data
        self.out += got
        return got

    def until(self, what: Callable[[], object]) -> None:
        end = time.monotonic() + LONG
        while not what():
            assert time.monotonic() < end, self.out[-2000:]
            self.read()

    def press(self, keys: bytes, shown: bytes) -> None:
        """Press keys, and wait until they show."""
        seen = len(self.out)
        os.write(self.fd, keys)
        self.until(lambda: shown in self.out[seen:])

    def end(self) -> int:
        """Read to the end; the exit code."""
        end = time.monotonic() + LONG
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.read(0.02)
            if pid:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
        raise AssertionError("it never ended")

    def left_on(self) -> set[str]:
        """The private modes that were switched on and never off."""
        state: dict[bytes, bytes] = dict(re.findall(rb"\x1b\[\?(\d+)([hl])", self.out))
        usual = {b"7": b"h", b"25": b"h"}
        return {mode.decode() for mode, value in state.items() if value != usual.get(mode, b"l")}

    def close(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    opened = Terminal(tmp_path)
    opened.until(lambda: b"write a prompt" in opened.out)
    yield opened
    opened.close()


def draft(home: Path) -> str:
    """The draft as the library has it, asked for as another sitting would."""
    from mjtui.engine import Handle, Options
    from mjtui.paths import under

    handle = Handle(Options(paths=under(home), watch=False))
    handle.start()
    try:
        kept = handle.ask(lambda engine: engine.draft()).result()
    finally:
        handle.stop()
    return kept.prompt if kept else ""


@pytest.mark.parametrize("way", [*SIGNALS, "ctrl+q"], ids=str)
def test_however_it_ends_the_terminal_is_as_it_was_and_the_draft_is_kept(terminal, tmp_path, way):
    terminal.press(b"z", b"z")
    if way == "ctrl+q":
        os.write(terminal.fd, b"\x11")
        assert terminal.end() == 0
    else:
        os.kill(terminal.pid, way)
        assert terminal.end() == 128 + way
    assert terminal.left_on() == set()
    assert terminal.out.count(b"\x1b[>") == terminal.out.count(b"\x1b[<u")
    assert termios.tcgetattr(terminal.fd) == terminal.modes
    assert draft(tmp_path) == "z"


def test_a_terminal_that_goes_away_takes_no_word_with_it(terminal, tmp_path):
    terminal.press(b"z", b"z")
    os.close(terminal.fd)
    os.waitpid(terminal.pid, 0)
    terminal.pid, terminal.fd = 0, os.open(os.devnull, os.O_RDONLY)
    assert draft(tmp_path) == "z"


def test_bytes_that_are_no_text_do_not_stop_the_keyboard(terminal):
    os.write(terminal.fd, b"\xff\xfe")
    terminal.press(b"z", b"z")


def test_alt_enter_is_no_new_line_where_alt_is_an_escape_before_the_key(terminal):
    terminal.press(b"\x1b\r", b"There is nothing to send yet")


def test_nothing_is_written_while_nothing_happens(terminal):
    while terminal.read(1.0):
        pass
    assert terminal.read(2.0) == b""
