"""Plays the terminal to a program in a pty: types, reads, keeps the screen, and notes when each byte arrived."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

ANSWERS: tuple[tuple[bytes, bytes], ...] = (
    (b"\x1b[c", b"\x1b[?62;22c"),
    (b"\x1b[?2026$p", b"\x1b[?2026;2$y"),
    (b"\x1b[?2048$p", b"\x1b[?2048;0$y"),
    (b"\x1b[?u", b""),
)
"""What an ordinary terminal with true colour answers to the queries that programs send."""

PRIVATE = re.compile(rb"\x1b\[[<>=?][0-9;]*[a-zA-Z]|\x1b\[[0-9;]*\$[a-z]|\x1b\[\?[0-9;]*\$[a-z]|\x1bP.*?\x1b\\|\x1b_.*?\x1b\\")
"""Sequences that the screen model does not know and would show as text."""


class Terminal:
    """A program in a pty of `columns` by `rows` cells; `environ` is added to a small clean environment."""

    def __init__(
        self, command: Sequence[str], *, columns: int = 120, rows: int = 36, environ: Mapping[str, str] | None = None
    ) -> None:
        self.columns, self.rows = columns, rows
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.output = bytearray()
        self.last_byte_at = 0.0
        clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV") if name in os.environ}
        clean |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"} | dict(environ or {})
        self.started_at = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], list(command), clean)
        self.resize(columns, rows)
        self._held = b""
        self.status: int | None = None

    def resize(self, columns: int, rows: int) -> None:
        """Change the size, as a person does who drags the window's corner."""
        self.columns, self.rows = columns, rows
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def type(self, text: str | bytes) -> None:
        """Send keys."""
        data = text.encode() if isinstance(text, str) else text
        while data:
            written = os.write(self.fd, data)
            data = data[written:]

    def read(self, timeout: float = 0.0) -> bytes:
        """What the program wrote within `timeout` seconds, at once where there is something; empty at its end."""
        ready, _, _ = select.select([self.fd], [], [], timeout)
        if not ready:
            return b""
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            data = b""
        if not data:
            self._reap()
            return b""
        self.last_byte_at = time.perf_counter()
        self.output += data
        self._answer(data)
        self._stream.feed(PRIVATE.sub(b"", data))
        return data

    def _answer(self, data: bytes) -> None:
        for query, answer in ANSWERS:
            if query in data and answer:
                self.type(answer)

    def _reap(self) -> None:
        if self.status is None:
            _, self.status = os.waitpid(self.pid, 0)

    @property
    def text(self) -> str:
        """The screen as lines of text."""
        return "\n".join(self.screen.display)

    def wait(self, seen: str | Callable[[str], bool], *, seconds: float = 30.0) -> float:
        """Read until the screen shows it; returns the seconds since the program was started.

        Raises AssertionError with the screen where it never comes.
        """
        test = seen if callable(seen) else (lambda text: re.search(seen, text) is not None)
        deadline = time.perf_counter() + seconds
        while True:
            if test(self.text):
                return time.perf_counter() - self.started_at
            left = deadline - time.perf_counter()
            if left <= 0 or self.status is not None:
                raise AssertionError(f"the screen never showed {seen!r}:\n{self.text}")
            self.read(min(left, 0.5))

    def settle(self, quiet: float = 0.25, *, seconds: float = 10.0) -> int:
        """Read until nothing has come for `quiet` seconds; returns the bytes read."""
        before, deadline = len(self.output), time.perf_counter() + seconds
        while time.perf_counter() < deadline and self.status is None:
            if not self.read(quiet):
                break
        return len(self.output) - before

    def press(self, key: str | bytes, *, quiet: float = 0.05) -> tuple[float, int]:
        """Send one key; the seconds until the last byte that it caused, and how many bytes that were."""
        before, began = len(self.output), time.perf_counter()
        self.last_byte_at = began
        self.type(key)
        while self.read(quiet):
            continue
        return self.last_byte_at - began, len(self.output) - before

    def cpu_seconds(self) -> float:
        """Processor time of the program so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def wakeups(self) -> int:
        """How often the program's threads were woken so far."""
        count = 0
        for status in Path(f"/proc/{self.pid}/task").glob("*/status"):
            match = re.search(r"^voluntary_ctxt_switches:\s+(\d+)", status.read_text(), re.M)
            count += int(match[1]) if match else 0
        return count

    def memory_mib(self) -> float:
        """Resident memory of the program."""
        match = re.search(r"^VmRSS:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text(), re.M)
        return int(match[1]) / 1024 if match else 0.0

    def end(self, *, seconds: float = 10.0) -> float:
        """Read until the program has ended; the seconds that took. Raises AssertionError where it does not end."""
        began = time.perf_counter()
        while self.status is None:
            if time.perf_counter() - began > seconds:
                raise AssertionError(f"the program did not end:\n{self.text}")
            self.read(0.1)
        return time.perf_counter() - began

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal to the program, if it is still there."""
        if self.status is None:
            os.kill(self.pid, number)

    def close(self) -> None:
        """End the program whatever it does, and give the pty back."""
        if self.status is None:
            self.kill()
            self._reap()
        os.close(self.fd)
