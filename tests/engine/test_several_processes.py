"""Two apps, a waiting command line and cron's sync on one library: nothing is done twice, and a death delays little."""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from mjtui.paths import under

APP = """
import sys
from mjtui import paths
from mjtui.api import limits, service
from mjtui.engine import Handle, Options
from mjtui.prompt.draft import Draft

service.Limits = lambda: limits.Limits(creates=limits.within(1000, 1.0, burst=500))
handle = Handle(Options(paths=paths.discover()))
handle.start()
handle.serve()
name, count = sys.argv[1], int(sys.argv[2])
for number in range(count):
    job = handle.ask(lambda engine: engine.send(Draft(prompt=f"{name} {number}"))).result(60)
    print(job.id, flush=True)
sys.stdin.read()
handle.stop()
"""

DEAD_OWNER_NOTICED = 15.0
"""Seconds: the others look for dead owners every ten, and then do their work."""


class House:
    """One home, one service, and the processes that share them."""

    def __init__(self, home: Path, simulator: Any) -> None:
        self.paths = under(home)
        self.simulator = simulator
        self.environ = os.environ | {
            "MJTUI_HOME": str(home),
            "KIE_API_KEY": simulator.key,
            "MJTUI_API_URL": simulator.url,
            "MJTUI_UPLOAD_URL": simulator.url,
        }

    def start(self, *command: str) -> subprocess.Popen[str]:
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([sys.executable, *command], env=self.environ, text=True, **pipes)

    def app(self, name: str, count: int) -> subprocess.Popen[str]:
        return self.start("-c", APP, name, str(count))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        library = sqlite3.connect(self.paths.library)
        try:
            return library.execute(sql).fetchall()
        finally:
            library.close()

    def asked(self, path: str) -> Counter[str]:
        return Counter(seen["path"] for seen in self.simulator.requests() if path in seen["path"])


@pytest.fixture
def house(simulate, tmp_path):
    simulator = simulate("--seconds", "0.5-2", "--switches", "creates-per-window=100000")
    return House(tmp_path, simulator)


def sent(app: subprocess.Popen[str], count: int) -> list[str]:
    """The ids of the jobs that an app says it has sent."""
    assert app.stdout is not None
    return [app.stdout.readline().strip() for _ in range(count)]


def end(*processes: subprocess.Popen[str]) -> None:
    for process in processes:
        process.communicate(timeout=60)


def assert_all_saved(house: House) -> None:
    for path, sha256 in house.rows("SELECT path, sha256 FROM pictures"):
        assert hashlib.sha256(Path(path).read_bytes()).hexdigest() == sha256
    assert not list(house.paths.pictures.glob("*.part*"))


@pytest.mark.parametrize("jobs", [10, pytest.param(100, marks=pytest.mark.slow)])
def test_four_processes_share_the_work_and_double_none_of_it(house, jobs):
    apps = [house.app("first", jobs // 2), house.app("second", jobs // 2)]
    ids = [job for app in apps for job in sent(app, jobs // 2)]
    waiting = house.start("-m", "mjtui", "wait", *ids)
    sync = house.start("-m", "mjtui", "sync", "--wait")
    _, said = waiting.communicate(timeout=180)
    assert waiting.returncode == 0, said
    sync.communicate(timeout=60)
    assert sync.returncode == 0
    end(*apps)

    assert house.rows("SELECT state, count(*) FROM jobs GROUP BY state") == [("succeeded", jobs)]
    assert house.rows("SELECT state, count(*) FROM pictures GROUP BY state") == [("saved", 4 * jobs)]
    assert len(house.simulator.ledger()) == jobs
    fetched = house.asked("/m/")
    assert len(fetched) == 4 * jobs
    assert set(fetched.values()) == {1}, "a picture was fetched twice"
    [[looks]] = house.rows("SELECT sum(looks) FROM jobs")
    assert sum(house.asked("record-info").values()) <= looks + jobs, "a job was looked at by two at once"
    assert_all_saved(house)


def test_the_death_of_one_process_delays_its_work_by_no_more_than_its_claims(house):
    house.simulator.faults("file:drip=0.02:always")
    doomed, heir = house.app("doomed", 4), house.app("heir", 0)
    sent(doomed, 4)
    deadline = time.monotonic() + 60
    while not house.rows("SELECT 1 FROM pictures WHERE lease_owner LIKE '%:" + f"{doomed.pid}:%'"):
        assert time.monotonic() < deadline, "it never began to download"
        time.sleep(0.05)
    doomed.send_signal(signal.SIGKILL)
    end(doomed)
    killed = time.monotonic()
    left = "SELECT 1 FROM jobs WHERE state = 'running' UNION ALL SELECT 1 FROM pictures WHERE state = 'due'"
    while house.rows(left):
        assert time.monotonic() - killed < DEAD_OWNER_NOTICED + 45, "what the dead one held is stuck"
        time.sleep(0.1)
    end(heir)
    states = dict(house.rows("SELECT state, count(*) FROM jobs GROUP BY state"))
    assert set(states) <= {"succeeded", "unknown"}
    assert states["succeeded"] >= 1
    assert len(house.simulator.ledger()) <= 4
    assert_all_saved(house)
