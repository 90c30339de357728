from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mjtui.engine import STATES, Job, Picture, State, Trouble
from mjtui.terminal.text import cell_width
from mjtui.tui.widgets.cells import Piece, column, filled, merged, wrapped
from mjtui.tui.widgets.history import history_row
from mjtui.tui.widgets.tasks import task_row, time_cells

MakeJob = Callable[..., Job]
MakePictures = Callable[..., tuple[Picture, ...]]

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
HARD = (
    "東京の夜景、雨に濡れた路地",
    "family 👩‍👩‍👧‍👦 in a flat 🏳️‍🌈 with e\u0301te\u0301",
    "tab\there\nand a line break\r\n",
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \u202eright to left",
    "مرحبا بالعالم and שלום",
    "[bold]markup[/bold] [@click=app.quit]x[/]",
    "x" * 10_000,
)
PROMPTS = st.one_of(st.sampled_from(HARD), st.text(max_size=120))
fixtures = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)


def text(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


@fixtures
@given(prompt=PROMPTS, message=PROMPTS, state=st.sampled_from(STATES), width=st.integers(1, 160))
def test_a_row_fills_its_pane_and_nothing_else(
    make_job: MakeJob, now: int, prompt: str, message: str, state: State, width: int
) -> None:
    trouble = Trouble(code="x", message=message)
    job = make_job(state=state, prompt=prompt, trouble=trouble, submitted_at=now - 41_000, rating=4)
    for row in (task_row(job, width, now, 62.0), history_row(job, width, now)):
        assert cell_width(text(row)) == width
        assert not CONTROL.search(text(row))


@fixtures
@given(words=PROMPTS, width=st.integers(1, 60))
def test_words_are_wrapped_into_their_width(words: str, width: int) -> None:
    lines = wrapped(words, width)
    assert all(cell_width(line) <= width for line in lines)
    assert not CONTROL.search("".join(lines))


def test_a_running_row_says_speed_and_time(make_job: MakeJob, now: int) -> None:
    job = make_job(state="running", submitted_at=now - 41_000)
    assert text(task_row(job, 60, now, 62.0)).startswith(" > running fast    0:41 of ~1:02  a paper lighthouse")
    assert text(task_row(job, 50, now, 62.0)).startswith(" > running 0:41 of ~1:02  a paper lighthouse")


def test_a_bar_is_drawn_until_the_usual_time_is_over(make_job: MakeJob, now: int) -> None:
    job = make_job(state="running", submitted_at=now - 30_000)
    assert "━━━━━─────" in text(task_row(job, 90, now, 60.0))
    for expected in (None, 0.0, 20.0):
        late = text(task_row(job, 90, now, expected))
        assert "━" not in late
        assert "─" not in late


@pytest.mark.parametrize("width", [40, 60, 100])
def test_time_goes_on_only_in_the_cells_that_are_painted_every_second(make_job: MakeJob, now: int, width: int) -> None:
    job = make_job(state="running", submitted_at=now - 599_000)
    one, other = (text(task_row(job, width, at, 700.0)) for at in (now, now + 61_000))
    start, end = time_cells(width)
    assert one != other
    assert (one[:start], one[end:]) == (other[:start], other[end:])


def test_prompts_of_all_states_begin_at_the_same_cell(make_job: MakeJob, now: int) -> None:
    states: tuple[State, ...] = ("running", "planned", "succeeded", "unknown", "cancelled", "submitting")
    starts = {text(task_row(make_job(state=state), 60, now, None)).index("a paper") for state in states}
    assert len(starts) == 1


def test_a_history_row(make_job: MakeJob, make_pictures: MakePictures, now: int) -> None:
    job = make_job(kind="vary", rating=4, pictures=make_pictures())
    row = text(history_row(job, 60, now))
    assert re.fullmatch(r"  \d\d:\d\d \+ 4\* vary: a paper lighthouse at d… +8 cr   saved ", row)
    assert "cr" not in text(history_row(job, 40, now))


@pytest.mark.parametrize(("rating", "shown"), [(None, "   "), (-1, "-  "), (0, "0* "), (5, "5* ")])
def test_ratings(make_job: MakeJob, now: int, rating: Any, shown: str) -> None:
    assert text(history_row(make_job(rating=rating), 60, now))[10:13] == shown


def test_neighbours_of_one_tone_are_one_piece() -> None:
    pieces = [Piece("a", "muted"), Piece("b", "muted"), Piece("  ", "text"), Piece("c", "text"), Piece("", "done")]
    assert merged(pieces) == [Piece("ab  ", "muted"), Piece("c", "text")]


def test_a_line_without_room_is_cut_off(make_job: MakeJob) -> None:
    assert text(filled([column("abcdef", 6)], "rest", 4, [Piece("tail")])) == "abc…"
