"""The sketched dialect: one picture, a task id with underscores, a status word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mjtui.simulator import checks, links
from mjtui.simulator.answers import Carry, refuses_agent, spoiled
from mjtui.simulator.checks import Order, Refusal
from mjtui.simulator.faults import LOOKS, Fault
from mjtui.simulator.kie import authorized, json_body
from mjtui.simulator.state import Task
from mjtui.simulator.wire import MESSAGES, Answer, error_text
from mjtui.simulator.world import World

MODELS = {"midjourney-v7": "7", "midjourney-v6.1": "6.1", "niji6": "niji6"}


def routes(world: World) -> list[Route]:
    """The two routes of this dialect; errors come with their HTTP status."""

    async def making(request: Request) -> Response:
        async def carry_out() -> Response:
            body = await json_body(request)
            task = world.accept(_order(body), body)
            eta = round((task.finish_at - task.created_at) / 1000) if task.finish_at is not None else 25
            return Answer({"task_id": task.id, "status": "queued", "eta": f"{eta}s"})

        return await _served(world, request, world.faults.take("submit"), carry_out)

    async def looking(request: Request) -> Response:
        fault = world.faults.take("look")
        twist = fault if fault and fault.name in LOOKS else None

        async def carry_out() -> Response:
            task = world.visible(request.query_params.get("task_id", ""))
            if task is None or task.dialect != "sketch" or (twist and twist.name == "unknown"):
                return _error(404, "task not found")
            flag = world.status(task)
            if twist and twist.name in ("flag", "running"):
                flag = round(twist.number(2)) if twist.name == "flag" else 0
            return Answer(status_body(task, flag, links.base_url(request)))

        return await _served(world, request, None if twist else fault, carry_out)

    return [
        Route("/mj-api/generate-mj-image", making, methods=["POST"]),
        Route("/mj-api/task-status", looking),
    ]


def status_body(task: Task, flag: int, base: str) -> dict[str, Any]:
    """A task as task-status and callbacks of this dialect tell it."""
    if flag == 0:
        return {"task_id": task.id, "status": "queued"}
    if flag == 1:
        return {"task_id": task.id, "status": "completed", "image_url": links.result_links(task, base)[0]}
    return {"task_id": task.id, "status": "failed", "error": error_text(task)}


def _order(body: dict[str, Any]) -> Order:
    model = body.get("model", "midjourney-v7")
    mode = body.get("mode", "fast")
    if model not in MODELS:
        raise Refusal(400, f"unknown model {model!r}")
    if mode not in checks.SPEEDS:
        raise Refusal(400, f"unknown mode {mode!r}")
    fields = {
        "taskType": "mj_txt2img",
        "prompt": body.get("prompt"),
        "speed": mode,
        "aspectRatio": body.get("aspect_ratio"),
        "version": MODELS[model],
        "callBackUrl": body.get("callback_url"),
    }
    try:
        order = checks.generate(fields)
    except Refusal as refusal:
        raise Refusal(400, refusal.message) from refusal
    seed, negative = body.get("seed"), body.get("negative_prompt")
    params = dict(order.params)
    params["prompt"] += f" --seed {seed}" if seed is not None else ""
    params["prompt"] += f" --no {negative}" if negative else ""
    return replace(order, params=params, results=1, dialect="sketch")


async def _served(world: World, request: Request, fault: Fault | None, carry_out: Carry) -> Response:
    if world.switches.refuse_urllib and (refusal := refuses_agent(request)):
        return refusal

    async def checked() -> Response:
        if not authorized(world, request):
            return _error(401, MESSAGES[401])
        try:
            return await carry_out()
        except Refusal as refusal:
            return _error(refusal.code, refusal.message)

    await request.body()
    if fault is None:
        return await checked()
    return await spoiled(fault, checked, true_status=True)


def _error(code: int, message: str) -> Response:
    return Answer({"status": "failed", "error": message}, status_code=code if code != 422 else 400)
