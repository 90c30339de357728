"""When to look at a running job, learned from how long such jobs took before.

A look that comes early is wasted, one that comes late keeps the person waiting. So looks go where the job is likely to
be done:

1. The past is cut into stretches of one pace, because a service gets slower and faster. The newest stretch says how
   long jobs take now. How much they scatter is learned from all stretches, each measured against its own pace.
2. Stragglers, far slower than the rest, are few and are smoothed apart from the others, so that two of them do not
   look like a rule.
3. Where h is the chance that the job ends in the next moment, if it has not ended yet, looks stand 1/sqrt(h) apart,
   times a constant (J. B. Keller, Optimum checking schedules for systems subject to random failure, 1974). That is
   the shortest mean wait for a number of looks. The constant is set so that there are no more looks than a plain loop
   of 30 seconds would have made.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median, median_low

from mjtui.prompt.draft import VIDEO_KINDS, Kind, Speed

KNOWN: dict[str, float] = {"relaxed": 210.0, "fast": 60.0, "turbo": 35.0, "video": 180.0, "upscale": 30.0}
"""Seconds, where the library has no past yet: three captured runs of 2025, and guesses in between."""

ENOUGH = 3
"""Past jobs needed before they are believed."""

LOOP = 30.0
"""Seconds between the looks of the loop in the service's quickstart: what looks may cost is measured by it."""

THRIFT = 0.92
"""The part of that loop's looks that is planned for; the rest is for surprises."""

FEWEST = 1.5
MOST = 200
"""Looks for jobs that end before the plain loop would look twice, and for those of which nothing good is known."""

SHORTEST, LONGEST = 0.5, 14_400.0
CLOSEST = 1.0
FIRST_STEPS = 0.6
"""Without a past a look comes after this part of the time that the job has run."""
WIDEST = 60.0

NEWEST = 4
"""The fewest jobs that show a new pace: three of four must agree, and stragglers seldom do."""

SURE = 3.0
"""How far two stretches differ before they are two, in standard errors."""

LEAST_SPREAD = 0.04
USUAL_SPREAD = 0.2
"""The scatter (standard deviation of the logarithm) that is assumed for as much as PRIOR jobs are worth."""
PRIOR = 3

STRAGGLER = 3.5
"""How many standard deviations late a straggler is."""
LONGEST_STRAGGLER = math.log(8)
STRAGGLER_WIDTH = 0.4

CENTRES = 40
CELLS = 80
TAIL_CELLS = 40
"""How finely the past is read: finer is slower and no better."""

Plan = tuple[float, ...]
"""When to look, in seconds after a job was sent, soonest first; empty where too little is known."""


@dataclass(frozen=True, slots=True)
class Law:
    """The chance that a job is done: `done[i]` at `times[i]` seconds."""

    times: Sequence[float]
    done: Sequence[float]


def expected(kind: Kind, speed: Speed | None, past_ms: Sequence[int]) -> float:
    """Seconds from sending to done: what is usual now, or what is known of such jobs elsewhere."""
    if len(past_ms) >= ENOUGH:
        logs = _logs(past_ms)
        return math.exp(median(_stretches(logs, _step_spread(logs))[0]))
    if kind in VIDEO_KINDS:
        return KNOWN["video"]
    return KNOWN["upscale"] if kind == "upscale" else KNOWN[speed or "fast"]


def plan(past_ms: Sequence[int]) -> Plan:
    """When to look at a job whose like took so long before (newest first, in ms)."""
    if len(past_ms) < ENOUGH:
        return ()
    law = _law(_logs(past_ms))
    cells = [
        (
            max(0.0, done - before) * (end - start) / max(1.0 - (before + done) / 2, 1e-9),
            max(0.0, done - before) * ((start + end) / 2 / LOOP + 0.5),
        )
        for (start, end), (before, done) in zip(pairwise(law.times), pairwise(law.done), strict=True)
    ]
    density = [math.sqrt(cell[0]) for cell in cells]
    allowed = min(MOST, max(FEWEST, THRIFT * math.fsum(cell[1] for cell in cells)))
    dear, cheap = math.fsum(density) / MOST, math.fsum(density)
    for _ in range(12):
        price = math.sqrt(dear * cheap)
        if _looks(_spaced(law, density, price), law) > allowed:
            dear = price
        else:
            cheap = price
    return _spaced(law, density, cheap)


def next_look(elapsed: float, plan: Plan, usual: float, looks: int = 0) -> float:
    """Seconds to wait before the next look at a job that has run for `elapsed` seconds; `usual` is how long it takes.

    Without a plan the looks thin out as the job ages. A job that has outlived its plan is looked at once a minute, and
    less often when it has run for hours; sooner where it had few `looks`, because then the machine slept, or its clock
    was set, and the job may be younger than it seems.
    """
    position = bisect_left(plan, elapsed + CLOSEST)
    if position < len(plan):
        return plan[position] - elapsed
    if plan or elapsed > 4 * usual:
        return min(10 * WIDEST, max(WIDEST, elapsed / 60), 2.0 ** min(looks + 1, 20))
    return max(CLOSEST, min(LOOP, usual / 4, elapsed * FIRST_STEPS))


