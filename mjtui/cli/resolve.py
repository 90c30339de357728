"""`mjtui resolve`: the person's decision about a job whose outcome nobody knows, or that was left unsent."""

from __future__ import annotations

import click

from mjtui.cli.command import Command, json_option
from mjtui.cli.failures import exit_code
from mjtui.cli.output import narrate
from mjtui.cli.results import print_job
from mjtui.cli.sending import until_answered
from mjtui.cli.session import Session
from mjtui.engine import Job
from mjtui.errors import UsageError


@click.command(
    cls=Command,
    examples=(
        "mjtui resolve 8123 --task-id 5b1f0c0a7e8d4f1b9a6c2d3e4f506172",
        "mjtui resolve 8123 --resend",
        "mjtui resolve last --give-up",
    ),
)
@click.argument("job")
@click.option("--task-id", metavar="ID", help="It arrived: this is its task id, as the service's own pages show it.")
@click.option("--resend", is_flag=True, help="Send it (again), whatever became of the first time; it may cost twice.")
@click.option("--give-up", is_flag=True, help="Do nothing more about it.")
@json_option
@click.pass_context
def resolve(ctx: click.Context, *, job: str, task_id: str | None, resend: bool, give_up: bool, as_json: bool) -> None:
    """Decide about JOB, whose outcome is unknown or that was left planned.

    JOB is a job's id, a task id or its beginning, or “last”. Exactly one decision is needed.
    """
    if (task_id is not None) + resend + give_up != 1:
        raise click.UsageError("Say one of --task-id ID, --resend and --give-up.")
    with Session(work=not give_up) as session:
        found = session.ask(lambda engine: engine.find(job))
        if task_id is not None:
            resolved = session.ask(lambda engine: engine.arrived(found.id, task_id))
        elif give_up:
            resolved = _give_up(session, found)
        else:
            session.check_settings()
            resolved = until_answered(session, _resend(session, found), patient=False, keep=True)
        print_job(resolved, as_json=as_json)
    if give_up:
        narrate(f"#{found.id} is given up.")
        return
    narrate(f"#{resolved.id} is {resolved.state}.")
    ctx.exit(exit_code(resolved))


def _give_up(session: Session, job: Job) -> Job:
    if job.state == "planned":
        return session.ask(lambda engine: engine.cancel(job.id))
    return session.ask(lambda engine: engine.give_up(job.id))


def _resend(session: Session, job: Job) -> Job:
    if job.state == "planned":
        return session.ask(lambda engine: engine.release(job.id))
    if job.state == "unknown":
        return session.ask(lambda engine: engine.again(job.id))
    raise UsageError(
        f"Job #{job.id} is {job.state}: there is nothing to resolve.", hint="`mjtui imagine` makes a new one."
    )
