"""Files reach the service in three ways, under names of their own."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from mjtui.api import Service, uploads
from mjtui.errors import InvalidRequest, ServiceError, WrongKey

NOW_MS = 1_767_225_600_000
LINK = "https://tmp.test/refs/fox.png"


def accepted(**data: Any) -> httpx.Response:
    body = {"success": True, "code": 200, "msg": "File uploaded successfully", "data": {"success": True} | data}
    return httpx.Response(200, json=body)


async def test_a_small_file_goes_as_base64(service: Service, wire: Any, tmp_path: Path) -> None:
    file = tmp_path / "My secret fox.PNG"
    file.write_bytes(b"picture")
    wire.says(accepted(downloadUrl=LINK, fileUrl="https://tmp.test/other"))
    given = await service.upload(file)
    assert (given.url, given.expires_at) == (LINK, NOW_MS + 24 * 3600 * 1000)
    assert str(wire.sent[0].url) == "https://kieai.redpandaai.co/api/file-base64-upload"
    body = wire.body()
    kind, _, encoded = body["base64Data"].partition(",")
    assert (kind, b64decode(encoded), body["uploadPath"]) == ("data:image/png;base64", b"picture", "mjtui")
    assert body["fileName"].endswith(".png")
    assert "secret" not in body["fileName"]


async def test_a_large_file_goes_as_a_stream(
    service: Service, wire: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "BASE64_MAX", 10)
    file = tmp_path / "fox.jpg"
    file.write_bytes(b"a picture of a fox")
    wire.says(accepted(downloadUrl=LINK))
    assert (await service.upload(file, folder="/refs/foxes/")).url == LINK
    assert wire.paths == ["/api/file-stream-upload"]
    content = wire.sent[0].content
    assert wire.sent[0].headers["content-type"].startswith("multipart/form-data")
    assert wire.sent[0].headers["authorization"].startswith("Bearer ")
    for part in (b"a picture of a fox", b'name="uploadPath"', b"refs/foxes", b'name="fileName"', b".jpg"):
        assert part in content


async def test_a_link_is_fetched_by_the_service(service: Service, wire: Any) -> None:
    wire.says(accepted(downloadUrl=LINK))
    assert (await service.upload_from_url("https://img.test/a.webp?size=1")).url == LINK
    assert wire.paths == ["/api/file-url-upload"]
    assert wire.body()["fileUrl"] == "https://img.test/a.webp?size=1"
    assert wire.body()["fileName"].endswith(".webp")


async def test_two_files_of_one_name_do_not_meet(service: Service, wire: Any) -> None:
    wire.says(accepted(downloadUrl=LINK))
    for _ in range(2):
        await service.upload_bytes(b"x", "fox.png")
    assert wire.body(0)["fileName"] != wire.body(1)["fileName"]


async def test_the_quickstarts_answer_is_understood(service: Service, wire: Any) -> None:
    wire.says(accepted(fileId="f1", originalName="fox.png", fileUrl=LINK, expiresAt="2026-01-04T00:00:00Z"))
    assert (await service.upload_bytes(b"x", "fox.png")).url == LINK


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (accepted(), "no link"),
        (accepted(downloadUrl="file:///etc/passwd"), "no link"),
        (httpx.Response(400, json={"success": False, "code": 400, "msg": "uploadPath is missing"}), "uploadPath"),
        (httpx.Response(500, json={"success": False, "code": 500, "msg": "Internal server error"}), "Internal"),
        (httpx.Response(502, text="<html>"), "502"),
        (httpx.WriteError("cut"), "broke off"),
    ],
)
async def test_an_upload_that_fails_says_why_and_is_not_repeated(
    service: Service, wire: Any, answer: Any, words: str
) -> None:
    wire.says(answer)
    with pytest.raises(ServiceError, match=words) as caught:
        await service.upload_bytes(b"x", "fox.png")
    assert "charged;" not in caught.value.meaning
    assert len(wire.sent) == 1


async def test_a_wrong_key_is_told_by_the_other_host_too(service: Service, wire: Any) -> None:
    wire.says(httpx.Response(401, json={"success": False, "code": 401, "msg": "Authentication failed"}))
    with pytest.raises(WrongKey):
        await service.upload_bytes(b"x", "fox.png")


async def test_files_that_cannot_be_sent(
    service: Service, wire: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty.png"
    empty.touch()
    for path, words in ((tmp_path / "gone.png", "cannot be read"), (tmp_path, "cannot be read"), (empty, "is empty")):
        with pytest.raises(InvalidRequest, match=words):
            await service.upload(path)
    monkeypatch.setattr(uploads, "BASE64_MAX", 1)
    monkeypatch.setattr(uploads, "STREAM_MAX", 2)
    empty.write_bytes(b"too much")
    with pytest.raises(InvalidRequest, match="at most"):
        await service.upload(empty)
    assert not wire.sent


@pytest.mark.parametrize("folder", ["", "a//b", "../up", "a b", "a/.."])
async def test_a_folder_is_a_plain_path(service: Service, folder: str) -> None:
    with pytest.raises(InvalidRequest, match="folder"):
        await service.upload_bytes(b"x", "fox.png", folder=folder)


@pytest.mark.parametrize("url", ["fox.png", "file:///fox.png", "https://a b/c"])
async def test_only_web_addresses_are_fetched(service: Service, url: str) -> None:
    with pytest.raises(InvalidRequest, match="no web address"):
        await service.upload_from_url(url)


async def test_uploads_may_go_elsewhere(connect: Callable[..., Service], wire: Any) -> None:
    wire.says(accepted(downloadUrl=LINK))
    await connect(upload_url="http://127.0.0.1:9000").upload_bytes(b"x", "fox.png")
    assert wire.sent[0].url.port == 9000