def _logs(past_ms: Sequence[int]) -> list[float]:
    """Durations as logarithms of seconds; what is shorter or longer than is believable counts as the bound."""
    return [math.log(min(LONGEST, max(SHORTEST, each / 1000))) for each in past_ms]


def _step_spread(logs: Sequence[float]) -> float:
    """The scatter, from the steps between neighbours: a change of pace touches only one of them."""
    steps = [abs(one - other) for one, other in pairwise(logs)]
    return _tempered(median(steps) / 0.954, len(steps))


def _tempered(spread: float, count: int) -> float:
    blended = (count * spread**2 + PRIOR * USUAL_SPREAD**2) / (count + PRIOR)
    return max(LEAST_SPREAD, math.sqrt(blended))


def _stretches(logs: Sequence[float], spread: float) -> list[Sequence[float]]:
    """The past cut where its pace changed, newest first."""
    found: list[Sequence[float]] = []
    begin = 0
    while begin < len(logs):
        first = logs[begin : begin + NEWEST]
        agree = sum(abs(each - median_low(first)) < SURE * spread for each in first) >= NEWEST - 1
        end = min(begin + (1 if agree else 2) * NEWEST, len(logs))
        while end < len(logs):
            more = logs[end : end + max(NEWEST, (end - begin) // 2)]
            doubt = 1.25 * spread * math.sqrt(1 / (end - begin) + 1 / len(more))
            if abs(median_low(more) - median_low(logs[begin:end])) > SURE * doubt:
                break
            end += len(more)
        found.append(logs[begin:end])
        begin = end
    return found


def _law(logs: Sequence[float]) -> Law:
    stretches = _stretches(logs, _step_spread(logs))
    pace = median(stretches[0])
    off = [each - median(stretch) for stretch in stretches for each in stretch]
    spread = _tempered(1.4826 * median(map(abs, off)), len(off))
    late = [each for each in off if each > STRAGGLER * spread]
    usual = sorted(each for each in off if abs(each) <= STRAGGLER * spread)
    centres = [usual[int((n + 0.5) * len(usual) / CENTRES)] for n in range(CENTRES)] if len(usual) > CENTRES else usual
    # Kernels widen what they smooth, so the centres move together by as much (a smoothed bootstrap keeps its variance).
    width = spread * (4 / (3 * len(usual))) ** 0.2
    shrink = math.sqrt(max(0.0, 1 - (width / spread) ** 2))
    centres = [each * shrink for each in centres]
    # Few jobs of the newest stretch leave its pace uncertain.
    width = math.hypot(width, 1.25 * spread / math.sqrt(len(stretches[0])))
    stragglers = (len(late) + 1) / (len(off) + 20)
    # A new pace that few jobs have shown may be a run of stragglers: the pace before it stays possible for a while.
    doubt = 0.5 ** (len(stretches[0]) / NEWEST) if len(stretches) > 1 else 0.0
    before = median(stretches[1]) - pace if doubt > 0.01 else 0.0
    early = min(0.0, before) + centres[0] - 3 * width
    turn = max(0.0, before) + max(centres[-1] + 3 * width, (STRAGGLER + 0.5) * spread)
    end = max(LONGEST_STRAGGLER, *late, turn) + 0.2
    points = [early + (turn - early) * n / CELLS for n in range(CELLS)]
    points += [turn + (end - turn) * n / TAIL_CELLS for n in range(TAIL_CELLS + 1)]

    def usually(point: float) -> float:
        return fmean(_normal((point - each) / width) for each in centres)

    def done(point: float) -> float:
        anywhere = min(1.0, max(0.0, (point - 2 * spread) / (end - 2 * spread)))
        slow = (anywhere + sum(_normal((point - each) / STRAGGLER_WIDTH) for each in late)) / (1 + len(late))
        quick = usually(point)
        if before:
            quick += doubt * (usually(point - before) - quick)
        return (1 - stragglers) * quick + stragglers * slow

    return Law([math.exp(pace + point) for point in points], [done(point) for point in points])


def _normal(deviations: float) -> float:
    return 0.5 * (1 + math.erf(deviations * math.sqrt(0.5)))


def _spaced(law: Law, density: Sequence[float], price: float) -> Plan:
    """A look wherever the density of looks, summed from the start and divided by their price, passes a whole number."""
    looks: list[float] = []
    passed = 0.0
    for (start, end), amount in zip(pairwise(law.times), density, strict=True):
        share = amount / price
        while passed + share >= len(looks) + 1:
            looks.append(start + (end - start) * (len(looks) + 1 - passed) / share)
        passed += share
    return (*looks, law.times[-1])


def _looks(looks: Plan, law: Law) -> float:
    """How many of these looks a job needs on average: each as often as the job is not done at the one before."""
    needed = 1.0
    for time in looks[:-1]:
        after = bisect_right(law.times, time, hi=len(law.times) - 1)
        start, end = law.times[after - 1], law.times[after]
        part = (time - start) / (end - start)
        needed += 1 - law.done[after - 1] - part * (law.done[after] - law.done[after - 1])
    return needed
