from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import httpx
import pytest

from mjtui.simulator.callbacks import Courier, signature
from mjtui.simulator.world import World


class Receiver:
    """The other end: keeps what it was sent, answers with the statuses it was given."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(self.statuses.pop(0) if self.statuses else 200)

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content) for request in self.requests]


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def courier(world: World, receiver: Receiver) -> Courier:
    return Courier(world, base="http://simulator.test", transport=httpx.MockTransport(receiver))


HOOK = {"callBackUrl": "http://client.test/hook"}


async def test_a_finished_task_is_told_once_with_plain_links(
    submit: Any, courier: Courier, receiver: Receiver, clock: Any
) -> None:
    task_id = (await submit(**HOOK))["data"]["taskId"]
    assert await courier.deliver_due() == 0
    clock.pass_seconds(10)
    assert await courier.deliver_due() == 1
    assert await courier.deliver_due() == 0
    (body,) = receiver.bodies
    assert (body["code"], body["data"]["taskId"]) == (200, task_id)
    assert body["data"]["resultUrls"][3] == f"http://simulator.test/m/{task_id}_0_3.jpeg"
    assert json.loads(body["data"]["promptJson"])["prompt"] == "a paper lighthouse at dusk"
    assert "x-webhook-signature" not in receiver.requests[0].headers


async def test_a_failed_task_is_told_with_code_500(make: Any, courier: Courier, receiver: Receiver) -> None:
    await make(prompt="banned-word", **HOOK)
    await courier.deliver_due()
    (body,) = receiver.bodies
    assert (body["code"], body["data"]["resultUrls"]) == (500, [])


async def test_it_is_tried_three_times_more(make: Any, courier: Courier, receiver: Receiver, clock: Any) -> None:
    receiver.statuses = [500, 302, 404, 500, 500]
    await make(**HOOK)
    for seconds in (0, 1, 5, 15, 100, 100):
        clock.pass_seconds(seconds)
        await courier.deliver_due()
    assert len(receiver.requests) == 4


async def test_no_more_tries_after_a_200(make: Any, courier: Courier, receiver: Receiver, clock: Any) -> None:
    receiver.statuses = [503, 200]
    await make(**HOOK)
    for seconds in (0, 1, 5, 15):
        clock.pass_seconds(seconds)
        await courier.deliver_due()
    assert len(receiver.requests) == 2


def test_the_signature_is_the_one_of_the_reference() -> None:
    vector = signature("whk_example_key", "9f47c52047dda21bb3df0488736cce57", 1769670760)
    assert vector == "XKTCDg8zxtODlzpvgEP7L65lZuGbC39eP8kWtezq7X8="


async def test_with_a_key_callbacks_are_signed(
    make: Any, courier: Courier, receiver: Receiver, world: World, clock: Any
) -> None:
    world.webhook_key = "secret"
    task_id = await make(**HOOK)
    await courier.deliver_due()
    headers = receiver.requests[0].headers
    assert headers["x-webhook-timestamp"] == str(clock.at // 1000)
    text = f"{task_id}.{clock.at // 1000}".encode()
    expected = base64.b64encode(hmac.new(b"secret", text, hashlib.sha256).digest()).decode()
    assert headers["x-webhook-signature"] == expected


async def test_callbacks_go_wrong_on_demand(
    make: Any, courier: Courier, receiver: Receiver, world: World, clock: Any
) -> None:
    world.webhook_key = "secret"
    world.faults.add("callback:duplicate,callback:unsigned,callback:forged,callback:stale,callback:early")
    world.faults.add("callback:hostile,callback:lost:4")
    ids = [await make(**HOOK) for _ in range(7)]
    await courier.deliver_due()
    sent = [(body["data"]["taskId"], request) for body, request in zip(receiver.bodies, receiver.requests, strict=True)]
    by_task = {task_id: [request for owner, request in sent if owner == task_id] for task_id in ids}
    assert [len(by_task[task_id]) for task_id in ids] == [2, 1, 1, 1, 2, 1, 0]
    now = clock.at // 1000
    assert "x-webhook-signature" not in by_task[ids[1]][0].headers
    assert by_task[ids[2]][0].headers["x-webhook-signature"] != signature("secret", ids[2], now)
    assert by_task[ids[3]][0].headers["x-webhook-signature"] == signature("secret", ids[3], now - 3600)
    assert json.loads(by_task[ids[4]][0].content)["data"]["resultUrls"] == []
    assert "file:///etc/passwd" in json.loads(by_task[ids[5]][0].content)["data"]["resultUrls"]


async def test_a_receiver_that_cannot_be_reached_stops_nobody(make: Any, world: World, clock: Any) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    courier = Courier(world, base="http://x", transport=httpx.MockTransport(refuse))
    await make(callBackUrl="http://[bad")
    await make(**HOOK)
    assert await courier.deliver_due() == 2
    clock.pass_seconds(1)
    assert await courier.deliver_due() == 2
