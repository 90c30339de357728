"""The log: a file that is kept small, with keys masked; nothing of it ever reaches the screen."""

from __future__ import annotations

import logging
import os
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path

from mjtui import secret

LARGEST = 1 << 20
KEPT = 3

BEARER = re.compile(r"(?i)\b(bearer\s+)\S+")


class Masking(logging.Formatter):
    """Lines in which a key cannot be read, wherever it came from."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        text = BEARER.sub(r"\1…", super().format(record))
        for variable in (secret.VARIABLE, secret.CALLBACK_VARIABLE):
            if key := os.environ.get(variable, "").strip():
                text = text.replace(key, secret.masked(key))
        return text


def begin(path: Path) -> logging.Handler:
    """Write the log of this process to a file, which is made with its first line; goes on until `end`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8", delay=True)
    handler.setFormatter(Masking())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("mjtui").setLevel(logging.INFO)
    return handler


def end(handler: logging.Handler) -> None:
    """Close the log."""
    logging.getLogger().removeHandler(handler)
    handler.close()
