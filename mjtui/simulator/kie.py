"""The kie dialect: generate, upscale, vary, extend, record-info, credits and download links."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mjtui.simulator import checks, links
from mjtui.simulator.answers import Carry, refuses_agent, spoiled
from mjtui.simulator.checks import Order, Refusal
from mjtui.simulator.faults import LOOKS, Fault
from mjtui.simulator.settings import DOCUMENTED, SHAPES
from mjtui.simulator.state import Task
from mjtui.simulator.wire import envelope, record
from mjtui.simulator.world import World

Check = Callable[[dict[str, Any]], Order]


def routes(world: World) -> list[Route]:
    """The routes of this dialect."""

    def making(path: str, check: Check) -> Route:
        async def endpoint(request: Request) -> Response:
            return await served(world, request, world.faults.take("submit"), lambda: _submit(world, request, check))

        return Route(path, endpoint, methods=["POST"])

    async def look(request: Request) -> Response:
        return await _look(world, request)

    async def credits(request: Request) -> Response:
        return await served(world, request, world.faults.take("credits"), lambda: _credits(world))

    async def link(request: Request) -> Response:
        return await served(world, request, world.faults.take("link"), lambda: _link(world, request))

    async def quickstart(request: Request) -> Response:
        if not world.switches.quickstart_upscale:
            return envelope(404, true_status=True)
        fault = world.faults.take("submit")
        return await served(world, request, fault, lambda: _submit(world, request, _quickstart_order))

    return [
        making("/api/v1/mj/generate", checks.generate),
        making("/api/v1/mj/generateUpscale", lambda body: checks.picture(body, "mj_upscale", "imageIndex", 0)),
        making(
            "/api/v1/mj/generateVary",
            lambda body: checks.picture(body, "mj_vary", "imageIndex", world.switches.vary_base),
        ),
        making("/api/v1/mj/generateVideoExtend", checks.extend),
        Route("/api/v1/mj/upscale", quickstart, methods=["POST"]),
        Route("/api/v1/mj/record-info", look),
        Route("/api/v1/chat/credit", credits),
        Route("/api/v1/common/download-url", link, methods=["POST"]),
    ]


async def served(world: World, request: Request, fault: Fault | None, carry_out: Carry) -> Response:
    """Answer a request: Cloudflare first, then a fault, then the key, then the work."""
    switches = world.switches
    if switches.refuse_urllib and (refusal := refuses_agent(request)):
        return refusal

    async def checked() -> Response:
        if not authorized(world, request):
            return envelope(401, true_status=switches.true_status)
        try:
            return await carry_out()
        except Refusal as refusal:
            return envelope(refusal.code, refusal.message, true_status=switches.true_status)

    await request.body()
    if fault is None:
        return await checked()
    return await spoiled(fault, checked, true_status=switches.true_status)


def authorized(world: World, request: Request) -> bool:
    """Whether a request carries the key."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return scheme == "Bearer" and bool(key) and world.key in (None, key)


async def json_body(request: Request) -> dict[str, Any]:
    """The JSON object in a request; raises Refusal with code 400."""
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise Refusal(400, "The request body is not valid JSON") from None
    if not isinstance(body, dict):
        raise Refusal(400, "The request body is not a JSON object")
    return body  # pyright: ignore[reportUnknownVariableType]


async def _submit(world: World, request: Request, check: Check) -> Response:
    body = await json_body(request)
    order = check(body)
    _check_uploads(world, order)
    task = world.accept(order, body)
    return envelope(200, data={"taskId": task.id})


def _check_uploads(world: World, order: Order) -> None:
    """Refuse images that were uploaded here and are gone since."""
    if order.parent is not None:
        return
    for url in checks.images(order.params):
        path = links.own_path(url)
        if not path.startswith(links.UPLOADS):
            continue
        upload = world.uploads.get(path.removeprefix("/"))
        if upload is None or world.now() >= upload.expires_at:
            raise Refusal(422, "The image could not be fetched.")


def _quickstart_order(body: dict[str, Any]) -> Order:
    return checks.picture(body, "mj_upscale", "index", 1)


async def _look(world: World, request: Request) -> Response:
    fault = world.faults.take("look")
    twist = fault if fault and fault.name in LOOKS else None

    async def carry_out() -> Response:
        return _record(world, request, twist)

    return await served(world, request, None if twist else fault, carry_out)


def _record(world: World, request: Request, fault: Fault | None) -> Response:
    task_id = request.query_params.get("taskId", "")
    if not task_id:
        raise Refusal(422, "taskId cannot be empty")
    task = world.visible(task_id)
    if task is None or task.dialect != "kie":
        return unknown(world, world.switches.unknown)
    if fault and fault.name == "unknown":
        return unknown(world, fault.value or "422")
    shapes = world.switches.shapes
    flag = world.status(task)
    if fault:
        task, flag, shapes = _twisted(task, flag, shapes, fault)
    return envelope(200, data=record(task, flag, links.result_links(task, links.base_url(request)), shapes))


def _twisted(task: Task, flag: int, shapes: frozenset[str], fault: Fault) -> tuple[Task, int, frozenset[str]]:
    if fault.name == "running":
        return task, 0, shapes
    if fault.name == "flag":
        return task, int(fault.number(2)), shapes
    if fault.name == "documented":
        return task, flag, shapes | DOCUMENTED
    if fault.name in SHAPES:
        return task, flag, shapes | {fault.name}
    return replace(task, oddity=fault.name), flag, shapes


def unknown(world: World, how: str) -> Response:
    """The answer for a task id that the service does not know."""
    if how == "null":
        return envelope(200)
    if how == "404":
        return envelope(404, "Task not found", true_status=world.switches.true_status)
    return envelope(422, "The record does not exist", true_status=world.switches.true_status)


async def _credits(world: World) -> Response:
    return envelope(200, data=world.balance)


async def _link(world: World, request: Request) -> Response:
    body = await json_body(request)
    url = body.get("url")
    path = links.own_path(url) if isinstance(url, str) else ""
    result = links.find_result(world, path)
    if result is None or not links.ready(world, result):
        raise Refusal(422, "url is wrong")
    return envelope(200, data=links.base_url(request) + links.temporary(world, path))
