"""What is really imported, seen from outside: the static graph of import-linter cannot see the order of things."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"textual", "httpx", "pydantic", "PIL", "uvicorn", "starlette", "aiosqlite"}

RUN = """
import json, sys
sys.argv = ["mjtui", *sys.argv[1:]]
from mjtui.__main__ import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
finally:
    sys.stderr.write("\\n" + json.dumps(sorted(sys.modules)))
"""


def imported(code: str, *arguments: str, home: Path) -> set[str]:
    """The modules in a fresh interpreter after it has run `code`."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("MJTUI_", "KIE_", "COV_"))}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environ | {"MJTUI_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))


def after_import(module: str, home: Path) -> set[str]:
    return imported(
        f"import json, sys, {module}; sys.stderr.write(json.dumps(sorted(sys.modules)))",
        home=home,
    )


def test_the_probe_sees_what_is_imported(tmp_path: Path) -> None:
    assert {"httpx", "mjtui.errors"} <= after_import("mjtui.errors, httpx", tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        ["--version"],
        ["--help"],
        ["imagine", "--help"],
        ["config", "--help"],
        ["locate"],
        ["locate", "pictures", "--json"],
        ["keys"],
        ["completion", "zsh"],
        ["simulator", "--help"],
    ],
    ids=" ".join,
)
def test_commands_that_only_tell_something_import_nothing_heavy(line: list[str], tmp_path: Path) -> None:
    assert not HEAVY & imported(RUN, *line, home=tmp_path)


@pytest.mark.parametrize("line", [["--version"], ["--help"]], ids=" ".join)
def test_version_and_help_import_no_command_and_no_event_loop(line: list[str], tmp_path: Path) -> None:
    modules = imported(RUN, *line, home=tmp_path)
    assert not {"asyncio", "importlib.metadata", "mjtui.engine", "mjtui.cli.imagine"} & modules


@pytest.mark.parametrize("line", [["tasks"], ["search", "fog"], ["search", "--json"]], ids=" ".join)
def test_reading_the_library_imports_nothing_of_the_service(line: list[str], tmp_path: Path) -> None:
    modules = imported(RUN, *line, home=tmp_path)
    assert "aiosqlite" in modules
    assert not (HEAVY - {"aiosqlite"}) & modules


@pytest.mark.parametrize("line", [["config", "show"], ["config", "validate"]], ids=" ".join)
def test_the_settings_need_neither_screen_nor_network(line: list[str], tmp_path: Path) -> None:
    assert not {"textual", "httpx", "PIL", "aiosqlite", "asyncio"} & imported(RUN, *line, home=tmp_path)


def test_no_module_of_the_command_line_imports_the_screen(tmp_path: Path) -> None:
    folder = Path(__file__).parents[2] / "mjtui" / "cli"
    modules = ", ".join(f"mjtui.cli.{path.stem}" for path in sorted(folder.glob("*.py")) if path.stem != "__init__")
    found = after_import(modules, tmp_path)
    assert "mjtui.cli.imagine" in found
    assert not HEAVY & found
    assert not [name for name in found if name.startswith("mjtui.tui")]


@pytest.mark.parametrize("package", ["engine", "library", "media", "terminal", "simulator"])
def test_packages_are_light_to_name(package: str, tmp_path: Path) -> None:
    assert not HEAVY & after_import(f"mjtui.{package}", tmp_path)


@pytest.mark.parametrize("package", ["engine.engine", "demo", "config", "keymap"])
def test_what_lies_below_the_faces_never_imports_the_screen(package: str, tmp_path: Path) -> None:
    assert "textual" not in after_import(f"mjtui.{package}", tmp_path)


def test_the_language_of_prompts_is_pure(tmp_path: Path) -> None:
    found = after_import("mjtui.prompt", tmp_path)
    assert not {name for name in found if name.startswith("mjtui.") and not name.startswith("mjtui.prompt")}
    assert not (HEAVY | {"asyncio", "sqlite3", "click"}) & found


def test_the_simulator_shares_nothing_with_the_client(tmp_path: Path) -> None:
    found = after_import("mjtui.simulator.app, mjtui.simulator.serving", tmp_path)
    assert not [name for name in found if name.startswith(("mjtui.api", "mjtui.engine", "mjtui.library", "mjtui.tui"))]
