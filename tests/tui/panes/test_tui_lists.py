from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widget import Widget

from mjtui.engine import Job
from mjtui.errors import UsageError
from mjtui.tui.messages import JobOpened, JobSelected
from mjtui.tui.widgets.history import History
from mjtui.tui.widgets.job_list import WHEEL, JobList
from mjtui.tui.widgets.pages import HELD
from mjtui.tui.widgets.tasks import Tasks

MakeJob = Callable[..., Job]
Painted = Callable[[Widget], list[int]]
TextOf = Callable[[Widget], list[str]]


class Library:
    """Jobs with ids from 1 up to `newest`, page by page."""

    def __init__(self, make_job: MakeJob, newest: int) -> None:
        self.make_job = make_job
        self.newest = newest
        self.asked: list[tuple[str, int | None]] = []
        self.prompt = "a paper lighthouse"
        self.hold: dict[str, asyncio.Event] = {}

    async def page(self, query: str, before: int | None) -> list[Job]:
        self.asked.append((query, before))
        if query == "rating>>4":
            raise UsageError("`rating>>4` is no filter.", hint="Try rating>=4.")
        if query in self.hold:
            await self.hold[query].wait()
        first = self.newest if before is None else before - 1
        prompt = f"{query or self.prompt}"
        newest = 0 if query == "nothing" else first
        return [self.make_job(id, prompt=f"{prompt} {id}") for id in range(newest, max(0, newest - 50), -1)]


@pytest.fixture
def library(make_job: MakeJob) -> Library:
    return Library(make_job, 1_000_000)


def selected(app: Any) -> list[int | None]:
    return [said.job and said.job.id for said in app.said if isinstance(said, JobSelected)]


def every_line_fits(widget: Widget) -> bool:
    return all(widget.render_line(y).cell_length == widget.size.width for y in range(widget.size.height))


async def loaded(until: Any, pilot: Pilot[None], history: History) -> None:
    await until(pilot, lambda: history.selected is not None)


# Tasks


async def test_what_needs_the_person_comes_first(around: Any, make_job: MakeJob, now: int, text_of: TextOf) -> None:
    tasks = Tasks(now=lambda: now)
    async with around(tasks).run_test(size=(60, 6)) as pilot:
        states = ("succeeded", "planned", "running", "unknown", "failed")
        tasks.show([make_job(9 - n, state=state) for n, state in enumerate(states)], {})
        await pilot.pause()
        assert [line.split()[1] for line in text_of(tasks)[:5]] == ["unknown", "running", "planned", "done", "failed"]


async def test_one_key_goes_through_the_groups_that_have_jobs(
    around: Any, make_job: MakeJob, now: int, text_of: TextOf
) -> None:
    tasks = Tasks(now=lambda: now, label=lambda command: "f")
    async with around(tasks).run_test(size=(60, 6)) as pilot:
        states = ("succeeded", "succeeded", "running", "unknown", "failed")
        jobs = [make_job(9 - n, state=state) for n, state in enumerate(states)]
        tasks.show(jobs, {})
        await pilot.pause()
        assert str(tasks.border_title) == "2 Tasks · 1 needs you · 1 running · 1 failed"
        seen: list[tuple[str, int]] = []
        for _ in range(5):
            tasks.next_filter()
            await pilot.pause()
            seen.append((str(tasks.border_title), sum(bool(line.strip()) for line in text_of(tasks))))
        assert seen == [
            ("2 Tasks · only 1 needs you · 5 in all", 1),
            ("2 Tasks · only 1 running · 5 in all", 1),
            ("2 Tasks · only 1 failed · 5 in all", 1),
            ("2 Tasks · only 2 done · 5 in all", 2),
            ("2 Tasks · 1 needs you · 1 running · 1 failed", 5),
        ]


async def test_a_filter_stays_when_the_last_of_its_jobs_goes(
    around: Any, make_job: MakeJob, now: int, text_of: TextOf
) -> None:
    tasks = Tasks(now=lambda: now, label=lambda command: "f")
    async with around(tasks).run_test(size=(60, 6)) as pilot:
        tasks.show([make_job(1, state="unknown"), make_job(2)], {})
        tasks.next_filter()
        tasks.show([make_job(1, state="failed"), make_job(2)], {})
        await pilot.pause()
        shown = " ".join(text_of(tasks))
        assert "Nothing needs you." in shown
        assert "f shows the others." in shown


