"""The real program in a pty, on a simulator in a process of its own: played by keys, judged by the screen."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

import mjtui

ROOT = Path(mjtui.__file__).resolve().parents[1]
BENCH = Path(__file__).resolve().parents[2] / "bench"

LONG = 30.0
"""Seconds after which something that should be on the screen never will be."""

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "backspace": "\x7f",
    "space": " ",
    "down": "\x1b[B",
    "ctrl+q": "\x11",
    "ctrl+l": "\x0c",
}


@dataclass
class Service:
    """A simulated service: where it is, and what it has seen."""

    facts: dict[str, str]

    @property
    def environ(self) -> dict[str, str]:
        """How mjtui is told of it."""
        return self.address | {"KIE_API_KEY": self.facts["key"]}

    @property
    def address(self) -> dict[str, str]:
        """The same without the key."""
        return {"MJTUI_API_URL": self.facts["url"], "MJTUI_UPLOAD_URL": self.facts["upload_url"]}

    def ask(self, path: str) -> list[dict[str, Any]]:
        answer: list[dict[str, Any]] = httpx.get(f"{self.facts['url']}/_simulator/{path}").raise_for_status().json()
        return answer

    def charges(self) -> list[dict[str, Any]]:
        """Every charge, oldest first."""
        return self.ask("ledger")

    def tasks(self) -> list[dict[str, Any]]:
        """Every task that was accepted, oldest first."""
        return self.ask("tasks")

    def submits(self) -> int:
        """How many requests that make a task have arrived."""
        return sum(seen["path"].endswith("/mj/generate") for seen in self.ask("requests"))

    def fault(self, spec: str) -> None:
        """Have something go wrong."""
        httpx.post(f"{self.facts['url']}/_simulator/faults", json={"spec": spec}).raise_for_status()

    def heal(self) -> None:
        """Let everything go well again."""
        httpx.delete(f"{self.facts['url']}/_simulator/faults").raise_for_status()

    def finish(self, task_id: str) -> None:
        """Have a running task be done now."""
        httpx.post(f"{self.facts['url']}/_simulator/tasks/{task_id}/finish", json={"flag": 1}).raise_for_status()


@pytest.fixture
def service() -> Iterator[Service]:
    """An account of its own for each test; tasks take half a second."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "mjtui.simulator", "--until-stdin-closes", "--seconds", "0.5"),
            *("--switches", "creates-per-window=1000", "--balance", "100000", "--key", "the-right-key-0123456789"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Service(json.loads(process.stdout.readline()))
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait()


@pytest.fixture(scope="session")
def driver() -> ModuleType:
    """The module that plays the terminal, which the measurements use too."""
    spec = importlib.util.spec_from_file_location("mjtui_bench_driver", BENCH / "driver.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


class Player:
    """A person at the terminal in which mjtui runs."""

    def __init__(self, terminal: Any) -> None:
        self.terminal = terminal

    def write(self, text: str | bytes) -> None:
        self.terminal.type(text)

    def press(self, *names: str) -> None:
        """Press keys by their names, as `mjtui keys` has them."""
        for name in names:
            self.terminal.type(
                "\x1b" + KEYS.get(name[4:], name[4:]) if name.startswith("alt+") else KEYS.get(name, name)
            )

    def sees(self, *words: str) -> bool:
        """True while there is a line in some pane with all these words."""
        lines = re.split("[│\n]", self.terminal.text)
        return any(all(word in line for word in words) for line in lines)

    def wait(self, *words: str, seconds: float = LONG) -> None:
        """Wait for a line in some pane with all these words."""
        try:
            self.terminal.wait(lambda _: self.sees(*words), seconds=seconds)
        except AssertionError:
            raise AssertionError(f"no pane has a line with {words}:\n{self.terminal.text}") from None

    def wait_until_gone(self, *words: str) -> None:
        """Wait until no line has all these words any more."""
        self.terminal.wait(lambda _: not self.sees(*words), seconds=LONG)

    def pictures(self) -> int:
        """Cells of pictures on the screen."""
        return self.terminal.text.count("▀")

    def compose(self, text: str) -> None:
        """Write a new prompt in place of the one that is there."""
        self.press("alt+1", "alt+x")
        self.wait("Say what to make")
        self.write(text)
        self.wait(text)

    def send(self) -> None:
        """Send the draft and see that it goes."""
        self.press("alt+enter")
        self.wait("goes to the service")

    def quit(self) -> None:
        """Quit, and see that the program ends well."""
        self.press("ctrl+q")
        self.terminal.end()
        assert self.terminal.exit_code == 0


Start = Callable[..., Player]


@pytest.fixture
def start(driver: ModuleType, home: Path, service: Service, request: pytest.FixtureRequest) -> Iterator[Start]:
    """Start mjtui in a terminal, of 80 by 24 cells unless said; all end with the test and none may show a traceback."""
    terminals: list[Any] = []

    def begin(
        *arguments: str,
        size: tuple[int, int] = (80, 24),
        environ: Mapping[str, str] | None = None,
        command: Sequence[str] = ("-m", "mjtui"),
        modern: bool = False,
    ) -> Player:
        clean = {
            "PYTHONPATH": str(ROOT),
            "MJTUI_HOME": str(home),
            "HOME": str(home.parent),
            # Tests leave nothing in the keyring of whoever runs them.
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "EDITOR": "true",
            "PAGER": "true",
        }
        terminal = driver.Terminal(
            [sys.executable, *command, *arguments],
            columns=size[0],
            rows=size[1],
            environ=clean | dict(service.environ if environ is None else environ),
            answers=driver.MODERN if modern else driver.PLAIN,
        )
        terminals.append(terminal)
        terminal.wait("Compose")
        return Player(terminal)

    yield begin
    for terminal in terminals:
        terminal.close()
        assert b"Traceback" not in terminal.output
