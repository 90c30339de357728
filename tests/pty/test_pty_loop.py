"""The main job end to end in the real program, by keys alone, in a terminal of 80 by 24 cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


def two_jobs(app: Any) -> None:
    """Write a prompt, see its request and price, send it, and send the next while it runs."""
    app.write("a paper lighthouse at dusk")
    app.wait("8 cr (about $0.04)")
    app.press("alt+p")
    app.wait('"prompt": "a paper lighthouse at dusk"')
    assert app.sees("POST", "/mj/generate")
    app.press("escape")
    app.wait_until_gone("The exact request")
    app.send()
    app.compose("a red fox in snow")
    app.send()
    app.press("alt+2")
    app.wait("lighthouse")
    app.wait("red fox")


def look(app: Any) -> None:
    """See the four pictures of the job under the cursor, then one of them large."""
    app.press("alt+3")
    app.terminal.wait(lambda _: app.sees("[1]", " 2  ") and app.sees(" 3  ", " 4  ") and app.pictures() > 300)
    app.terminal.settle()
    small = app.pictures()
    app.press("space")
    app.terminal.wait(lambda _: not app.sees(" 3  ") and app.pictures() > small)


def go_on(app: Any) -> None:
    """Upscale and vary the picture that is looked at."""
    app.press("u")
    app.wait("#3 goes to the service")
    app.press("2", "v")
    app.wait("#4 goes to the service")
    app.press("alt+2")
    app.wait("upscale: a")
    app.wait("vary: a")


def find(app: Any) -> None:
    """Find the first job in the history by a word of its prompt."""
    app.press("alt+4")
    app.wait("red fox")
    app.press("/")
    app.write("lighthouse")
    app.wait_until_gone("red fox")
    app.wait("a paper lighthouse")


def test_the_main_job_is_done_by_keys_alone(start: Callable[..., Any], service: Any) -> None:
    app = start()
    two_jobs(app)
    app.wait("+ done", "4 saved", "lighthouse")
    app.wait("+ done", "4 saved", "red fox")
    app.press("g")
    look(app)
    service.fault("task:slow=600")
    go_on(app)
    app.wait("+ done", "vary: a")
    find(app)
    app.quit()
    assert b"1 job goes on at the service" in app.terminal.output

    again = start()
    again.wait("a red fox in snow")
    again.press("alt+2")
    again.wait("> running", "upscale: a")
    again.wait("+ done", "4 saved", "lighthouse")
    running = next(task["id"] for task in service.tasks() if task["status"] == 0)
    service.finish(running)
    again.wait("+ done", "upscale: a")
    find(again)
    again.quit()
    assert [charge["amount"] for charge in service.charges() if charge["amount"]] == [8, 8]


def test_a_kept_demo_goes_on_where_it_was_left(start: Callable[..., Any]) -> None:
    app = start("--demo", "--keep", environ={})
    app.wait("DEMO")
    app.write("a castle on a misty peak")
    app.wait("8 cr")
    app.send()
    app.press("alt+2")
    app.wait("> running", "a castle")
    app.quit()

    again = start("--demo", "--keep", environ={})
    again.wait("a castle on a misty peak")
    again.press("alt+2")
    again.wait("+ done", "4 saved", "a castle", seconds=60)
    again.press("alt+3")
    again.terminal.wait(lambda _: again.pictures() > 300)
    again.quit()


def test_a_demo_leaves_nothing_behind(start: Callable[..., Any], home: Any) -> None:
    app = start("--demo", environ={})
    app.wait("1,000 cr")
    app.quit()
    assert b"The demo is over" in app.terminal.output
    assert not home.exists()


@pytest.mark.slow
def test_the_demo_is_played_as_a_new_user_would(start: Callable[..., Any]) -> None:
    app = start("--demo", "--keep", environ={})
    two_jobs(app)
    app.wait("+ done", "4 saved", "lighthouse", seconds=60)
    app.wait("+ done", "4 saved", "red fox", seconds=60)
    app.press("g")
    look(app)
    go_on(app)
    find(app)
    app.quit()

    again = start("--demo", "--keep", environ={})
    again.press("alt+2")
    for subject in ("upscale: a", "vary: a", "a red fox", "a paper lighthouse"):
        again.wait("+ done", subject, seconds=60)
    again.quit()
