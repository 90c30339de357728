from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mjtui.simulator import checks
from mjtui.simulator.settings import switched


async def test_a_task_runs_and_then_shows_four_links(submit: Any, look: Any, clock: Any) -> None:
    task_id = (await submit())["data"]["taskId"]
    assert re.fullmatch("[0-9a-f]{32}", task_id)
    running = await look(task_id)
    assert running["data"]["successFlag"] == 0
    assert running["data"]["resultInfoJson"] is None
    assert running["data"]["completeTime"] is None
    clock.pass_seconds(10)
    done = (await look(task_id))["data"]
    assert done["successFlag"] == 1
    assert [url["resultUrl"] for url in done["resultInfoJson"]["resultUrls"]] == [
        f"http://simulator.test/m/{task_id}_0_{index}.jpeg" for index in range(4)
    ]


async def test_record_info_has_the_captured_fields_in_their_order_with_whole_seconds(make: Any, look: Any) -> None:
    data = (await look(await make()))["data"]
    assert list(data) == [
        "taskId",
        "taskType",
        "paramJson",
        "completeTime",
        "resultInfoJson",
        "successFlag",
        "createTime",
        "errorCode",
        "errorMessage",
    ]
    assert data["createTime"] == 1_767_225_600_000


async def test_parameters_come_back_sorted_with_the_service_s_defaults(make: Any, look: Any) -> None:
    task_id = await make(version=7, callBackUrl="", stylization=0)
    text = (await look(task_id))["data"]["paramJson"]
    params = json.loads(text)
    assert list(params) == sorted(params)
    assert params["version"] == "7"
    assert params["stylization"] == 0
    assert (params["enableTranslation"], params["motion"], params["videoBatchSize"]) == (True, "high", 1)
    assert "callBackUrl" not in params


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"taskType": ...}, "taskType cannot be empty"),
        ({"taskType": "mj_imagine"}, "taskType"),
        ({"prompt": "  "}, "prompt cannot be empty"),
        ({"prompt": "x" * 2001}, "2000"),
        ({"speed": ...}, "The speed parameter is incorrect."),
        ({"speed": "Relax"}, "The speed parameter is incorrect."),
        ({"taskType": "mj_video", "fileUrls": ["http://a.test/b.png"]}, "The speed parameter is incorrect."),
        ({"taskType": "mj_img2img"}, "fileUrls cannot be empty"),
        ({"taskType": "mj_img2img", "fileUrls": ["/home/me.png"]}, "fileUrls"),
        ({"taskType": "mj_video", "speed": ..., "fileUrls": ["http://a.test/1", "http://a.test/2"]}, "one image"),
        ({"aspectRatio": "7:3"}, "aspectRatio"),
        ({"variety": 3}, "variety"),
        ({"stylization": 1001}, "stylization"),
        ({"weirdness": "1"}, "weirdness"),
        ({"ow": 0}, "ow"),
        ({"version": "9"}, "version"),
        ({"videoBatchSize": 3}, "videoBatchSize"),
    ],
)
async def test_a_wrong_request_is_refused_with_422_and_costs_nothing(
    submit: Any, world: Any, fields: dict[str, Any], message: str
) -> None:
    answer = await submit(**fields)
    assert answer["code"] == 422
    assert message in answer["msg"]
    assert answer["data"] is None
    assert world.ledger == []


@pytest.mark.parametrize(
    ("fields", "price"),
    [
        ({"speed": "relaxed"}, 3),
        ({"speed": "fast"}, 8),
        ({"speed": "turbo"}, 16),
        ({"taskType": "mj_omni_reference", "speed": ..., "fileUrls": ["http://a.test/f.png"]}, 8),
        ({"taskType": "mj_video", "speed": ..., "fileUrl": "http://a.test/f.png", "videoBatchSize": 4}, 60),
        ({"taskType": "mj_video_hd", "speed": ..., "fileUrls": ["http://a.test/f.png"]}, 45),
    ],
)
async def test_each_kind_costs_what_the_price_list_says(
    submit: Any, client: Any, world: Any, fields: dict[str, Any], price: float
) -> None:
    task_id = (await submit(**fields))["data"]["taskId"]
    assert (await client.get("/api/v1/chat/credit")).json()["data"] == 1000 - price
    (charge,) = world.ledger
    assert (charge.task_id, charge.amount) == (task_id, price)


