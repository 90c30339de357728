"""The simulated service's account and work: balance, tasks, uploads, and a ledger with one line per charge."""

from __future__ import annotations

import hashlib
import random
import re
import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mjtui.simulator import checks
from mjtui.simulator.checks import Order, Refusal
from mjtui.simulator.faults import Fault, Faults
from mjtui.simulator.settings import Prices, Switches
from mjtui.simulator.state import Blobs, Charge, Journal, Task, Upload

DEFAULT_KEY = "simulator"
OPENING_BALANCE = 1000.0
BANNED = ("banned-word", "bannedword")
FILTERED = ("filtered-word", "filteredword")
SEEN_REQUESTS = 20_000

USUAL_SECONDS: dict[str, float] = {
    "relaxed": 214.0,
    "fast": 60.0,
    "turbo": 30.0,
    "mj_omni_reference": 248.0,
    "mj_video": 180.0,
    "mj_video_hd": 300.0,
    "mj_video_extend_manual": 180.0,
    "mj_video_extend_auto": 180.0,
    "mj_upscale": 30.0,
    "mj_vary": 60.0,
}
"""How long a task takes, about; the first two and omni as captured from the service, the rest in proportion."""


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that arrived; `authorized` says that it carried an Authorization header."""

    at: int
    method: str
    path: str
    authorized: bool


class World:
    """One account at the simulated service, with everything that the outside can set and see.

    `now` gives milliseconds. With `state`, a folder, a later World goes on where this one stopped: tasks run on by the
    clock, links stay good. Tasks take between `seconds[0]` and `seconds[1]`, or as long as the real service's divided
    by `speed_up`. With `seed` the task ids are the same each time. `key` None accepts every key. With `webhook_key`
    callbacks are signed.
    """

    def __init__(
        self,
        *,
        state: Path | None = None,
        now: Callable[[], int] = now_ms,
        key: str | None = DEFAULT_KEY,
        balance: float = OPENING_BALANCE,
        seconds: tuple[float, float] | None = None,
        speed_up: float = 1.0,
        faults: str = "",
        switches: Switches | None = None,
        prices: Prices | None = None,
        webhook_key: str | None = None,
        seed: str | None = None,
    ) -> None:
        self._now = now
        self.key = key
        self.seconds = seconds
        self.speed_up = speed_up
        self.faults = Faults(faults)
        self.switches = switches or Switches()
        self.prices = prices or Prices()
        self.webhook_key = webhook_key
        self.seed = seed
        self.seen: deque[Seen] = deque(maxlen=SEEN_REQUESTS)
        self.changed: Callable[[], None] = _nothing
        self._journal = Journal(state)
        memory = self._journal.replay()
        if memory.opening is None:
            memory.opening = balance
            self._journal.write("opening", balance)
        self.opening = memory.opening
        self.port = memory.port
        self.tasks: dict[str, Task] = memory.tasks
        self.ledger: list[Charge] = memory.ledger
        self.uploads: dict[str, Upload] = memory.uploads
        self._spent = sum(charge.amount for charge in self.ledger)
        self._failing = {task.id for task in self.tasks.values() if _to_refund(task)}
        self._clock_offset = memory.clock_offset
        self.pictures = Blobs(state and state / "pictures")
        self.files = Blobs(state and state / "uploads")
        self.link_key = hashlib.sha256(f"links of {key}".encode()).digest()

    def now(self) -> int:
        """The simulated time, in milliseconds since 1970."""
        return self._now() + self._clock_offset

    def advance(self, seconds: float) -> None:
        """Move the clock; it may go back too."""
        self._clock_offset += round(seconds * 1000)
        self._journal.write("clock", self._clock_offset)
        self.changed()

    def remember_port(self, port: int) -> None:
        """Note the port that links were given out for, so that a restart can take it again."""
        self.port = port
        self._journal.write("port", port)

    @property
    def balance(self) -> float:
        """Credits left: what was there at first, less the ledger."""
        self.settle()
        return self.opening - self._spent

    def deposit(self, credits: float) -> None:
        """Add credits, or take some away, outside of any task."""
        self._note(Charge(at=self.now(), task_id="", amount=-credits, what="deposit", digest=""))

    def settle(self) -> None:
        """Give back what failed tasks cost, where the service does that."""
        if not self.switches.refunds:
            return
        for task in [self.tasks[task_id] for task_id in self._failing]:
            if self.status(task):
                task.refunded = True
                self._failing.discard(task.id)
                self._journal.task(task)
                self._note(Charge(at=self.now(), task_id=task.id, amount=-task.cost, what="refund", digest=""))

    def accept(self, order: Order, body: Mapping[str, Any]) -> Task:
        """Make and charge a task; raises Refusal for a missing parent, too few credits, or too many requests."""
        parent = self._parent(order)
        cost = self.price(order)
        if cost > self.balance:
            raise Refusal(
                402, "Credits insufficient : Your current balance isn't enough to run this request. Please top up."
            )
        now = self.now()
        if self._recent(now) >= self.switches.creates_per_window:
            raise Refusal(429, "Your call frequency is too high. Please try again later.")
        task_id = self._new_id(order.dialect)
        task = Task(
            id=task_id,
            type=order.type,
            params=order.params,
            created_at=now,
            finish_at=now + self._duration(order, task_id),
            results=order.results,
            dialect=order.dialect,
            extension=order.extension,
            visible_at=now,
            parent=parent.id if parent else None,
            parent_index=order.parent_index,
            cost=cost,
            callback_url=order.callback_url,
        )
        _judge(task)
        _afflict(task, self.faults.take("task"))
        task.next_delivery = task.finish_at if task.callback_url else None
        self.tasks[task.id] = task
        self.save(task)
        self._note(Charge(at=now, task_id=task.id, amount=cost, what=order.type, digest=digest(body)))
        self.changed()
        return task

    def price(self, order: Order) -> float:
        """Credits that an order costs."""
        prices = self.prices
        if order.type in checks.VIDEO_TYPES:
            return order.results * (prices.video_hd if order.type == "mj_video_hd" else prices.video)
        if order.type in checks.IMAGE_TYPES:
            return prices.speeds[order.params["speed"]]
        return {"mj_upscale": prices.upscale, "mj_vary": prices.vary}.get(order.type, prices.extend)

    def status(self, task: Task) -> int:
        """The successFlag of a task now: 0 while it runs."""
        return 0 if task.finish_at is None or self.now() < task.finish_at else task.flag

    def visible(self, task_id: str) -> Task | None:
        """The task, where record-info knows it by now."""
        task = self.tasks.get(task_id)
        if task is None or task.oddity == "forgotten" or self.now() < task.visible_at:
            return None
        return task

    def finish(self, task_id: str, *, flag: int | None = None) -> Task:
        """End a task now, as it would end or with another flag; raises KeyError for an unknown one."""
        task = self.tasks[task_id]
        if flag is not None:
            task.flag = flag
        if task.flag != 1 and task.error_message is None:
            task.error_code, task.error_message = 500, "internal error, please try again later."
        task.finish_at = min(self.now(), task.finish_at or self.now())
        task.visible_at = min(task.visible_at, task.finish_at)
        if task.callback_url and not task.deliveries:
            task.next_delivery = task.finish_at
        self.save(task)
        self.changed()
        return task

    def save(self, task: Task) -> None:
        """Write down a task that was made or changed."""
        if _to_refund(task):
            self._failing.add(task.id)
        self._journal.task(task)

    def keep(self, upload: Upload, content: bytes) -> None:
        """Remember a file that was given to the service."""
        self.files.put(upload.path, content)
        self.uploads[upload.path] = upload
        self._journal.upload(upload)

    def _note(self, charge: Charge) -> None:
        self.ledger.append(charge)
        self._spent += charge.amount
        self._journal.charge(charge)

    def _parent(self, order: Order) -> Task | None:
        if order.parent is None:
            return None
        parent = self.visible(order.parent)
        if parent is None:
            raise Refusal(422, "The record does not exist")
        if self.status(parent) != 1 or parent.extension != order.extension:
            raise Refusal(422, "The task is not a finished one of the right kind.")
        if order.parent_index >= parent.results:
            raise Refusal(422, "The index parameter is incorrect.")
        return parent

    def _recent(self, now: int) -> int:
        since = now - self.switches.window_seconds * 1000
        count = 0
        for charge in reversed(self.ledger):
            if charge.at <= since:
                break
            count += charge.what not in ("refund", "deposit")
        return count

    def _new_id(self, dialect: str) -> str:
        if self.seed is None:
            found = secrets.token_hex(16)
        else:
            found = hashlib.sha256(f"{self.seed} {len(self.tasks)}".encode()).hexdigest()[:32]
        return f"mj_{found[:12]}" if dialect == "sketch" else found

    def _duration(self, order: Order, task_id: str) -> int:
        chance = random.Random(task_id)
        if self.seconds is not None:
            return round(1000 * chance.uniform(*self.seconds))
        usual = USUAL_SECONDS.get(order.type) or USUAL_SECONDS[order.params["speed"]]
        return round(1000 * usual * chance.lognormvariate(0, 0.25) / self.speed_up)


def digest(body: Mapping[str, Any]) -> str:
    """A name for what a body asks for, whatever the order of its fields and wherever its callback goes."""
    asked = {name: value for name, value in body.items() if name not in ("callBackUrl", "callback_url")}
    return hashlib.sha256(checks.param_json(asked).encode("utf-8", "surrogatepass")).hexdigest()


def _judge(task: Task) -> None:
    """Refuse what Midjourney refuses, with its own titles."""
    prompt = str(task.params.get("prompt", ""))
    lowered = prompt.lower()
    version = str(task.params.get("version", "7"))
    if any(word in lowered for word in BANNED):
        _fail(task, 3, "Banned prompt detected")
    elif any(word in lowered for word in FILTERED):
        _fail(task, 3, "Request cancelled due to output filters")
    elif re.search(r"(^|\s)--cref(\s|$)", prompt) and version.startswith("7"):
        _fail(task, 3, f"Invalid parameter `--cref` is not compatible with `--version {version}`")


def _afflict(task: Task, fault: Fault | None) -> None:
    if fault is None:
        return
    name = fault.name
    if name in ("fail", "fail2"):
        _fail(task, 2 if name == "fail2" else 3, "internal error, please try again later.")
    elif name == "refused":
        _fail(task, 3, "Banned prompt detected")
    elif name == "filtered":
        _fail(task, 3, "Request cancelled due to output filters")
    elif name in ("escape", "markup", "bidi"):
        task.flag, task.error_code, task.oddity = 3, 500, name
    elif name == "stuck":
        task.finish_at = None
    elif name == "slow" and task.finish_at is not None:
        task.finish_at += round(1000 * fault.number(600))
    elif name == "hidden":
        task.visible_at = task.created_at + round(1000 * fault.number(5))
    elif name == "fewer":
        task.results = max(1, task.results - 1)
    else:
        task.oddity = name


def _to_refund(task: Task) -> bool:
    return task.flag != 1 and task.cost > 0 and not task.refunded


def _fail(task: Task, flag: int, message: str) -> None:
    task.flag, task.error_code, task.error_message = flag, 500, message


def _nothing() -> None:
    """Who nobody listens to."""