async def test_what_an_earlier_sitting_left_unsent_says_so_until_it_is_sent(
    around: Any, make_job: MakeJob, now: int, text_of: TextOf
) -> None:
    tasks = Tasks(now=lambda: now, label=lambda command: "p", left=[1])
    async with around(tasks).run_test(size=(90, 6)) as pilot:
        tasks.show([make_job(1, state="planned"), make_job(2, state="planned")], {})
        await pilot.pause()
        assert "not sent when mjtui was closed: p sends it  a paper" in text_of(tasks)[0]
        assert "not sent yet" in text_of(tasks)[1]
        tasks.released(1)
        assert "not sent yet" in text_of(tasks)[0]


async def test_a_cursor_move_paints_two_lines(around: Any, make_job: MakeJob, now: int, painted: Painted) -> None:
    tasks = Tasks(now=lambda: now)
    async with around(tasks).run_test(size=(60, 12)) as pilot:
        tasks.show([make_job(id) for id in range(30, 0, -1)], {})
        await pilot.pause()
        lines = painted(tasks)
        tasks.action_cursor_down()
        await pilot.pause()
        assert sorted(lines) == [0, 1]
        lines.clear()
        tasks.action_home()
        tasks.action_cursor_up()
        await pilot.pause()
        assert sorted(lines) == [0, 1]


async def test_time_is_painted_only_while_something_runs(
    around: Any, make_job: MakeJob, now: int, painted: Painted, until: Any
) -> None:
    tasks = Tasks(now=lambda: now)
    async with around(tasks).run_test(size=(60, 12)) as pilot:
        done, running = make_job(1), make_job(2, state="running", submitted_at=now)
        tasks.show([done], {})
        assert not tasks.ticking
        tasks.show([running, done], {2: 60.0})
        assert tasks.ticking
        await pilot.pause()
        lines = painted(tasks)
        await until(pilot, lambda: lines)
        assert set(lines) == {0}
        tasks.show([make_job(2), done], {})
        assert not tasks.ticking


async def test_the_cursor_stays_on_its_job_when_others_come(around: Any, make_job: MakeJob, now: int) -> None:
    tasks = Tasks(now=lambda: now)
    app = around(tasks)
    async with app.run_test(size=(60, 12)) as pilot:
        tasks.show([make_job(id) for id in (5, 4, 3)], {})
        tasks.select(4)
        tasks.show([make_job(id) for id in (7, 6, 5, 4, 3)], {})
        await pilot.pause()
        assert tasks.selected is not None
        assert tasks.selected.id == 4
        tasks.show([make_job(id) for id in (7, 6)], {})
        await pilot.pause()
        assert tasks.selected.id == 6


async def test_only_rows_that_changed_are_painted(
    around: Any, make_job: MakeJob, now: int, painted: Painted, text_of: TextOf
) -> None:
    tasks = Tasks(now=lambda: now)
    async with around(tasks).run_test(size=(60, 12)) as pilot:
        jobs = [make_job(id) for id in (5, 4, 3)]
        tasks.show(jobs, {})
        await pilot.pause()
        lines = painted(tasks)
        tasks.show([make_job(5), make_job(4, prompt="fox"), make_job(3)], {})
        await pilot.pause()
        assert lines == [1]
        assert "fox" in text_of(tasks)[1]


async def test_a_new_estimate_is_shown(around: Any, make_job: MakeJob, now: int, text_of: TextOf) -> None:
    tasks = Tasks(now=lambda: now)
    async with around(tasks).run_test(size=(60, 12)) as pilot:
        running = make_job(2, state="running", submitted_at=now)
        tasks.show([running], {})
        await pilot.pause()
        tasks.show([running], {2: 60.0})
        await pilot.pause()
        assert "of ~1:00" in text_of(tasks)[0]


async def test_a_list_says_which_job_is_chosen_and_opened(around: Any, make_job: MakeJob, now: int) -> None:
    tasks = Tasks(now=lambda: now)
    app = around(tasks)
    async with app.run_test(size=(60, 12)) as pilot:
        tasks.show([make_job(id) for id in (5, 4, 3)], {})
        tasks.focus()
        await pilot.pause()
        tasks.action_cursor_down()
        tasks.action_cursor_down()
        tasks.action_cursor_down()
        tasks.action_open()
        await pilot.pause()
        assert selected(app)[-2:] == [4, 3]
        assert isinstance(app.said[-1], JobOpened)


async def test_rows_that_change_behind_another_pane_choose_nothing(around: Any, make_job: MakeJob, now: int) -> None:
    tasks = Tasks(now=lambda: now)
    app = around(tasks)
    app.AUTO_FOCUS = None
    async with app.run_test(size=(60, 12)) as pilot:
        tasks.show([make_job(5)], {})
        tasks.show([make_job(5, prompt="fox")], {})
        await pilot.pause()
        assert app.said == []


