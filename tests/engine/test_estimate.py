"""When to look is learned from the past: few looks, near the moment at which jobs end."""

from __future__ import annotations

import itertools
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mjtui.engine.estimate import CLOSEST, ENOUGH, LOOP, expected, next_look, plan

MINUTE = [round(60_000 * random.Random(number).lognormvariate(0, 0.1)) for number in range(60)]


def looks_needed(looks, seconds: float) -> int:
    return next(number for number, time in enumerate(looks, 1) if time >= seconds)


def test_nothing_is_planned_before_something_is_known():
    assert plan([]) == plan(MINUTE[: ENOUGH - 1]) == ()
    assert expected("txt2img", "relaxed", []) == 210
    assert expected("video", None, []) == 180


def test_without_a_past_looks_thin_out_and_never_wait_longer_than_the_plain_loop_for_a_usual_job():
    elapsed, waits = 4.0, []
    while elapsed < 200:
        waits.append(next_look(elapsed, (), 60))
        elapsed += waits[-1]
    assert waits == sorted(waits)
    assert max(waits) <= LOOP / 2


def test_looks_stand_where_jobs_end_and_are_fewer_than_those_of_the_plain_loop():
    looks = plan(MINUTE)
    assert 45 < looks[0] < 60
    assert len([time for time in looks if time < 80]) >= 4
    needed = sum(looks_needed(looks, each / 1000) for each in MINUTE)
    assert needed <= sum(math.ceil(each / 1000 / LOOP) for each in MINUTE)


def test_a_few_stragglers_change_little():
    looks = plan([*MINUTE[:10], 300_000, *MINUTE[10:30], 240_000, *MINUTE[30:]])
    assert looks[0] == pytest.approx(plan(MINUTE)[0], abs=5)
    assert expected("txt2img", "fast", [300_000, *MINUTE]) == pytest.approx(60, abs=4)


@pytest.mark.parametrize("change", [0.5, 2.0])
def test_a_service_that_becomes_slower_or_faster_is_followed_within_four_jobs(change):
    newest = [round(each * change) for each in MINUTE[:4]]
    assert expected("txt2img", "fast", newest + MINUTE) == pytest.approx(60 * change, rel=0.15)
    looks = plan(newest + MINUTE)
    assert any(0.85 < time / 60 / change < 1.4 for time in looks)


def test_a_run_of_stragglers_does_not_make_quick_jobs_wait():
    looks = plan([300_000, 280_000, 320_000, 290_000, *MINUTE])
    assert looks[0] < 80


def test_a_job_that_outlived_every_expectation_is_looked_at_ever_more_seldom():
    looks = plan(MINUTE)
    assert next_look(3_600, looks, 60, looks=30) == 60
    assert next_look(36_000, looks, 60, looks=90) == 600
    assert next_look(864_000, looks, 60, looks=500) == 600


def test_a_job_that_only_seems_old_is_looked_at_again_soon():
    assert next_look(3_600, plan(MINUTE), 60, looks=0) <= 2
    assert next_look(3_600, (), 60, looks=1) <= 4


@given(st.lists(st.integers(0, 10**10), min_size=ENOUGH, max_size=60), st.floats(0, 10**8), st.integers(0, 10**6))
def test_whatever_the_past_a_plan_goes_forward_and_the_next_look_lies_ahead(past, elapsed, looks):
    found = plan(past)
    assert found
    assert all(0 < one <= other < math.inf for one, other in itertools.pairwise(found))
    assert CLOSEST <= next_look(elapsed, found, expected("txt2img", "fast", past), looks) < math.inf
