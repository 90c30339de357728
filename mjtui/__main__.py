"""The entry point: picks the face. Commands go to `mjtui.cli`; without one the workstation opens."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mjtui.cli.app import Launch
    from mjtui.engine import Options


def main() -> None:
    """Run the command line and end the process with its exit code."""
    from mjtui.cli.app import run

    sys.exit(run(workstation=_workstation))


def _workstation(launch: Launch) -> int:
    """Open the screen, on the person's own library or on a demo's."""
    from mjtui.engine import Options
    from mjtui.paths import discover

    chosen = {"screen.theme": launch.theme, "screen.preview": launch.preview}
    flags = {name: value for name, value in chosen.items() if value is not None}
    if not launch.demo:
        return _open(Options(paths=discover(), flags=flags))
    from mjtui.demo import Demo

    demo = Demo.start(keep=launch.keep)
    try:
        return _open(demo.options(flags=flags), demo=True, keep=launch.keep)
    finally:
        demo.stop()


def _open(options: Options, *, demo: bool = False, keep: bool = False) -> int:
    """Only here is Textual imported."""
    from mjtui import logs
    from mjtui.tui.run import run

    log = logs.begin(options.paths.log)
    try:
        return run(options, demo=demo, keep=keep)
    finally:
        logs.end(log)


if __name__ == "__main__":
    main()
