from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mjtui.simulator.faults import API_PLACES, Faults, names, parse
from mjtui.simulator.inprocess import Transport

BEFORE_AND_AFTER = ["drop", "html", "cut-json", "half", "empty", "garbage", "deep", "escape", "500", "http-502", "null"]


async def _post(client: httpx.AsyncClient, body: dict[str, Any]) -> httpx.Response | None:
    try:
        return await client.post("/api/v1/mj/generate", json=body)
    except httpx.RemoteProtocolError:
        return None


@pytest.mark.parametrize("name", BEFORE_AND_AFTER)
async def test_a_fault_before_charges_nothing_and_one_after_charges_once(
    client: Any, world: Any, drawing: dict[str, Any], name: str
) -> None:
    world.faults.add(f"submit:{name}-before,submit:{name}-after")
    await _post(client, drawing)
    assert world.ledger == []
    await _post(client, drawing)
    assert [charge.amount for charge in world.ledger] == [8]
    answer = await _post(client, drawing)
    assert answer is not None
    assert answer.json()["code"] == 200


async def test_drop_cuts_the_connection_without_an_answer(client: Any, world: Any) -> None:
    world.faults.add("credits:drop")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        await client.get("/api/v1/chat/credit")


async def test_half_cuts_it_within_the_answer(client: Any, world: Any) -> None:
    world.faults.add("credits:half")
    with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
        await client.get("/api/v1/chat/credit")


async def test_a_timeout_lasts_longer_than_the_client_waits(client: Any, world: Any, drawing: dict[str, Any]) -> None:
    world.faults.add("submit:timeout-after")
    with pytest.raises(httpx.ReadTimeout):
        await client.post("/api/v1/mj/generate", json=drawing, timeout=0.02)
    assert len(world.ledger) == 1


async def test_a_code_comes_in_a_200_body_and_with_http_as_status(client: Any, world: Any) -> None:
    world.faults.add("credits:429=7,credits:http-503=2")
    first = await client.get("/api/v1/chat/credit")
    assert (first.status_code, first.json()["code"], first.headers["retry-after"]) == (200, 429, "7")
    second = await client.get("/api/v1/chat/credit")
    assert (second.status_code, second.json()["code"], second.headers["retry-after"]) == (503, 503, "2")


async def test_credits_can_be_refused_with_code_500(client: Any, world: Any) -> None:
    world.faults.add("submit:402-as-500")
    answer = (await client.post("/api/v1/mj/generate", json={})).json()
    assert answer["code"] == 500
    assert answer["msg"].startswith("Credits insufficient")


@pytest.mark.parametrize("place", API_PLACES)
async def test_every_fault_of_a_place_gives_an_answer_or_a_cut(client: Any, world: Any, make: Any, place: str) -> None:
    task_id = await make()
    asks: dict[str, Any] = {
        "submit": lambda: client.post("/api/v1/mj/generate", json={}),
        "look": lambda: client.get(f"/api/v1/mj/record-info?taskId={task_id}"),
        "credits": lambda: client.get("/api/v1/chat/credit"),
        "link": lambda: client.post("/api/v1/common/download-url", json={"url": f"http://x/m/{task_id}_0_0.jpeg"}),
        "upload": lambda: client.post("/api/file-base64-upload", json={"base64Data": "AAAA", "uploadPath": "x"}),
    }
    for name in names(place):
        value = "=0.01" if name in ("slow", "timeout") else ""
        world.faults.add(f"{place}:{name}{value}")
        try:
            answer = await asks[place]()
        except httpx.RemoteProtocolError:
            assert name in ("drop", "timeout", "half")
        else:
            assert answer.status_code < 600
    assert (await asks[place]()).status_code == 200
    assert not world.faults.rules


async def test_a_look_can_lie_about_a_task(look: Any, make: Any, world: Any) -> None:
    task_id = await make()
    world.faults.add("look:running,look:flag=2,look:flag=99,look:string-numbers,look:unknown=404,look:no-urls")
    assert (await look(task_id))["data"]["successFlag"] == 0
    failed = (await look(task_id))["data"]
    assert (failed["successFlag"], failed["resultInfoJson"]) == (2, None)
    assert (await look(task_id))["data"]["successFlag"] == 99
    strings = (await look(task_id))["data"]
    assert (strings["successFlag"], strings["createTime"]) == ("1", "1767225600000")
    assert (await look(task_id))["code"] == 404
    assert (await look(task_id))["data"]["resultInfoJson"] == {"resultUrls": []}
    assert len((await look(task_id))["data"]["resultInfoJson"]["resultUrls"]) == 4


async def test_what_becomes_of_a_task_is_remembered_with_it(submit: Any, look: Any, world: Any, clock: Any) -> None:
    world.faults.add("task:fail,task:fail2,task:stuck,task:hidden=5,task:forgotten,task:hostile-urls,task:slow=100")
    ids = [(await submit())["data"]["taskId"] for _ in range(7)]
    assert (await look(ids[3]))["code"] == 422
    clock.pass_seconds(50)
    answers = [await look(task_id) for task_id in ids]
    flags = [answer["data"] and answer["data"]["successFlag"] for answer in answers]
    assert flags == [3, 2, 0, 1, None, 1, 0]
    assert answers[5]["data"]["resultInfoJson"]["resultUrls"][0] == {"resultUrl": "file:///etc/passwd"}


