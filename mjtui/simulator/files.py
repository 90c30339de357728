"""Result files and uploaded files: ranges, validators, expiry, and what goes wrong with them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from mjtui.simulator import hostile, links
from mjtui.simulator.answers import FOREVER, retry_after
from mjtui.simulator.connection import Cut, Pieces, whole
from mjtui.simulator.faults import Fault
from mjtui.simulator.pictures import Pictures
from mjtui.simulator.ranges import Stored, Unsatisfiable, asked_part
from mjtui.simulator.wire import MESSAGES
from mjtui.simulator.world import World

MEDIA_TYPES = {"jpeg": "image/jpeg", "png": "image/png", "mp4": "video/mp4"}
DRIP = 2048
REDIRECTED = "/r"


def routes(world: World) -> list[Route]:
    """The routes of all files, by GET and HEAD."""
    pictures = Pictures(world)

    async def endpoint(request: Request) -> Response:
        fault = world.faults.take("file")
        if fault and (answer := await _instead(fault, request)):
            return answer
        stored = await _find(world, pictures, request.scope["path"])
        if stored is None:
            return _gone(world)
        return _serve(stored, request, fault)

    return [
        Route(path, endpoint)
        for path in ("/m/{name}", "/midjourney/{name}", "/kieai/{path:path}", "/t/{path:path}", "/r/{path:path}")
    ]


async def _find(world: World, pictures: Pictures, path: str) -> Stored | None:
    while path.startswith(f"{REDIRECTED}/"):
        path = path.removeprefix(REDIRECTED)
    if path.startswith("/t/"):
        behind = links.behind_temporary(world, path)
        if behind is None:
            return None
        path = behind
    if path.startswith(links.UPLOADS):
        upload = world.uploads.get(path.removeprefix("/"))
        content = world.files.get(upload.path) if upload else None
        if upload is None or content is None or world.now() >= upload.expires_at:
            return None
        return Stored(content, upload.media_type, upload.uploaded_at)
    result = links.find_result(world, path)
    if result is None or not links.ready(world, result):
        return None
    content = await pictures.content(result)
    return Stored(content, MEDIA_TYPES[result.extension], result.task.finish_at or 0)


def _gone(world: World) -> Response:
    if world.switches.expired == "html":
        return HTMLResponse("<!DOCTYPE html><html><body><h1>This file has expired</h1></body></html>")
    code = int(world.switches.expired)
    return PlainTextResponse("Not Found" if code == 404 else "Gone", status_code=code)


async def _instead(fault: Fault, request: Request) -> Response | None:
    """The answer of a fault that needs no file; None for the others."""
    name = fault.name
    if name == "slow":
        await asyncio.sleep(fault.number(2))
        return None
    if name in ("drop", "timeout"):
        return Cut(FOREVER if name == "timeout" else 0.0)
    if name in ("redirect", "redirect-loop"):
        path = request.url.path if name == "redirect-loop" else REDIRECTED + request.url.path
        return RedirectResponse(path, status_code=302)
    if name == "html":
        return HTMLResponse(hostile.PAGE)
    code = name.removeprefix("http-")
    if code.isdecimal():
        return PlainTextResponse(MESSAGES.get(int(code), "error"), status_code=int(code), headers=retry_after(fault))
    return None


_OTHER_CONTENT = {
    "html-as-picture": lambda: hostile.PAGE,
    "garbage": hostile.garbage,
    "bomb": hostile.bomb,
    "png-as-jpeg": lambda: hostile.bomb(64),
    "empty": lambda: b"",
}


def _serve(stored: Stored, request: Request, fault: Fault | None) -> Response:
    name = fault.name if fault else ""
    if name in _OTHER_CONTENT:
        stored = Stored(_OTHER_CONTENT[name](), stored.media_type, stored.changed_at)
    elif name == "changed":
        stored = Stored(stored.content + b"\n", stored.media_type, stored.changed_at + 60_000)
    elif name == "short":
        stored = Stored(stored.content[: len(stored.content) // 2], stored.media_type, stored.changed_at)
    headers = {
        "content-type": "application/octet-stream" if name == "wrong-type" else stored.media_type,
        "etag": stored.etag,
        "last-modified": stored.last_modified,
        "accept-ranges": "none" if name == "no-ranges" else "bytes",
        "cache-control": "public, max-age=14400",
    }
    try:
        wanted = None if name == "no-ranges" or name in _OTHER_CONTENT else request.headers.get("range")
        part = asked_part(stored, wanted, request.headers.get("if-range"))
    except Unsatisfiable:
        return Response(status_code=416, headers={"content-range": f"bytes */{len(stored.content)}"})
    status, content = 200, stored.content
    if part is not None:
        start, end = part
        status, content = 206, content[start:end]
        shown = max(0, start - 1) if name == "wrong-range" else start
        headers["content-range"] = f"bytes {shown}-{shown + len(content) - 1}/{len(stored.content)}"
    return _body(content, status, headers, fault)


def _body(content: bytes, status: int, headers: dict[str, str], fault: Fault | None) -> Response:
    name = fault.name if fault else ""
    pieces, length = whole(content), len(content)
    if name == "half":
        pieces = whole(content[: max(1, length // 2)])
    elif name == "wrong-length":
        length += 1000
    elif name == "endless":
        return Pieces(_endless(), length=None, status=status, headers=headers)
    elif fault and name == "drip":
        pieces = _drip(content, fault.number(0.05))
    return Pieces(pieces, length=length, status=status, headers=headers)


async def _drip(content: bytes, seconds: float) -> AsyncIterator[bytes]:
    async for piece in whole(content, DRIP):
        await asyncio.sleep(seconds)
        yield piece


async def _endless() -> AsyncIterator[bytes]:
    while True:
        yield bytes(65536)
        await asyncio.sleep(0)
