"""`mjtui` without a command: which engine the screen is opened on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from mjtui import __main__ as entry
from mjtui import demo
from mjtui.cli.app import Launch, run
from mjtui.engine import Options
from mjtui.errors import NewerLibrary
from mjtui.paths import under

Opened = list[tuple[Options, dict[str, Any]]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Opened:
    """What the screen was opened with, in the place of a screen."""
    seen: Opened = []

    def screen(options: Options, **how: Any) -> int:
        seen.append((options, how))
        return 0

    module = ModuleType("mjtui.tui.run")
    module.run = screen  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "mjtui.tui.run", module)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("MJTUI_HOME", str(tmp_path / "home"))
    return seen


class FakeDemo:
    """A demo without a simulator."""

    def __init__(self, home: Path, stopped: list[bool]) -> None:
        self.options: Callable[..., Options] = lambda *, flags: Options(paths=under(home), flags=flags)
        self.stop: Callable[[], None] = lambda: stopped.append(True)


def mjtui(*line: str) -> int:
    return run(line, workstation=entry._workstation)


def test_it_opens_on_the_persons_own_library(opened: Opened, tmp_path: Path) -> None:
    assert mjtui() == 0
    ((options, how),) = opened
    assert options.paths == under(tmp_path / "home")
    assert (dict(options.flags), options.service) == ({}, None)
    assert how == {"demo": False, "keep": False}


def test_options_of_the_screen_win_over_the_settings(opened: Opened) -> None:
    assert mjtui("--theme", "nord", "--preview", "ascii") == 0
    assert opened[0][0].flags == {"screen.theme": "nord", "screen.preview": "ascii"}


@pytest.mark.parametrize("keep", [False, True])
def test_the_demo_has_a_library_of_its_own_and_is_stopped(
    keep: bool, opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[bool] = []
    started: list[bool] = []

    def start(*, keep: bool) -> FakeDemo:
        started.append(keep)
        return FakeDemo(tmp_path / "demo", stopped)

    monkeypatch.setattr(demo.Demo, "start", start)
    assert mjtui("--demo", "--theme", "nord", *(["--keep"] if keep else [])) == 0
    ((options, how),) = opened
    assert options.paths == under(tmp_path / "demo")
    assert options.flags == {"screen.theme": "nord"}
    assert how == {"demo": True, "keep": keep}
    assert (started, stopped) == ([keep], [True])


def test_keep_goes_with_demo(opened: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    assert mjtui("--keep") == 2
    assert "--keep goes with --demo" in capsys.readouterr().err
    assert not opened


def test_a_library_that_cannot_be_opened_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)

    def refused(launch: Launch) -> int:
        raise NewerLibrary("The library was written by a newer mjtui.")

    assert run([], workstation=refused) == 1
    assert capsys.readouterr().err.startswith("mjtui: The library was written by a newer mjtui. Install")
