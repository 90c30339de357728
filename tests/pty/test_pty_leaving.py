"""However the program ends, the draft is kept and the terminal is as it was."""

from __future__ import annotations

import signal
import termios
from collections.abc import Callable
from typing import Any

import pytest

PROMPT = "a castle on a misty peak"

BREAKS = """
from mjtui.tui.app import MjtuiApp
def redraw(self):
    raise ValueError("the lamp went out")
MjtuiApp.redraw = redraw
from mjtui.__main__ import main
main()
"""
"""The program with a mistake in it, which ctrl+l meets."""


def is_as_it_was(terminal: Any) -> bool:
    """True where no mode of the terminal is left as the program needed it."""
    modes = terminal.modes
    wanted = {"25": True, "7": True}
    left = {name for name, on in modes.items() if on != wanted.get(name, False)}
    assert not left
    assert {"1049", "1000", "1003", "1006", "1004", "2004", "kitty", "25"} <= modes.keys()
    assert termios.tcgetattr(terminal.fd)[:4] == terminal.modes_before[:4]
    return True


@pytest.mark.parametrize("modern", [False, True], ids=["plain terminal", "terminal with sizes in-band"])
def test_quitting_leaves_the_terminal_as_it_was(start: Callable[..., Any], modern: bool) -> None:
    app = start(modern=modern)
    app.terminal.settle()
    app.quit()
    assert is_as_it_was(app.terminal)
    assert ("1016" in app.terminal.modes) == modern


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_keeps_every_letter_and_leaves_the_terminal_as_it_was(
    start: Callable[..., Any], number: signal.Signals
) -> None:
    app = start(modern=True)
    app.terminal.settle()
    app.write(PROMPT)
    app.wait(PROMPT)
    app.terminal.kill(number)
    app.terminal.end()
    assert app.terminal.exit_code == 128 + number
    assert is_as_it_was(app.terminal)
    start().wait(PROMPT)


def test_a_dropped_line_keeps_every_letter(start: Callable[..., Any]) -> None:
    app = start()
    app.write(PROMPT)
    app.wait(PROMPT)
    app.terminal.hang_up()
    start().wait(PROMPT)


def test_kill_9_loses_no_more_than_the_last_half_second(start: Callable[..., Any]) -> None:
    app = start()
    app.write(PROMPT)
    app.wait(PROMPT)
    app.terminal.watch(0.5)
    app.write(", soft fog")
    app.wait(", soft fog")
    app.terminal.kill()
    app.terminal.end()
    start().wait(PROMPT)


def test_a_mistake_in_the_program_leaves_the_terminal_the_draft_and_the_key_safe(
    start: Callable[..., Any], service: Any
) -> None:
    app = start(command=("-c", BREAKS))
    app.wait("cr ")
    app.write(PROMPT)
    app.wait(PROMPT)
    app.press("ctrl+l")
    app.terminal.end()
    assert app.terminal.exit_code == 1
    assert is_as_it_was(app.terminal)
    assert app.sees("the lamp went out")
    assert service.facts["key"].encode() not in app.terminal.output
    start().wait(PROMPT)


def test_it_can_be_left_while_it_starts(start: Callable[..., Any]) -> None:
    app = start()
    app.quit()
    assert is_as_it_was(app.terminal)
