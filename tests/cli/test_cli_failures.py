"""How a command ends: exit codes, sentences, JSON, and what a pipe or a terminal gets."""

from __future__ import annotations

import dataclasses
import json
import os
from typing import Any

import click
import pytest

from mjtui import errors
from mjtui.cli import app
from mjtui.cli.failures import error_json, exit_code, job_sentence, not_sent
from mjtui.cli.output import Progress, print_json, print_table
from mjtui.cli.results import clock, settled
from mjtui.engine import STATES, Job, Picture, State, Trouble


def a_job(state: State = "succeeded", trouble: Trouble | None = None, pictures: tuple[Picture, ...] = ()) -> Job:
    values: dict[str, Any] = {field.name: None for field in dataclasses.fields(Job)}
    values |= {"id": 7, "kind": "txt2img", "state": state, "prompt": "a fox", "trouble": trouble, "pictures": pictures}
    return Job(**values)


def a_picture(state: str, error: str | None = None, index: int = 1) -> Picture:
    values: dict[str, Any] = {field.name: None for field in dataclasses.fields(Picture)}
    return Picture(**(values | {"state": state, "error": error, "index": index}))


def trouble(code: str, message: str = "no", hint: str = "") -> Trouble:
    return Trouble(code=code, message=message, hint=hint)


@pytest.mark.parametrize(
    ("job", "code"),
    [
        (a_job("succeeded", pictures=(a_picture("saved"),)), 0),
        (a_job("running"), 0),
        (a_job("cancelled"), 0),
        (a_job("succeeded", pictures=(a_picture("saved"), a_picture("lost"))), 1),
        (a_job("failed", trouble("500")), 1),
        (a_job("lost", trouble("lost")), 1),
        (a_job("rejected", trouble("refused")), 1),
        (a_job("rejected", trouble("picture")), 2),
        (a_job("rejected", trouble("wrong_key")), 3),
        (a_job("rejected", trouble("switched_off")), 3),
        (a_job("rejected", trouble("no_credits")), 4),
        (a_job("rejected", trouble("over_budget")), 4),
        (a_job("unknown", trouble("unknown")), 5),
    ],
)
def test_the_exit_code_tells_what_became_of_a_job(job: Job, code: int) -> None:
    assert exit_code(job) == code


@pytest.mark.parametrize("state", STATES)
def test_a_job_that_went_wrong_has_a_sentence_and_only_such_a_one(state: State) -> None:
    said = job_sentence(a_job(state, trouble("x", "the reason", "Do this.")))
    assert (said is not None) == (state in ("failed", "rejected", "lost", "unknown"))
    assert said is None or (said.startswith("#7") and "the reason" in said)


def test_an_unknown_outcome_names_the_three_decisions() -> None:
    said = job_sentence(a_job("unknown", trouble("unknown")))
    assert said is not None
    assert all(word in said for word in ("may have been charged", "--task-id", "--resend", "--give-up"))


def test_a_lost_result_names_the_way_to_try_again() -> None:
    said = job_sentence(a_job(pictures=(a_picture("saved"), a_picture("lost", "the link has expired", 2))))
    assert said is not None
    assert "result 2" in said
    assert "the link has expired. `mjtui download 7`" in said


def test_a_job_is_settled_when_nothing_happens_any_more() -> None:
    assert settled(a_job("unknown"))
    assert settled(a_job(pictures=(a_picture("saved"), a_picture("lost"))))
    assert not settled(a_job(pictures=(a_picture("saved"), a_picture("due"))))
    assert not settled(a_job("running"))


def test_what_was_not_sent_costs_nothing_whatever_kept_it() -> None:
    for code in ("unreachable", "rate_limited", "unclear"):
        error = not_sent(trouble(code, "no way out"), hint="Try again.")
        assert error.exit_code == 3
        assert error.sentences() == "no way out Nothing was sent and nothing was charged. Try again."


def test_an_error_in_json_has_code_message_and_hint() -> None:
    error = errors.OverBudget("This costs 8 credits.", hint="Wait.")
    assert error_json(error) == {
        "error": {
            "code": "over_budget",
            "message": "This costs 8 credits. Nothing was sent and nothing was charged.",
            "hint": "Wait.",
        }
    }


def ending(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
    """How a run ends in which a command raises that error."""

    def broken(*args: Any, **kwargs: Any) -> None:
        raise error

    monkeypatch.setattr(app.mjtui, "main", broken)
    return app.run([], workstation=lambda launch: 0)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.MjtuiError("broken"), 1),
        (errors.NoSuchJob("there is no job 9"), 2),
        (errors.NoKey("there is no key"), 2),
        (errors.Unreachable("no way out"), 3),
        (errors.WrongKey("who are you"), 3),
        (errors.SameRequest("again?", job_id=1), 4),
        (errors.OutcomeUnknown("who knows"), 5),
        (click.UsageError("what?"), 2),
        (PermissionError(13, "Permission denied", "/a/folder"), 1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_errors_become_one_sentence_on_stderr_and_an_exit_code(
    error: Exception, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ending(monkeypatch, error) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith(("mjtui: ", "Error: "))


def test_an_error_cannot_move_the_cursor(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    ending(monkeypatch, errors.Refused("bad \x1b[2J\x9b31m\u202eword\nnext"))
    err = capsys.readouterr().err
    assert err == f"mjtui: bad word next {errors.Refused.meaning}\n"


def test_an_interruption_ends_with_130_and_its_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    abort = click.Abort()
    abort.__cause__ = KeyboardInterrupt("interrupted; #7 goes on")
    assert ending(monkeypatch, abort) == 130
    assert capsys.readouterr().err == "mjtui: interrupted; #7 goes on\n"


def test_a_bug_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZeroDivisionError):
        ending(monkeypatch, ZeroDivisionError())


def test_json_is_ascii_whatever_the_prompt(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"prompt": "雪の狐 \x1b[2J\x9b\u202e [red]"}, line=True)
    out = capsys.readouterr().out
    assert out.isascii()
    assert "\x1b" not in out
    assert json.loads(out)["prompt"] == "雪の狐 \x1b[2J\x9b\u202e [red]"


def test_a_pipe_gets_whole_cells_between_tabs(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([["7", "a fox\tin\nsnow " + "x" * 300], ["8", "\x1b[31mred"]])
    assert capsys.readouterr().out == f"7\ta fox in snow {'x' * 300}\n8\tred\n"


def test_a_terminal_gets_columns_that_fit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((24, 20)))
    print_table([["7", "running", "雪の狐雪の狐雪の狐雪の狐"], ["812", "ok", "a fox"]], cut=True)
    assert capsys.readouterr().out.splitlines() == ["7    running  雪の狐雪…", "812  ok       a fox"]


def test_progress_is_shown_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    quiet = Progress()
    quiet.show("half")
    quiet.clear()
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    shown = Progress()
    shown.show("half")
    shown.clear()
    shown.clear()
    assert capsys.readouterr().err == "\rhalf\x1b[K\r\x1b[K"


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (61.9, "1:01"), (3_661, "1:01:01")])
def test_durations_read_like_a_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text
