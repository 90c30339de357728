"""What a crash leaves behind: a report that says where it broke, without a value that could be a secret."""

from __future__ import annotations

import os
import platform
import sys
import time
import traceback
from pathlib import Path

import textual
from textual.worker import WorkerFailed

from mjtui import __version__, secret


def report(error: BaseException, folder: Path) -> str:
    """Write down an error and where it came from, and return what to tell the person.

    Only lines of code are written, never the values in them; the API key is masked wherever it stands.
    """
    system = f"mjtui {__version__}, textual {textual.__version__}, Python {platform.python_version()}, {sys.platform}"
    if isinstance(error, WorkerFailed):
        error = error.error
    text = f"{system}\n\n{''.join(traceback.format_exception(error))}"
    if key := os.environ.get(secret.VARIABLE, "").strip():
        text = text.replace(key, secret.masked(key))
    path = folder / time.strftime("crash-%Y%m%d-%H%M%S.txt")
    last = text.strip().splitlines()[-1][:300]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        return f"mjtui has crashed ({last}), and the report could not be written: {problem}."
    return (
        f"mjtui has crashed: {last}\n"
        "What was sent goes on at the service, and your draft is kept. Start mjtui again to go on.\n"
        f"The report is in {path}"
    )
