from __future__ import annotations

import base64
import re
from typing import Any

import pytest

from mjtui.simulator.settings import switched

PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)


async def test_base64_gives_the_recorded_answer_and_a_link_that_works(client: Any) -> None:
    data_url = "data:image/png;base64," + base64.b64encode(PNG).decode()
    body = {"base64Data": data_url, "uploadPath": "images/refs", "fileName": "fox one.png"}
    answer = await client.post("/api/file-base64-upload", json=body)
    assert answer.json() == {
        "success": True,
        "code": 200,
        "msg": "File uploaded successfully",
        "data": {
            "success": True,
            "fileName": "fox one.png",
            "filePath": "kieai/100001/images/refs/fox one.png",
            "downloadUrl": "http://simulator.test/kieai/100001/images/refs/fox%20one.png",
            "fileSize": 58,
            "mimeType": "image/png",
            "uploadedAt": "2026-01-01T00:00:00.123Z",
        },
    }
    file = await client.get(answer.json()["data"]["downloadUrl"])
    assert (file.content, file.headers["content-type"]) == (PNG, "image/png")


async def test_a_stream_without_a_name_gets_one(client: Any) -> None:
    answer = await client.post("/api/file-stream-upload", files={"file": ("x.png", PNG)}, data={"uploadPath": "images"})
    data = answer.json()["data"]
    assert re.fullmatch(r"1767225600123-[0-9a-z]{11}\.png", data["fileName"])
    assert (await client.get(data["downloadUrl"])).content == PNG


async def test_a_link_is_taken_without_fetching_it(client: Any) -> None:
    body = {"fileUrl": "https://elsewhere.test/a.png", "uploadPath": "images"}
    data = (await client.post("/api/file-url-upload", json=body)).json()["data"]
    assert data["mimeType"] == "image/jpeg"
    assert (await client.get(data["downloadUrl"])).content.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("base64", {"uploadPath": "x"}, "base64Data"),
        ("base64", {"base64Data": "AAAA"}, "uploadPath"),
        ("base64", {"base64Data": "!!!", "uploadPath": "x"}, "decode"),
        ("url", {"fileUrl": "file:///etc/passwd", "uploadPath": "x"}, "URL"),
        ("stream", {}, "file"),
    ],
)
async def test_a_wrong_upload_is_refused_with_400_in_body_and_status(
    client: Any, world: Any, path: str, body: dict[str, Any], said: str
) -> None:
    answer = await client.post(f"/api/file-{path}-upload", json=body)
    assert answer.status_code == 400
    assert (answer.json()["success"], answer.json()["code"]) == (False, 400)
    assert said in answer.json()["msg"]
    assert "data" not in answer.json()
    assert not world.uploads


async def test_uploads_need_the_key(client: Any) -> None:
    answer = await client.post("/api/file-base64-upload", json={}, headers={"Authorization": "Bearer x"})
    assert (answer.status_code, answer.json()["msg"]) == (401, "Authentication failed: Invalid API Key")


async def test_an_upload_is_gone_after_a_day_and_a_task_that_needs_it_is_refused(
    client: Any, submit: Any, clock: Any
) -> None:
    body = {"base64Data": base64.b64encode(PNG).decode(), "uploadPath": "images"}
    url = (await client.post("/api/file-base64-upload", json=body)).json()["data"]["downloadUrl"]
    assert (await submit(taskType="mj_img2img", fileUrls=[url]))["code"] == 200
    clock.pass_seconds(86400)
    assert (await client.get(url)).status_code == 404
    assert (await submit(taskType="mj_img2img", fileUrls=[url]))["code"] == 422


async def test_the_lifetime_of_uploads_can_be_set(client: Any, world: Any, clock: Any) -> None:
    world.switches = switched(world.switches, "upload-seconds=10")
    body = {"base64Data": "AAAA", "uploadPath": "images"}
    url = (await client.post("/api/file-base64-upload", json=body)).json()["data"]["downloadUrl"]
    clock.pass_seconds(11)
    assert (await client.get(url)).status_code == 404
