"""The control paths under /_simulator/, for tests and for curiosity; they answer this machine alone.

| path | |
| --- | --- |
| GET state | time, balance, numbers |
| GET ledger, tasks, uploads, requests | everything that was charged, accepted, kept, asked |
| POST tasks/ID/finish `{"flag": 1}` | end a task now |
| POST clock `{"advance": seconds}` | move the clock |
| POST balance `{"deposit": credits}` | |
| GET, POST, DELETE faults `{"spec": "submit:drop-after"}` | see, add, clear |
| POST switches `{"spec": "true-status,documented"}` | |
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mjtui.simulator.checks import Refusal
from mjtui.simulator.kie import json_body
from mjtui.simulator.settings import switched
from mjtui.simulator.world import World

PREFIX = "/_simulator"

Act = Callable[[Request], Awaitable[Any]]


def routes(world: World) -> list[Route]:
    """The control routes; errors come with status 400, 403 or 404 and a sentence."""

    async def state(request: Request) -> Any:
        running = sum(world.status(task) == 0 for task in world.tasks.values())
        return {"now": world.now(), "balance": world.balance, "tasks": len(world.tasks), "running": running}

    async def ledger(request: Request) -> Any:
        world.settle()
        return [asdict(charge) for charge in world.ledger]

    async def tasks(request: Request) -> Any:
        return [asdict(task) | {"status": world.status(task)} for task in world.tasks.values()]

    async def uploads(request: Request) -> Any:
        return [asdict(upload) for upload in world.uploads.values()]

    async def requests(request: Request) -> Any:
        return [asdict(seen) for seen in world.seen]

    async def finish(request: Request) -> Any:
        body = await json_body(request) if await request.body() else {}
        return asdict(world.finish(request.path_params["id"], flag=body.get("flag")))

    async def clock(request: Request) -> Any:
        world.advance(float((await json_body(request))["advance"]))
        return {"now": world.now()}

    async def balance(request: Request) -> Any:
        world.deposit(float((await json_body(request))["deposit"]))
        return {"balance": world.balance}

    async def faults(request: Request) -> Any:
        if request.method == "POST":
            world.faults.add(str((await json_body(request))["spec"]))
        elif request.method == "DELETE":
            world.faults.clear(request.query_params.get("place"))
        return {"spec": str(world.faults)}

    async def switches(request: Request) -> Any:
        world.switches = switched(world.switches, str((await json_body(request))["spec"]))
        return asdict(world.switches) | {"shapes": sorted(world.switches.shapes)}

    return [
        Route(f"{PREFIX}/state", _guarded(state)),
        Route(f"{PREFIX}/ledger", _guarded(ledger)),
        Route(f"{PREFIX}/tasks", _guarded(tasks)),
        Route(f"{PREFIX}/uploads", _guarded(uploads)),
        Route(f"{PREFIX}/requests", _guarded(requests)),
        Route(f"{PREFIX}/tasks/{{id}}/finish", _guarded(finish), methods=["POST"]),
        Route(f"{PREFIX}/clock", _guarded(clock), methods=["POST"]),
        Route(f"{PREFIX}/balance", _guarded(balance), methods=["POST"]),
        Route(f"{PREFIX}/faults", _guarded(faults), methods=["GET", "POST", "DELETE"]),
        Route(f"{PREFIX}/switches", _guarded(switches), methods=["POST"]),
    ]


def _guarded(act: Act) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if not _is_local(request):
            return JSONResponse({"error": "only this machine may do that"}, status_code=403)
        try:
            return JSONResponse(await act(request))
        except KeyError as error:
            return JSONResponse({"error": f"there is no {error.args[0]!r}"}, status_code=404)
        except (ValueError, TypeError) as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        except Refusal as refusal:
            return JSONResponse({"error": refusal.message}, status_code=400)

    return endpoint


def _is_local(request: Request) -> bool:
    if request.client is None:
        return False
    return ipaddress.ip_address(request.client.host).is_loopback
