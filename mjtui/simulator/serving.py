"""The simulator on a real socket."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Generator

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from mjtui.simulator.app import create
from mjtui.simulator.callbacks import Courier
from mjtui.simulator.world import World

GRACE_SECONDS = 1


class _Protocol(H11Protocol):
    """HTTP/1.1 that lets the application cut its connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class _Server(uvicorn.Server):
    """A server that leaves signals to its caller and says when it is ready."""

    ready: Callable[[], None]

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready()


async def serve(
    world: World,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    ready: Callable[[str], None],
    stop: asyncio.Event | None = None,
) -> None:
    """Serve until `stop` is set; `ready` is called once with the address, such as http://127.0.0.1:40123.

    Port 0 takes the port of the world's last time if it is free, so that old links stay good, and else any free one.
    Raises OSError where the port cannot be had.
    """
    listener = _listen(world, host, port)
    bound = listener.getsockname()[1]
    if bound != world.port:
        world.remember_port(bound)
    url = f"http://{f'[{host}]' if ':' in host else host}:{bound}"
    config = uvicorn.Config(
        create(world),
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = _Server(config)
    server.ready = lambda: ready(url)
    courier = asyncio.create_task(Courier(world, base=url).run())
    stopper = asyncio.create_task(_stop(server, stop or asyncio.Event()))
    try:
        await server.serve(sockets=[listener])
    finally:
        for task in (courier, stopper):
            task.cancel()
        await asyncio.gather(courier, stopper, return_exceptions=True)
        listener.close()


async def _stop(server: uvicorn.Server, stop: asyncio.Event) -> None:
    await stop.wait()
    server.should_exit = True


def _listen(world: World, host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    wanted = [world.port, 0] if port == 0 and world.port else [port]
    for number in wanted:
        # asyncio turns Nagle's delay off only for sockets that name their protocol.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, number))
        except OSError:
            listener.close()
            if number == wanted[-1]:
                raise
            continue
        return listener
    raise OSError("no port")
