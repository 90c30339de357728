"""Fragments from the command line, and in the prompts that are sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Faces = Callable[..., Any]


@pytest.fixture
def folder(home: Path) -> Path:
    folder = home / "config" / "fragments"
    folder.mkdir(parents=True)
    (folder / "light.toml").write_text(
        '[noir]\ntext = "film noir, $mood light"\nparameters = "--stylize 250"\nabout = "dark and wet"\n'
        'variables.mood = { type = "choice", choices = ["soft", "hard"], default = "soft" }\n'
        'tests = [{ versions = ["7", "niji6"] }]\n'
        '[crowd]\ntext = "$count people"\nvariables.count = { type = "int", min = 1, max = 9 }\n',
        "utf-8",
    )
    return folder


def test_fragments_are_listed_and_shown(offline: Faces, folder: Path) -> None:
    done = offline("fragments", "list")
    assert done.code == 0
    assert done.lines == ["<noir>\tdark and wet", "<crowd count=…>\t$count people"]
    shown = offline("fragments", "show", "<noir>", "--json").json
    assert shown["variables"]["mood"]["choices"] == ["soft", "hard"]
    assert shown["where"] == f"{folder / 'light.toml'}:1"
    assert "$mood\tsoft, hard (usually soft)" in offline("fragments", "show", "noir").lines
    assert "$count\tint 1..9" in offline("fragments", "show", "crowd").lines
    assert offline("fragments", "show", "nior").code == 2


def test_without_fragments_there_is_nothing_wrong(offline: Faces) -> None:
    assert offline("fragments", "list").lines == []
    assert offline("fragments", "check").code == 0


def test_check_names_file_and_line_and_ends_with_2(offline: Faces, folder: Path) -> None:
    assert offline("fragments", "check").code == 0
    (folder / "zbad.toml").write_text('[heavy]\ntext = "fox:: owl"\ntests = [{ versions = ["7"] }]\n', "utf-8")
    (folder / "broken.toml").write_bytes(b"[a\n")
    (folder / "latin.toml").write_bytes(b"[a]\ntext = '\xe9'\n")
    done = offline("fragments", "check")
    assert done.code == 2
    assert len(done.lines) == 3
    assert done.lines[0].startswith(f"{folder / 'broken.toml'}:1: not valid TOML")
    assert done.lines[1].startswith(f"{folder / 'latin.toml'}: Line 2 is no UTF-8")
    assert done.lines[2].startswith(f"{folder / 'zbad.toml'}:1: heavy: on 7, “fox:: owl”: ")
    problems = offline("fragments", "check", "--json")
    assert problems.code == 2
    assert problems.json["fragments"] == 3
    assert len(problems.json["problems"]) == 3


def test_a_fragment_is_put_into_a_prompt_that_is_sent(offline: Faces, folder: Path) -> None:
    done = offline("imagine", "<noir mood=hard>, a fox", "--dry-run", "--json")
    assert done.code == 0, done.err
    assert done.json["request"]["prompt"] == "film noir, hard light, a fox"
    assert done.json["request"]["stylization"] == 250
    wrong = offline("imagine", "a fox, <nior>", "--dry-run", "--json")
    assert wrong.code == 2
    assert wrong.json["request"] is None
    (finding,) = [finding for finding in wrong.json["findings"] if finding["level"] == "error"]
    assert finding["message"] == "There is no fragment <nior>; did you mean <noir>?"
    assert finding["span"] == [7, 13]


def test_prices_are_told_with_where_they_come_from(mjtui: Faces) -> None:
    lines = mjtui("credits", "--prices").lines
    assert "fast\t8\tfrom the settings" in lines
    assert mjtui("credits", "--json").json["prices"]["turbo"] == {
        "credits": 16,
        "listed": 16,
        "source": "from the settings",
    }
    assert "the price is from the settings." in mjtui("imagine", "a fox", "--dry-run").err
