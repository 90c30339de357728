"""How fast mjtui is, as ratios to the floor program of the same run; prints a table. Linux only.

    python bench/make_library.py large/data/library.db --jobs 1000000
    python bench/run.py [--rounds 7] [--library large]

| figure | what it is |
| --- | --- |
| ready | from starting the process to the last byte of the screen with real rows on it |
| exit | from ctrl+q to the end of the process, when it has come to rest |
| memory | resident, when it has come to rest |
| typing | from a key to the last byte that it causes, 30 keys a second, into the editor |
| move | the same for the down key in a list of rows |
| idle | bytes written, processor time and wake-ups in ten seconds in which nothing happens |

The terminal has 120 columns and 36 rows. The service is a simulator on this machine, which the figures leave out.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from driver import Terminal, Usage

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
TYPED = "a paper lighthouse at dusk, soft fog over a quiet sea, long exposure "
MOVES = 60
PER_SECOND = 30
REST_SECONDS = 2.0
IDLE_SECONDS = 10.0
LEAVE = "\x11"
DOWN = "\x1b[B"

Figures = dict[str, float]

# fmt: off
BARS: dict[str, tuple[str, float]] = {
    "ready ms": ("x floor", 1.1), "exit ms": ("", 120), "memory MiB": ("", 70),
    "typing p50 ms": ("", 6), "typing p95 ms": ("", 12), "typing bytes": ("", 2500),
    "move p50 ms": ("", 6), "move p95 ms": ("", 6), "move bytes": ("", 800),
    "idle bytes": ("", 0), "idle CPU %": ("", 0.3), "idle wake-ups/s": ("", 12),
}
# fmt: on


@dataclass(frozen=True)
class Subject:
    """A program to measure: how to start it, a pattern of its first real screen, and the keys that lead into a list."""

    name: str
    command: list[str]
    ready: str
    to_list: str
    environ: dict[str, str]

    @contextlib.contextmanager
    def running(self) -> Iterator[tuple[Terminal, float]]:
        """The program in its terminal, and the seconds until it was ready."""
        terminal = Terminal(self.command, environ=self.environ)
        try:
            yield terminal, terminal.wait(self.ready)
        finally:
            terminal.close()


def start_and_exit(subject: Subject) -> Figures:
    """Ready, memory and exit of one run."""
    with subject.running() as (terminal, seconds):
        terminal.watch(REST_SECONDS)
        memory = Usage(terminal.pid).memory_mib()
        began = time.perf_counter()
        terminal.type(LEAVE)
        terminal.end()
        return {"ready ms": seconds * 1000, "exit ms": (time.perf_counter() - began) * 1000, "memory MiB": memory}


def typing(subject: Subject) -> Figures:
    """Key to screen in the editor."""
    with subject.running() as (terminal, _):
        terminal.watch(REST_SECONDS)
        return keys(terminal, "typing", list(TYPED))


def moving(subject: Subject) -> Figures:
    """Key to screen in a list; nothing where the list has no rows."""
    if not subject.to_list:
        return dict.fromkeys(("move p50 ms", "move p95 ms", "move bytes"), float("nan"))
    with subject.running() as (terminal, _):
        terminal.watch(REST_SECONDS)
        terminal.type(subject.to_list)
        terminal.watch(REST_SECONDS)
        return keys(terminal, "move", [DOWN] * MOVES)


def keys(terminal: Terminal, what: str, pressed: list[str]) -> Figures:
    """Press keys at a steady pace and say what each caused before the next."""
    times: list[float] = []
    counts: list[int] = []
    for key in pressed:
        next_key_at = time.perf_counter() + 1 / PER_SECOND
        seconds, count = terminal.press(key, quiet=0.8 / PER_SECOND)
        times.append(seconds * 1000)
        counts.append(count)
        terminal.watch(max(0.0, next_key_at - time.perf_counter()))
    return {
        f"{what} p50 ms": statistics.median(times),
        f"{what} p95 ms": sorted(times)[int(len(times) * 0.95)],
        f"{what} bytes": statistics.median(counts),
    }


def idle(subject: Subject) -> Figures:
    """What the program does when nobody does anything."""
    with subject.running() as (terminal, _):
        terminal.watch(2 * REST_SECONDS)
        usage = Usage(terminal.pid)
        cpu, woken = usage.cpu_seconds(), usage.wakeups()
        written = terminal.watch(IDLE_SECONDS)
        return {
            "idle bytes": written,
            "idle CPU %": (usage.cpu_seconds() - cpu) / IDLE_SECONDS * 100,
            "idle wake-ups/s": (usage.wakeups() - woken) / IDLE_SECONDS,
        }


def medians(subjects: list[Subject], measure: Callable[[Subject], Figures], rounds: int) -> dict[str, Figures]:
    """The median of each figure; the subjects take turns, so that a busy moment of the machine meets all of them."""
    runs: dict[str, list[Figures]] = {subject.name: [] for subject in subjects}
    for _ in range(rounds):
        for subject in subjects:
            runs[subject.name].append(measure(subject))
    return {
        name: {figure: statistics.median(run[figure] for run in seen) for figure in seen[0]}
        for name, seen in runs.items()
    }


def quick(commands: list[list[str]], rounds: int) -> list[float]:
    """Milliseconds that commands take, in the median; they take turns."""
    times: list[list[float]] = [[] for _ in commands]
    for _ in range(rounds):
        for command, seen in zip(commands, times, strict=True):
            began = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
            seen.append((time.perf_counter() - began) * 1000)
    return [statistics.median(seen) for seen in times]


@contextlib.contextmanager
def simulator() -> Iterator[dict[str, str]]:
    """A service on this machine; gives the environment in which mjtui finds it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mjtui.simulator", "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        facts = json.loads(process.stdout.readline())
        yield {"KIE_API_KEY": facts["key"], "MJTUI_API_URL": facts["url"], "MJTUI_UPLOAD_URL": facts["upload_url"]}
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait()


