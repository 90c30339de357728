"""Whatever the service does, the screen says in a word what became of the job, and the program lives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

TALL = (120, 100)
"""Room for a line for every job."""

UNKNOWN = "? unknown"
REFUSED = "x refused"
FAILED = "x failed"
DONE = "4 saved"

SUBMITS = {
    "drop-after": UNKNOWN,
    "html": UNKNOWN,
    "wrong-types": UNKNOWN,
    "500": UNKNOWN,
    "429=1": DONE,
    "402": REFUSED,
    "422": REFUSED,
    "escape": REFUSED,
}
"""What is said of a job whose request met this fault."""

TASKS = {"refused": FAILED}
"""What is said of a job that was taken and met this fault."""

LOOKS = {"html": DONE}
FILES = {"html": DONE}

MORE = {
    "submit": {
        "drop": UNKNOWN,
        "cut-json": UNKNOWN,
        "half": UNKNOWN,
        "empty": UNKNOWN,
        "garbage": UNKNOWN,
        "not-json": UNKNOWN,
        "array": UNKNOWN,
        "null": UNKNOWN,
        "null-data": UNKNOWN,
        "no-data": UNKNOWN,
        "deep": UNKNOWN,
        "500-after": UNKNOWN,
        "http-502": UNKNOWN,
        "http-401": REFUSED,
        "403-1010": REFUSED,
        "markup": REFUSED,
        "bidi": REFUSED,
        "huge": UNKNOWN,
    },
    "task": {
        "escape": FAILED,
        "fail": FAILED,
        "fail2": FAILED,
        "filtered": FAILED,
        "markup": FAILED,
        "bidi": FAILED,
        "fewer": "3 saved",
        "hidden=1": DONE,
    },
    "look": dict.fromkeys(
        ("drop", "documented", "garbage", "deep", "500", "429=1", "string-urls", "unknown=null", "iso-times"), DONE
    ),
    "file": dict.fromkeys(
        ("half", "short", "wrong-length", "garbage", "redirect", "drop", "png-as-jpeg", "wrong-type", "empty"), DONE
    ),
}


def play(app: Any, service: Any, place: str, faults: dict[str, str]) -> None:
    """Send a job for each fault, and see the word for it beside its prompt."""
    for number, (fault, word) in enumerate(faults.items()):
        prompt = f"{place} {number:02}"
        app.compose(prompt)
        service.fault(f"{place}:{fault}")
        app.press("alt+enter")
        try:
            app.wait(word, prompt)
        except AssertionError as error:
            raise AssertionError(f"{place}:{fault}: {error}") from None
        assert app.terminal.screen.title.startswith("mjtui"), fault
        assert app.sees("1 Compose"), fault
        service.heal()


def test_whatever_goes_wrong_is_called_by_its_name(start: Callable[..., Any], service: Any) -> None:
    app = start(size=TALL)
    play(app, service, "submit", SUBMITS)
    play(app, service, "task", TASKS)
    play(app, service, "look", LOOKS)
    play(app, service, "file", FILES)
    app.quit()


@pytest.mark.slow
@pytest.mark.parametrize("place", list(MORE))
def test_every_fault_is_called_by_its_name(start: Callable[..., Any], service: Any, place: str) -> None:
    app = start(size=TALL)
    play(app, service, place, MORE[place])
    app.quit()
