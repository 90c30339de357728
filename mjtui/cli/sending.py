"""How a request is sent from the command line: shown, sent once, and its outcome told.

Without --wait a command ends when the service has accepted the job or turned it down. A request that certainly did
not arrive is cancelled, so that nothing is left behind that may cost money later, and a script may simply try again.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mjtui.cli.failures import exit_code, not_sent
from mjtui.cli.output import narrate, print_json
from mjtui.cli.results import finish, goes_on, print_job
from mjtui.cli.session import Session
from mjtui.engine import Job, Trouble
from mjtui.errors import InvalidRequest, RateLimited, SameRequest, UsageError
from mjtui.prompt.draft import KIND_NAMES, Draft, Finding

if TYPE_CHECKING:
    from mjtui.engine.engine import Engine
    from mjtui.engine.intent import Preview

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How to send: once more although it was just sent, to the very end, not at all, told as JSON."""

    again: bool
    wait: bool
    dry_run: bool
    as_json: bool


def sending_options(command: F) -> F:
    """The options of every command that sends something; they arrive as the fields of a `Manner`."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print the job as JSON."),
        click.option("--dry-run", is_flag=True, help="Print the exact request and its price; send nothing."),
        click.option("--wait", is_flag=True, help="Wait until the results are saved, and print their paths."),
        click.option("--again", is_flag=True, help="Send it although the same was sent a moment ago."),
    ):
        command = option(command)
    return command


def send(compose: Callable[[Engine], Awaitable[Draft]], manner: Manner) -> int:
    """Send the draft that `compose` makes, print what became of it, and return the exit code."""
    with Session(watch=manner.wait) as session:
        session.check_settings()
        draft = session.ask(compose)
        seen = session.ask(lambda engine: engine.preview(draft))
        if manner.dry_run:
            return _print_preview(seen, manner.as_json)
        _mention(seen.findings)
        try:
            job = session.ask(lambda engine: engine.send(draft, again=manner.again))
        except SameRequest as error:
            error.hint = "Add --again where you want it twice."
            raise
        job = until_answered(session, job, patient=manner.wait)
        if job.state == "running":
            session.parting = goes_on([job])
            narrate(f"#{job.id} is at the service as task {job.task_id}, for {seen.price}.")
            if manner.wait:
                (job,) = finish(session, [job])
        print_job(job, as_json=manner.as_json)
    return exit_code(job)


def until_answered(session: Session, job: Job, *, patient: bool, keep: bool = False) -> Job:
    """The job as it is when the service has said yes or no, or nobody can tell.

    Where it certainly did not arrive the job is cancelled, unless `keep`, and ServiceError is raised; a `patient`
    caller lets it wait for its turn where the service only asks for time.
    """
    while True:
        before = job
        try:
            job = _next_outcome(session, before)
        except KeyboardInterrupt:
            told = (
                f"interrupted; `mjtui show {job.id}` says what became of it" if keep else _interrupted(session, before)
            )
            raise KeyboardInterrupt(told) from None
        if job.state != "planned":
            return job
        trouble = job.trouble or Trouble(code="", message="The request was not sent.")
        if patient and trouble.code == RateLimited.code:
            narrate(f"#{job.id} waits for its turn: {trouble.message}")
            continue
        if keep:
            raise not_sent(trouble, hint=f"It stays planned: `mjtui resolve {job.id}` with --resend or --give-up.")
        if _cancelled(session, job.id):
            raise not_sent(trouble, hint="Try again in a while.")


def _cancelled(session: Session, job_id: int) -> bool:
    """Cancel a job; False where it is too late, because it goes out in this moment."""
    try:
        session.ask(lambda engine: engine.cancel(job_id))
    except UsageError:
        return False
    return True


def _next_outcome(session: Session, before: Job) -> Job:
    """The job when it has left the line, or was put back to its end."""

    def done(job: Job) -> bool:
        if job.state == "planned":
            return job.not_before > before.not_before
        return job.state != "submitting"

    (job,) = session.ask(lambda engine: engine.wait([before.id], done), progress=lambda: f"#{before.id}: sending")
    return job


def _interrupted(session: Session, job: Job) -> str:
    """Stop sending where that is still possible, else wait for the answer; says what became of it."""
    if _cancelled(session, job.id):
        return f"interrupted; #{job.id} was not sent and costs nothing"
    narrate(f"#{job.id} is being sent; waiting for the service's answer.")
    (job,) = session.ask(lambda engine: engine.wait([job.id], lambda job: job.state not in ("planned", "submitting")))
    if job.state == "running":
        return goes_on([job])
    return f"interrupted; #{job.id} is {job.state}. `mjtui show {job.id}` says more."


def _mention(findings: tuple[Finding, ...]) -> None:
    """Say everything about a request but its first error, which is the error of the command."""
    errors = [finding for finding in findings if finding.level == "error"]
    for finding in findings:
        if finding not in errors[:1]:
            narrate(f"{finding.level}: {finding.message}")


def _print_preview(seen: Preview, as_json: bool) -> int:
    """Print what would be sent; 2 where it cannot be."""
    call = seen.call
    if as_json:
        print_json(
            {
                "request": call.body if call else None,
                "endpoint": call.path if call else None,
                "cost": seen.price.credits,
                "findings": [finding_json(finding) for finding in seen.findings],
            }
        )
    else:
        for finding in seen.findings:
            narrate(f"{finding.level}: {finding.message}")
        click.echo(f"{KIND_NAMES[seen.plan.request.kind]}, {seen.price}")
        narrate(f"the price is {seen.price.source}.")
        if call:
            click.echo(f"{call.method} {call.path}\n{json.dumps(call.body, indent=2)}")
    return 0 if call else InvalidRequest.exit_code


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding for the outside; spans are [from, to] in characters of the prompt as written."""
    fix = finding.fix
    return {
        "level": finding.level,
        "rule": finding.rule,
        "flag": finding.flag,
        "span": list(finding.span) if finding.span else None,
        "message": finding.message,
        "fix": {"span": [fix.start, fix.end], "text": fix.text} if fix else None,
    }
