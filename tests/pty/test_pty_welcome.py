"""The first start of a person who has no key yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def holders(folder: Path, secret: str) -> list[Path]:
    """The files below a folder in which a secret stands."""
    return [path for path in folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]


def test_the_first_start_asks_for_a_key_tries_it_and_keeps_it_safe(
    start: Callable[..., Any], service: Any, home: Path
) -> None:
    app = start(environ=service.address)
    app.wait("Welcome to mjtui")
    app.wait("mjtui --demo")
    app.write("the-wrong-key-0123456789")
    app.press("enter")
    app.wait("x ", "key")
    app.press(*["backspace"] * 24)
    app.write(service.facts["key"])
    app.press("enter")
    app.wait_until_gone("Welcome to mjtui")
    app.wait("100,000 cr")
    app.write("a castle on a misty peak")
    app.wait("8 cr (about")
    app.send()
    app.press("alt+2")
    app.wait("+ done", "a castle")
    app.quit()
    assert service.facts["key"].encode() not in app.terminal.output
    [kept] = holders(home, service.facts["key"])
    assert kept.stat().st_mode & 0o777 == 0o600
    assert not holders(home, "the-wrong-key-0123456789")

    again = start(environ=service.address)
    again.wait("99,992 cr")
    again.quit()


def test_without_a_key_the_library_can_be_read_and_a_prompt_written(start: Callable[..., Any], service: Any) -> None:
    app = start(environ=service.address)
    app.wait("Welcome to mjtui")
    app.press("escape")
    app.wait_until_gone("Welcome to mjtui")
    app.write("a castle on a misty peak")
    app.wait("8 cr (about")
    app.press("alt+enter")
    app.wait("Welcome to mjtui")
    app.press("escape")
    app.wait_until_gone("Welcome to mjtui")
    app.wait("a castle on a misty peak")
    app.quit()
    assert service.submits() == 0
