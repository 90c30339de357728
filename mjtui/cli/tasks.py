"""`mjtui tasks` and `mjtui wait`: what is under way."""

from __future__ import annotations

import time
from collections.abc import Iterable

import click

from mjtui.cli.command import Command, json_option
from mjtui.cli.failures import exit_code, job_sentence
from mjtui.cli.output import narrate, print_json, print_list, print_table
from mjtui.cli.results import clock, finish, print_saved, settled
from mjtui.cli.session import TICK, Session
from mjtui.engine import Job, job_json
from mjtui.errors import UsageError


def row(job: Job) -> list[str]:
    """A job as cells: id, state, results, when, credits, prompt."""
    saved = sum(picture.state == "saved" for picture in job.pictures)
    since = job.submitted_at or job.created_at
    if job.state in ("submitting", "running"):
        when = clock(max(0.0, time.time() - since / 1000))
    else:
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(since / 1000))
    return [
        str(job.id),
        job.state,
        f"{saved}/{len(job.pictures)}" if job.pictures else "-",
        when,
        "-" if job.cost is None else f"{job.cost:g}",
        job.prompt or job.kind,
    ]


@click.command(cls=Command, examples=("mjtui tasks", "mjtui tasks --watch", "mjtui tasks --json | jq '.[].state'"))
@click.option("--watch", is_flag=True, help="Go on with a line for each change until nothing is under way.")
@json_option
def tasks(*, watch: bool, as_json: bool) -> None:
    """List what is under way and what needs a decision, then what finished last.

    Columns: id, state, saved results, elapsed time or date, credits, prompt. With --watch and --json each change is
    one object a line.
    """
    with Session(work=watch, watch=watch) as session:
        found = session.ask(lambda engine: engine.tasks())
        _print(found, as_json=as_json, lines=watch)
        while watch and any(not settled(job) for job in found):
            seen = {job.id: _outline(job) for job in found}
            time.sleep(TICK / 4)
            found = session.ask(lambda engine: engine.tasks())
            changed = [job for job in found if seen.get(job.id) != _outline(job)]
            _print(changed, as_json=as_json, lines=True)


def _outline(job: Job) -> tuple[str, ...]:
    return (job.state, *(picture.state for picture in job.pictures))


def _print(jobs: Iterable[Job], *, as_json: bool, lines: bool) -> None:
    if as_json:
        print_list((job_json(job) for job in jobs), lines=lines)
    else:
        print_table([row(job) for job in jobs], cut=True)


@click.command(cls=Command, examples=("mjtui wait 8123", "mjtui wait 8123 8124 --json", "mjtui wait last"))
@click.argument("jobs", nargs=-1, required=True, metavar="JOB...")
@json_option
@click.pass_context
def wait(ctx: click.Context, *, jobs: tuple[str, ...], as_json: bool) -> None:
    """Wait until each JOB is done and its results are saved, and print their paths.

    JOB is a job's id, a task id or its beginning, or “last”. Ends with the code of the worst outcome.
    """
    with Session(watch=True) as session:
        session.mention_settings()
        found = [session.ask(lambda engine, word=word: engine.find(word)) for word in jobs]
        for job in found:
            if job.state == "planned":
                raise UsageError(
                    f"Job #{job.id} was not sent yet: there is nothing to wait for.",
                    meaning="",
                    hint=f"`mjtui resolve {job.id}` with --resend or --give-up decides about it.",
                )
        if left := [job.id for job in found if not settled(job)]:
            session.ask(lambda engine: engine.look(left))
        done = finish(session, found)
    if as_json:
        print_json([job_json(job) for job in done])
    for job in done:
        if not as_json:
            print_saved(job)
        if problem := job_sentence(job):
            narrate(problem)
    ctx.exit(max(exit_code(job) for job in done))
