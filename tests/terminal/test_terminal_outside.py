"""What is sent beside the screen: clipboard, title, notifications, the last reset."""

from __future__ import annotations

import base64
import re

import pyte
import pytest

from mjtui.errors import UsageError
from mjtui.terminal import title
from mjtui.terminal.clipboard import local_tool, osc52
from mjtui.terminal.notify import Way, notification
from mjtui.terminal.reset import RESET
from mjtui.terminal.tmux import passthrough


def test_a_copied_text_arrives_as_it_was() -> None:
    sequence = osc52("灯塔 --ar 16:9\n", tmux=False)
    assert sequence.startswith("\x1b]52;c;")
    assert sequence.endswith("\x07")
    assert base64.b64decode(sequence[7:-1]).decode() == "灯塔 --ar 16:9\n"


def test_inside_tmux_both_tmux_and_the_terminal_outside_get_the_text() -> None:
    plain = osc52("fog", tmux=False)
    assert osc52("fog", tmux=True) == plain + "\x1bPtmux;\x1b" + plain + "\x1b\\"


def test_half_a_character_does_not_stop_a_copy() -> None:
    assert base64.b64decode(osc52("\ud83d", tmux=False)[7:-1]) == b"?"


def test_a_text_that_terminals_would_drop_is_refused_with_a_sentence() -> None:
    assert len(osc52("x" * 74_994, tmux=False)) <= 100_010
    with pytest.raises(UsageError, match="75 KB are too long") as caught:
        osc52("x" * 74_995, tmux=False)
    assert caught.value.meaning == "Nothing was copied."


@pytest.mark.parametrize(
    ("environ", "installed", "command"),
    [
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, {"wl-copy", "xclip"}, "wl-copy"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, {"xclip"}, "xclip"),
        ({"DISPLAY": "localhost:10.0", "SSH_TTY": "/dev/pts/0"}, {"xclip", "pbcopy"}, "xclip"),
        ({}, {"xclip", "wl-copy"}, None),
        ({}, {"pbcopy"}, "pbcopy"),
        ({"SSH_CONNECTION": "1 2 3 4"}, {"pbcopy"}, None),
        ({"DISPLAY": ":0"}, set(), None),
    ],
)
def test_a_local_tool_is_used_only_where_someone_can_paste(
    environ: dict[str, str], installed: set[str], command: str | None
) -> None:
    found = local_tool(environ, lambda name: f"/usr/bin/{name}" if name in installed else None)
    assert (found[0] if found else None) == command


def test_a_title_cannot_carry_anything_but_text() -> None:
    assert title.set_title("mjtui 3 running\x07\x1b]52;c;eA==\x07\n") == "\x1b]2;mjtui 3 running \x07"
    assert len(title.set_title("x" * 500)) < 90


@pytest.mark.parametrize("tmux", [False, True])
@pytest.mark.parametrize("way", ["bell", "osc9", "osc777", "osc99"])
def test_a_notification_prints_nothing_on_the_screen(way: Way, tmux: bool) -> None:
    sequence = notification(way, "4;1;50 灯塔", "done\x07\x1b[2Jmore; and more", tmux=tmux)
    inner = sequence.removeprefix("\x1bPtmux;").removesuffix("\x1b\\").replace("\x1b\x1b", "\x1b") if tmux else sequence
    left = re.sub("\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\?)|\x07", "", inner)
    assert left == ""


def test_each_way_of_notifying_has_its_fields() -> None:
    assert notification("osc9", "4;1", "a; b", tmux=False) == "\x1b]9;4,1: a, b\x07"
    assert notification("osc777", "job; done", "fog", tmux=False) == "\x1b]777;notify;job, done;fog\x07"
    parts = re.findall(r"e=1;([^\x1b]*)\x1b", notification("osc99", "灯", "塔", tmux=False))
    assert [base64.b64decode(part).decode() for part in parts] == ["灯", "塔"]


def test_the_bell_is_heard_by_tmux_itself() -> None:
    assert notification("bell", "", "", tmux=True) == "\x07"


def test_what_passes_through_tmux_has_its_escapes_doubled() -> None:
    assert passthrough("\x1b]9;a\x1b\\") == "\x1bPtmux;\x1b\x1b]9;a\x1b\x1b\\\x1b\\"


def test_the_reset_undoes_every_mode_that_the_screen_turns_on() -> None:
    for mode in (1000, 1002, 1003, 1006, 1015, 1016, 1004, 2004, 2048, 2026, 1049):
        assert b"\x1b[?%dl" % mode in RESET
    for sequence in (b"\x1b[<u", b"\x1b[0m", b"\x1b[?25h", b"\x1b[?7h"):
        assert sequence in RESET


def test_after_the_reset_a_cursor_is_shown_and_text_is_plain() -> None:
    screen = pyte.Screen(20, 3)
    stream = pyte.ByteStream(screen)
    # pyte does not know kitty's keyboard and would print it.
    stream.feed(b"\x1b[?25l\x1b[31;7m" + RESET.replace(b"\x1b[<u", b"") + b"$ ")
    assert screen.display[0].startswith("$ ")
    assert not screen.cursor.hidden
    assert not screen.buffer[0][0].reverse
    assert screen.buffer[0][0].fg == "default"