async def test_an_empty_pane_says_what_it_is_for(around: Any, now: int, text_of: TextOf) -> None:
    tasks = Tasks(now=lambda: now)
    async with around(tasks).run_test(size=(80, 12)) as pilot:
        await pilot.pause()
        tasks.action_cursor_down()
        tasks.action_open()
        assert "Nothing runs." in "".join(text_of(tasks))
        assert every_line_fits(tasks)


async def test_a_click_moves_the_cursor_and_the_wheel_the_rows(around: Any, make_job: MakeJob, now: int) -> None:
    tasks = Tasks(now=lambda: now)
    async with around(tasks).run_test(size=(60, 6)) as pilot:
        tasks.styles.border = ("round", "red")
        tasks.show([make_job(id) for id in range(30, 0, -1)], {})
        await pilot.pause()
        await pilot.click(tasks, offset=(5, 3))
        assert tasks.cursor == 2
        await pilot._post_mouse_events([events.MouseScrollDown], tasks, (5, 3))
        assert tasks.top == WHEEL
        assert tasks.cursor == 2


# History


async def test_a_million_jobs_are_scrolled_without_being_held(
    around: Any, library: Library, now: int, until: Any, text_of: TextOf
) -> None:
    history = History(library.page, now=lambda: now)
    async with around(history).run_test(size=(60, 30)) as pilot:
        await loaded(until, pilot, history)
        rows = history.list
        for _ in range(60):
            rows.action_page_down()
            await pilot.pause()
        await until(pilot, lambda: all(job is not None for job in rows.shown()))
        assert rows.cursor > 1_500
        assert history._pages.held <= HELD
        assert every_line_fits(rows)
        bottom = library.newest - rows.cursor
        assert rows.selected is not None
        assert rows.selected.id == bottom
        rows.action_home()
        await until(pilot, lambda: all(job is not None for job in rows.shown()))
        assert rows.selected.id == library.newest


async def test_the_end_is_the_oldest_row_that_is_loaded_and_loads_more(
    around: Any, make_job: MakeJob, now: int, until: Any
) -> None:
    history = History(Library(make_job, 400).page, now=lambda: now)
    async with around(history).run_test(size=(60, 20)) as pilot:
        await loaded(until, pilot, history)
        for _ in range(8):
            history.list.action_end()
            await pilot.pause(0.01)
        await until(pilot, lambda: history._pages.complete)
        history.list.action_end()
        assert history.selected is not None
        assert history.selected.id == 1


async def test_the_screen_stands_still_when_jobs_come_above_it(
    around: Any, library: Library, now: int, until: Any, text_of: TextOf, painted: Painted
) -> None:
    history = History(library.page, now=lambda: now)
    async with around(history).run_test(size=(60, 20)) as pilot:
        await loaded(until, pilot, history)
        rows = history.list
        for _ in range(3):
            rows.action_page_down()
            await pilot.pause()
        await until(pilot, lambda: all(job is not None for job in rows.shown()))
        before, chosen, top = text_of(rows), history.selected, rows.top
        lines = painted(rows)
        library.newest += 3
        history.refresh_rows()
        await until(pilot, lambda: rows.top == top + 3)
        assert lines == []
        assert text_of(rows) == before
        assert history.selected == chosen


async def test_new_jobs_are_seen_at_the_top_of_the_list(
    around: Any, library: Library, now: int, until: Any, text_of: TextOf
) -> None:
    history = History(library.page, now=lambda: now)
    async with around(history).run_test(size=(60, 20)) as pilot:
        await loaded(until, pilot, history)
        chosen = history.selected
        library.newest += 2
        history.refresh_rows()
        await until(pilot, lambda: history.list.cursor == 2)
        assert history.selected == chosen
        assert str(library.newest) in text_of(history.list)[0]


async def test_very_many_new_jobs_begin_the_list_anew(around: Any, library: Library, now: int, until: Any) -> None:
    history = History(library.page, now=lambda: now)
    async with around(history).run_test(size=(60, 20)) as pilot:
        await loaded(until, pilot, history)
        library.newest += 100_000
        history.refresh_rows()
        await until(pilot, lambda: history.selected and history.selected.id == library.newest)


async def test_changed_rows_are_read_again(
    around: Any, library: Library, now: int, until: Any, text_of: TextOf
) -> None:
    history = History(library.page, now=lambda: now)
    async with around(history).run_test(size=(60, 20)) as pilot:
        await loaded(until, pilot, history)
        library.prompt = "a fox"
        history.refresh_rows()
        await until(pilot, lambda: "a fox" in text_of(history.list)[0])
        assert all("a fox" in line for line in text_of(history.list))


