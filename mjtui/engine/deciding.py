"""What the person decides about a job: to take it back, to send what was left, to settle what nobody knows."""

from __future__ import annotations

from abc import ABC, abstractmethod

from mjtui.engine import guard
from mjtui.engine.batching import Batching
from mjtui.errors import UsageError
from mjtui.library.rows import Job, Trouble


class Deciding(Batching, ABC):
    """Decisions about jobs; the engine is this and more."""

    async def cancel(self, job_id: int) -> Job:
        """Give up a job that was not sent yet; raises UsageError where it is too late."""
        moved = await self.library.move(job_id, old=("planned",), new="cancelled", what="cancelled")
        if self._work is not None:
            self._work.ledger.forget(job_id)
        return await self._moved(moved, job_id, "cancelled: it was sent already")

    async def release(self, job_id: int) -> Job:
        """Send a job that was left planned by an earlier sitting."""
        work = await self._working()
        job = await self.library.job(job_id)
        if job.state != "planned":
            raise UsageError(f"Job #{job_id} is {job.state}: there is nothing to send.")
        work.ledger.release(job_id)
        return job

    async def arrived(self, job_id: int, task_id: str) -> Job:
        """Settle an unknown job: it arrived under this task id, which the service is asked to confirm."""
        work = await self._working()
        job = await self.library.job(job_id)
        if job.state not in ("unknown", "lost", "failed"):
            raise UsageError(f"Job #{job_id} is {job.state}: there is nothing to resolve.")
        await work.service.look(task_id)
        moved = await self.library.move(
            job_id,
            old=("unknown", "lost", "failed"),
            new="running",
            what="arrived",
            detail={"task_id": task_id},
            task_id=task_id,
            trouble=None,
            next_look_at=self._now(),
        )
        work.wake()
        return await self._moved(moved, job_id, "resolved")

    async def again(self, job_id: int) -> Job:
        """Settle an unknown job: send it once more, whatever became of the first time."""
        work = await self._working()
        job = await self.library.job(job_id)
        await guard.check_budget(self.library, job.cost or 0, self.settings.budget.per_day)
        moved = await self.library.move(
            job_id, old=("unknown",), new="planned", what="send_again", trouble=None, not_before=0
        )
        resent = await self._moved(moved, job_id, "sent again: it is not unknown")
        work.ledger.release(job_id)
        return resent

    async def give_up(self, job_id: int) -> Job:
        """Settle an unknown job: nothing more is done about it."""
        trouble = Trouble(code="given_up", message="given up: nobody knows whether it arrived")
        moved = await self.library.move(
            job_id,
            old=("unknown",),
            new="failed",
            what="given_up",
            trouble=trouble,
            finished_at=self._now(),
        )
        return await self._moved(moved, job_id, "given up: it is not unknown")

    async def _moved(self, moved: Job | None, job_id: int, cannot: str) -> Job:
        job = await self.library.job(job_id)
        if moved is None:
            raise UsageError(f"Job #{job_id} is {job.state} and cannot be {cannot}.")
        self._publisher.jobs(job_id)
        self._status_changed()
        return job

    @abstractmethod
    def _status_changed(self) -> None: ...
