"""Callbacks: sent when a task ends, signed where there is a key, tried again, and sometimes wrong on purpose."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mjtui.simulator import sketch
from mjtui.simulator.faults import Fault
from mjtui.simulator.links import result_links
from mjtui.simulator.state import Task
from mjtui.simulator.wire import callback_body
from mjtui.simulator.world import World

if TYPE_CHECKING:
    import httpx

DEADLINE = 15.0
AN_HOUR = 3600
LONGEST_NAP = 5.0

log = logging.getLogger(__name__)


def signature(key: str, task_id: str, timestamp: int) -> str:
    """The X-Webhook-Signature: Base64 of HMAC-SHA256 over `taskId.timestamp`; the timestamp is in seconds."""
    signed = hmac.new(key.encode(), f"{task_id}.{timestamp}".encode(), hashlib.sha256).digest()
    return base64.b64encode(signed).decode()


class Courier:
    """Brings callbacks. `base` is the address that result links begin with; `transport` is for tests."""

    def __init__(self, world: World, *, base: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._world = world
        self._base = base
        self._transport = transport
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Deliver what is due, for ever."""
        self._world.changed = self._woken.set
        while True:
            await self.deliver_due()
            try:
                await asyncio.wait_for(self._woken.wait(), self._nap())
            except TimeoutError:
                continue
            self._woken.clear()

    async def deliver_due(self) -> int:
        """Try every callback that is due now; returns how many were tried."""
        now = self._world.now()
        due = [task for task in self._waiting() if (task.next_delivery or 0) <= now]
        if due:
            import httpx

            async with httpx.AsyncClient(transport=self._transport, timeout=DEADLINE) as client:
                for task in due:
                    await self._deliver(client, task)
        return len(due)

    def _waiting(self) -> list[Task]:
        return [task for task in self._world.tasks.values() if task.next_delivery is not None]

    def _nap(self) -> float:
        ahead = [(task.next_delivery or 0) - self._world.now() for task in self._waiting()]
        return max(0.01, min([LONGEST_NAP, *(each / 1000 for each in ahead)]))

    async def _deliver(self, client: httpx.AsyncClient, task: Task) -> None:
        fault = self._world.faults.take("callback") or Fault("none")
        flag = self._world.status(task)
        if fault.name == "early":
            await self._post(client, task, 0, fault)
        taken = fault.name == "lost" or await self._post(client, task, flag, fault)
        if fault.name == "duplicate":
            await self._post(client, task, flag, fault)
        delays = self._world.switches.callback_delays
        again = not taken and task.deliveries < len(delays)
        task.next_delivery = self._world.now() + round(1000 * delays[task.deliveries]) if again else None
        task.deliveries += 1
        self._world.save(task)

    async def _post(self, client: httpx.AsyncClient, task: Task, flag: int, fault: Fault) -> bool:
        import httpx

        url = task.callback_url or ""
        try:
            answer = await client.post(url, json=self._body(task, flag, fault), headers=self._headers(task, fault))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            log.info("callback of %s: %s", task.id, error)
            return False
        return answer.status_code == 200

    def _body(self, task: Task, flag: int, fault: Fault) -> dict[str, Any]:
        if fault.name == "hostile":
            task = replace(task, oddity="hostile-urls")
        if task.dialect == "sketch":
            return sketch.status_body(task, flag, self._base)
        is_extend = task.type.startswith("mj_video_extend") and bool(self._world.switches.shapes)
        return callback_body(task, flag, result_links(task, self._base), as_record=is_extend)

    def _headers(self, task: Task, fault: Fault) -> dict[str, str]:
        key = self._world.webhook_key
        if key is None or fault.name == "unsigned":
            return {}
        timestamp = self._world.now() // 1000 - (AN_HOUR if fault.name == "stale" else 0)
        signed = signature("another key" if fault.name == "forged" else key, task.id, timestamp)
        return {"X-Webhook-Timestamp": str(timestamp), "X-Webhook-Signature": signed}
