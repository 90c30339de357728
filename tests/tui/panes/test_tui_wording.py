from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

import pytest

from mjtui.engine import STATES, Job, Picture, Trouble
from mjtui.tui import wording

MakeJob = Callable[..., Job]
MakePictures = Callable[..., tuple[Picture, ...]]

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
NOON = 1_790_078_400_000  # 2026-09-22 12:00 UTC


def test_every_state_has_an_ascii_glyph_a_word_and_a_meaning() -> None:
    for state in STATES:
        sign = wording.SIGNS[state]
        assert len(sign.glyph) == 1
        assert sign.glyph.isascii()
        assert sign.word
        assert wording.MEANINGS[state].endswith(".")
    words = [sign.word for sign in wording.SIGNS.values()]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    ("seconds", "shown"), [(-1, "0:00"), (0.9, "0:00"), (41, "0:41"), (725, "12:05"), (3723, "1:02:03")]
)
def test_durations(seconds: float, shown: str) -> None:
    assert wording.clock(seconds) == shown


def test_progress_says_what_is_usual_where_that_is_known() -> None:
    assert wording.progress(41, 62) == "0:41 of ~1:02"
    assert wording.progress(41, None) == "0:41"


@pytest.mark.parametrize(
    ("then", "shown"),
    [
        (NOON - HOUR, "11:00"),
        (NOON + MINUTE, "12:01"),
        (NOON - 13 * HOUR, "1 d"),
        (NOON - 6 * DAY, "6 d"),
        (NOON - 10 * DAY, "12 Sep"),
        (NOON - 400 * DAY, "2025"),
    ],
)
def test_ages(then: int, shown: str) -> None:
    assert wording.age(then, NOON, UTC) == shown


@pytest.mark.parametrize(
    ("rest", "shown"),
    [(-DAY, "0 min"), (0, "0 min"), (90 * MINUTE, "90 min"), (5 * HOUR, "5 h"), (47 * HOUR, "47 h"), (3 * DAY, "3 d")],
)
def test_what_is_left(rest: int, shown: str) -> None:
    assert wording.left(NOON + rest, NOON) == shown


@pytest.mark.parametrize(
    ("amount", "shown"), [(8.0, "8 cr"), (2.5, "2.5 cr"), (0, "0 cr"), (1200, "1,200 cr"), (None, "")]
)
def test_credits(amount: float | None, shown: str) -> None:
    assert wording.credits(amount) == shown


def test_what_was_never_sent_or_refused_costs_nothing(make_job: MakeJob) -> None:
    for state in ("planned", "rejected", "cancelled"):
        assert wording.cost(make_job(state=state)) == "0 cr"
    assert wording.cost(make_job(state="unknown")) == "8 cr"


def test_money_is_named_where_it_is_known(make_job: MakeJob) -> None:
    assert wording.money(make_job(state="succeeded")) == "It is done; 8 cr were charged."
    assert "may have been charged" in wording.money(make_job(state="unknown"))
    assert wording.money(make_job(state="running", cost=None)) == wording.MEANINGS["running"]


def test_a_job_is_named_by_its_prompt_and_an_unusual_kind(make_job: MakeJob) -> None:
    assert wording.subject(make_job(prompt="fox\n in\tsnow")) == "fox  in snow"
    assert wording.subject(make_job(kind="vary", prompt="fox")) == "vary: fox"
    assert wording.subject(make_job(kind="upscale", prompt="", parent=7, parent_index=2)) == "upscale: #7, picture 2"
    assert wording.subject(make_job(kind="upscale", prompt="")) == "upscale"


def test_a_prompt_of_any_length_is_one_short_line() -> None:
    assert len(wording.line("word " * 10_000)) <= wording.LONGEST + 1
    assert wording.line("word " * 10_000).endswith("…")


def test_saved_pictures_are_counted(make_job: MakeJob, make_pictures: MakePictures) -> None:
    pictures = make_pictures(count=4)
    due = make_pictures(count=2, state="due") + pictures[2:]
    lost = make_pictures(count=1, state="lost") + pictures[1:]
    assert wording.saved(make_job()) == ""
    assert wording.saved(make_job(pictures=pictures)) == "4 saved"
    assert wording.saved(make_job(pictures=due)) == "2 of 4 saved"
    assert wording.saved(make_job(pictures=lost)) == "1 of 4 lost"


def test_pictures_that_are_about_to_go_are_marked(make_job: MakeJob, make_pictures: MakePictures) -> None:
    due, soon, later = make_pictures(state="due"), NOON + 2 * DAY, NOON + 9 * DAY
    assert wording.safety(make_job(pictures=due, expires_at=soon), NOON) == ("! 2 d", "unknown")
    assert wording.safety(make_job(pictures=due, expires_at=later), NOON) == ("0 of 4", "running")
    assert wording.safety(make_job(pictures=make_pictures(), expires_at=soon), NOON) == ("saved", "muted")
    assert wording.safety(make_job(pictures=make_pictures(state="lost")), NOON) == ("4 lost", "failed")
    assert wording.safety(make_job(), NOON) == ("", "muted")


def test_outcomes(make_job: MakeJob, make_pictures: MakePictures) -> None:
    trouble = Trouble(code="moderated", message="The prompt was\nrefused.")
    sent, done = NOON - 41_000, NOON + 23_000
    assert wording.outcome(make_job(state="planned"), NOON) == "not sent yet"
    assert wording.outcome(make_job(state="running", submitted_at=sent), NOON, 62) == "0:41 of ~1:02"
    finished = make_job(submitted_at=sent, finished_at=done, pictures=make_pictures())
    assert wording.outcome(finished, NOON) == "1:04  4 saved"
    assert wording.outcome(make_job(state="failed", trouble=trouble), NOON) == "The prompt was refused."
    assert wording.outcome(make_job(state="lost"), NOON) == ""
    assert wording.outcome(make_job(state="unknown", submitted_at=sent), NOON, zone=UTC) == "sent 11:59"
    assert wording.outcome(make_job(state="cancelled"), NOON) == "never sent"


def test_what_goes_soon_is_counted_and_says_when(make_job: MakeJob, make_pictures: MakePictures, now: int) -> None:
    later = make_job(1, expires_at=now + 5 * DAY, pictures=make_pictures(state="due"))
    sooner = make_job(2, expires_at=now + 2 * DAY, pictures=make_pictures(count=1, state="due"))
    assert wording.expiring([later, sooner], now) == "5 pictures are not saved yet and go in 2 d"
    assert wording.expiring([sooner], now) == "1 picture is not saved yet and goes in 2 d"
    assert wording.expiring([], now) == ""
