"""A batch before it is sent: every request in one table, what is ticked, what it costs and what stands against it.

plan = await engine.plan_batch([BatchDraft(draft)], expression=draft.prompt)
plan = plan.tick(3, False)
batch_id = await engine.send_batch(plan)      # raises plan.refusal() where there is one
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from mjtui.engine.intent import Preview, digest, with_findings
from mjtui.engine.money import Price
from mjtui.errors import InvalidRequest, MjtuiError, NoCredits, OverBudget, UsageError
from mjtui.prompt.draft import FROM_PARENT, KIND_NAMES, Draft, Finding
from mjtui.prompt.expansion import Opened, Shelf, build, open_up
from mjtui.prompt.permutation import TooManyJobs, shown
from mjtui.prompt.table import Format, Table, TableError, decode, guess_format, read

LARGEST_FILE = 16 << 20
"""Bytes of a file with drafts."""

AT_A_TIME = 25
"""Rows that are planned before something else of the engine has a turn."""


@dataclass(frozen=True, slots=True)
class BatchDraft:
    """A draft that may stand for several jobs, the tags for them, and what is known to be wrong with it."""

    draft: Draft
    tags: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """One request of a batch; `already_made` is the job that asked for the same before."""

    preview: Preview
    tags: tuple[str, ...] = ()
    digest: str = ""
    already_made: int | None = None
    ticked: bool = True

    @property
    def draft(self) -> Draft:
        """The draft of this row alone, with the one prompt that it stands for."""
        return self.preview.draft

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.preview.findings

    @property
    def price(self) -> Price:
        return self.preview.price

    @property
    def sendable(self) -> bool:
        """False where a finding is an error; such a row is never sent."""
        return self.preview.call is not None

    @property
    def chosen(self) -> bool:
        return self.ticked and self.sendable


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """Credits: the budgets (None where there is none), what is spent or planned today, and what is left."""

    per_batch: float | None = None
    per_day: float | None = None
    committed: float = 0.0
    balance: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlan:
    """All requests of a batch; `expression` is what was written, `notes` are sentences about the file."""

    expression: str
    rows: tuple[BatchRow, ...]
    purse: Purse
    notes: tuple[str, ...] = ()
    made: Mapping[str, int] = field(default_factory=dict[str, int])
    """How many jobs had asked for the same before, by digest."""

    @property
    def chosen(self) -> tuple[BatchRow, ...]:
        """The rows that would be sent."""
        return tuple(row for row in self.rows if row.chosen)

    @property
    def credits(self) -> float:
        """What the chosen rows cost."""
        return sum(row.price.credits for row in self.chosen)

    @property
    def usd(self) -> float:
        return sum(row.price.usd for row in self.chosen)

    @property
    def already_made(self) -> int:
        return sum(row.already_made is not None for row in self.rows)

    @property
    def broken(self) -> int:
        """How many rows have an error."""
        return sum(not row.sendable for row in self.rows)

    def tick(self, index: int, on: bool) -> BatchPlan:
        """The plan with one row (from 0) in or out."""
        rows = list(self.rows)
        rows[index] = replace(rows[index], ticked=on)
        return replace(self, rows=tuple(rows))

    def tick_all(self, on: bool, *, made: bool = False) -> BatchPlan:
        """The plan with all rows in or out; those already made come in with `made` alone."""
        return replace(
            self,
            rows=tuple(replace(row, ticked=on and (made or row.already_made is None)) for row in self.rows),
        )

    def refusal(self) -> MjtuiError | None:
        """Why the chosen rows cannot be sent as they are; None where they can."""
        return refuse(self.credits, self.purse) if self.chosen else _nothing(self)


def refuse(credits: float, purse: Purse) -> MjtuiError | None:
    """Why so many credits cannot be spent on a batch; None where they can."""
    costs = f"This batch costs {credits:g} credits"
    if purse.per_batch is not None and credits > purse.per_batch:
        return OverBudget(
            f"{costs}; the budget of a batch is {purse.per_batch:g}.",
            hint="Leave rows out, or raise budget.per_batch in the settings.",
        )
    if purse.per_day is not None and credits and purse.committed + credits > purse.per_day:
        return OverBudget(
            f"{costs}; {purse.committed:g} of today's {purse.per_day:g} are spent or waiting to be.",
            hint="Leave rows out, raise budget.per_day in the settings, or wait until tomorrow.",
        )
    if purse.balance is not None and credits > purse.balance:
        return NoCredits(
            f"{costs}; {purse.balance:g} are left at the service.",
            meaning="Nothing was sent and nothing was charged.",
            hint="Leave rows out, or add credits at kie.ai.",
        )
    return None


def _nothing(plan: BatchPlan) -> MjtuiError:
    first = next((finding for row in plan.rows for finding in row.findings if finding.level == "error"), None)
    if first is not None and plan.broken == len(plan.rows):
        return InvalidRequest(f"No row of this batch can be sent. {first.message}")
    if plan.rows and plan.already_made + plan.broken >= len(plan.rows):
        return UsageError("Every row that can be sent was already made.", hint="Tick those that you want again.")
    return UsageError("No row is ticked.")


def read_drafts(text: str, form: Format, *, folder: Path, template: str | None = None) -> Table:
    """The drafts of a file's text; images are looked for from `folder` on. Raises UsageError."""
    try:
        table = read(text, form, template)
    except TableError as error:
        raise UsageError(str(error)) from error
    rows = tuple(
        replace(row, draft=replace(row.draft, images=tuple(_image(name, folder) for name in row.draft.images)))
        for row in table.rows
    )
    return replace(table, rows=rows)


