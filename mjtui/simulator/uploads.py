"""The three uploads, with the answers as recorded; HTTP status and code agree here."""

from __future__ import annotations

import asyncio
import base64
import binascii
import random
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mjtui.simulator import links
from mjtui.simulator.answers import refuses_agent, spoiled
from mjtui.simulator.checks import Refusal
from mjtui.simulator.drawing.recipe import Recipe, encode
from mjtui.simulator.kie import authorized, json_body
from mjtui.simulator.state import Upload
from mjtui.simulator.wire import Answer
from mjtui.simulator.world import World

ACCOUNT = "100001"
LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"

EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif", "video/mp4": "mp4"}

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (8, b"WEBP", "image/webp"),
    (0, b"GIF8", "image/gif"),
    (4, b"ftyp", "video/mp4"),
)
_DATA_URL = re.compile(r"data:[\w.+/-]*;base64,")

Given = tuple[bytes, str, str | None]
"""The bytes of an upload, its folder, and the name that was asked for."""


def routes(world: World) -> list[Route]:
    """The routes of the upload host."""

    def taking(path: str, read: Callable[[Request], Awaitable[Given]]) -> Route:
        async def endpoint(request: Request) -> Response:
            return await _served(world, request, read)

        return Route(path, endpoint, methods=["POST"])

    return [
        taking("/api/file-base64-upload", _from_base64),
        taking("/api/file-stream-upload", _from_form),
        taking("/api/file-url-upload", _from_url),
    ]


def media_type(content: bytes) -> str:
    """The media type that the first bytes of a file tell."""
    for offset, magic, found in _MAGIC:
        if content[offset : offset + len(magic)] == magic:
            return found
    return "application/octet-stream"


async def _served(world: World, request: Request, read: Callable[[Request], Awaitable[Given]]) -> Response:
    if world.switches.refuse_urllib and (refusal := refuses_agent(request)):
        return refusal

    async def carry_out() -> Response:
        if not authorized(world, request):
            return _error(401, "Authentication failed: Invalid API Key")
        try:
            content, folder, name = await read(request)
        except Refusal as refusal:
            return _error(refusal.code, refusal.message)
        return _kept(world, request, content, folder, name)

    fault = world.faults.take("upload")
    if fault is None:
        return await carry_out()
    if not fault.after:
        await request.body()
    return await spoiled(fault, carry_out, true_status=True)


def _error(code: int, message: str) -> Response:
    return Answer({"success": False, "code": code, "msg": message}, status_code=code)


def _kept(world: World, request: Request, content: bytes, folder: str, name: str | None) -> Response:
    now = world.now()
    found = media_type(content)
    name = name or f"{now}-{''.join(random.choices(LETTERS, k=11))}.{EXTENSIONS.get(found, 'bin')}"
    path = f"kieai/{ACCOUNT}/{folder}/{name}"
    lifetime = round(world.switches.upload_seconds * 1000)
    upload = Upload(path=path, media_type=found, size=len(content), uploaded_at=now, expires_at=now + lifetime)
    world.keep(upload, content)
    when = datetime.fromtimestamp(now / 1000, UTC)
    data = {
        "success": True,
        "fileName": name,
        "filePath": path,
        "downloadUrl": f"{links.base_url(request)}/{quote(path)}",
        "fileSize": len(content),
        "mimeType": found,
        "uploadedAt": f"{when:%Y-%m-%dT%H:%M:%S}.{now % 1000:03}Z",
    }
    return Answer({"success": True, "code": 200, "msg": "File uploaded successfully", "data": data})


async def _from_base64(request: Request) -> Given:
    body = await json_body(request)
    text = _needed(body, "base64Data")
    folder = _needed(body, "uploadPath")
    try:
        content = base64.b64decode(_DATA_URL.sub("", text, count=1), validate=True)
    except binascii.Error:
        raise Refusal(400, "Failed to decode base64 data") from None
    return content, folder, _name(body.get("fileName"))


async def _from_form(request: Request) -> Given:
    async with request.form() as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Refusal(400, "Missing required parameter: file")
        folder = _needed(dict(form), "uploadPath")
        return await file.read(), folder, _name(form.get("fileName"))


async def _from_url(request: Request) -> Given:
    """A picture of the simulator's own in the place of the one behind the link: it fetches nothing."""
    body = await json_body(request)
    url = _needed(body, "fileUrl")
    if not url.startswith(("http://", "https://")):
        raise Refusal(400, "fileUrl is not a valid URL")
    folder = _needed(body, "uploadPath")
    content = await asyncio.to_thread(encode, Recipe(prompt=url, seed=url), "jpeg")
    return content, folder, _name(body.get("fileName"))


def _needed(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Refusal(400, f"Missing required parameter: {name}")
    return value.strip("/")


def _name(value: object) -> str | None:
    return value.rsplit("/", 1)[-1] or None if isinstance(value, str) else None
