"""`mjtui sync` and `mjtui download`: results onto the disk, from a terminal or from cron."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection
from typing import TYPE_CHECKING

import click

from mjtui.cli.command import Command, json_option
from mjtui.cli.failures import JOB_FAILED, job_sentence
from mjtui.cli.output import narrate, print_json, print_path
from mjtui.cli.session import Session
from mjtui.engine import Counts, Job, job_json
from mjtui.errors import ServiceError

if TYPE_CHECKING:
    from mjtui.engine.engine import Engine

TRY_AGAIN = ServiceError.exit_code

PAUSE = 0.25
"""Seconds between two looks at what is left."""


@click.command(
    cls=Command,
    examples=("mjtui sync", "mjtui sync --wait --json", "*/10 * * * *  mjtui sync   # a line for crontab"),
)
@click.option("--wait", is_flag=True, help="Go on until nothing runs and every result is saved.")
@json_option
@click.pass_context
def sync(ctx: click.Context, *, wait: bool, as_json: bool) -> None:
    """Look at every running job once, save every result that is missing, and end.

    Sends nothing and spends nothing; says in one line what came of it. Ends with 3 where the service could not be
    reached or a result could not be saved yet. JSON: {"finished": [jobs], "saved": [paths], "running", "due",
    "planned", "unknown"}.
    """
    begun = time.time_ns() // 1_000_000
    with Session(watch=wait) as session:
        session.mention_settings()
        running = {job.id for job in session.ask(lambda engine: engine.tasks()) if job.state == "running"}
        session.ask(lambda engine: engine.sync(), progress=lambda: f"looking at {len(running)} running jobs")
        if wait:
            session.ask(_nothing_left, progress=lambda: _line(_counts(session)))
    jobs, counts = _read(running | session.changed)
    finished = [job for job in jobs if job.id in running and job.state != "running"]
    saved = _saved(jobs, since=begun)
    if as_json:
        print_json(
            {
                "finished": [job_json(job) for job in finished],
                "saved": saved,
                "running": counts.running + counts.submitting,
                "due": counts.pictures_due,
                "planned": counts.planned,
                "unknown": counts.unknown,
            }
        )
    elif not (finished or saved or counts.running or counts.submitting or counts.pictures_due):
        click.echo("Nothing to do: no job is running and every result is saved.")
    else:
        click.echo(f"{len(finished)} finished, {len(saved)} results saved; {_line(counts)}.")
    _mention(jobs, counts)
    if session.trouble is not None or counts.pictures_due:
        ctx.exit(TRY_AGAIN)


@click.command(
    cls=Command, examples=("mjtui download", "mjtui download 8123 8124", "mjtui download --expiring && echo all safe")
)
@click.argument("jobs", nargs=-1, metavar="[JOB]...")
@click.option("--all", "everything", is_flag=True, help="Of every job; so it is without JOB, too.")
@click.option("--expiring", is_flag=True, help="Of jobs whose results the service deletes within three days.")
@json_option
@click.pass_context
def download(ctx: click.Context, *, jobs: tuple[str, ...], everything: bool, expiring: bool, as_json: bool) -> None:
    """Save the results of each JOB that are not saved, those that were given up included, and print their paths.

    JOB is a job's id, a task id or its beginning, or “last”. Ends with 3 where trying again may help, with 1 where a
    result is lost. JSON: a list of the jobs.
    """
    if bool(jobs) + everything + expiring > 1:
        raise click.UsageError("Choose one of JOB, --all and --expiring.")
    begun = time.time_ns() // 1_000_000
    with Session() as session:
        session.mention_settings()
        ids: list[int] | None = None
        if jobs:
            ids = [session.ask(lambda engine, word=word: engine.find(word)).id for word in jobs]
        elif expiring:
            ids = [job.id for job in session.ask(lambda engine: engine.expiring())]
        if ids is None or ids:
            session.ask(lambda engine: engine.save(ids), progress=lambda: f"{len(session.changed)} jobs looked at")
    tried, _ = _read(session.changed if ids is None else ids)
    if as_json:
        print_json([job_json(job) for job in tried])
    else:
        for path in _saved(tried, since=0 if jobs else begun):
            print_path(path)
    for job in tried:
        if problem := _problem(job):
            narrate(problem)
    states = {picture.state for job in tried for picture in job.pictures}
    if "due" in states:
        ctx.exit(TRY_AGAIN)
    ctx.exit(JOB_FAILED if "lost" in states else 0)


async def _nothing_left(engine: Engine) -> None:
    """Wait until no job runs and no result is due."""
    while True:
        counts = (await engine.status()).counts
        if not (counts.submitting or counts.running or counts.pictures_due):
            return
        await asyncio.sleep(PAUSE)


def _read(ids: Collection[int]) -> tuple[list[Job], Counts]:
    """Jobs and counts as they are when the work has ended, every change of it included."""
    with Session(work=False) as session:
        return session.ask(lambda engine: engine.jobs(sorted(ids))), _counts(session)


def _counts(session: Session) -> Counts:
    return session.ask(lambda engine: engine.status()).counts


def _saved(jobs: Collection[Job], *, since: int) -> list[str]:
    return [
        picture.path
        for job in jobs
        for picture in job.pictures
        if picture.state == "saved" and picture.path and (picture.saved_at or 0) >= since
    ]


def _line(counts: Counts) -> str:
    return f"{counts.running + counts.submitting} running, {counts.pictures_due} results still to be saved"


def _problem(job: Job) -> str | None:
    if job.state not in ("succeeded", "unknown", "failed", "rejected", "lost"):
        return f"#{job.id} is {job.state}: it has no results yet."
    due = [picture for picture in job.pictures if picture.state == "due"]
    if due:
        reason = due[0].error or "it is being saved by another mjtui"
        return f"#{job.id}: {len(due)} of {len(job.pictures)} results could not be saved yet: {reason}."
    return job_sentence(job)


def _mention(jobs: Collection[Job], counts: Counts) -> None:
    """Say what went wrong, and what waits for a decision."""
    for job in jobs:
        if job.state != "unknown" and (problem := job_sentence(job)):
            narrate(problem)
    if counts.unknown:
        narrate(f"{counts.unknown} jobs have an unknown outcome and wait for you: `mjtui search is:unknown`.")
    if counts.planned:
        narrate(f"{counts.planned} jobs were never sent and wait for you: `mjtui search is:planned`.")
