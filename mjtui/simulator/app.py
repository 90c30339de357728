"""The simulator as an ASGI application."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from mjtui.simulator import control, files, kie, sketch, uploads
from mjtui.simulator.wire import envelope
from mjtui.simulator.world import Seen, World


def create(world: World) -> Starlette:
    """The application on a world; it answers on every host and port that it is reached by."""

    async def missing(request: Request, error: Exception) -> Response:
        return envelope(404, true_status=True)

    async def wrong_method(request: Request, error: Exception) -> Response:
        return envelope(405, true_status=True)

    return Starlette(
        routes=[
            *kie.routes(world),
            *sketch.routes(world),
            *uploads.routes(world),
            *files.routes(world),
            *control.routes(world),
        ],
        middleware=[Middleware(_Log, world=world)],
        exception_handlers={404: missing, 405: wrong_method},
    )


class _Log:
    """Notes every request that is not for the control paths."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self._app = app
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith(control.PREFIX):
            authorized = any(name == b"authorization" for name, _ in scope["headers"])
            self._world.seen.append(Seen(self._world.now(), scope["method"], scope["path"], authorized))
        await self._app(scope, receive, send)
