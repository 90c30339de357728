"""Kills the engine with SIGKILL in the middle of its work, starts it again, and counts what was paid twice or lost.

    python bench/crashes.py                      each named point, at its first time and at its last
    python bench/crashes.py --random 300         and so many more at random steps of the event loop and random times
    python bench/crashes.py --sleep              stops it with SIGSTOP instead, and wakes it when the other is done
    python bench/crashes.py --json               the table as JSON, for the test

A run sends one job with a reference image, is killed, and is followed by a second process that finds what was left and
finishes it. The service is the simulator; its own ledger says what was charged. The exit code is 1 where anything was
charged twice, lost or left behind.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx
from crash_child import Kill, Scene, first, second
from PIL import Image

AT_ONCE = 2
LONGEST = 120
NAP = 6.0
"""Seconds for what the second process can do while the first one sleeps, perhaps with the library locked."""

SEED = 5

GROUPS = {
    "submit": ("plan_job", "claim_planned", "move", "turn", "send", "upload", "credits", "balance"),
    "poll": ("look", "succeed"),
    "download": ("picture", "transfer", "receive", "piece", "file", "place", "rename", "fsync", "validator"),
}


@dataclass
class Line:
    """One line of the table."""

    where: str
    kills: int = 0
    charges_doubled: int = 0
    jobs_lost: int = 0
    pictures_lost: int = 0
    stuck: int = 0
    unknown: int = 0
    problems: list[str] = field(default_factory=list[str])

    @property
    def bad(self) -> bool:
        return bool(self.problems)


@dataclass
class Run:
    """One kill and what was found afterwards."""

    name: str
    where: str
    scene: Scene
    killed: bool
    report: dict[str, Any]

    @property
    def acknowledged(self) -> bool:
        return (Path(self.scene.home) / "acknowledged").exists()


class Theatre:
    """A simulator, a server of warm processes, and a folder for the homes of the runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.image = folder / "reference.png"
        Image.new("RGB", (48, 48), "orange").save(self.image)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["crash_child", "mjtui.engine.work"])
        self._simulator = subprocess.Popen(
            [
                *(sys.executable, "-m", "mjtui.simulator", "--until-stdin-closes", "--seconds", "0.02-0.05"),
                *("--balance", "10000000", "--switches", "creates-per-window=1000000"),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._simulator.stdout is not None
        facts = json.loads(self._simulator.stdout.readline())
        self.url, self.key = facts["url"], facts["key"]

    def close(self) -> None:
        assert self._simulator.stdin is not None
        self._simulator.stdin.close()
        self._simulator.wait()

    def ask(self, what: str) -> Any:
        return httpx.get(f"{self.url}/_simulator/{what}", timeout=30).json()

    def rehearse(self) -> dict[str, Any]:
        """Which points a run without a kill reaches, how often, and in how many steps of its loop."""
        scene = self._scene("rehearsal")
        seen = Path(scene.home) / "seen"
        self._play(first, scene, None, str(seen))
        return json.loads(seen.read_text())

    def run(self, name: str, where: str, kill: Kill) -> Run:
        """Kill a process at this point, and let another one finish the work."""
        scene = self._scene(name)
        report = Path(scene.home) / "report"
        seen = str(Path(scene.home) / "seen")
        if kill.sleep:
            killed = self._put_to_sleep(scene, kill, seen, report)
        else:
            killed = self._play(first, scene, kill, seen) == -signal.SIGKILL
        report.unlink(missing_ok=True)
        self._play(second, scene, str(report))
        found = json.loads(report.read_text()) if report.exists() else {"stuck": True, "jobs": []}
        return Run(name, where, scene, killed, found)

    def _put_to_sleep(self, scene: Scene, kill: Kill, seen: str, report: Path) -> bool:
        """Stop a process at its point, let the other one do what it can, and wake the first; False where none stopped.

        The first one has to end by itself then.
        """
        sleeper = self._context.Process(target=first, args=(scene, kill, seen))
        sleeper.start()
        slept = _stopped(sleeper)
        if slept:
            self._play(second, scene, str(report), NAP)
            os.kill(sleeper.pid or 0, signal.SIGCONT)
        sleeper.join(LONGEST)
        if sleeper.exitcode is None:
            sleeper.kill()
            sleeper.join()
        return slept

    def _scene(self, name: str) -> Scene:
        home = tempfile.mkdtemp(dir=self.folder)
        return Scene(home, self.url, self.key, f"a paper lighthouse, {Path(home).name}", str(self.image))

    def _play(self, act: Any, *args: Any) -> int | None:
        process = self._context.Process(target=act, args=args)
        process.start()
        process.join(LONGEST)
        if process.exitcode is None:
            process.kill()
            process.join()
        return process.exitcode


def _stopped(process: Any) -> bool:
    """Wait until a process is stopped (True) or has ended."""
    while process.exitcode is None:
        if Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T":
            return True
        time.sleep(0.02)
    return False


def named(reached: dict[str, int], *, first_only: bool, sleep: bool) -> Iterable[tuple[str, str, Kill]]:
    """Each point at its first time, and at its last where that is another.

    A process that sleeps within a transaction locks the library for as long, whatever anybody does: nothing to see.
    """
    for point, times in reached.items():
        if sleep and point == "before commit":
            continue
        for nth in sorted({1} if first_only else {1, times}):
            yield f"{point} ({nth})", f"{group(point)}: named points", Kill(point=point, nth=nth, sleep=sleep)


def at_random(count: int, steps: int, seconds: float) -> Iterable[tuple[str, str, Kill]]:
    """Half of them at steps of the event loop, half of them at times."""
    chance = random.Random(SEED)
    for number in range(count):
        if number % 2:
            step = chance.randint(1, steps)
            yield f"step {step}", "random steps of the event loop", Kill(step=step)
        else:
            after = chance.uniform(0.001, seconds)
            yield f"after {after:.3f} s", "random times", Kill(seconds=after)


def group(point: str) -> str:
    for name, words in GROUPS.items():
        if any(word in point for word in words):
            return name
    return "all"


def judge(runs: Iterable[Run], theatre: Theatre) -> list[Line]:
    """The table, from what the runs left and what the simulator's ledger says."""
    prompts = {task["id"]: str(task["params"].get("prompt")) for task in theatre.ask("tasks")}
    charged = Counter(prompts[charge["task_id"]] for charge in theatre.ask("ledger") if charge["amount"] > 0)
    lines: dict[str, Line] = {}
    for run in runs:
        line = lines.setdefault(run.where, Line(run.where))
        line.kills += run.killed
        charges = charged[run.scene.prompt]
        doubled = max(0, charges - 1)
        lost = _jobs_lost(run, charges)
        pictures = sum(_pictures_lost(job) for job in run.report["jobs"]) + len(_left_over(run))
        line.charges_doubled += doubled
        line.jobs_lost += lost
        line.pictures_lost += pictures
        line.stuck += run.report["stuck"]
        line.unknown += sum(job["state"] == "unknown" for job in run.report["jobs"])
        if doubled or lost or pictures or run.report["stuck"]:
            line.problems.append(f"{run.name}: {charges} charges, {_left_over(run)}, {run.report}")
    return sorted(lines.values(), key=lambda line: line.where)


def _jobs_lost(run: Run, charges: int) -> int:
    """1 where the intent or what was paid for is not in the library, or is unknown though the answer was kept."""
    jobs = run.report["jobs"]
    if not jobs:
        return int(run.acknowledged or charges > 0)
    [job] = jobs
    settled = job["state"] == "succeeded"
    in_doubt = job["state"] == "unknown" and "submitting" in job["log"] and "accepted" not in job["log"]
    return int(not (settled or in_doubt))


def _pictures_lost(job: dict[str, Any]) -> int:
    if job["state"] != "succeeded":
        return 0
    missing = 0 if job["pictures"] else 4
    return missing + sum(not _whole(picture) for picture in job["pictures"])


def _whole(picture: dict[str, Any]) -> bool:
    path = Path(picture["path"])
    if picture["state"] != "saved" or not path.is_file():
        return False
    if hashlib.sha256(path.read_bytes()).hexdigest() != picture["sha256"]:
        return False
    with Image.open(path) as image:
        image.load()
    return True


def _left_over(run: Run) -> list[str]:
    """Files in the picture folder that no picture of the library names."""
    known = {picture["path"] for job in run.report["jobs"] for picture in job["pictures"]}
    folder = Path(run.scene.home) / "pictures"
    return sorted(str(path) for path in folder.iterdir() if str(path) not in known) if folder.exists() else []


def show(lines: list[Line]) -> None:
    print("| killed at | kills | charged twice | jobs lost | pictures lost | stuck | left to the person (unknown) |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for line in lines:
        cells = (line.kills, line.charges_doubled, line.jobs_lost, line.pictures_lost, line.stuck, line.unknown)
        print(f"| {line.where} | {' | '.join(map(str, cells))} |")
        for problem in line.problems:
            print(f"    {problem}", file=sys.stderr)


def main() -> int:
    line = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    line.add_argument("--random", type=int, default=0, metavar="N", help="so many kills more at random")
    line.add_argument("--first-only", action="store_true", help="each named point once")
    line.add_argument("--sleep", action="store_true", help="stop the process instead, and wake it later")
    line.add_argument("--only", default="", metavar="TEXT", help="only points with this in their name")
    line.add_argument("--json", action="store_true", help="print the table as JSON")
    options = line.parse_args()
    with tempfile.TemporaryDirectory(prefix="mjtui-crashes-") as folder:
        theatre = Theatre(Path(folder))
        try:
            known = theatre.rehearse()
            kills = [
                kill
                for kill in named(known["reached"], first_only=options.first_only, sleep=options.sleep)
                if options.only in kill[0]
            ]
            kills += at_random(options.random, known["steps"], 0.8)
            with ThreadPoolExecutor(AT_ONCE) as pool:
                runs = list(pool.map(lambda kill: theatre.run(*kill), kills))
            lines = judge(runs, theatre)
        finally:
            theatre.close()
    if options.json:
        print(json.dumps([asdict(line) for line in lines], indent=2))
    else:
        show(lines)
    return int(any(line.bad for line in lines))


if __name__ == "__main__":
    sys.exit(main())