def print_table(rows: dict[str, Figures]) -> None:
    """One line per figure: every subject, its ratio to the floor, the bar, and whether it is kept."""
    floor, *others = rows
    print(f"{'':18}{floor:>12}" + "".join(f"{name:>14}{'x floor':>9}" for name in others) + f"{'bar':>14}")
    for figure, base in rows[floor].items():
        cells = [f"{figure:18}{base:12.1f}"]
        unit, bar = BARS[figure]
        for name in others:
            value = rows[name][figure]
            ratio = value / base if base else float("nan")
            missed = (ratio if unit else value) > bar
            cells.append(f"{value:13.1f}{'!' if missed else ' '}" + (f"{ratio:9.2f}" if base else f"{'':9}"))
        print("".join(cells) + f"{f'{bar:g} {unit}'.strip():>14}")


def main() -> None:
    """Measure and print."""
    line = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    line.add_argument("--rounds", type=int, default=7)
    line.add_argument("--library", type=Path, metavar="HOME", help="an MJTUI_HOME with a large library")
    options = line.parse_args()
    empty = Path(tempfile.mkdtemp(prefix="mjtui-bench-"))
    program = [sys.executable, "-m", "mjtui"]
    try:
        with simulator() as service:
            home = {"PYTHONPATH": str(ROOT), "MJTUI_HOME": str(empty)} | service
            subjects = [
                Subject("floor", [sys.executable, str(HERE / "floor.py")], r"14:\d\d", "\t\t", {}),
                Subject("empty", program, "Nothing", "", home),
            ]
            if options.library:
                large = home | {"MJTUI_HOME": str(options.library.absolute())}
                subjects.append(Subject("large", program, r"\d (cr|saved)", "\x1b4", large))
            rows = medians(subjects, start_and_exit, options.rounds)
            for measure in (typing, moving, idle):
                for name, figures in medians(subjects, measure, 1 if measure is idle else 3).items():
                    rows[name] |= figures
        print_table(rows)
        version, click = quick([[*program, "--version"], [sys.executable, "-c", "import click"]], 3 * options.rounds)
        print(f"\nmjtui --version {version:.0f} ms, import click {click:.0f} ms, ratio {version / click:.2f} (bar 2)")
        print(
            f"! misses its bar. {os.cpu_count()} cores, Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f}"
        )
    finally:
        shutil.rmtree(empty, ignore_errors=True)


if __name__ == "__main__":
    main()
