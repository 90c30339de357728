"""The command line as a person has it: real processes, a real local service, a home of their own."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from mjtui.cli.app import run

KEY = "sk-0123456789-never-to-be-seen-abcdef"

Faces = Callable[..., "Done"]


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it said where."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


@dataclass(frozen=True)
class Simulator:
    """A local service in a process of its own."""

    url: str

    def get(self, path: str) -> Any:
        return httpx.get(f"{self.url}/_simulator/{path}").json()

    def fault(self, spec: str) -> None:
        httpx.post(f"{self.url}/_simulator/faults", json={"spec": spec}).raise_for_status()

    def heal(self) -> None:
        httpx.delete(f"{self.url}/_simulator/faults").raise_for_status()

    def charges(self) -> list[dict[str, Any]]:
        return self.get("ledger")


@pytest.fixture(scope="session")
def running_simulator() -> Iterator[Simulator]:
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "mjtui.simulator", "--until-stdin-closes", "--port", "0", "--key", KEY),
            *("--seconds", "0-0.1", "--switches", "creates-per-window=1000", "--balance", "100000"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Simulator(json.loads(process.stdout.readline())["url"])
    finally:
        process.stdin.close()
        process.wait(timeout=20)
        process.stdout.close()


@pytest.fixture
def simulator(running_simulator: Simulator) -> Iterator[Simulator]:
    """The local service, without faults."""
    yield running_simulator
    running_simulator.heal()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def environ(home: Path) -> dict[str, str]:
    """What the processes see; tests add to it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MJTUI_", "KIE_", "COV_"))}
    return kept | {"MJTUI_HOME": str(home), "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}


class Secrecy:
    """Hears everything that is said, and knows at the end whether the key was told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def hear(self, code: int, out: str, err: str) -> Done:
        assert "Traceback" not in err, err
        self.said += [out, err]
        return Done(code, out, err)


@pytest.fixture
def secrecy(home: Path) -> Iterator[Secrecy]:
    """Sees to it that the key is never told: not on stdout, not on stderr, in no file."""
    secrecy = Secrecy()
    yield secrecy
    assert not [text for text in secrecy.said if KEY in text]
    for path in home.rglob("*"):
        assert not path.is_file() or path.name == "key" or KEY.encode() not in path.read_bytes(), path


@pytest.fixture
def process(environ: dict[str, str], secrecy: Secrecy) -> Faces:
    """Runs `mjtui` as a process of its own."""

    def face(*line: str, given: str = "") -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "mjtui", *line],
            env=environ,
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return secrecy.hear(done.returncode, done.stdout, done.stderr)

    return face


@pytest.fixture
def offline(environ: dict[str, str], secrecy: Secrecy, capfd: pytest.CaptureFixture[str]) -> Faces:
    """Runs a command line within this process, which is quicker."""

    def face(*line: str, given: str = "") -> Done:
        with pytest.MonkeyPatch.context() as patch:
            for name in {*os.environ} - {*environ}:
                patch.delenv(name)
            for name, value in environ.items():
                patch.setenv(name, value)
            patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given.encode()), "utf-8"))
            code = run(line, workstation=lambda launch: 99)
        captured = capfd.readouterr()
        return secrecy.hear(code, captured.out, captured.err)

    return face


@pytest.fixture
def account(environ: dict[str, str], simulator: Simulator) -> None:
    """The local service and its key, in the environment."""
    environ |= {"MJTUI_API_URL": simulator.url, "MJTUI_UPLOAD_URL": simulator.url, "KIE_API_KEY": KEY}


@pytest.fixture
def mjtui(account: None, offline: Faces) -> Faces:
    """Runs a command line against the local service."""
    return offline


@pytest.fixture
def nowhere() -> str:
    """An address at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"
