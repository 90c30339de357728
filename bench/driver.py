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
from typing import Any

import pyte

Answers = tuple[tuple[bytes, bytes], ...]

PLAIN: Answers = (
    (b"\x1b[c", b"\x1b[?62;22c"),
    (b"\x1b[?2026$p", b"\x1b[?2026;2$y"),
    (b"\x1b[?2048$p", b"\x1b[?2048;0$y"),
)
"""What an ordinary terminal answers to the queries that programs send."""

MODERN: Answers = (
    (b"\x1b[c", b"\x1b[?62;22c"),
    (b"\x1b[?2026$p", b"\x1b[?2026;2$y"),
    (b"\x1b[?2048$p", b"\x1b[?2048;2$y"),
    (b"\x1b[?u", b"\x1b[?0u"),
)
"""What a terminal answers that reports its size in-band, which makes Textual ask for the mouse in pixels."""

PRIVATE = re.compile(
    rb"\x1b\[[<>=?][0-9;]*[a-zA-Z]|\x1b\[[?]?[0-9;]*\$[a-z]|\x1b\[\d+;\d+t|\x1bP.*?\x1b\\|\x1b_.*?\x1b\\", re.S
)
"""Sequences that the screen model does not know and would show as text or stumble over."""

UNFINISHED = re.compile(rb"\x1b(\[[<>=?]?[0-9;]*\$?|[P_][^\x1b]*\x1b?)?\Z")
"""The beginning of a sequence whose end is in the next read."""

MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])|\x1b\[([<>])\d*u")


class Terminal:
    """A program in a pty of `columns` by `rows` cells; `environ` is added to a small clean environment."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 36,
        environ: Mapping[str, str] | None = None,
        answers: Answers = PLAIN,
    ) -> None:
        self.columns, self.rows = columns, rows
        self.screen = pyte.Screen(columns, rows)
        self.output = bytearray()
        self.last_byte_at = 0.0
        self.status: int | None = None
        self._stream = pyte.ByteStream(self.screen)
        self._held = b""
        self._answers = answers
        clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV") if name in os.environ}
        clean |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"} | dict(environ or {})
        # The program waits for its go, so that it never sees another size than the one asked for.
        wait, go = os.pipe()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.close(go)
            os.read(wait, 1)
            os.execvpe(command[0], list(command), clean)
        os.close(wait)
        self.resize(columns, rows)
        self.modes_before: list[Any] = termios.tcgetattr(self.fd)
        self.started_at = time.perf_counter()
        os.close(go)

    def resize(self, columns: int, rows: int) -> None:
        """Change the size, as a person does who drags the window's corner."""
        self.columns, self.rows = columns, rows
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def type(self, text: str | bytes) -> None:
        """Send keys; reads meanwhile, so that a program that writes much and reads little holds nobody up."""
        data = text.encode() if isinstance(text, str) else text
        while data and self.status is None:
            ready, free, _ = select.select([self.fd], [self.fd], [], 5.0)
            if ready:
                self._take()
            if free:
                data = data[os.write(self.fd, data[:512]) :]

    def read(self, timeout: float = 0.0) -> bytes:
        """What the program wrote within `timeout` seconds, at once where there is something; empty at its end."""
        ready, _, _ = select.select([self.fd], [], [], timeout)
        return self._take() if ready else b""

    def _take(self) -> bytes:
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            data = b""
        if not data:
            self._reap()
            return b""
        self.last_byte_at = time.perf_counter()
        self.output += data
        shown = self._held + data
        unfinished = UNFINISHED.search(shown)
        self._held = shown[unfinished.start() :] if unfinished else b""
        shown = shown[: len(shown) - len(self._held)]
        self._stream.feed(PRIVATE.sub(b"", shown))
        for query, answer in self._answers:
            if query in shown:
                self.type(answer)
        return data

    def _reap(self) -> None:
        if self.status is None:
            _, self.status = os.waitpid(self.pid, 0)

    @property
    def text(self) -> str:
        """The screen as lines of text."""
        return "\n".join(self.screen.display)

    @property
    def modes(self) -> dict[str, bool]:
        """Every private mode that the program touched, by its number, and whether it is on; `kitty` counts as one."""
        modes: dict[str, bool] = {}
        for match in MODE.finditer(self.output):
            if match[3]:
                modes["kitty"] = match[3] == b">"
            else:
                modes |= dict.fromkeys(match[1].decode().split(";"), match[2] == b"h")
        return modes

    def wait(self, seen: str | Callable[[str], bool], *, seconds: float = 30.0) -> float:
        """Read until the screen shows it, a pattern or what a function finds; returns the seconds since the start.

        Raises AssertionError with the screen where it never comes.
        """
        test = seen if callable(seen) else (lambda text: re.search(seen, text) is not None)
        deadline = time.perf_counter() + seconds
        while not test(self.text):
            left = deadline - time.perf_counter()
            if left <= 0 or self.status is not None:
                raise AssertionError(f"the screen never showed {seen!r}:\n{self.text}")
            self.read(min(left, 0.5))
        return max(self.last_byte_at, self.started_at) - self.started_at

    def settle(self, quiet: float = 0.25, *, seconds: float = 10.0) -> int:
        """Read until nothing has come for `quiet` seconds; returns the bytes read."""
        before, deadline = len(self.output), time.perf_counter() + seconds
        while time.perf_counter() < deadline and self.status is None:
            if not self.read(quiet):
                break
        return len(self.output) - before

    def watch(self, seconds: float) -> int:
        """Read for so long, whatever comes; returns the bytes read. Raises AssertionError where the program ends."""
        before, deadline = len(self.output), time.perf_counter() + seconds
        while (left := deadline - time.perf_counter()) > 0:
            self.read(left)
            self._must_run()
        return len(self.output) - before

    def press(self, key: str | bytes, *, quiet: float = 0.05) -> tuple[float, int]:
        """Send one key; the seconds until the last byte that it caused, and how many bytes that were.

        Raises AssertionError where the program ends.
        """
        before, began = len(self.output), time.perf_counter()
        self.last_byte_at = began
        self.type(key)
        while self.read(quiet):
            continue
        self._must_run()
        return self.last_byte_at - began, len(self.output) - before

    def _must_run(self) -> None:
        if self.status is not None:
            raise AssertionError(f"the program ended with {self.exit_code}:\n{self.text}")

    def end(self, *, seconds: float = 10.0) -> float:
        """Read until the program has ended; the seconds that took. Raises AssertionError where it does not end."""
        began = time.perf_counter()
        while self.status is None:
            if time.perf_counter() - began > seconds:
                raise AssertionError(f"the program did not end:\n{self.text}")
            self.read(0.1)
        return time.perf_counter() - began

    @property
    def exit_code(self) -> int | None:
        """The exit code of the program, minus the signal that ended it, or None while it runs."""
        return None if self.status is None else os.waitstatus_to_exitcode(self.status)

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal to the program, if it is still there."""
        if self.status is None:
            os.kill(self.pid, number)

    def hang_up(self, *, seconds: float = 10.0) -> int:
        """Take the terminal away, as a dropped line does; returns the exit code. Raises AssertionError as `end`."""
        os.close(self.fd)
        self.fd = -1
        deadline = time.perf_counter() + seconds
        while self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = status
            elif time.perf_counter() > deadline:
                raise AssertionError("the program goes on without a terminal")
            else:
                time.sleep(0.01)
        return os.waitstatus_to_exitcode(self.status)

    def close(self) -> None:
        """End the program whatever it does, and give the pty back."""
        if self.status is None:
            self.kill()
            self._reap()
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


class Usage:
    """What a process takes from the machine; Linux only."""

    def __init__(self, pid: int) -> None:
        self._process = Path(f"/proc/{pid}")

    def cpu_seconds(self) -> float:
        """Processor time of the threads that are there, to the nanosecond."""
        runs = (int(file.read_text().split()[0]) for file in self._process.glob("task/*/schedstat"))
        return sum(runs) / 1e9

    def wakeups(self) -> int:
        """How often the threads that are there slept and were woken."""
        found = (self._number("voluntary_ctxt_switches", file) for file in self._process.glob("task/*/status"))
        return int(sum(found))

    def memory_mib(self) -> float:
        """Resident memory, pages shared with other processes included."""
        return self._number("VmRSS", self._process / "status") / 1024

    @staticmethod
    def _number(name: str, file: Path) -> float:
        match = re.search(rf"^{name}:\s+(\d+)", file.read_text(), re.M)
        return float(match[1]) if match else 0.0
