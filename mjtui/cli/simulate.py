"""`mjtui simulator`: the local service, in the foreground."""

from __future__ import annotations

import os
import sys

import click

from mjtui.cli.command import Command


@click.command(
    cls=Command,
    context_settings={"ignore_unknown_options": True},
    examples=(
        "mjtui simulator --port 8765 --seconds 2-5",
        "mjtui simulator --port 8765 --faults submit:drop-after,file:half:3",
        "MJTUI_API_URL=http://127.0.0.1:8765 MJTUI_UPLOAD_URL=http://127.0.0.1:8765 KIE_API_KEY=simulator mjtui",
        "mjtui simulator -- --help",
    ),
)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def simulator(*, options: tuple[str, ...]) -> None:
    """Run a local Kie.ai that costs nothing, until Ctrl+C.

    Its address and key are printed as one line of JSON. OPTIONS are its own: --host, --port, --state DIR, --key,
    --balance, --seconds A-B, --speed-up F, --faults SPEC and others; `mjtui simulator -- --help` explains them.
    """
    arguments = options[1:] if options[:1] == ("--",) else options
    os.execv(sys.executable, [sys.executable, "-m", "mjtui.simulator", *arguments])