def read_bytes(data: bytes, form: Format | None, *, folder: Path, template: str | None = None) -> Table:
    """The drafts of a file; without a form it is told from the text. Raises UsageError."""
    if len(data) > LARGEST_FILE:
        raise UsageError(f"The file is larger than {LARGEST_FILE >> 20} MiB.")
    try:
        text = decode(data)
    except TableError as error:
        raise UsageError(str(error)) from error
    return read_drafts(text, form or guess_format(text), folder=folder, template=template)


def drafts_of(table: Table) -> list[BatchDraft]:
    """The rows of a file as drafts of a batch."""
    return [BatchDraft(row.draft, row.tags, row.findings) for row in table.rows]


def _image(name: str, folder: Path) -> str:
    if name.startswith(("http://", "https://")):
        return name
    return str((folder / Path(name).expanduser()).absolute())


def expand(drafts: Iterable[BatchDraft], shelf: Shelf, limit: int) -> list[BatchDraft]:
    """One draft for each job, nothing built before all are counted. Raises UsageError above `limit`."""
    opened: list[tuple[BatchDraft, Opened]] = []
    count = 0
    for wanted in drafts:
        found = Opened(wanted.draft.prompt, 1) if wanted.findings else open_up(wanted.draft.prompt, shelf)
        opened.append((wanted, found))
        count += found.count
    expanded: list[BatchDraft] = []
    try:
        if count > limit:
            raise TooManyJobs(count, limit)
        for wanted, found in opened:
            if found.findings or wanted.findings:
                expanded.append(replace(wanted, findings=(*wanted.findings, *found.findings)))
                continue
            prompts = build(found, limit - len(expanded))
            expanded += [replace(wanted, draft=replace(wanted.draft, prompt=prompt)) for prompt in prompts]
    except TooManyJobs as error:
        most = max(count, len(expanded) + error.count)
        raise UsageError(
            f"This batch has {shown(most)} jobs; the limit is {limit}.",
            hint="Take some out, or raise batch.limit in the settings.",
        ) from error
    return expanded


async def compose(drafts: Sequence[BatchDraft], preview: Callable[[Draft], Preview], service: str) -> list[BatchRow]:
    """The rows of a batch, each with its request, its price and what is to be said about it."""
    rows: list[BatchRow] = []
    for number, wanted in enumerate(drafts):
        if number % AT_A_TIME == 0:
            await asyncio.sleep(0)
        seen = preview(wanted.draft)
        problems = list(wanted.findings)
        if wanted.draft.kind in FROM_PARENT:
            says = f"{KIND_NAMES[wanted.draft.kind]} starts from a job and cannot be part of a batch."
            problems.append(Finding(level="error", rule="batch", message=says))
        problems += [_missing(name) for name in seen.plan.request.images if not _is_there(name)]
        if problems:
            seen = with_findings(seen, tuple(problems))
        call = seen.call
        rows.append(
            BatchRow(
                preview=seen,
                tags=wanted.tags,
                digest=digest(service, call.path, call.body or {}) if call is not None else "",
            )
        )
    return rows


async def mark_made(
    rows: Sequence[BatchRow],
    history: Callable[[Collection[str]], Awaitable[Mapping[str, Sequence[int]]]],
    *,
    again: bool,
) -> tuple[list[BatchRow], dict[str, int]]:
    """The rows, each with a job that asked for the same before; those are not ticked unless `again`.

    A job counts for one row, so that two rows that ask for the same were both made where two jobs did. Also the number
    of such jobs by digest.
    """
    made = await history({row.digest for row in rows if row.digest})
    left = {asked: list(ids) for asked, ids in made.items()}
    marked: list[BatchRow] = []
    for row in rows:
        ids = left.get(row.digest)
        job = ids.pop(0) if ids else None
        marked.append(replace(row, already_made=job, ticked=again or job is None))
    return marked, {asked: len(ids) for asked, ids in made.items()}


def _is_there(name: str) -> bool:
    return name.startswith(("http://", "https://")) or Path(name).expanduser().is_file()


def _missing(name: str) -> Finding:
    return Finding(level="error", rule="no-file", message=f"There is no file {name}.")
