"""Batches through the engine: planned as one table, written down together, stopped, continued, never made twice."""

from __future__ import annotations

import dataclasses
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mjtui.engine import Handle, Options
from mjtui.engine.batches import BatchDraft, BatchPlan
from mjtui.engine.money import known_prices, price
from mjtui.errors import InvalidRequest, NoCredits, OverBudget, SameRequest, UsageError
from mjtui.paths import under
from mjtui.prompt.draft import Draft, Request

LONG = 30


@dataclasses.dataclass
class Simulator:
    url: str
    key: str

    def charges(self) -> int:
        return len(httpx.get(f"{self.url}/_simulator/ledger").json())


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    command = [sys.executable, "-m", "mjtui.simulator", "--until-stdin-closes", "--seconds", "0-0.1"]
    process = subprocess.Popen(
        [*command, "--balance", "1000", "--switches", "creates-per-window=1000"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    facts = json.loads(process.stdout.readline())
    yield Simulator(facts["url"], facts["key"])
    process.stdin.close()
    process.wait(timeout=20)
    process.stdout.close()


@pytest.fixture
def ask(simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Asks an engine in this home; flags begin another engine."""
    monkeypatch.delenv("KIE_API_KEY", raising=False)
    monkeypatch.setattr("mjtui.secret._keyring", lambda: None)
    handles: dict[str, Handle] = {}

    def ask_one(question: Any, **flags: Any) -> Any:
        settings = {"service.api_url": simulator.url, "service.upload_url": simulator.url} | flags
        name = repr(flags)
        if name not in handles:
            handles[name] = Handle(
                Options(paths=under(tmp_path), flags=settings, service=lambda: ({}, simulator.key), watch=False)
            )
            handles[name].start()
            handles[name].serve()
        return handles[name].ask(question).result(timeout=LONG)

    yield ask_one
    for handle in handles.values():
        handle.stop()


def planning(text: str, **options: Any) -> Any:
    return lambda engine: engine.plan_batch([BatchDraft(Draft(prompt=text))], expression=text, **options)


def answered(jobs: list[Any]) -> Any:
    ids = [job.id for job in jobs]
    return lambda engine: engine.wait(ids, lambda job: job.state not in ("planned", "submitting"))


def send(ask: Any, plan: BatchPlan, **flags: Any) -> list[Any]:
    """The jobs of a batch when the service has answered."""
    batch_id = ask(lambda engine: engine.send_batch(plan), **flags)
    jobs = ask(lambda engine: engine.batch_jobs(batch_id), **flags)
    return ask(answered(jobs), **flags)


@pytest.mark.parametrize(
    ("text", "prompts"),
    [
        ("a {red, green, yellow} bird", ["a red bird", "a green bird", "a yellow bird"]),
        (
            "a {red, green} bird in the {jungle, desert}",
            [f"a {colour} bird in the {place}" for colour in ("red", "green") for place in ("jungle", "desert")],
        ),
        ("hill --ar {3:2, 1:1}", ["hill", "hill"]),
        ("sea --v {6, 7 {, --raw}}", ["sea", "sea", "sea --raw"]),
        (r"a {calm\, grey, loud} sea", ["a calm, grey sea", "a loud sea"]),
        (r"fox{::, ::2, \,} snow --v 6.1", ["fox:: snow", "fox::2 snow", "fox, snow"]),
        ("no groups", ["no groups"]),
        ("{one}", ["one"]),
    ],
)
def test_the_vectors_of_the_language_become_requests(ask: Any, text: str, prompts: list[str]) -> None:
    plan = ask(planning(text))
    assert [row.preview.plan.request.prompt for row in plan.rows] == prompts
    assert all(row.chosen for row in plan.rows)
    assert plan.credits == 8 * len(prompts)
    assert plan.purse.balance == 1000


def test_a_table_is_ticked_sent_and_then_already_made(ask: Any, simulator: Simulator) -> None:
    plan = ask(planning("a {red, green, blue} fox --repeat 2"))
    sent = send(ask, plan.tick(1, False).tick(5, False))
    assert [job.prompt for job in sent] == ["a red fox", "a green fox", "a green fox", "a blue fox"]
    assert {job.state for job in sent} == {"running"}
    assert simulator.charges() == 4
    again = ask(planning("a {red, green, blue} fox --repeat 2"))
    assert [row.already_made is not None for row in again.rows] == [True, False, True, True, True, False]
    assert (again.already_made, len(again.chosen)) == (4, 2)
    assert len(ask(planning("a {red, green} fox", again=True)).chosen) == 2
    assert len(again.tick_all(True).chosen) == 2
    assert len(again.tick_all(True, made=True).chosen) == 6
    assert again.tick_all(False).refusal() is not None


def test_one_table_is_sent_once(ask: Any, simulator: Simulator) -> None:
    plan = ask(planning("a {red, green} owl"))
    send(ask, plan)
    with pytest.raises(SameRequest, match="2 of these 2 rows"):
        ask(lambda engine: engine.send_batch(plan))
    assert simulator.charges() == 2


def test_what_the_money_does_not_reach_for_is_not_begun(ask: Any, simulator: Simulator) -> None:
    plan = ask(planning("{1,2,3,4,5,6,7,8,9,10} foxes --turbo --repeat 7"))
    assert plan.credits == 1120
    with pytest.raises(NoCredits, match="1000 are left"):
        ask(lambda engine: engine.send_batch(plan))
    small = ask(planning("{1,2} foxes"))
    for flags in ({"budget.per_day": 15}, {"budget.per_batch": 15}):
        with pytest.raises(OverBudget):
            ask(lambda engine: engine.send_batch(small), **flags)
    assert ask(lambda engine: engine.batches()) == []
    assert simulator.charges() == 0


def test_rows_that_cannot_be_sent_say_why_and_are_left_out(ask: Any, tmp_path: Path) -> None:
    drafts = [
        BatchDraft(Draft(prompt="fox __nowhere__")),
        BatchDraft(Draft(prompt="fox", kind="img2img", images=(str(tmp_path / "none.png"),))),
        BatchDraft(Draft(prompt="fox", kind="upscale", parent=1, index=1)),
    ]
    plan = ask(lambda engine: engine.plan_batch(drafts, expression="x"))
    assert plan.broken == 3
    messages = [" ".join(finding.message for finding in row.findings) for row in plan.rows]
    assert "There is no wildcard __nowhere__" in messages[0]
    assert "There is no file" in messages[1]
    assert "upscale starts from a job" in messages[2]
    with pytest.raises(InvalidRequest, match="No row of this batch can be sent"):
        ask(lambda engine: engine.send_batch(plan))


def test_more_jobs_than_the_limit_are_refused_unbuilt(ask: Any) -> None:
    with pytest.raises(UsageError, match=r"10 000 jobs; the limit is 200"):
        ask(planning("{1,2,3,4,5,6,7,8,9,10}" * 4))
    assert len(ask(planning("{1,2,3,4,5,6,7,8,9,10}" * 2, limit=100)).rows) == 100
    with pytest.raises(UsageError, match="limit is 9"):
        ask(planning("{1,2,3,4,5,6,7,8,9,10}"), **{"batch.limit": 9})


def test_prompts_name_fragments_and_wildcards_of_the_settings_folder(ask: Any, tmp_path: Path) -> None:
    config = under(tmp_path).config
    (config / "fragments").mkdir(parents=True)
    (config / "wildcards" / "birds").mkdir(parents=True)
    (config / "fragments" / "light.toml").write_text('[noir]\ntext = "film noir"\nparameters = "--ar 3:2"\n')
    (config / "wildcards" / "birds" / "small.txt").write_text("# small\nwren\nrobin\n", encoding="utf-8-sig")
    plan = ask(planning("<noir>, a __birds/small__"))
    assert [row.draft.prompt for row in plan.rows] == ["film noir, a wren --ar 3:2", "film noir, a robin --ar 3:2"]
    seen = ask(lambda engine: engine.preview(Draft(prompt="<noir>, a fox --stylize 5000")))
    assert seen.plan.request.prompt == "film noir, a fox"
    assert seen.plan.request.aspect_ratio == "3:2"
    assert ask(lambda engine: engine.preview(Draft(prompt="a __birds/smal__"))).call is None
    job = ask(lambda engine: engine.send(Draft(prompt="<noir>, an owl")))
    assert job.prompt == "film noir, an owl --ar 3:2"
    (config / "wildcards" / "birds" / "small.txt").write_bytes(b"\xff\xfe")
    (row,) = ask(planning("a __birds/small__")).rows
    assert "UTF-16" in row.findings[0].message


def test_a_batch_is_stopped_and_goes_on(ask: Any, simulator: Simulator) -> None:
    other = {"service.timeout": 20}
    plan = ask(planning("{1,2,3,4,5} hares"))
    batch_id, ids = ask(lambda engine: engine.library.plan_batch(plan.expression, new_jobs(plan)))
    stopped = ask(lambda engine: engine.stop_batch(batch_id))
    assert (stopped.waiting, stopped.stopped_at is not None) == (5, True)
    with pytest.raises(OverBudget):
        ask(lambda engine: engine.continue_batch(batch_id), **{"budget.per_day": 30})
    ask(lambda engine: engine.continue_batch(batch_id), **other)
    jobs = ask(lambda engine: engine.batch_jobs(batch_id), **other)
    assert [job.id for job in jobs] == ids
    assert {job.state for job in ask(answered(jobs), **other)} == {"running"}
    assert simulator.charges() == 5
    with pytest.raises(UsageError, match="Nothing of batch"):
        ask(lambda engine: engine.continue_batch(batch_id))


def new_jobs(plan: BatchPlan) -> list[Any]:
    from mjtui.engine.intent import new_job

    return [(new_job(row.preview, "kie"), row.tags) for row in plan.chosen]


CHILD = """
import os, signal, sys
from mjtui import secret
from mjtui.engine import Handle, Options
from mjtui.engine.batches import BatchDraft
from mjtui.engine.ledger import Ledger
from mjtui.library import batches
from mjtui.paths import under
from mjtui.prompt.draft import Draft

home, url, key, when = sys.argv[1:]
secret._keyring = lambda: None

def die(*args):
    os.kill(os.getpid(), signal.SIGKILL)

if when == "halfway":
    write, written = batches.write_down, []
    async def write_down(db, new, now):
        if len(written) == 7:
            die()
        written.append(new)
        return await write(db, new, now)
    batches.write_down = write_down
else:
    Ledger.release = die

async def work(engine):
    plan = await engine.plan_batch([BatchDraft(Draft(prompt="{1,2,3,4,5,6,7,8,9,10} hens"))], expression="hens")
    await engine.send_batch(plan)

from pathlib import Path
flags = {"service.api_url": url, "service.upload_url": url}
handle = Handle(Options(paths=under(Path(home)), flags=flags, service=lambda: ({}, key), watch=False))
handle.start()
handle.serve()
handle.ask(work).result()
"""


@pytest.mark.parametrize(("when", "left"), [("halfway", 0), ("after", 10)])
def test_killed_while_it_is_written_down_a_batch_is_there_whole_or_not_at_all(
    ask: Any, simulator: Simulator, tmp_path: Path, when: str, left: int
) -> None:
    died = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path), simulator.url, simulator.key, when], check=False, timeout=60
    )
    assert died.returncode == -signal.SIGKILL
    batches = ask(lambda engine: engine.batches())
    assert [batch.waiting for batch in batches] == ([left] if left else [])
    assert len(ask(lambda engine: engine.history())) == left
    assert simulator.charges() == 0
    if left:
        ask(lambda engine: engine.continue_batch(batches[0].id))
        ask(answered(ask(lambda engine: engine.batch_jobs(batches[0].id))))
        assert simulator.charges() == left


class Listed:
    relaxed, fast, turbo, video, video_hd, extend, upscale, vary, usd_per_credit = 3, 8, 16, 15, 45, 15, 0, 0, 0.005


@pytest.mark.parametrize(
    ("costs", "credits", "source"),
    [
        ([], 8, "from the settings"),
        ([10, 10], 8, "from the settings"),
        ([10, 10, 10], 10, "measured in 3 jobs"),
        ([10, 8, 10, 10], 10, "measured in 3 jobs"),
        ([10, 8, 10, 8, 10, 8], 8, "from the settings"),
        ([0, 0, 0, 0], 8, "from the settings"),
        ([3, 10, 7, 12, 5], 8, "from the settings"),
    ],
)
def test_a_price_is_believed_when_several_jobs_agree(costs: list[float], credits: float, source: str) -> None:
    prices = known_prices(Listed(), {("txt2img", "fast"): costs})
    found = price(Request(kind="txt2img", speed="fast"), prices)
    assert (found.credits, found.source) == (credits, source)
    assert prices.known["fast"].listed == 8


def test_an_upscale_that_is_charged_is_noticed_and_clips_are_counted() -> None:
    prices = known_prices(Listed(), {("upscale", None): [2, 2, 2], ("video", None): [12, 12, 12]})
    assert price(Request(kind="upscale"), prices).credits == 2
    assert price(Request(kind="video", batch_size=4), prices).credits == 48
    assert price(Request(kind="video_hd", batch_size=2), prices).credits == 90


def test_the_engine_learns_what_jobs_cost(ask: Any) -> None:
    dear = {"prices.fast": 20}
    assert ask(lambda engine: engine.preview(Draft(prompt="a hen")), **dear).price.credits == 20
    for number in range(3):
        job = ask(lambda engine, number=number: engine.send(Draft(prompt=f"hen {number}")), **dear)
        age_all(ask, dear)
        ask(answered([job]), **dear)
        while ask(lambda engine, job=job: engine.job(job.id), **dear).balance_after is None:
            ask(lambda engine: engine.sync(), **dear)
    found = ask(lambda engine: engine.preview(Draft(prompt="a hen")), **dear).price
    assert (found.credits, found.source) == (8, "measured in 3 jobs")
    known = {line.key: line for line in ask(lambda engine: engine.prices(), **dear)}
    assert (known["fast"].listed, known["fast"].credits, known["turbo"].source) == (20, 8, "from the settings")


def age_all(ask: Any, flags: Any) -> None:
    """Let what is finished lie an hour back, so that the next job is alone."""

    async def change(engine: Any) -> None:
        async with engine.library._db.write() as db:
            await db.execute(
                "UPDATE jobs SET submitted_at = submitted_at - 3600000, finished_at = finished_at - 3600000"
                " WHERE state = 'succeeded'"
            )

    ask(change, **flags)
