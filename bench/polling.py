"""How soon a finished job is noticed and what that costs; prints two tables.

    python bench/polling.py [--jobs 1000] [--running 10000] [--seconds 20]

The first table plays a day with a service that is simulated without real time: jobs of two speeds whose durations are
log-normal, one in twenty a straggler, and half-way the service becomes slower or faster. The plain loop of the
service's quickstart looks every 30 seconds, for the first time after 30. *Best possible* is the least mean wait that
any schedule can have with as many looks, if it knows the service before it looks; where it is above a quarter, nothing
can reach a quarter.

The second table is real time: the poller over a library full of running jobs, the service answering from memory.
"""

from __future__ import annotations

import argparse
import asyncio
import bisect
import heapq
import itertools
import math
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from mjtui.api.dialects import dialect
from mjtui.api.service import Service
from mjtui.engine.estimate import KNOWN, Plan, next_look, plan
from mjtui.engine.poller import Poller
from mjtui.engine.publisher import Publisher
from mjtui.engine.worker import Worker
from mjtui.library.rows import NewJob
from mjtui.library.store import Library, now_ms
from mjtui.prompt.draft import Speed

LOOP = 30.0
FIRST_LOOK = 4.0
SPEEDS: tuple[Speed, ...] = ("fast", "relaxed")
USUAL: dict[Speed, float] = {"fast": 60.0, "relaxed": 214.0}
STRAGGLERS = 0.05
SLOWER_BY = (2.0, 6.0)
BETWEEN = 30.0
"""Seconds between two submits, on average."""

SPREADS = (0.05, 0.08, 0.1, 0.15, 0.25)
CHANGES = (1.7, 0.6)


@dataclass(frozen=True)
class Sent:
    """A job of the simulated day: when it was sent, how fast, and how long it takes, in seconds."""

    at: float
    speed: Speed
    takes: float


@dataclass(frozen=True)
class Result:
    """Looks for each job and the mean time from done to noticed, in seconds."""

    looks: float
    wait: float


def day(*, jobs: int, spread: float, change: float, seed: int) -> list[Sent]:
    """A day's jobs; from the middle on every job takes `change` times as long."""
    chance = random.Random(seed)
    found: list[Sent] = []
    at = 0.0
    for number in range(jobs):
        at += chance.expovariate(1 / BETWEEN)
        speed = chance.choice(SPEEDS)
        takes = USUAL[speed] * chance.lognormvariate(0, spread) * (change if number >= jobs / 2 else 1)
        if chance.random() < STRAGGLERS:
            takes *= chance.uniform(*SLOWER_BY)
        found.append(Sent(at, speed, takes))
    return found


def plain(jobs: Sequence[Sent]) -> Result:
    """The loop of the quickstart."""
    looks = [math.ceil(job.takes / LOOP) for job in jobs]
    waits = [count * LOOP - job.takes for count, job in zip(looks, jobs, strict=True)]
    return Result(statistics.fmean(looks), statistics.fmean(waits))


def learned(jobs: Sequence[Sent]) -> Result:
    """mjtui, which begins with an empty library and learns from each job when it notices its end."""
    past: dict[Speed, list[tuple[float, float]]] = {speed: [] for speed in SPEEDS}
    plans: dict[Speed, Plan | None] = dict.fromkeys(SPEEDS)
    tries = [0] * len(jobs)
    wait = 0.0

    def current(speed: Speed) -> Plan:
        found = plans[speed]
        if found is None:
            found = plans[speed] = plan([round(takes * 1000) for _, takes in past[speed][:-201:-1]])
        return found

    heap = [(job.at, number, True) for number, job in enumerate(jobs)]
    heapq.heapify(heap)
    while heap:
        now, number, is_new = heapq.heappop(heap)
        job = jobs[number]
        if is_new:
            looks = current(job.speed)
            heapq.heappush(heap, (now + (looks[0] if looks else FIRST_LOOK), number, False))
            continue
        tries[number] += 1
        if now >= job.at + job.takes:
            wait += now - job.at - job.takes
            bisect.insort(past[job.speed], (job.at + job.takes, job.takes))
            plans[job.speed] = None
        else:
            delay = next_look(now - job.at, current(job.speed), KNOWN[job.speed], tries[number])
            heapq.heappush(heap, (now + delay, number, False))
    return Result(statistics.fmean(tries), wait / len(jobs))


def best(*, spread: float, change: float) -> float:
    """The least mean wait, as a part of the plain loop's, of all schedules that need no more looks than it does."""
    laws = [sorted(_law(USUAL[speed] * pace, spread)) for speed in SPEEDS for pace in (1.0, change)]
    loops = [plain([Sent(0, "fast", takes) for takes in law]) for law in laws]
    allowed, waited = sum(loop.looks for loop in loops), sum(loop.wait for loop in loops)
    dear, cheap, least = 0.3, 300.0, math.inf
    for _ in range(8):
        price = math.sqrt(dear * cheap)
        results = [_cheapest(law, price, spread) for law in laws]
        if sum(result.looks for result in results) > allowed:
            dear = price
        else:
            cheap = price
            least = sum(result.wait for result in results)
    return least / waited


def _law(usual: float, spread: float, count: int = 1000) -> Iterator[float]:
    chance = random.Random(1)
    normal = statistics.NormalDist()
    for number in range(count):
        takes = usual * math.exp(spread * normal.inv_cdf((number + 0.5) / count))
        is_straggler = number % round(1 / STRAGGLERS) == 7
        yield takes * (chance.uniform(*SLOWER_BY) if is_straggler else 1)


