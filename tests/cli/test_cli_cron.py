"""`mjtui sync` as cron runs it, and the page about it."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "cron.md").read_text()


def test_a_run_with_nothing_to_do_says_so_in_one_line_and_nothing_else(mjtui):
    done = mjtui("sync")
    assert done.code == 0
    assert done.err == ""
    assert len(done.lines) == 1
    assert done.lines[0] in PAGE


def test_what_the_page_shows_is_what_is_printed(mjtui, simulator):
    assert mjtui("imagine", "for cron alone").code == 0
    simulator.fault("file:503:always")
    first = mjtui("sync")
    simulator.heal()
    second = mjtui("sync")
    assert (first.code, second.code) == (3, 0)
    shape = re.sub(r"\d+", "N", second.lines[0])
    assert shape in [re.sub(r"\d+", "N", line) for line in PAGE.splitlines()]


def test_without_a_network_it_ends_with_3_so_that_the_next_run_tries_again(mjtui, environ, nowhere):
    assert mjtui("imagine", "the network goes").code == 0
    environ |= {"MJTUI_API_URL": nowhere, "MJTUI_UPLOAD_URL": nowhere}
    done = mjtui("sync")
    assert done.code == 3
    assert len(done.lines) == 1