async def test_a_failure_can_carry_escape_sequences(make: Any, look: Any, world: Any) -> None:
    world.faults.add("task:escape")
    assert "\x1b]52" in (await look(await make()))["data"]["errorMessage"]


@pytest.mark.parametrize("name", sorted(names("file")))
async def test_every_fault_of_files_spoils_one_download(client: Any, world: Any, make: Any, name: str) -> None:
    url = f"/m/{await make()}_0_0.jpeg"
    good = await client.get(url)
    value = {"slow": "=0.001", "drip": "=0"}.get(name, "")
    world.faults.add(f"file:{name}{value}")
    problem: Exception | None = None
    received = b""
    status, headers = 0, httpx.Headers()
    try:
        ask = client.stream("GET", url, headers={"Range": "bytes=10-"}, timeout=0.5)
        async with ask as answer:
            status, headers = answer.status_code, answer.headers
            async for part in answer.aiter_bytes():
                received += part
                if len(received) > 10_000_000:
                    break
    except httpx.HTTPError as error:
        problem = error
    whole = good.content
    if name in ("drop", "timeout", "half", "wrong-length"):
        assert isinstance(problem, (httpx.RemoteProtocolError, httpx.ReadTimeout))
        assert whole[10:].startswith(received[: len(whole) - 10])
    elif name == "endless":
        assert "content-length" not in headers
    elif name in ("slow", "drip"):
        assert received == whole[10:]
    elif name == "no-ranges":
        assert (status, received) == (200, whole)
    elif name == "wrong-range":
        assert headers["content-range"].startswith("bytes 9-")
    elif name in ("redirect", "redirect-loop"):
        assert status == 302
    else:
        assert (status, received, headers["content-type"]) != (206, whole[10:], "image/jpeg")
    assert (await client.get(url)).content == whole


async def test_a_redirect_leads_to_the_file(client: Any, world: Any, make: Any) -> None:
    url = f"/m/{await make()}_0_0.jpeg"
    world.faults.add("file:redirect")
    assert (await client.get(url, follow_redirects=True)).content == (await client.get(url)).content


async def test_file_codes_are_http_statuses(client: Any, world: Any, make: Any) -> None:
    url = f"/m/{await make()}_0_0.jpeg"
    world.faults.add("file:403,file:404,file:416,file:http-503=9")
    assert [(await client.get(url)).status_code for _ in range(4)] == [403, 404, 416, 503]


async def test_deep_and_huge_bodies_are_deep_and_huge(client: Any, world: Any) -> None:
    world.faults.add("look:deep,look:huge=2")
    with pytest.raises(RecursionError):
        json.loads((await client.get("/api/v1/mj/record-info?taskId=x")).content)
    assert len((await client.get("/api/v1/mj/record-info?taskId=x")).content) > 2_000_000


async def test_without_a_network_nothing_arrives(world: Any) -> None:
    transport = Transport(world)
    transport.offline = True
    async with httpx.AsyncClient(transport=transport) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get("http://simulator.test/api/v1/chat/credit")
    assert not world.seen


def test_a_rule_counts_down_and_always_stays() -> None:
    faults = Faults("look:html:2 look:empty:always")
    assert [str(fault and fault.name) for fault in (faults.take("look") for _ in range(4))] == [
        "html",
        "html",
        "empty",
        "empty",
    ]
    assert str(faults) == "look:empty:always"
    assert faults.take("submit") is None


def test_a_chance_hits_about_that_often() -> None:
    faults = Faults("any:500:25%")
    hits = sum(faults.take("credits") is not None for _ in range(2000))
    assert 400 < hits < 600


def test_any_means_every_api_place_and_no_other() -> None:
    faults = Faults("any:500:always")
    assert all(faults.take(place) for place in API_PLACES)
    assert faults.take("file") is None


def test_rules_can_be_cleared_by_place() -> None:
    faults = Faults("look:html,submit:html,look:empty")
    faults.clear("look")
    assert str(faults) == "submit:html:1"
    faults.clear()
    assert str(faults) == ""


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("submit", "PLACE:NAME"),
        ("sumbit:drop", "no place"),
        ("submit:drp", "did you mean 'drop'"),
        ("submit:drop:0", "number of requests"),
        ("submit:slow=soon", "soon"),
        ("file:half-after", "no fault"),
        ("submit:999", "no fault"),
        ("look:html:1:2", "PLACE:NAME"),
    ],
)
def test_a_wrong_spec_is_refused_with_a_sentence(spec: str, said: str) -> None:
    faults = Faults("look:html")
    with pytest.raises(ValueError, match=said):
        faults.add(f"look:empty,{spec}")
    assert str(faults) == "look:html:1"


@given(st.text())
def test_any_text_is_a_spec_or_a_sentence(text: str) -> None:
    try:
        rules = parse(text)
    except ValueError as error:
        assert str(error)
    else:
        assert ",".join(map(str, parse(",".join(map(str, rules))))) == ",".join(map(str, rules))