async def test_too_few_credits_are_refused_with_402(submit: Any, world: Any) -> None:
    world.deposit(-995)
    answer = await submit()
    assert answer["code"] == 402
    assert answer["msg"].startswith("Credits insufficient")


async def test_the_21st_request_within_ten_seconds_is_refused_and_not_charged(
    submit: Any, world: Any, clock: Any
) -> None:
    codes = [(await submit())["code"] for _ in range(21)]
    assert codes == [200] * 20 + [429]
    assert len(world.ledger) == 20
    clock.pass_seconds(10)
    assert (await submit())["code"] == 200


async def test_the_same_request_has_the_same_digest_wherever_its_callback_goes(submit: Any, world: Any) -> None:
    await submit()
    await submit(callBackUrl="http://a.test/hook")
    await submit(prompt="something else")
    one, two, three = (charge.digest for charge in world.ledger)
    assert one == two != three


async def test_a_wrong_key_is_told_without_data(client: Any, drawing: dict[str, Any]) -> None:
    answer = await client.post("/api/v1/mj/generate", json=drawing, headers={"Authorization": "Bearer nope"})
    assert answer.status_code == 200
    assert answer.json() == {"code": 401, "msg": "You do not have access permissions"}


async def test_upscale_gives_one_picture_and_vary_four_for_nothing(make: Any, look: Any, world: Any) -> None:
    parent = await make()
    upscaled = (await look(await make("generateUpscale", taskId=parent, imageIndex=0)))["data"]
    varied = (await look(await make("generateVary", taskId=parent, imageIndex=4)))["data"]
    assert len(upscaled["resultInfoJson"]["resultUrls"]) == 1
    assert len(varied["resultInfoJson"]["resultUrls"]) == 4
    assert [charge.amount for charge in world.ledger] == [8, 0, 0]
    assert world.tasks[varied["taskId"]].parent_index == 3


async def test_the_first_picture_is_0_for_upscale_and_1_for_vary_unless_switched(
    submit: Any, make: Any, world: Any
) -> None:
    parent = await make()
    assert (await submit("generateUpscale", taskId=parent, imageIndex=4))["code"] == 422
    assert (await submit("generateVary", taskId=parent, imageIndex=0))["code"] == 422
    world.switches = replace(world.switches, vary_base=0)
    assert (await submit("generateVary", taskId=parent, imageIndex=0))["code"] == 200


async def test_a_picture_of_an_unfinished_or_unknown_task_cannot_be_upscaled(submit: Any) -> None:
    running = (await submit())["data"]["taskId"]
    assert (await submit("generateUpscale", taskId=running, imageIndex=0))["code"] == 422
    assert (await submit("generateUpscale", taskId="0" * 32, imageIndex=0))["code"] == 422


async def test_a_video_can_be_extended_and_a_picture_cannot(submit: Any, make: Any, world: Any) -> None:
    video = await make(taskType="mj_video", speed=..., fileUrls=["http://a.test/f.png"], videoBatchSize=2)
    picture = await make()
    extend = {"taskType": "mj_video_extend_auto", "index": 1}
    assert (await submit("generateVideoExtend", taskId=video, **extend))["code"] == 200
    assert (await submit("generateVideoExtend", taskId=picture, **extend))["code"] == 422
    assert (await submit("generateVideoExtend", taskId=video, **extend | {"index": 2}))["code"] == 422
    manual = await submit("generateVideoExtend", taskId=video, taskType="mj_video_extend_manual", index=0)
    assert "prompt" in manual["msg"]


async def test_the_quickstart_s_upscale_path_is_missing_unless_switched_on(submit: Any, make: Any, world: Any) -> None:
    parent = await make()
    assert (await submit("upscale", taskId=parent, index=1))["code"] == 404
    world.switches = switched(world.switches, "quickstart-upscale")
    answer = await submit("upscale", taskId=parent, index=1)
    assert world.tasks[answer["data"]["taskId"]].parent_index == 0


@pytest.mark.parametrize(("how", "code"), [("422", 422), ("404", 404), ("null", 200)])
async def test_an_unknown_task_is_told_in_each_of_the_seen_ways(look: Any, world: Any, how: str, code: int) -> None:
    world.switches = switched(world.switches, f"unknown={how}")
    answer = await look("0" * 32)
    assert (answer["code"], answer["data"]) == (code, None)


