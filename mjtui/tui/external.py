"""Programs of the person's own: the editor for a prompt."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from textual.app import App

from mjtui.errors import MjtuiError


def edit(app: App[str], text: str, folder: Path) -> str:
    """Have a text edited in $VISUAL or $EDITOR (else vi); raises MjtuiError, and keeps the file, where that fails."""
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    with tempfile.NamedTemporaryFile(
        "w", suffix=".md", prefix="prompt-", dir=folder, delete=False, encoding="utf-8"
    ) as file:
        file.write(text)
    path = Path(file.name)
    try:
        with app.suspend():
            status = subprocess.run([*command, str(path)], check=False).returncode
    except OSError as error:
        path.unlink()
        raise MjtuiError(f"{command[0]} could not be started ({error.strerror}).", hint="Set $EDITOR.") from error
    if status != 0:
        raise MjtuiError(
            f"{command[0]} ended with {status}; the prompt stays as it was.", hint=f"The text is in {path}."
        )
    edited = path.read_text(encoding="utf-8", errors="replace")
    path.unlink()
    return edited.rstrip("\n")
