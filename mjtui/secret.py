"""The API key, and the key that signs callbacks: in the environment, the system's keyring, or a file of its own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mjtui.errors import SettingsError

VARIABLE = "KIE_API_KEY"
CALLBACK_VARIABLE = "MJTUI_CALLBACK_KEY"
SERVICE = "mjtui"


@dataclass(frozen=True, slots=True)
class Key:
    """A key and where it was found; it never shows itself."""

    value: str
    source: str

    def __repr__(self) -> str:
        return f"Key({masked(self.value)!r}, {self.source!r})"


def masked(key: str) -> str:
    """Enough of a key to recognise it, not enough to use it."""
    return f"{key[:3]}…{key[-2:]}" if len(key) >= 12 else "…"


def find(
    path: Path, name: str = "kie", environ: Mapping[str, str] | None = None, *, variable: str = VARIABLE
) -> Key | None:
    """The key from the environment, else from the keyring, else from the file, else None."""
    env = os.environ if environ is None else environ
    if value := env.get(variable, "").strip():
        return Key(value, f"environment {variable}")
    ring = _keyring()
    if ring is not None and (value := ring.get_password(SERVICE, name)):
        return Key(value, "keyring")
    try:
        value = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    return Key(value, str(path)) if value else None


def keep(key: str, path: Path, name: str = "kie") -> str:
    """Keep a key in the keyring, else in a file that its owner alone can read, and say where.

    Raises SettingsError for text that cannot be a key.
    """
    key = key.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise SettingsError(
            "That is not an API key: it is empty, or holds spaces or letters that no key has.",
            hint="Copy it from kie.ai/api-key.",
        )
    ring = _keyring()
    if ring is not None:
        ring.set_password(SERVICE, name, key)
        return "keyring"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(key + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    return str(path)


def _keyring() -> Any:
    """The keyring module where it is installed and has a store that works, else None."""
    try:
        import keyring  # pyright: ignore[reportMissingImports]
        from keyring.backends.fail import Keyring  # pyright: ignore
    except ImportError:
        return None
    ring: Any = keyring
    return None if isinstance(ring.get_keyring(), Keyring) else ring