async def test_results_come_while_one_types(
    around: Any, library: Library, now: int, until: Any, text_of: TextOf
) -> None:
    history = History(library.page, now=lambda: now)
    async with around(history).run_test(size=(60, 20)) as pilot:
        await loaded(until, pilot, history)
        history.action_search()
        await pilot.press(*"fox")
        await until(pilot, lambda: history.query_text == "fox")
        assert "fox 1000000" in text_of(history.list)[0]
        await pilot.press("enter")
        assert isinstance(pilot.app.focused, JobList)
        history.action_clear_search()
        await until(pilot, lambda: history.query_text == "")


async def test_a_query_is_asked_when_typing_rests(around: Any, library: Library, now: int, until: Any) -> None:
    history = History(library.page, now=lambda: now)
    async with around(history).run_test(size=(60, 20)) as pilot:
        await loaded(until, pilot, history)
        for query in ("f", "fo", "fox"):
            history.line.value = query
        await until(pilot, lambda: history.query_text == "fox")
        assert {query for query, _ in library.asked} == {"", "fox"}


async def test_a_late_answer_to_an_old_query_is_dropped(
    around: Any, library: Library, now: int, until: Any, text_of: TextOf
) -> None:
    history = History(library.page, now=lambda: now)
    async with around(history).run_test(size=(60, 20)) as pilot:
        await loaded(until, pilot, history)
        library.hold["slow"] = asyncio.Event()
        history.line.value = "slow"
        await until(pilot, lambda: ("slow", None) in library.asked)
        history.line.value = "quick"
        await until(pilot, lambda: history.query_text == "quick")
        library.hold["slow"].set()
        await pilot.pause()
        assert history.query_text == "quick"
        assert "quick" in text_of(history.list)[0]


async def test_a_mistake_in_the_query_is_told_and_the_rows_stay(
    around: Any, library: Library, now: int, until: Any, text_of: TextOf
) -> None:
    history = History(library.page, now=lambda: now)
    async with around(history).run_test(size=(60, 20)) as pilot:
        await loaded(until, pilot, history)
        history.line.value = "rating>>4"
        await until(pilot, lambda: history.problem.display)
        assert "Try rating>=4." in str(history.problem.render())
        assert "lighthouse" in text_of(history.list)[0]
        history.line.value = "rating>=4"
        await until(pilot, lambda: history.query_text == "rating>=4")
        assert not history.problem.display


async def test_empty_lists_say_why(around: Any, make_job: MakeJob, now: int, until: Any, text_of: TextOf) -> None:
    history = History(Library(make_job, 0).page, now=lambda: now)
    async with around(history).run_test(size=(80, 20)) as pilot:
        await until(pilot, lambda: "Nothing here yet" in "".join(text_of(history.list)))
        history.line.value = "nothing"
        await until(pilot, lambda: "No job is found" in "".join(text_of(history.list)))
        history.refresh_rows()
        await pilot.pause()
        assert history.selected is None


async def test_typing_lays_out_nothing(around: Any, library: Library, now: int, until: Any) -> None:
    history = History(library.page, now=lambda: now)
    async with around(history).run_test(size=(60, 20)) as pilot:
        await loaded(until, pilot, history)
        history.action_search()
        history.line.value = "a query that is longer than the line is wide " * 2
        await until(pilot, lambda: history.query_text == history.line.value)
        layouts = 0
        reflow = pilot.app.screen._refresh_layout

        def counted(*args: Any, **options: Any) -> None:
            nonlocal layouts
            layouts += 1
            reflow(*args, **options)

        pilot.app.screen._refresh_layout = counted  # type: ignore[method-assign]
        await pilot.press(*"a query")
        await pilot.pause()
        assert layouts == 0


async def test_the_theme_can_change_under_a_list(around: Any, library: Library, now: int, until: Any) -> None:
    history = History(library.page, now=lambda: now)
    app = around(history)
    async with app.run_test(size=(60, 20)) as pilot:
        await loaded(until, pilot, history)
        dark = history.list.render_line(3)
        app.theme = "mjtui-light"
        await pilot.pause()
        light = history.list.render_line(3)
        assert dark.text == light.text
        assert [segment.style for segment in dark] != [segment.style for segment in light]


async def test_a_resize_keeps_the_cursor_in_sight(around: Any, library: Library, now: int, until: Any) -> None:
    history = History(library.page, now=lambda: now)
    async with around(history).run_test(size=(60, 40)) as pilot:
        await loaded(until, pilot, history)
        rows = history.list
        rows.move_to(30)
        await pilot.resize_terminal(50, 12)
        await pilot.pause()
        assert rows.top <= rows.cursor < rows.top + rows.size.height
        assert every_line_fits(rows)
