"""A simulated day, without real time: what learning is worth against the plain loop of the service's quickstart."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "bench" / "polling.py"


@pytest.fixture(scope="module")
def polling():
    spec = importlib.util.spec_from_file_location("bench_polling", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.mark.parametrize("change", [1.7, 0.6], ids=["slower", "faster"])
def test_a_finished_job_is_noticed_in_a_quarter_of_the_time_with_no_more_requests(polling, change):
    jobs = polling.day(jobs=1000, spread=0.08, change=change, seed=7)
    loop, ours = polling.plain(jobs), polling.learned(jobs)
    assert ours.wait <= loop.wait / 4
    assert ours.looks <= loop.looks


def test_durations_that_scatter_more_cost_no_more_requests_and_still_half_the_wait(polling):
    jobs = polling.day(jobs=1000, spread=0.2, change=1.7, seed=7)
    loop, ours = polling.plain(jobs), polling.learned(jobs)
    assert ours.wait <= loop.wait / 2
    assert ours.looks <= loop.looks
