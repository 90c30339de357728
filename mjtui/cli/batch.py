"""`mjtui batch`: many requests from one expression or one file, shown in one table, sent with one confirmation."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mjtui.cli.command import Command, json_option
from mjtui.cli.failures import exit_code, job_sentence, not_sent
from mjtui.cli.output import narrate, print_json, print_table
from mjtui.cli.results import finish, goes_on, print_saved
from mjtui.cli.sending import finding_json
from mjtui.cli.session import Session
from mjtui.engine import Job, job_json
from mjtui.errors import InvalidRequest, ServiceError, Unreachable, UsageError
from mjtui.prompt.draft import Draft

if TYPE_CHECKING:
    from mjtui.engine.batches import BatchDraft, BatchPlan, BatchRow
    from mjtui.prompt.table import Format

TRY_AGAIN = ServiceError.exit_code

TICK = 0.25
"""Seconds between two looks at how far the sending is."""


@click.command(
    cls=Command,
    examples=(
        'mjtui batch --prompt "a {red, green} bird in the {jungle, desert} --ar {3:2, 1:1}" --dry-run',
        "mjtui batch prompts.txt --yes --wait",
        "mjtui batch animals.csv --template 'a $animal in ${place}, soft fog' --dry-run",
        "cat jobs.jsonl | mjtui batch - --yes",
    ),
)
@click.argument("file", required=False, metavar="FILE", type=click.Path(allow_dash=True))
@click.option("--prompt", metavar="EXPR", help="One prompt that stands for several jobs, in the place of a file.")
@click.option("--template", metavar="TEXT", help="Make each prompt from the columns: “a $animal in ${place}”.")
@click.option(
    "--format", "form", type=click.Choice(["csv", "jsonl", "txt"]), help="What FILE is; its name says it otherwise."
)
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Most jobs, in the place of batch.limit.")
@click.option("--again", is_flag=True, help="Also send what was already made.")
@click.option("--dry-run", is_flag=True, help="Show every request, its price and what is wrong with it; send nothing.")
@click.option("--yes", is_flag=True, help="Send without asking.")
@click.option("--wait", is_flag=True, help="Wait until the results are saved, and print their paths.")
@json_option
@click.pass_context
def batch(
    ctx: click.Context,
    *,
    file: str | None,
    prompt: str | None,
    template: str | None,
    form: Format | None,
    limit: int | None,
    again: bool,
    dry_run: bool,
    yes: bool,
    wait: bool,
    as_json: bool,
) -> None:
    """Make every request of FILE (“-” for stdin) or of --prompt, after showing what they cost.

    A file has a prompt on each line (.txt), an object on each line (.jsonl) or a table with columns (.csv). Prompts may
    hold groups in braces, __wildcards__, <fragments> and --repeat. Rows with errors and rows that were made before are
    left out. On a terminal the number of jobs has to be typed to send them.
    """
    if (file is None) == (prompt is None):
        raise click.UsageError("Give a FILE or --prompt, one of them.")
    with Session(watch=wait) as session:
        session.check_settings()
        drafts, expression, notes = _drafts(file, prompt, template, form)
        plan = session.ask(
            lambda engine: engine.plan_batch(drafts, expression=expression, notes=notes, limit=limit, again=again)
        )
        _narrate(plan)
        if dry_run:
            _print_plan(plan, as_json)
            ctx.exit(InvalidRequest.exit_code if plan.broken else 0)
        if (refusal := plan.refusal()) is not None:
            raise refusal
        if not yes:
            _confirm(plan)
        batch_id = session.ask(lambda engine: engine.send_batch(plan))
        ctx.exit(follow(session, batch_id, wait=wait, as_json=as_json))


def follow(session: Session, batch_id: int, *, wait: bool, as_json: bool) -> int:
    """Wait until the service has answered for every job of a batch (or all is saved), print them; the exit code.

    Interrupted, nothing more of it is sent. Where another window has stopped it, what was sent is printed.
    """
    try:
        jobs = _sent(session, batch_id)
    except KeyboardInterrupt:
        stopped = session.ask(lambda engine: engine.stop_batch(batch_id))
        raise KeyboardInterrupt(
            f"interrupted; {stopped.waiting} of {stopped.jobs} were not sent and cost nothing. "
            f"`mjtui batches continue {batch_id}` sends them."
        ) from None
    begun = [job for job in jobs if job.state not in ("planned", "rejected", "cancelled")]
    if wait and begun:
        session.parting = goes_on(begun)
        finished = {job.id: job for job in finish(session, begun)}
        jobs = [finished.get(job.id, job) for job in jobs]
    _print_jobs(session, batch_id, jobs, as_json)
    left = any(job.state == "planned" for job in jobs)
    return max([*map(exit_code, jobs), TRY_AGAIN if left else 0])


def _drafts(
    file: str | None, prompt: str | None, template: str | None, form: Format | None
) -> tuple[list[BatchDraft], str, tuple[str, ...]]:
    """What is asked for, as drafts, as an expression to remember, and with what is to be said about the file."""
    from mjtui.engine.batches import BatchDraft, drafts_of, read_bytes
    from mjtui.prompt.table import FORMATS

    if file is None:
        if template is not None:
            raise click.UsageError("--template goes with a FILE.")
        return [BatchDraft(Draft(prompt=prompt or ""))], prompt or "", ()
    if file == "-":
        name, folder, data = "stdin", Path.cwd(), sys.stdin.buffer.read()
    else:
        path = Path(file).expanduser().absolute()
        name, folder, data = path.name, path.parent, _bytes(path)
    form = form or FORMATS.get(Path(name).suffix.lower())
    table = read_bytes(data, form, folder=folder, template=template)
    return drafts_of(table), f"{name}: {template}" if template else name, table.notes


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}.") from error


def _narrate(plan: BatchPlan) -> None:
    """Say what the batch is, what it costs, and what stands against it."""
    purse = plan.purse
    for note in plan.notes:
        narrate(note)
    parts = [f"{len(plan.rows)} jobs"]
    if plan.already_made:
        parts.append(f"{plan.already_made} already made")
    if plan.broken:
        parts.append(f"{plan.broken} with errors")
    parts.append(f"{len(plan.chosen)} to send for {plan.credits:g} credits (about ${plan.usd:.2f})")
    narrate(", ".join(parts) + ".")
    money: list[str] = []
    if purse.balance is not None:
        money.append(f"{purse.balance:g} credits are left")
    if purse.per_day is not None:
        money.append(f"{purse.committed:g} of today's {purse.per_day:g} are spent or planned")
    if purse.per_batch is not None:
        money.append(f"a batch may cost {purse.per_batch:g}")
    if money:
        narrate(", ".join(money) + ".")


def _confirm(plan: BatchPlan) -> None:
    """Have the number of jobs typed, so that no key pressed once too often can send them."""
    count = len(plan.chosen)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            f"{count} jobs would cost {plan.credits:g} credits, and nobody is here to be asked.",
            hint="Add --yes to send them, or --dry-run to see them.",
        )
    typed: str = click.prompt(f"Type {count} to send them", default="", show_default=False, err=True)
    if typed.strip() != str(count):
        raise UsageError(f"{count} was not typed.")


def _print_plan(plan: BatchPlan, as_json: bool) -> None:
    if as_json:
        print_json([_row_json(row) for row in plan.rows])
        return
    print_table([_cells(row) for row in plan.rows], cut=True)
    for number, row in enumerate(plan.rows, 1):
        for finding in row.findings:
            if finding.level != "info":
                narrate(f"{number}: {finding.level}: {finding.message}")


def _row_json(row: BatchRow) -> dict[str, Any]:
    call = row.preview.call
    return {
        "request": call.body if call else None,
        "endpoint": call.path if call else None,
        "cost": row.price.credits,
        "findings": [finding_json(finding) for finding in row.findings],
        "already_made": row.already_made,
    }


def _cells(row: BatchRow) -> list[str]:
    """A row as cells: what happens with it, credits, prompt."""
    if not row.sendable:
        state = "error"
    elif row.already_made is not None:
        state = f"made #{row.already_made}" + (", again" if row.ticked else "")
    else:
        state = "send"
    return [state, f"{row.price.credits:g}", row.draft.prompt]


def _sent(session: Session, batch_id: int) -> list[Job]:
    """The jobs of a batch when the service has answered for each, or the batch was stopped.

    Raises ServiceError, and stops the batch, where the service cannot be reached.
    """

    def done() -> tuple[bool, list[Job]]:
        jobs = session.ask(lambda engine: engine.batch_jobs(batch_id))
        stopped = session.ask(lambda engine: engine.batch(batch_id)).stopped_at is not None
        left = [job for job in jobs if job.state == "submitting" or (job.state == "planned" and not stopped)]
        return not left, jobs

    shown = _Shown(batch_id)
    while True:
        over, jobs = done()
        cut = next((job for job in jobs if job.trouble is not None and _cannot_go(job)), None)
        if cut is not None and cut.trouble is not None:
            session.ask(lambda engine: engine.stop_batch(batch_id))
            raise not_sent(cut.trouble, hint=f"`mjtui batches continue {batch_id}` sends what is left.")
        if over:
            return jobs
        shown.tell(jobs)
        time.sleep(TICK)


def _cannot_go(job: Job) -> bool:
    return job.state == "planned" and job.trouble is not None and job.trouble.code == Unreachable.code


class _Shown:
    """How far the sending is, said once for every tenth of it."""

    def __init__(self, batch_id: int) -> None:
        self._batch_id = batch_id
        self._said = 0

    def tell(self, jobs: list[Job]) -> None:
        sent = sum(job.state not in ("planned", "submitting") for job in jobs)
        if len(jobs) > 10 and sent * 10 // len(jobs) > self._said:
            self._said = sent * 10 // len(jobs)
            narrate(f"batch {self._batch_id}: {sent} of {len(jobs)} sent")


def _print_jobs(session: Session, batch_id: int, jobs: list[Job], as_json: bool) -> None:
    found = session.ask(lambda engine: engine.batch(batch_id))
    going = sum(job.state == "running" for job in jobs)
    narrate(f"batch {batch_id}: {found.jobs} jobs, {going} running, {found.waiting} not sent.")
    if as_json:
        from mjtui.cli.batches import batch_json

        print_json({"batch": batch_json(found), "jobs": [job_json(job) for job in jobs]})
    for job in jobs:
        if not as_json:
            if job.state == "succeeded":
                print_saved(job)
            elif job.state in ("running", "unknown", "planned"):
                click.echo(str(job.id))
        if problem := job_sentence(job):
            narrate(problem)
