"""The engine as a face uses it: through its handle, against a simulator on a real socket."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mjtui.engine import Handle, JobsChanged, Notice, Options
from mjtui.engine.engine import unfinished
from mjtui.errors import InvalidRequest, NoKey, OverBudget, SameRequest, UsageError, WrongKey
from mjtui.paths import under
from mjtui.prompt.draft import Draft

LONG = 30


class Simulator:
    """A simulator in a process of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        command = [sys.executable, "-m", "mjtui.simulator", "--state", str(folder), *arguments]
        self.process = subprocess.Popen(
            [*command, "--until-stdin-closes"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        facts = json.loads(self.process.stdout.readline())
        self.url, self.key = facts["url"], facts["key"]

    def faults(self, spec: str) -> None:
        httpx.post(f"{self.url}/_simulator/faults", json={"spec": spec}).raise_for_status()

    def ledger(self) -> list[dict[str, Any]]:
        return httpx.get(f"{self.url}/_simulator/ledger").json()

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    running = Simulator(tmp_path_factory.mktemp("simulator"), "--seconds", "0.2-0.4", "--balance", "100000")
    yield running
    running.close()


@pytest.fixture
def start(simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Handle]]:
    """Starts engines on one home; all are stopped at the end."""
    monkeypatch.delenv("KIE_API_KEY", raising=False)
    monkeypatch.setattr("mjtui.secret._keyring", lambda: None)
    monkeypatch.setattr("mjtui.engine.ledger.FIRST_LOOK_MS", 450)
    handles: list[Handle] = []

    def begin(*, key: bool = True, home: Path = tmp_path, **flags: Any) -> Handle:
        service = {"service.api_url": simulator.url, "service.upload_url": simulator.url} | flags
        handle = Handle(
            Options(paths=under(home), flags=service, service=(lambda: ({}, simulator.key)) if key else None)
        )
        handles.append(handle)
        handle.start()
        handle.serve()
        return handle

    yield begin
    for handle in handles:
        handle.stop()


def done(job) -> bool:
    return not unfinished(job) and all(picture.state != "due" for picture in job.pictures)


def test_a_prompt_becomes_four_files(start):
    heard = []
    handle = start()
    handle.listen(heard.extend)
    job = handle.ask(lambda engine: engine.send(Draft(prompt="a paper lighthouse at dusk --ar 3:2"))).result(LONG)
    assert job.state == "planned"
    [made] = handle.ask(lambda engine: engine.wait([job.id], done)).result(LONG)
    assert made.state == "succeeded"
    assert all(Path(picture.path).is_file() for picture in made.pictures)
    assert any(isinstance(event, JobsChanged) and made.id in event.ids for event in heard)
    assert any(isinstance(event, Notice) and "done" in event.text for event in heard)
    pixels = handle.ask(lambda engine: engine.pixels(made.pictures[0], width=40, height=40)).result(LONG)
    assert (pixels.width, len(pixels.rgb)) == (40, pixels.width * pixels.height * 3)


def test_one_picture_leads_to_the_next(start):
    handle = start()

    def make(draft: Draft):
        job = handle.ask(lambda engine: engine.send(draft)).result(LONG)
        [made] = handle.ask(lambda engine: engine.wait([job.id], done)).result(LONG)
        assert made.state == "succeeded", made.trouble
        return made

    first = make(Draft(prompt="a castle on a misty peak"))
    for kind, pictures, media in (("upscale", 1, "image"), ("vary", 4, "image"), ("video", 1, "video")):
        draft = handle.ask(lambda engine, kind=kind: engine.follow_up(first.id, 2, kind)).result(LONG)
        made = make(draft)
        assert (made.parent, made.parent_index) == (first.id, 2)
        assert len(made.pictures) == pictures
        assert all(picture.media_type.startswith(media) for picture in made.pictures)
    extended = make(handle.ask(lambda engine: engine.follow_up(made.id, 1, "extend")).result(LONG))
    assert extended.pictures[0].media_type == "video/mp4"


def test_the_same_request_again_is_asked_about(start, simulator):
    handle = start()
    draft = Draft(prompt="a fox in snow")
    first = handle.ask(lambda engine: engine.send(draft)).result(LONG)
    with pytest.raises(SameRequest) as caught:
        handle.ask(lambda engine: engine.send(draft)).result(LONG)
    assert caught.value.job_id == first.id
    second = handle.ask(lambda engine: engine.send(draft, again=True)).result(LONG)
    assert second.id != first.id


def test_a_budget_stops_before_anything_is_written_or_sent(start, simulator):
    handle = start(**{"budget.per_day": 10})
    handle.ask(lambda engine: engine.send(Draft(prompt="one"))).result(LONG)
    before = len(simulator.ledger())
    with pytest.raises(OverBudget, match="8 of today's 10"):
        handle.ask(lambda engine: engine.send(Draft(prompt="two"))).result(LONG)
    assert len(handle.ask(lambda engine: engine.history()).result(LONG)) == 1
    assert len(simulator.ledger()) <= before + 1


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (Draft(prompt=""), "prompt"),
        (Draft(prompt="x" * 2001), "2,?001"),
        (Draft(prompt="a fox --ar 17:3"), "17:3"),
        (Draft(prompt="a fox", kind="img2img"), "image"),
        (Draft(prompt="a fox", kind="img2img", images=("/nowhere/fox.png",)), "fox.png"),
        (Draft(kind="upscale"), "job"),
    ],
)
def test_what_cannot_work_is_said_before_it_is_sent(start, draft, words):
    handle = start()
    with pytest.raises((InvalidRequest, UsageError), match=f"(?i){words}"):
        handle.ask(lambda engine: engine.send(draft)).result(LONG)
    assert handle.ask(lambda engine: engine.history()).result(LONG) == []


