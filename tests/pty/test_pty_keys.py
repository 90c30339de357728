"""Whatever comes from the keyboard, in whatever order and speed: the program lives and does what was meant."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

KEYS = [
    *(chr(number) for number in range(32, 127)),
    *"\t\r\x7f\x01\x02\x04\x05\x06\x0b\x0c\x0f\x10\x15\x17\x19\x1b\x1f",
    *(f"\x1b{letter}" for letter in "1234abcdefghijklmnopqrstuvwxyz/\r\x7f"),
    *(f"\x1b[{end}" for end in ("A", "B", "C", "D", "H", "F", "Z", "5~", "6~", "3~", "1;5C", "1;3D", "13;3u", "15~")),
    *(f"\x1bO{end}" for end in "PQRS"),
]
WORDS = (
    "fox",
    "雪景の灯台",
    "👩‍👩‍👧",
    "e\u0301",
    "שלום",
    "[bold]x[/]",
    "\t",
    "--ar 16:9",
    "--sref",
    "::2",
    "{a, b}",
    "\r\n",
    "—",
)
BROKEN = (b"\xff", b"\xc3", b"\xe2\x82", b"\xf0\x9f\x98", b"\x80\x80", b"\xc0\xaf", b"\x1b[\xff", b"\x00")


def event(rng: random.Random) -> bytes:
    """Something that a terminal may send: a key, a paste, the mouse, the focus, or broken bytes."""
    match rng.choices(("key", "text", "paste", "mouse", "focus", "broken"), (60, 10, 8, 12, 4, 6))[0]:
        case "key":
            return rng.choice(KEYS).encode()
        case "text":
            return rng.choice(WORDS).encode()
        case "paste":
            text = " ".join(rng.choices(WORDS, k=rng.choice((1, 5, 50))))
            return f"\x1b[200~{text}\x1b[201~".encode()
        case "mouse":
            button, end = rng.choice((0, 0, 32, 35, 64, 65, 2)), rng.choice("Mm")
            return f"\x1b[<{button};{rng.randint(1, 130)};{rng.randint(1, 45)}{end}".encode()
        case "focus":
            return rng.choice((b"\x1b[I", b"\x1b[O"))
        case _:
            return rng.choice(BROKEN)


def storm(start: Callable[..., Any], seed: int, events: int) -> None:
    """Play so many random events; a program that was asked to quit must have ended well, and is started again."""
    rng = random.Random(seed)
    app = start()
    for _ in range(events):
        if rng.random() < 0.03:
            app.terminal.resize(rng.randint(20, 160), rng.randint(5, 50))
        app.write(event(rng))
        if rng.random() < 0.2:
            app.terminal.read(0.02)
        if app.terminal.status is not None:
            assert app.terminal.exit_code == 0, app.terminal.text
            app = start()
    app.terminal.resize(80, 24)
    still_there(app)


def still_there(app: Any) -> None:
    """See that the program still takes keys and draws: a new prompt can be written."""
    for _ in range(4):
        app.press("escape")
        app.terminal.settle(0.2)
    app.press("alt+1", "alt+x")
    app.wait("Say what to make")
    app.write("still here")
    app.wait("still here")
    app.quit()
    modes = app.terminal.modes
    assert not any(modes[name] for name in ("1049", "1000", "1003", "1006", "2004", "kitty"))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_storm_of_keys_pastes_and_sizes_does_no_harm(start: Callable[..., Any], seed: int) -> None:
    storm(start, seed, 250)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 20))
def test_a_long_storm_does_no_harm(start: Callable[..., Any], seed: int) -> None:
    storm(start, seed, 1000)


@pytest.mark.parametrize("bad", BROKEN, ids=repr)
def test_bytes_that_are_no_text_do_not_stop_the_keyboard(start: Callable[..., Any], bad: bytes) -> None:
    app = start()
    app.write(bad)
    app.terminal.settle(0.2)
    app.write(" fox in snow")
    app.wait("fox in snow")


def test_keys_that_come_at_once_act_in_their_order(start: Callable[..., Any], service: Any) -> None:
    app = start()
    app.write("a fox in snow\x1b\r\x1b1\x1bxa castle on a peak\x1b\r")
    app.terminal.wait(lambda _: len(service.tasks()) == 2)
    assert [task["params"]["prompt"] for task in service.tasks()] == ["a fox in snow", "a castle on a peak"]
    app.write("\x1b4/fog\x7fx")
    app.wait_until_gone("a castle on a peak")
    assert app.sees("a fox in snow")
    app.quit()


@pytest.mark.parametrize("place", ["\x1b1", "\x1b4/"], ids=["prompt", "search"])
def test_a_slow_line_that_brings_many_keys_at_once_changes_no_word(start: Callable[..., Any], place: str) -> None:
    app = start()
    app.write(place + "abc\x7fd\x7f\x7fxyz\x1b[D\x1b[D_\x1b[C!")
    app.wait("ax_y!z")
