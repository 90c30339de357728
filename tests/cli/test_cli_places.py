"""Where things are, which settings are in force, and which keys."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Faces = Callable[..., Any]


def settings(home: Path, text: str) -> Path:
    path = home / "config" / "mjtui.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("what", "where"),
    [
        ("config", "config"),
        ("settings", "config/mjtui.toml"),
        ("library", "data/library.db"),
        ("pictures", "pictures"),
        ("log", "logs/mjtui.log"),
    ],
)
def test_locate_prints_a_bare_path_and_makes_nothing(what: str, where: str, offline: Faces, home: Path) -> None:
    done = offline("locate", what)
    assert (done.code, done.out, done.err) == (0, f"{home / where}\n", "")
    assert not home.exists()


def test_locate_knows_the_pictures_folder_of_the_settings(offline: Faces, home: Path) -> None:
    settings(home, '[pictures]\nfolder = "/somewhere/else"\n')
    assert offline("locate", "pictures").out == "/somewhere/else\n"


def test_locate_prints_a_folder_whose_name_is_no_text() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mjtui", "locate", "config"],
        env=os.environ | {"MJTUI_HOME": os.fsdecode(b"/home/\xff\xe9")},
        capture_output=True,
        check=True,
    )
    assert done.stdout == b"/home/\xff\xe9/config\n"


def test_locate_without_a_name_lists_all(offline: Faces, home: Path) -> None:
    listed = dict(line.split("\t") for line in offline("locate").lines)
    assert listed == offline("locate", "--json").json
    assert listed["thumbnails"] == str(home / "cache" / "thumbnails")


def test_config_init_writes_a_file_that_is_right_and_never_writes_over_it(offline: Faces, home: Path) -> None:
    done = offline("config", "init")
    path = home / "config" / "mjtui.toml"
    assert (done.code, done.out) == (0, f"{path}\n")
    assert offline("config", "validate").code == 0
    again = offline("config", "init")
    assert again.code == 2
    assert "already" in again.err
    assert path.read_text(encoding="utf-8") == offline("config", "init", "--print").out


def test_config_show_says_where_each_value_comes_from(offline: Faces, home: Path, environ: dict[str, str]) -> None:
    path = settings(home, "[defaults]\nspeed = 'turbo'\n")
    environ["MJTUI_BUDGET_PER_DAY"] = "40"
    shown = {setting["name"]: setting for setting in offline("config", "show", "--json").json["settings"]}
    assert (shown["defaults.speed"]["value"], shown["defaults.speed"]["source"]) == ("turbo", f"{path}:2")
    assert shown["budget.per_day"]["value"] == 40
    assert shown["budget.per_day"]["source"] == "environment MJTUI_BUDGET_PER_DAY"
    assert shown["defaults.version"]["source"] == "default"
    plain = offline("config", "show")
    assert f"defaults.speed\tturbo\t{path}:2" in plain.lines


def test_config_validate_lists_every_problem_with_its_line_and_a_guess(offline: Faces, home: Path) -> None:
    path = settings(home, '[defaults]\nsped = "fast"\nspeed = "faster"\n\n[keys]\nsendd = "f5"\n')
    done = offline("config", "validate")
    assert done.code == 2
    assert f'{path}:2: unknown setting "defaults.sped"; did you mean "speed"?' in done.lines
    assert any(line.startswith(f"{path}:3: defaults.speed = 'faster'") for line in done.lines)
    assert any(line.startswith(f"{path}:6: ") and "sendd" in line and '"send"' in line for line in done.lines)
    problems = offline("config", "validate", "--json").json["problems"]
    assert [f"{problem['where']}: {problem['message']}" for problem in problems] == done.lines


def test_config_validate_says_that_all_is_well(offline: Faces) -> None:
    done = offline("config", "validate")
    assert (done.code, done.out) == (0, "")
    assert "fine" in done.err
    assert offline("config", "validate", "--json").json == {"problems": []}


def test_keys_lists_the_keys_in_force(offline: Faces, home: Path) -> None:
    path = settings(home, '[keys]\nsend = ["ctrl+g"]\nnothing = "x"\n')
    done = offline("keys")
    assert done.code == 0
    assert any(line.startswith("send\tctrl+g\t") for line in done.lines)
    assert f"{path}:3" in done.err
    send = next(entry for entry in offline("keys", "--json").json if entry["id"] == "send")
    assert send["keys"] == ["ctrl+g"]
    assert send["help"]


def test_json_on_stdout_is_escaped_for_every_terminal(offline: Faces, home: Path) -> None:
    settings(home, '[screen]\ntheme = "\\u009b31m\\u202e雪"\n')
    out = offline("config", "show", "--json").out
    assert out.isascii()
    assert json.loads(out)["settings"]
    assert "\x9b" not in offline("config", "show").out
