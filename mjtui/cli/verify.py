"""`mjtui verify`: are the saved results still the files that were saved?"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import click

from mjtui.cli.command import Command, json_option
from mjtui.cli.failures import JOB_FAILED
from mjtui.cli.output import narrate, print_json
from mjtui.cli.session import Session
from mjtui.engine import Job
from mjtui.errors import ServiceError

if TYPE_CHECKING:
    from mjtui.engine.verify import Finding, Verified

TRY_AGAIN = ServiceError.exit_code


@click.command(cls=Command, examples=("mjtui verify", "mjtui verify --check --json"))
@click.option("--check", is_flag=True, help="Do not fetch anything; what is found is due from now on.")
@json_option
@click.pass_context
def verify(ctx: click.Context, *, check: bool, as_json: bool) -> None:
    """Read every saved result and compare it with what was saved; fetch again what is missing or changed.

    A changed file is put aside under another name first. Ends with 0 where everything is well or was repaired, with 3
    where trying again may help, with 1 where a result cannot be had any more. JSON: {"checked", "repaired", "due",
    "lost", "found": [{"job", "index", "path", "fault", "kept", "repaired"}]}.
    """
    shown: list[Verified] = []
    with Session(work=not check) as session:
        result = session.ask(
            lambda engine: engine.verify(shown.append),
            progress=lambda: f"{shown[-1].checked} results read, {len(shown[-1].due)} to be fetched" if shown else "",
        )
        ids = sorted({finding.job for finding in result.due})
        if ids and not check:
            session.ask(lambda engine: engine.save(ids), progress=lambda: f"fetching {len(result.due)} results")
        jobs = session.ask(lambda engine: engine.jobs(ids))
    states = {(job.id, picture.index): picture.state for job in jobs for picture in job.pictures}
    counts = {
        state: sum(states.get((finding.job, finding.index)) == state for finding in result.due)
        for state in ("saved", "due", "lost")
    }
    if as_json:
        found = [_as_json(finding, states) for finding in (*result.due, *result.left)]
        print_json(
            {"checked": result.checked}
            | {"repaired": counts["saved"], "due": counts["due"], "lost": counts["lost"], "found": found}
        )
    else:
        click.echo(_line(result, counts))
    for finding in (*result.due, *result.left):
        narrate(_sentence(finding, jobs))
    if counts["due"]:
        ctx.exit(TRY_AGAIN)
    ctx.exit(JOB_FAILED if counts["lost"] or result.left else 0)


def _as_json(finding: Finding, states: dict[tuple[int, int], str]) -> dict[str, Any]:
    return dataclasses.asdict(finding) | {"repaired": states.get((finding.job, finding.index)) == "saved"}


def _line(result: Verified, counts: dict[str, int]) -> str:
    if not (result.due or result.left):
        return f"{result.checked} results read: all are as they were saved."
    parts = [f"{counts['saved']} fetched again", f"{counts['due']} still to be fetched", f"{counts['lost']} lost"]
    return f"{result.checked} results read: {', '.join(parts)}, {len(result.left)} left as they are."


def _sentence(finding: Finding, jobs: list[Job]) -> str:
    picture = next(
        (
            picture
            for job in jobs
            if job.id == finding.job
            for picture in job.pictures
            if picture.index == finding.index
        ),
        None,
    )
    said = f"#{finding.job}, result {finding.index}: {finding.path} is {finding.fault}"
    if finding.kept:
        said += f", and was put aside as {finding.kept}"
    if picture is None:
        return f"{said}; it is left as it is."
    if picture.state == "saved":
        return f"{said}; it was fetched again."
    return f"{said}; {'it is lost' if picture.state == 'lost' else 'it is not fetched yet'}: {picture.error or 'due'}."
