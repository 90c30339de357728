"""A job that the service took is never forgotten and never paid twice, however the program is killed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

PROMPT = "a castle on a misty peak"


def killed(app: Any) -> None:
    app.terminal.kill()
    app.terminal.end()


def test_a_running_job_is_watched_on_after_kill_9(start: Callable[..., Any], service: Any) -> None:
    service.fault("task:slow=600")
    app = start()
    app.write(PROMPT)
    app.wait(PROMPT)
    app.send()
    app.press("alt+2")
    app.wait("> running", PROMPT)
    killed(app)

    again = start()
    again.press("alt+2")
    again.wait("> running", PROMPT)
    [task] = service.tasks()
    service.finish(task["id"])
    again.wait("+ done", "4 saved", PROMPT)
    again.quit()
    assert (service.submits(), len(service.charges())) == (1, 1)


def test_a_job_without_an_answer_is_unknown_after_kill_9_and_settled_by_its_task_id(
    start: Callable[..., Any], service: Any
) -> None:
    service.fault("submit:timeout-after")
    app = start()
    app.write(PROMPT)
    app.wait(PROMPT)
    app.send()
    app.press("alt+2")
    app.wait("> sending", PROMPT)
    app.terminal.wait(lambda _: service.submits() == 1)
    killed(app)

    again = start()
    again.wait("1 needs you")
    again.press("alt+2")
    again.wait("? unknown", PROMPT)
    assert (service.submits(), len(service.charges())) == (1, 1)
    again.press("s")
    again.wait("it arrived")
    again.press("a")
    again.wait("The task id of #1")
    again.write(service.tasks()[0]["id"])
    again.press("enter")
    again.wait("+ done", "4 saved", PROMPT)
    again.quit()
    assert (service.submits(), len(service.charges())) == (1, 1)


def test_killed_at_once_after_sending_a_job_is_sent_once_at_most(start: Callable[..., Any], service: Any) -> None:
    app = start()
    app.write(PROMPT)
    app.wait("8 cr (about")
    app.press("alt+enter")
    app.wait("goes to the service")
    killed(app)

    again = start()
    again.press("alt+2")
    again.terminal.wait(lambda _: any(again.sees(word, PROMPT) for word in (". planned", "? unknown", "+ done")))
    again.terminal.settle()
    assert service.submits() == len(service.charges())
    assert service.submits() <= 1
