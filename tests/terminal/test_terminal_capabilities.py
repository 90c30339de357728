from __future__ import annotations

import pytest

from mjtui.terminal.ascii import Ascii
from mjtui.terminal.capabilities import capabilities
from mjtui.terminal.drivers import choose
from mjtui.terminal.halfblocks import HalfBlocks

TRUE, MANY = 16777216, 256


@pytest.mark.parametrize(
    ("environ", "colours", "reason"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, TRUE, "COLORTERM"),
        ({"TERM": "xterm-256color"}, MANY, "TERM is xterm-256color"),
        ({"TERM": "xterm-kitty"}, TRUE, "TERM is xterm-kitty"),
        ({"TERM": "foot"}, TRUE, "TERM is foot"),
        ({"TERM": "alacritty", "SSH_TTY": "/dev/pts/0"}, TRUE, "TERM is alacritty"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, TRUE, "TERM_PROGRAM"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, MANY, "TERM is"),
        ({"TERM": "xterm-256color", "KONSOLE_VERSION": "221203"}, TRUE, "KONSOLE_VERSION"),
        ({"TERM": "tmux-256color", "TMUX": "/tmp/t,1,0", "KITTY_WINDOW_ID": "1"}, MANY, "TERM is tmux-256color"),
        ({"TERM": "screen", "TMUX": "/tmp/t,1,0"}, MANY, "TERM is screen"),
        ({"TERM": "screen-256color", "TMUX": "/tmp/t,1,0", "COLORTERM": "truecolor"}, TRUE, "COLORTERM"),
        ({"TERM": "xterm-direct"}, TRUE, "TERM is xterm-direct"),
        ({"TERM": "linux"}, 16, "TERM is linux"),
        ({"TERM": "xterm-kitty", "NO_COLOR": "1"}, 0, "NO_COLOR"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, MANY, "TERM is"),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, 0, "TERM is 'dumb'"),
        ({}, 0, "TERM is ''"),
    ],
)
def test_colours_are_told_with_their_reason(environ: dict[str, str], colours: int, reason: str) -> None:
    found = capabilities(environ, isatty=True)
    assert found.colours == colours
    assert found.reasons["colours"].startswith(reason)


@pytest.mark.parametrize(
    ("environ", "utf8"),
    [
        ({"LANG": "de_DE.UTF-8"}, True),
        ({"LANG": "de_DE.ISO-8859-1"}, False),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "en_US.ISO-8859-15@euro"}, False),
        ({"LC_CTYPE": "C.utf8"}, True),
        ({"LANG": "C"}, True),
        ({}, True),
    ],
)
def test_utf8_is_assumed_unless_another_character_set_is_named(environ: dict[str, str], utf8: bool) -> None:
    assert capabilities(environ, isatty=True).utf8 is utf8


def test_tmux_and_ssh_are_seen_with_or_without_their_own_variables() -> None:
    plain = capabilities({"TERM": "xterm"}, isatty=True)
    assert not plain.tmux
    assert not plain.ssh
    far = capabilities({"TERM": "tmux-256color", "SSH_CONNECTION": "1 2 3 4"}, isatty=True)
    assert far.tmux
    assert far.ssh
    assert set(far.reasons) == {"tty", "colours", "utf8", "tmux", "ssh"}


def test_the_best_driver_is_taken_with_a_reason() -> None:
    kitty = capabilities({"TERM": "xterm-kitty"}, isatty=True)
    assert choose("auto", kitty) == (HalfBlocks(TRUE), "TERM is xterm-kitty.")
    assert choose("auto", capabilities({"TERM": "xterm-256color"}, isatty=True)).driver == HalfBlocks(MANY)
    assert choose("auto", capabilities({"TERM": "linux"}, isatty=True)).driver == Ascii()
    assert choose("auto", capabilities({"TERM": "foot", "LANG": "ja_JP.EUC-JP"}, isatty=True)).driver == Ascii()
    assert choose("auto", capabilities({"TERM": "xterm-kitty"}, isatty=False)).driver is None


def test_the_settings_overrule_what_was_found() -> None:
    kitty = capabilities({"TERM": "xterm-kitty"}, isatty=True)
    assert choose("off", kitty).driver is None
    assert choose("ascii", kitty).driver == Ascii()
    assert choose("halfblock", capabilities({"TERM": "linux"}, isatty=True)).driver == HalfBlocks(MANY)
