"""`python -m mjtui.simulator`: the simulator as a process of its own; says where it is in one line of JSON."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mjtui.simulator.world import World


def parser() -> argparse.ArgumentParser:
    """The command line."""
    line = argparse.ArgumentParser(prog="python -m mjtui.simulator", description="A local Kie.ai that costs nothing.")
    line.add_argument("--host", default="127.0.0.1")
    line.add_argument("--port", type=int, default=0, help="0 takes the port of the last time, or a free one")
    line.add_argument("--state", type=Path, metavar="DIR", help="remember everything in this folder")
    line.add_argument("--key", default="simulator", help="the API key that is accepted; empty accepts every key")
    line.add_argument("--balance", type=float, default=1000.0, metavar="CREDITS", help="what the account begins with")
    line.add_argument("--speed-up", type=float, default=1.0, metavar="F", help="tasks are F times as fast as real ones")
    line.add_argument("--seconds", type=_span, metavar="A-B", help="tasks take from A to B seconds")
    line.add_argument("--faults", default="", metavar="SPEC", help="for instance submit:drop-after,file:half:3")
    line.add_argument("--switches", default="", metavar="SPEC", help="for instance true-status,documented,vary-base=0")
    line.add_argument("--webhook-key", metavar="KEY", help="sign callbacks with this key")
    line.add_argument("--seed", metavar="TEXT", help="the same task ids, and so the same pictures, each time")
    line.add_argument("--list-faults", action="store_true", help="print the faults by place, and end")
    line.add_argument("--until-stdin-closes", action="store_true", help="end when the parent process does")
    return line


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM, SIGINT, or the end of stdin where that was asked for."""
    line = parser()
    options = line.parse_args(arguments)
    if options.list_faults:
        sys.stdout.write(_fault_list())
        return 0
    from mjtui.simulator.settings import Switches, switched
    from mjtui.simulator.world import World

    try:
        world = World(
            state=options.state,
            key=options.key or None,
            balance=options.balance,
            seconds=options.seconds,
            speed_up=options.speed_up,
            faults=options.faults,
            switches=switched(Switches(), options.switches),
            webhook_key=options.webhook_key,
            seed=options.seed,
        )
    except ValueError as error:
        line.error(str(error))
    try:
        asyncio.run(_run(world, options))
    except OSError as error:
        sys.stderr.write(f"The simulator cannot start: {error}\n")
        return 3
    return 0


async def _run(world: World, options: argparse.Namespace) -> None:
    from mjtui.simulator.serving import serve

    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if options.until_stdin_closes:
        threading.Thread(target=_watch_stdin, args=(loop, stop), daemon=True).start()

    def ready(url: str) -> None:
        sys.stdout.write(json.dumps({"url": url, "upload_url": url, "key": world.key or "any"}) + "\n")
        sys.stdout.flush()

    await serve(world, options.host, options.port, ready=ready, stop=stop)


def _fault_list() -> str:
    from mjtui.simulator.faults import API_PLACES, names

    places = (*API_PLACES, "task", "file", "callback")
    return "".join(f"{place}:{name:18} {what}\n" for place in places for name, what in names(place).items())


def _watch_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    while os.read(0, 4096):
        pass
    if not loop.is_closed():
        loop.call_soon_threadsafe(stop.set)


def _span(text: str) -> tuple[float, float]:
    first, dash, last = text.partition("-")
    span = float(first), float(last if dash else first)
    if not 0 <= span[0] <= span[1]:
        raise argparse.ArgumentTypeError("A-B with 0 <= A <= B")
    return span


if __name__ == "__main__":
    sys.exit(main())
