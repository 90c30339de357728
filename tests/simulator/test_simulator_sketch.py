from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

BODY = {"prompt": "a lighthouse", "model": "midjourney-v6.1", "aspect_ratio": "16:9", "quality": "high", "mode": "fast"}


async def test_the_sketched_dialect_goes_from_queued_to_one_png(client: Any, world: Any, clock: Any) -> None:
    made = (await client.post("/mj-api/generate-mj-image", json=BODY | {"seed": 7, "negative_prompt": "text"})).json()
    assert made == {"task_id": made["task_id"], "status": "queued", "eta": "10s"}
    assert made["task_id"].startswith("mj_")
    params = {"task_id": made["task_id"]}
    assert (await client.get("/mj-api/task-status", params=params)).json()["status"] == "queued"
    clock.pass_seconds(10)
    done = (await client.get("/mj-api/task-status", params=params)).json()
    assert done["status"] == "completed"
    picture = await client.get(done["image_url"])
    assert Image.open(io.BytesIO(picture.content)).format == "PNG"
    assert world.tasks[made["task_id"]].params["prompt"] == "a lighthouse --seed 7 --no text"
    assert [charge.amount for charge in world.ledger] == [8]


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"model": "dall-e"}, 400), ({"mode": "warp"}, 400), ({"prompt": ""}, 400), ({"aspect_ratio": "9:1"}, 400)],
)
async def test_its_errors_come_with_their_http_status(client: Any, fields: dict[str, Any], status: int) -> None:
    answer = await client.post("/mj-api/generate-mj-image", json=BODY | fields)
    assert answer.status_code == status
    assert answer.json()["error"]


async def test_it_refuses_wrong_keys_and_unknown_tasks(client: Any, make: Any) -> None:
    headers = {"Authorization": "Bearer x"}
    assert (await client.post("/mj-api/generate-mj-image", json=BODY, headers=headers)).status_code == 401
    assert (await client.get("/mj-api/task-status?task_id=mj_0")).status_code == 404
    assert (await client.get("/mj-api/task-status", params={"task_id": await make()})).status_code == 404


async def test_its_failures_have_a_word_and_a_message(client: Any, world: Any) -> None:
    made = (await client.post("/mj-api/generate-mj-image", json=BODY | {"prompt": "banned-word"})).json()
    world.finish(made["task_id"])
    params = {"task_id": made["task_id"]}
    failed = (await client.get("/mj-api/task-status", params=params)).json()
    assert (failed["status"], failed["error"]) == ("failed", "Banned prompt detected")


async def test_faults_reach_it_too(client: Any, world: Any) -> None:
    world.faults.add("submit:503-after,look:running,look:flag=3,look:unknown")
    assert (await client.post("/mj-api/generate-mj-image", json=BODY)).status_code == 503
    (task_id,) = world.tasks
    world.finish(task_id)
    words = [(await client.get(f"/mj-api/task-status?task_id={task_id}")).json()["status"] for _ in range(4)]
    assert words == ["queued", "failed", "failed", "completed"]