def _cheapest(law: Sequence[float], price: float, spread: float) -> Result:
    """The schedule with the least wait where each look costs `price` seconds of it, found from its end backwards."""
    cell = statistics.median(law) * min(1 / 40, spread / 6)
    end = int(law[-1] / cell) + 2
    ended = [bisect.bisect_right(law, cell * number) for number in range(end + 1)]
    sums = [0.0, *itertools.accumulate(law)]
    cost, following = [0.0] * (end + 1), [end] * (end + 1)
    for here in range(end - 1, -1, -1):
        if ended[here] == len(law):
            continue
        cost[here] = math.inf
        for there in range(here + 1, min(end, here + 120) + 1):
            total = price * (len(law) - ended[here]) + _waits(ended, sums, cell, here, there) + cost[there]
            if total < cost[here]:
                cost[here], following[here] = total, there
    here, looks, wait = 0, 0, 0.0
    while ended[here] < len(law):
        looks += len(law) - ended[here]
        wait += _waits(ended, sums, cell, here, following[here])
        here = following[here]
    return Result(looks / len(law), wait / len(law))


def _waits(ended: Sequence[int], sums: Sequence[float], cell: float, here: int, there: int) -> float:
    """The seconds that all who end between two looks wait for the second."""
    return (ended[there] - ended[here]) * there * cell - (sums[ended[there]] - sums[ended[here]])


def noticed(jobs: int) -> None:
    """Print the first table."""
    print(
        f"{'spread':>6} {'change':>6} {'plain loop':>16} {'mjtui':>16} {'looks':>7} {'wait':>7} {'best possible':>14}"
    )
    for spread in SPREADS:
        for change in CHANGES:
            sent = day(jobs=jobs, spread=spread, change=change, seed=7)
            loop, ours = plain(sent), learned(sent)
            least = best(spread=spread, change=change)
            print(
                f"{spread:6.2f} {change:6.1f} {loop.looks:7.2f} {loop.wait:6.2f} s {ours.looks:7.2f} {ours.wait:6.2f} s"
                f" {ours.looks / loop.looks:7.2f} {ours.wait / loop.wait:7.3f} {least:14.3f}"
            )
    print(
        "looks for each job, mean seconds from done to noticed; ratios to the plain loop (bars: looks 1.00, wait 0.25)"
    )


async def busy(running: int, seconds: float) -> None:
    """Print a line of the second table: a poller at work on a library with so many running jobs."""
    asked: list[float] = []
    flying = most = 0

    async def answer(request: httpx.Request) -> httpx.Response:
        nonlocal flying, most
        asked.append(time.perf_counter())
        flying += 1
        most = max(most, flying)
        await asyncio.sleep(0.05)
        flying -= 1
        begun = now_ms() - 60_000
        fields = {
            "taskId": request.url.params["taskId"],
            "taskType": "mj_txt2img",
            "successFlag": 0,
            "createTime": begun,
        }
        return httpx.Response(200, json={"code": 200, "msg": "success", "data": fields})

    with tempfile.TemporaryDirectory(prefix="mjtui-bench-") as folder:
        library = await Library.open(Path(folder) / "library.db")
        await fill(library, running)
        service = Service(
            key="bench", dialect=dialect("kie"), api_url="http://127.0.0.1:9", transport=httpx.MockTransport(answer)
        )
        publisher = Publisher(lambda events: None)
        poller = Poller(
            library,
            service,
            publisher,
            owner="bench:1:1",
            now=now_ms,
            finished=lambda job: None,
            online=lambda on: None,
        )
        worker = Worker("poll", poller.step, now_ms)
        poller.wake = worker.wake
        stalls = asyncio.create_task(lag())
        began, cpu = time.perf_counter(), time.process_time()
        worker.start()
        await asyncio.sleep(seconds)
        cpu, real = time.process_time() - cpu, time.perf_counter() - began
        stalls.cancel()
        await worker.stop()
        await poller.close()
        longest = await asyncio.gather(stalls, return_exceptions=True)
        burst = max((bisect.bisect_right(asked, at + 1) - number for number, at in enumerate(asked)), default=0)
        stall = longest[0] * 1000
        print(f"{running:8,} {len(asked) / real:8.1f} {burst:15} {most:10} {cpu / real * 100:7.1f} {stall:10.1f}")
        await service.aclose()
        await library.close()


async def fill(library: Library, running: int) -> None:
    """Write down running jobs, all of them due."""
    for number in range(running):
        job = await library.plan_job(
            NewJob(
                service="kie",
                kind="txt2img",
                prompt=f"a paper lighthouse {number}",
                request={"prompt": "a paper lighthouse"},
                endpoint="/api/v1/mj/generate",
                digest=f"{number}",
                speed=SPEEDS[number % 2],
            )
        )
        sent = now_ms() - 60_000
        await library.move(job.id, old=("planned",), new="submitting", what="submitting", submitted_at=sent)
        await library.move(
            job.id, old=("submitting",), new="running", what="accepted", task_id=f"{number:032x}", next_look_at=sent
        )


async def lag() -> float:
    """The longest time, in seconds, for which the loop did not come round; until cancelled."""
    longest = 0.0
    try:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            longest = max(longest, time.perf_counter() - before - 0.005)
    except asyncio.CancelledError:
        return longest


def main() -> None:
    """Measure and print."""
    line = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    line.add_argument("--jobs", type=int, default=1000)
    line.add_argument("--running", type=int, default=10_000)
    line.add_argument("--seconds", type=float, default=20.0)
    options = line.parse_args()
    noticed(options.jobs)
    print(f"\n{'running':>8} {'looks/s':>8} {'most in 1 s':>15} {'in flight':>10} {'CPU %':>7} {'stall ms':>10}")
    for running in dict.fromkeys((10, options.running)):
        asyncio.run(busy(running, options.seconds))
    print("bars: at most 10 looks a second, 8 in flight, 10 % of a core, 25 ms")


if __name__ == "__main__":
    main()
