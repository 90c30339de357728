"""The part of the engine that plans, sends, stops and continues batches, and knows what things cost."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from mjtui.engine.guard import midnight
from mjtui.engine.handle import Options
from mjtui.engine.publisher import Publisher
from mjtui.engine.reading import Reading
from mjtui.errors import SameRequest, UsageError
from mjtui.library.rows import Batch, Job
from mjtui.prompt.draft import Draft, Finding

if TYPE_CHECKING:
    from mjtui.api.dialects import Dialect
    from mjtui.config import Settings
    from mjtui.engine.batches import BatchDraft, BatchPlan, Purse
    from mjtui.engine.intent import Preview
    from mjtui.engine.money import KnownPrice, Prices
    from mjtui.engine.work import Work
    from mjtui.prompt.expansion import Shelf


class Batching(Reading, ABC):
    """Batches and prices; the engine is this and more."""

    _options: Options
    _publisher: Publisher
    _planning: asyncio.Lock
    _work: Work | None

    async def plan_batch(
        self,
        drafts: Iterable[BatchDraft],
        *,
        expression: str,
        notes: tuple[str, ...] = (),
        limit: int | None = None,
        again: bool = False,
    ) -> BatchPlan:
        """Every request that the drafts stand for, with what it costs and whether it was made before; sends nothing.

        `limit` is in the place of that of the settings; `again` ticks what was already made too. Raises UsageError
        where there are more jobs than the limit allows, before any is built.
        """
        await self._ready()
        from mjtui.engine import batches

        most = limit or self.settings.batch.limit
        expanded = await asyncio.to_thread(batches.expand, list(drafts), await self.shelf(), most)
        rows = await batches.compose(expanded, await self._previewer(), self._speaks.name)
        marked, made = await batches.mark_made(rows, self.library.already_made, again=again)
        purse = await self._purse(await self._work.balance() if self._work is not None else None)
        return batches.BatchPlan(expression=expression, rows=tuple(marked), purse=purse, notes=notes, made=made)

    async def shelf(self) -> Shelf:
        """The fragments and wildcards of the settings folder, as they are now."""
        from mjtui.engine import snippets

        return await asyncio.to_thread(snippets.shelf, self._options.paths)

    async def send_batch(self, plan: BatchPlan) -> int:
        """Write down all chosen rows together and send them in their turns; the id of the batch.

        Nothing is written where not all of it may be sent: raises OverBudget, NoCredits, UsageError, NoKey, and
        SameRequest where one of the rows was made since the plan was.
        """
        work = await self._working()
        from mjtui.engine import intent

        balance = await work.balance()
        async with self._planning:
            plan = replace(plan, purse=await self._purse(balance))
            if (refusal := plan.refusal()) is not None:
                raise refusal
            await self._check_unmade(plan)
            new = [(intent.new_job(row.preview, self._speaks.name), row.tags) for row in plan.chosen]
            batch_id, ids = await self.library.plan_batch(plan.expression, new)
        for job_id in ids:
            work.ledger.release(job_id)
        self._publisher.jobs(*ids)
        self._status_changed()
        return batch_id

    async def stop_batch(self, batch_id: int) -> Batch:
        """Send no more of a batch, in any process, until it is continued; what is on its way gets its answer."""
        await self.library.stop_batch(batch_id)
        ids = await self.library.batch_jobs(batch_id, waiting=True)
        if self._work is not None:
            for job_id in ids:
                self._work.ledger.forget(job_id)
        self._publisher.jobs(*ids)
        return await self.library.batch(batch_id)

    async def continue_batch(self, batch_id: int) -> Batch:
        """Send what is left of a batch that was stopped, or left behind by an earlier sitting.

        Raises UsageError where nothing is left, OverBudget and NoCredits where not all that is left may be sent.
        """
        work = await self._working()
        from mjtui.engine.batches import refuse

        batch = await self.library.batch(batch_id)
        ids = await self.library.batch_jobs(batch_id, waiting=True)
        if not ids:
            raise UsageError(f"Nothing of batch {batch_id} waits to be sent.")
        cost = sum(job.cost or 0 for job in await self.library.jobs(ids))
        balance = await work.balance()
        async with self._planning:
            spent = await self.library.spent(midnight())
            purse = replace(await self._purse(balance), per_batch=None, committed=spent)
            if (refusal := refuse(cost, purse)) is not None:
                raise refusal
            await self.library.go_on_with_batch(batch_id)
        for job_id in ids:
            work.ledger.release(job_id)
        self._publisher.jobs(*ids)
        return batch

    async def cancel_batch(self, batch_id: int) -> Batch:
        """Give up everything of a batch that was not sent yet."""
        await self.stop_batch(batch_id)
        for job_id in await self.library.batch_jobs(batch_id, waiting=True):
            await self.library.move(job_id, old=("planned",), new="cancelled", what="cancelled")
            self._publisher.jobs(job_id)
        self._status_changed()
        return await self.library.batch(batch_id)

    async def batch(self, batch_id: int) -> Batch:
        """Raises UsageError."""
        return await self.library.batch(batch_id)

    async def batches(self, limit: int = 50) -> list[Batch]:
        """The newest batches, with how many of their jobs are in each state."""
        return await self.library.batches(limit)

    async def batch_jobs(self, batch_id: int) -> list[Job]:
        return await self.library.jobs(await self.library.batch_jobs(batch_id))

    async def prices(self) -> tuple[KnownPrice, ...]:
        """Every price in credits, with where it comes from."""
        await self._ready()
        return tuple((await self._prices()).known.values())

    # What the engine brings

    @property
    @abstractmethod
    def settings(self) -> Settings: ...

    @property
    @abstractmethod
    def _speaks(self) -> Dialect: ...

    @abstractmethod
    async def _ready(self) -> None: ...

    @abstractmethod
    async def _working(self) -> Work: ...

    @abstractmethod
    def _status_changed(self) -> None: ...

    # Inside

    async def _prices(self) -> Prices:
        from mjtui.engine.money import known_prices

        return known_prices(self.settings.prices, await self.library.measured())

    async def _previewer(self) -> Callable[[Draft], Preview]:
        """What previews drafts that start from no job, whose fragments were put in."""
        from mjtui.engine import intent

        prices, defaults = await self._prices(), self.settings.prompt_defaults()
        return lambda draft: intent.preview(draft, None, dialect=self._speaks, defaults=defaults, prices=prices)

    async def _opened(self, draft: Draft) -> tuple[Draft, tuple[Finding, ...]]:
        """The draft with its fragments and wildcards in their places; the prompt of a job stays as it is."""
        from mjtui.prompt.expansion import for_one, names_something

        if draft.kind in ("upscale", "vary") or not names_something(draft.prompt):
            return draft, ()
        prompt, findings = await asyncio.to_thread(for_one, draft.prompt, await self.shelf())
        return replace(draft, prompt=prompt), findings

    async def _purse(self, balance: float | None) -> Purse:
        from mjtui.engine.batches import Purse

        budget = self.settings.budget
        return Purse(
            per_batch=budget.per_batch,
            per_day=budget.per_day,
            committed=await self.library.committed(midnight()),
            balance=balance,
        )

    async def _check_unmade(self, plan: BatchPlan) -> None:
        """Raise SameRequest where a chosen row was made since the plan was: the same key pressed twice, say."""
        made = await self.library.already_made({row.digest for row in plan.chosen})
        newer = [ids[0] for asked, ids in made.items() if len(ids) > plan.made.get(asked, 0)]
        if newer:
            raise SameRequest(
                f"{len(newer)} of these {len(plan.chosen)} rows were made since this table was (#{newer[0]}).",
                job_id=newer[0],
            )
