"""The demo: a simulator in a process of its own, and a home for what is made with it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mjtui.engine.handle import Options
from mjtui.errors import MjtuiError
from mjtui.paths import Paths, discover, under

SECONDS = "5-20"
"""How long jobs take in the demo: long enough to watch, short enough to wait for."""


@dataclass(slots=True)
class Demo:
    """A running simulator, and the folders of its library."""

    paths: Paths
    keep: bool
    process: subprocess.Popen[str]

    @classmethod
    def start(cls, *, keep: bool = False, home: Path | None = None) -> Demo:
        """Start the simulator; its library is thrown away at `stop` unless it is to be kept.

        A kept demo lives in the folder `demo` beside the person's own library, never in it.
        """
        if home is None:
            home = discover().data / "demo" if keep else Path(tempfile.mkdtemp(prefix="mjtui-demo-"))
        paths = under(home)
        paths.make()
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "mjtui.simulator", "--until-stdin-closes"),
                *("--seconds", SECONDS, "--state", str(paths.simulator)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        return cls(paths, keep, process)

    def options(self, *, flags: Mapping[str, Any] | None = None) -> Options:
        """How to start an engine on this simulator, with these settings from the command line."""
        return Options(paths=self.paths, flags=flags or {}, service=self._connect)

    def _connect(self) -> tuple[dict[str, str], str]:
        """Where the simulator listens, and its key, as soon as it does; raises MjtuiError where it never will."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise MjtuiError("The simulator did not start.", hint="Run `mjtui simulator` to see what it says.")
        facts = json.loads(line)
        return {"service.api_url": facts["url"], "service.upload_url": facts["upload_url"]}, facts["key"]

    def stop(self) -> None:
        """End the simulator, and throw its library away unless it is kept."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.terminate()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        if not self.keep:
            shutil.rmtree(self.paths.data.parent, ignore_errors=True)
