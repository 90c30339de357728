from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mjtui.engine import Job
from mjtui.tui.widgets.pages import Gap, Pages

MakeJob = Callable[..., Job]


def filled(pages: Pages, ids: list[int], make_job: MakeJob, *, first: int = 0, last: int = 99) -> Pages:
    """The pages with rows `first` to `last` asked for, from a library of these ids in descending order."""
    while (gap := pages.gap(first, last)) is not None:
        older = [id for id in ids if gap.before is None or id < gap.before]
        pages.merge(gap.before, [make_job(id) for id in older[:5]])
    return pages


def ids_of(pages: Pages) -> list[int]:
    return [pages.id(index) for index in range(len(pages))]


def test_rows_are_asked_for_page_by_page_until_the_oldest(make_job: MakeJob) -> None:
    pages = Pages()
    assert pages.gap(0, 3) == Gap(None)
    pages.merge(None, [make_job(id) for id in (9, 8, 7, 6, 5)])
    assert pages.gap(0, 3) is None
    assert pages.gap(2, 6) == Gap(5)
    pages.merge(5, [make_job(4)])
    assert not pages.complete
    pages.merge(4, [])
    assert pages.complete
    assert pages.gap(0, 100) is None
    assert ids_of(pages) == [9, 8, 7, 6, 5, 4]


def test_far_rows_are_let_go_and_asked_for_again(make_job: MakeJob) -> None:
    ids = list(range(1_000, 0, -1))
    pages = Pages(held=50)
    for row in range(0, 600, 5):
        filled(pages, ids, make_job, first=row, last=row + 4)
    assert pages.held == 50
    assert pages.job(0) is None
    assert pages.gap(10, 20) == Gap(991)
    pages.merge(991, [make_job(id) for id in range(990, 985, -1)])
    assert [pages.job(index) for index in range(10, 15)] == [make_job(id) for id in range(990, 985, -1)]


def test_a_page_that_is_read_again_takes_in_what_came_and_drops_what_went(make_job: MakeJob) -> None:
    pages = filled(Pages(), [9, 8, 7, 6, 5, 4, 3, 2, 1], make_job)
    pages.merge(None, [make_job(id) for id in (11, 10, 9, 7, 6)])
    assert ids_of(pages) == [11, 10, 9, 7, 6, 5, 4, 3, 2, 1]
    assert pages.find(7) == 3
    assert pages.before(0) is None
    assert pages.before(3) == 9


def test_everything_but_the_rows_near_the_screen_can_be_forgotten(make_job: MakeJob) -> None:
    pages = filled(Pages(), list(range(20, 0, -1)), make_job)
    pages.forget(5, 7)
    assert [index for index in range(20) if pages.job(index) is not None] == [5, 6, 7]
    assert len(pages) == 20


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    libraries=st.lists(st.sets(st.integers(1, 60)), min_size=1, max_size=4),
    size=st.integers(1, 7),
    held=st.integers(1, 20),
)
def test_rows_are_those_of_the_library_after_all_is_read_again(
    make_job: MakeJob, libraries: list[set[int]], size: int, held: int
) -> None:
    pages = Pages(held=held)
    for library in libraries:
        ids = sorted(library, reverse=True)
        before: int | None = None
        while True:
            page = [id for id in ids if before is None or id < before][:size]
            pages.merge(before, [make_job(id) for id in page])
            if not page:
                break
            before = page[-1]
        assert ids_of(pages) == ids
        assert pages.held <= held


@pytest.mark.parametrize("index", [0, 7, 19])
def test_every_row_is_found_by_its_id(make_job: MakeJob, index: int) -> None:
    pages = filled(Pages(), list(range(40, 0, -2)), make_job)
    assert pages.find(pages.id(index)) == index
