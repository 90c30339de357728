"""Killed anywhere, started again: nothing is paid twice and nothing lost. The kills are those of bench/crashes.py."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

MATRIX = Path(__file__).parents[2] / "bench" / "crashes.py"


def matrix(*arguments: str) -> list[dict[str, Any]]:
    """The table of the kills."""
    command = [sys.executable, str(MATRIX), "--json", *arguments]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.stdout, made.stderr
    return json.loads(made.stdout)


def assert_nothing_lost(lines: list[dict[str, Any]], *, kills: int) -> None:
    assert sum(line["kills"] for line in lines) >= kills
    for line in lines:
        assert line["problems"] == []
        assert (line["charges_doubled"], line["jobs_lost"], line["pictures_lost"], line["stuck"]) == (0, 0, 0, 0)


def test_killed_at_every_point_that_has_a_name_nothing_is_paid_twice_or_lost():
    lines = matrix("--first-only")
    assert_nothing_lost(lines, kills=60)
    assert sum(line["unknown"] for line in lines) >= 1, "the answer to the POST was never lost: nothing was tried"


@pytest.mark.slow
def test_killed_at_hundreds_of_random_moments_nothing_is_paid_twice_or_lost():
    assert_nothing_lost(matrix("--random", "300"), kills=250)


def test_a_process_that_slept_while_another_did_its_work_spoils_nothing_when_it_wakes():
    for point in ("move to submitting", "remember_validator", "transfer"):
        assert_nothing_lost(matrix("--sleep", "--first-only", "--only", point), kills=2)


@pytest.mark.slow
def test_a_process_may_sleep_at_every_point_that_has_a_name():
    assert_nothing_lost(matrix("--sleep", "--first-only"), kills=50)