@pytest.mark.parametrize(
    ("prompt", "title"),
    [
        ("a banned-word in a garden", "Banned prompt detected"),
        ("a filtered-word in a garden", "Request cancelled due to output filters"),
        ("a fox --cref http://a.test/f.png", "Invalid parameter `--cref` is not compatible with `--version 7`"),
    ],
)
async def test_midjourney_s_own_refusals_come_with_flag_3_and_the_credits_back(
    make: Any, look: Any, world: Any, prompt: str, title: str
) -> None:
    task_id = await make(prompt=prompt)
    answer = await look(task_id)
    assert answer["code"] == 200
    data = answer["data"]
    assert (data["successFlag"], data["errorCode"], data["errorMessage"]) == (3, 500, title)
    assert data["resultInfoJson"] is None
    assert world.balance == 1000
    assert [charge.what for charge in world.ledger] == ["mj_txt2img", "refund"]


async def test_documented_shapes_replace_the_captured_ones(make: Any, look: Any, world: Any) -> None:
    world.switches = switched(world.switches, "documented")
    done = (await look(await make()))["data"]
    assert done["createTime"] == "2026-01-01T00:00:00Z"
    assert json.loads(done["resultInfoJson"])["resultUrls"][0].startswith("http://")
    failed = (await look(await make(prompt="banned-word")))["data"]
    assert failed["errorCode"] == "500"


async def test_true_status_sends_the_code_as_http_status_too(client: Any, world: Any) -> None:
    world.switches = switched(world.switches, "true-status")
    assert (await client.get("/api/v1/mj/record-info?taskId=x")).status_code == 422
    assert (await client.get("/api/v1/chat/credit", headers={"Authorization": ""})).status_code == 401


async def test_cloudflare_turns_away_the_agent_of_urllib(client: Any) -> None:
    answer = await client.get("/api/v1/chat/credit", headers={"User-Agent": "Python-urllib/3.11"})
    assert (answer.status_code, answer.text) == (403, "error code: 1010")


async def test_a_path_that_does_not_exist_is_told(client: Any) -> None:
    assert (await client.get("/api/v1/user/credits")).json()["code"] == 404


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"[" * 100_000])
async def test_a_body_that_is_no_object_is_refused(client: Any, body: bytes) -> None:
    assert (await client.post("/api/v1/mj/generate", content=body)).json()["code"] == 400


async def test_a_download_link_is_good_for_twenty_minutes(make: Any, client: Any, clock: Any) -> None:
    task_id = await make()
    url = f"http://127.0.0.1:1/m/{task_id}_0_1.jpeg"
    link = (await client.post("/api/v1/common/download-url", json={"url": url})).json()["data"]
    plain = await client.get(f"/m/{task_id}_0_1.jpeg")
    assert (await client.get(link)).content == plain.content
    clock.pass_seconds(20 * 60 + 1)
    assert (await client.get(link)).status_code == 404


async def test_a_foreign_link_is_wrong(client: Any) -> None:
    answer = await client.post("/api/v1/common/download-url", json={"url": "https://elsewhere.test/a.png"})
    assert answer.json() == {"code": 422, "msg": "url is wrong", "data": None}


async def test_a_prompt_with_half_a_character_and_a_broken_link_are_survived(client: Any, world: Any) -> None:
    body = {"taskType": "mj_img2img", "prompt": "a \ud800 fox", "speed": "fast", "fileUrls": ["http://[bad"]}
    answer = await client.post("/api/v1/mj/generate", content=json.dumps(body))
    task_id = world.finish(answer.json()["data"]["taskId"]).id
    assert (await client.get("/api/v1/mj/record-info", params={"taskId": task_id})).status_code == 200
    assert (await client.get(f"/m/{task_id}_0_0.jpeg")).status_code == 200


FIELDS = (
    "taskType",
    "prompt",
    "speed",
    "fileUrl",
    "fileUrls",
    "version",
    "variety",
    "videoBatchSize",
    "taskId",
    "index",
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(checks.IMAGE_TYPES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(st.dictionaries(st.sampled_from(FIELDS), JSON), st.sampled_from((*checks.IMAGE_TYPES, "mj_video")))
def test_whatever_is_asked_gives_an_order_or_a_refusal(body: dict[str, Any], task_type: str) -> None:
    for ask in (body, body | {"taskType": task_type, "prompt": "x", "speed": "fast"}):
        for check in (checks.generate, checks.extend, lambda fields: checks.picture(fields, "mj_vary", "index", 1)):
            try:
                order = check(ask)
            except checks.Refusal as refusal:
                assert refusal.code == 422
            else:
                assert order.results in (1, 2, 4)
