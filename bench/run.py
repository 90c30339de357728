"""How fast mjtui is, as ratios to the floor program of the same run; prints a table.

    python bench/run.py [--rounds 5] [--library FOLDER]

`--library` is a home made by `bench/make_library.py`; without it an empty library is measured alone.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from driver import Terminal

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
IDLE_SECONDS = 8.0
TYPED = "a paper lighthouse at dusk, soft fog over a quiet sea, long exposure "


@dataclass
class Subject:
    """A program to measure: how to start it, what its first real screen shows, how it is left."""

    name: str
    command: list[str]
    ready: str
    leave: str
    environ: dict[str, str]

    def start(self) -> Terminal:
        return Terminal(self.command, columns=120, rows=36, environ=self.environ)


def ready(subject: Subject) -> dict[str, float]:
    """One run: ready and exit in ms, memory in MiB."""
    terminal = subject.start()
    try:
        seconds = terminal.wait(subject.ready)
        terminal.settle(0.4)
        memory = terminal.memory_mib()
        began = time.perf_counter()
        terminal.type(subject.leave)
        terminal.end()
        return {"ready ms": seconds * 1000, "exit ms": (time.perf_counter() - began) * 1000, "memory MiB": memory}
    finally:
        terminal.close()


def at_rest(subject: Subject) -> dict[str, float]:
    """What the program does when nobody does anything: bytes, processor time and wake-ups a second."""
    terminal = subject.start()
    try:
        terminal.wait(subject.ready)
        terminal.settle(2.0)
        before, cpu, woken = len(terminal.output), terminal.cpu_seconds(), terminal.wakeups()
        deadline = time.perf_counter() + IDLE_SECONDS
        while (left := deadline - time.perf_counter()) > 0:
            terminal.read(left)
        return {
            "idle bytes": len(terminal.output) - before,
            "idle CPU %": (terminal.cpu_seconds() - cpu) / IDLE_SECONDS * 100,
            "idle wake-ups/s": (terminal.wakeups() - woken) / IDLE_SECONDS,
        }
    finally:
        terminal.close()


def typing(subject: Subject) -> dict[str, float]:
    """Keys at about 30 a second: milliseconds from key to last byte, and bytes for each."""
    terminal = subject.start()
    try:
        terminal.wait(subject.ready)
        terminal.settle(1.0)
        seen = [terminal.press(key, quiet=0.033) for key in TYPED]
        times = sorted(seconds * 1000 for seconds, _ in seen)
        return {
            "key ms p50": statistics.median(times),
            "key ms p95": times[int(len(times) * 0.95)],
            "key bytes": statistics.median(count for _, count in seen),
        }
    finally:
        terminal.close()


def median(subject: Subject, measure: Callable[[Subject], dict[str, float]], rounds: int) -> dict[str, float]:
    """The median of each figure over several runs."""
    runs = [measure(subject) for _ in range(rounds)]
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def quick(command: list[str], rounds: int) -> float:
    """Milliseconds that a command takes, median."""
    times: list[float] = []
    for _ in range(rounds * 3):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def main() -> None:
    """Measure and print."""
    line = argparse.ArgumentParser(description=__doc__)
    line.add_argument("--rounds", type=int, default=5)
    line.add_argument("--library", type=Path)
    options = line.parse_args()
    home = Path(tempfile.mkdtemp(prefix="mjtui-bench-"))
    quiet = {"PYTHONPATH": str(ROOT), "MJTUI_HOME": str(home), "KIE_API_KEY": "bench", "MJTUI_API_URL": "http://127.0.0.1:9"}
    program = [sys.executable, "-m", "mjtui"]
    subjects = [
        Subject("floor", [sys.executable, str(HERE / "floor.py")], "paper lighthouse", "\x11", {}),
        Subject("mjtui, no jobs", program, "Compose", "\x11", quiet),
    ]
    if options.library:
        large = quiet | {"MJTUI_HOME": str(options.library)}
        subjects.append(Subject(f"mjtui, {options.library.name}", program, r"\d\d:\d\d", "\x11", large))
    try:
        rows: dict[str, dict[str, float]] = {}
        for subject in subjects:
            figures = median(subject, ready, options.rounds)
            figures |= typing(subject) | at_rest(subject)
            rows[subject.name] = figures
        names = list(rows["floor"])
        print(f"{'':18}" + "".join(f"{name:>17}" for name in names))
        for subject, figures in rows.items():
            print(f"{subject:18}" + "".join(f"{figures[name]:17.1f}" for name in names))
        for subject, figures in list(rows.items())[1:]:
            ratios = [f"{figures[n] / rows['floor'][n]:17.2f}" if rows["floor"][n] else f"{'':17}" for n in names]
            print(f"{'  : floor':18}" + "".join(ratios))
        version = quick([*program, "--version"], options.rounds)
        click = quick([sys.executable, "-c", "import click"], options.rounds)
        print(f"\nmjtui --version {version:.0f} ms, import click {click:.0f} ms, ratio {version / click:.2f} (bar 2.0)")
        print(f"on {os.cpu_count()} cores, Python {sys.version.split()[0]}; bars: ready 1.1 x floor, exit 120 ms, idle 0 bytes")
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
