"""Programs of the person's own: the editor, for a prompt and for the settings file."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from textual.app import App

from mjtui.errors import MjtuiError

BEGIN_AT_A_LINE: Final = frozenset({"vi", "vim", "nvim", "nano", "emacs", "micro", "kak", "ne", "joe"})
"""Editors that take +LINE before the file."""


def edit(app: App[str], text: str, folder: Path) -> str:
    """Have a text edited in $VISUAL or $EDITOR (else vi); raises MjtuiError, and keeps the file, where that fails."""
    with tempfile.NamedTemporaryFile(
        "w", suffix=".md", prefix="prompt-", dir=folder, delete=False, encoding="utf-8"
    ) as file:
        file.write(text)
    path = Path(file.name)
    command = _editor()
    try:
        status = _run(app, [*command, str(path)])
    except MjtuiError:
        path.unlink()
        raise
    if status != 0:
        raise MjtuiError(
            f"{command[0]} ended with {status}; the prompt stays as it was.", hint=f"The text is in {path}."
        )
    edited = path.read_text(encoding="utf-8", errors="replace")
    path.unlink()
    return edited.rstrip("\n")


def open_file(app: App[str], path: Path, *, word: str) -> None:
    """Have a file edited in place, from the first line with this word on where the editor can begin there."""
    command = _editor()
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    line = next((number for number, text in enumerate(lines, 1) if re.match(rf"[#\s]*{re.escape(word)}\s*=", text)), 1)
    begin = [f"+{line}"] if Path(command[0]).name in BEGIN_AT_A_LINE else []
    status = _run(app, [*command, *begin, str(path)])
    if status != 0:
        raise MjtuiError(f"{command[0]} ended with {status}.", hint=f"The file is {path}.")


def _editor() -> list[str]:
    return shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")


def _run(app: App[str], command: list[str]) -> int:
    """Give the terminal to a program and take it back; returns what it ended with."""
    try:
        with app.suspend():
            return subprocess.run(command, check=False).returncode
    except OSError as error:
        raise MjtuiError(f"{command[0]} could not be started ({error.strerror}).", hint="Set $EDITOR.") from error
