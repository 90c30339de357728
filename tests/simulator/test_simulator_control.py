from __future__ import annotations

from typing import Any

import httpx
import pytest

from mjtui.simulator.app import create


async def test_a_task_can_be_ended_now(client: Any, submit: Any, look: Any) -> None:
    one, two = [(await submit())["data"]["taskId"] for _ in range(2)]
    await client.post(f"/_simulator/tasks/{one}/finish")
    await client.post(f"/_simulator/tasks/{two}/finish", json={"flag": 2})
    assert (await look(one))["data"]["successFlag"] == 1
    failed = (await look(two))["data"]
    assert (failed["successFlag"], failed["errorCode"]) == (2, 500)


async def test_the_clock_can_be_moved(client: Any, submit: Any, look: Any) -> None:
    task_id = (await submit())["data"]["taskId"]
    await client.post("/_simulator/clock", json={"advance": 10})
    assert (await look(task_id))["data"]["successFlag"] == 1


async def test_ledger_tasks_and_requests_can_be_read(client: Any, submit: Any) -> None:
    task_id = (await submit())["data"]["taskId"]
    (charge,) = (await client.get("/_simulator/ledger")).json()
    assert (charge["task_id"], charge["amount"], charge["what"]) == (task_id, 8, "mj_txt2img")
    (task,) = (await client.get("/_simulator/tasks")).json()
    assert (task["id"], task["status"]) == (task_id, 0)
    (request,) = (await client.get("/_simulator/requests")).json()
    assert (request["method"], request["path"], request["authorized"]) == ("POST", "/api/v1/mj/generate", True)
    state = (await client.get("/_simulator/state")).json()
    assert (state["balance"], state["tasks"], state["running"]) == (992, 1, 1)
    assert (await client.get("/_simulator/uploads")).json() == []


async def test_faults_switches_and_balance_can_be_set(client: Any, world: Any) -> None:
    added = await client.post("/_simulator/faults", json={"spec": "look:html:always"})
    assert added.json() == {"spec": "look:html:always"}
    assert (await client.delete("/_simulator/faults")).json() == {"spec": ""}
    await client.post("/_simulator/switches", json={"spec": "documented"})
    assert "iso-times" in world.switches.shapes
    assert (await client.post("/_simulator/balance", json={"deposit": 5})).json() == {"balance": 1005}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("faults", {"spec": "no:such"}, 400),
        ("faults", {}, 404),
        ("clock", {"advance": "soon"}, 400),
        ("tasks/nobody/finish", {}, 404),
        ("switches", {"spec": "x"}, 400),
    ],
)
async def test_a_wrong_order_gets_a_sentence(client: Any, path: str, body: dict[str, Any], status: int) -> None:
    answer = await client.post(f"/_simulator/{path}", json=body)
    assert answer.status_code == status
    assert answer.json()["error"]


async def test_other_machines_may_not_control_it(world: Any) -> None:
    transport = httpx.ASGITransport(create(world), client=("192.0.2.7", 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://simulator.test") as client:
        assert (await client.get("/_simulator/ledger")).status_code == 403
