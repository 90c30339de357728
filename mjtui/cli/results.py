"""Waiting for results, and telling them."""

from __future__ import annotations

import time
from collections.abc import Sequence

import click

from mjtui.cli.failures import job_sentence
from mjtui.cli.output import narrate, print_json, print_path
from mjtui.cli.session import Session
from mjtui.engine import Job, job_json


def settled(job: Job) -> bool:
    """True where nothing more happens to a job and its pictures without the person."""
    return job.state not in ("planned", "submitting", "running") and not _due(job)


def finish(session: Session, jobs: Sequence[Job]) -> list[Job]:
    """The jobs when they are done and their pictures saved."""
    session.parting = goes_on(jobs)
    ids = [job.id for job in jobs]
    expected = {job.id: session.ask(lambda engine, job=job: engine.expected(job)) for job in jobs}
    begun = time.monotonic()

    def progress() -> str:
        return _progress(session.ask(lambda engine: engine.jobs(ids)), expected, time.monotonic() - begun)

    return session.ask(lambda engine: engine.wait(ids, settled), progress=progress)


def goes_on(jobs: Sequence[Job]) -> str:
    """What to say to somebody who does not wait for these jobs any longer."""
    words = " ".join(str(job.id) for job in jobs)
    return f"interrupted; what was sent goes on at the service. `mjtui wait {words}` saves its results."


def print_job(job: Job, *, as_json: bool) -> None:
    """Print the paths of a job's results, else its id where it goes on, and say what went wrong."""
    if as_json:
        print_json(job_json(job))
    elif job.state == "succeeded":
        print_saved(job)
    elif job.state in ("running", "unknown", "planned"):
        click.echo(str(job.id))
    if problem := job_sentence(job):
        narrate(problem)


def print_saved(job: Job) -> None:
    """Print the path of each saved picture of a job."""
    for picture in job.pictures:
        if picture.state == "saved" and picture.path:
            print_path(picture.path)


def clock(seconds: float) -> str:
    """A duration as m:ss or h:mm:ss."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def _due(job: Job) -> int:
    return sum(picture.state == "due" for picture in job.pictures)


def _progress(jobs: Sequence[Job], expected: dict[int, float], elapsed: float) -> str:
    left = [job for job in jobs if not settled(job)]
    if len(jobs) > 1:
        return f"{len(jobs) - len(left)} of {len(jobs)} done, {clock(elapsed)}"
    (job,) = left or jobs
    if due := _due(job):
        return f"#{job.id}: {len(job.pictures) - due} of {len(job.pictures)} saved"
    return f"#{job.id}: {job.state}, {clock(elapsed)} of about {clock(expected[job.id])}"
