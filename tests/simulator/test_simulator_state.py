from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mjtui.simulator.settings import Prices, Switches, switched
from mjtui.simulator.world import World


async def test_a_restarted_simulator_goes_on_where_it_stopped(
    tmp_path: Path, clock: Any, connect: Any, drawing: dict[str, Any]
) -> None:
    first = World(state=tmp_path, now=clock, seconds=(30, 30), balance=100)
    async with connect(first) as client:
        done = (await client.post("/api/v1/mj/generate", json=drawing)).json()["data"]["taskId"]
        clock.pass_seconds(30)
        picture = await client.get(f"/m/{done}_0_2.jpeg")
        running = (await client.post("/api/v1/mj/generate", json=drawing)).json()["data"]["taskId"]
        failing = (await client.post("/api/v1/mj/generate", json=drawing | {"prompt": "banned-word"})).json()
    second = World(state=tmp_path, now=clock, seconds=(1, 1), balance=5)
    assert second.ledger == first.ledger
    assert second.tasks == first.tasks
    assert second.balance == 100 - 24
    assert second.status(second.tasks[running]) == 0
    clock.pass_seconds(30)
    assert second.status(second.tasks[running]) == 1
    assert second.balance == 100 - 16
    assert second.tasks[failing["data"]["taskId"]].refunded
    async with connect(second) as client:
        again = await client.get(f"/m/{done}_0_2.jpeg")
    assert again.content == picture.content
    assert again.headers["etag"] == picture.headers["etag"]
    third = World(state=tmp_path, now=clock)
    assert third.balance == 100 - 16
    assert [charge.what for charge in third.ledger].count("refund") == 1


async def test_a_picture_that_was_thrown_away_is_drawn_again_the_same(
    tmp_path: Path, clock: Any, connect: Any, drawing: dict[str, Any]
) -> None:
    world = World(state=tmp_path, now=clock, seconds=(0, 0))
    async with connect(world) as client:
        task_id = (await client.post("/api/v1/mj/generate", json=drawing)).json()["data"]["taskId"]
        first = await client.get(f"/m/{task_id}_0_0.jpeg")
        for path in (tmp_path / "pictures").iterdir():
            path.unlink()
        second = await client.get(f"/m/{task_id}_0_0.jpeg")
    assert (first.content, first.headers["etag"]) == (second.content, second.headers["etag"])


async def test_a_line_cut_by_a_kill_is_left_out(
    tmp_path: Path, clock: Any, connect: Any, drawing: dict[str, Any]
) -> None:
    async with connect(World(state=tmp_path, now=clock)) as client:
        await client.post("/api/v1/mj/generate", json=drawing)
    journal = tmp_path / "journal.jsonl"
    with journal.open("ab") as file:
        file.write(b'{"charge":{"at":17672256001')
    second = World(state=tmp_path, now=clock)
    assert len(second.ledger) == 1
    second.deposit(5)
    assert len(World(state=tmp_path, now=clock).ledger) == 2


def test_a_moved_clock_stays_moved(tmp_path: Path, clock: Any) -> None:
    World(state=tmp_path, now=clock).advance(3600)
    assert World(state=tmp_path, now=clock).now() == clock.at + 3_600_000


async def test_the_same_seed_gives_the_same_task_ids(clock: Any, connect: Any, drawing: dict[str, Any]) -> None:
    ids: list[str] = []
    for _ in range(2):
        async with connect(World(now=clock, seed="a demo")) as client:
            ids.append((await client.post("/api/v1/mj/generate", json=drawing)).json()["data"]["taskId"])
    assert ids[0] == ids[1]


@pytest.mark.parametrize(("options", "low", "high"), [({"seconds": (5, 20)}, 5, 20), ({"speed_up": 60}, 0.3, 3)])
async def test_tasks_take_as_long_as_was_asked_for(
    clock: Any, connect: Any, drawing: dict[str, Any], options: dict[str, Any], low: float, high: float
) -> None:
    world = World(now=clock, **options)
    async with connect(world) as client:
        for _ in range(15):
            await client.post("/api/v1/mj/generate", json=drawing)
    taken = {((task.finish_at or 0) - task.created_at) / 1000 for task in world.tasks.values()}
    assert len(taken) > 5
    assert all(low <= seconds <= high for seconds in taken)


async def test_prices_can_be_set(clock: Any, connect: Any, drawing: dict[str, Any]) -> None:
    world = World(now=clock, prices=Prices(speeds={"relaxed": 1, "fast": 2.5, "turbo": 4}))
    async with connect(world) as client:
        await client.post("/api/v1/mj/generate", json=drawing)
    assert world.balance == 997.5


async def test_failed_tasks_keep_their_credits_where_refunds_are_off(make: Any, world: Any) -> None:
    world.switches = switched(world.switches, "refunds=off")
    await make(prompt="banned-word")
    assert world.balance == 992


@pytest.mark.parametrize(
    ("spec", "name", "value"),
    [
        ("true-status", "true_status", True),
        ("refuse-urllib=off", "refuse_urllib", False),
        ("vary-base=0", "vary_base", 0),
        ("result-seconds=5", "result_seconds", 5.0),
        ("shapes=iso-times+string-urls", "shapes", frozenset({"iso-times", "string-urls"})),
        ("callback-delays=1+2", "callback_delays", (1.0, 2.0)),
        ("expired=410, unknown=null", "expired", "410"),
    ],
)
def test_switches_are_set_by_name(spec: str, name: str, value: object) -> None:
    assert getattr(switched(Switches(), spec), name) == value


@pytest.mark.parametrize("spec", ["nope", "true-status=maybe", "vary-base=x", "unknown=500", "expired=1", "shapes=odd"])
def test_a_wrong_switch_is_refused(spec: str) -> None:
    with pytest.raises(ValueError):
        switched(Switches(), spec)