def test_without_a_key_the_library_opens_and_nothing_is_sent(start):
    handle = start(key=False)
    assert handle.ask(lambda engine: engine.has_key()).result(LONG) is False
    assert handle.ask(lambda engine: engine.history()).result(LONG) == []
    with pytest.raises(NoKey):
        handle.ask(lambda engine: engine.send(Draft(prompt="a fox"))).result(LONG)


def test_a_key_is_tried_before_it_is_kept(start, simulator, tmp_path):
    handle = start(key=False)
    with pytest.raises(WrongKey):
        handle.ask(lambda engine: engine.enter_key("not-the-key-at-all")).result(LONG)
    assert not under(tmp_path).key.exists()
    where = handle.ask(lambda engine: engine.enter_key(simulator.key)).result(LONG)
    assert Path(where).read_text().strip() == simulator.key
    assert handle.ask(lambda engine: engine.credits()).result(LONG) > 0


def test_an_unknown_job_is_settled_by_the_person_alone(start, simulator):
    handle = start()

    def unknown(prompt: str):
        simulator.faults("submit:drop-after")
        job = handle.ask(lambda engine: engine.send(Draft(prompt=prompt))).result(LONG)
        [seen] = handle.ask(lambda engine: engine.wait([job.id], lambda row: row.state == "unknown")).result(LONG)
        return seen

    arrived = unknown("it arrived")
    task_id = simulator.ledger()[-1]["task_id"]
    handle.ask(lambda engine: engine.arrived(arrived.id, task_id)).result(LONG)
    [made] = handle.ask(lambda engine: engine.wait([arrived.id], done)).result(LONG)
    assert (made.state, made.task_id) == ("succeeded", task_id)

    again = unknown("send it again")
    before = len(simulator.ledger())
    handle.ask(lambda engine: engine.again(again.id)).result(LONG)
    [made] = handle.ask(lambda engine: engine.wait([again.id], done)).result(LONG)
    assert made.state == "succeeded"
    assert len(simulator.ledger()) == before + 1

    hopeless = unknown("give it up")
    given_up = handle.ask(lambda engine: engine.give_up(hopeless.id)).result(LONG)
    assert given_up.state == "failed"
    assert given_up.trouble.code == "given_up"


def test_what_was_left_planned_waits_for_the_person_at_the_next_start(start, simulator):
    handle = start()
    simulator.faults("submit:429=3600")
    job = handle.ask(lambda engine: engine.send(Draft(prompt="left behind"))).result(LONG)

    def put_back(row) -> bool:
        return row.state == "planned" and row.trouble is not None

    handle.ask(lambda engine: engine.wait([job.id], put_back)).result(LONG)
    handle.stop()

    second = start()
    assert second.ask(lambda engine: engine.job(job.id)).result(LONG).state == "planned"
    cancelled = second.ask(lambda engine: engine.cancel(job.id)).result(LONG)
    assert cancelled.state == "cancelled"
    with pytest.raises(UsageError, match="cancelled"):
        second.ask(lambda engine: engine.release(job.id)).result(LONG)


def test_a_job_that_runs_is_watched_on_by_the_next_sitting(start):
    handle = start()
    job = handle.ask(lambda engine: engine.send(Draft(prompt="goes on"))).result(LONG)
    handle.ask(lambda engine: engine.wait([job.id], lambda row: row.state == "running")).result(LONG)
    handle.stop()
    [made] = start().ask(lambda engine: engine.wait([job.id], done)).result(LONG)
    assert made.state == "succeeded"


def test_two_sittings_on_one_library_see_each_others_jobs(start):
    first, second = start(), start()
    job = first.ask(lambda engine: engine.send(Draft(prompt="shared"))).result(LONG)
    [seen] = second.ask(lambda engine: engine.wait([job.id], lambda row: done(row) and row.pictures != ())).result(LONG)
    assert seen.state == "succeeded"


def test_a_draft_is_kept_word_for_word(start):
    handle = start()
    draft = Draft(
        prompt="霧の中の灯台 [b]👩‍🚀[/b] --ar 2:3", kind="img2img", images=("~/fox.png",), stylize=250, parent=None
    )
    handle.ask(lambda engine: engine.keep_draft(draft)).result(LONG)
    handle.stop()
    assert start().ask(lambda engine: engine.draft()).result(LONG) == draft


def test_a_library_that_cannot_be_opened_answers_every_question_with_the_reason(start, tmp_path):
    under(tmp_path).make()
    under(tmp_path).library.write_bytes(b"this is no database" * 100)
    handle = start()
    with pytest.raises(Exception, match="library"):
        handle.ask(lambda engine: engine.history()).result(LONG)
    with pytest.raises(Exception, match="library"):
        handle.ask(lambda engine: engine.has_key()).result(LONG)
