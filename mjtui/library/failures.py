"""What SQLite's errors mean to a person: each code becomes a sentence and a way on."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from mjtui.errors import LibraryError

_SENTENCES: dict[str, tuple[str, str]] = {
    "SQLITE_BUSY": (
        "The library {path} is locked by another program.",
        "Close other programs that have the file open (a backup, a database browser), then try again.",
    ),
    "SQLITE_LOCKED": (
        "The library {path} is locked by another program.",
        "Close other programs that have the file open (a backup, a database browser), then try again.",
    ),
    "SQLITE_FULL": (
        "The disk is full: the library {path} could not be written.",
        "Free some space; everything that was saved before is safe.",
    ),
    "SQLITE_READONLY": (
        "The library {path} cannot be written: the file or its folder is read-only.",
        "Change the permissions, or point MJTUI_HOME at a folder that can be written.",
    ),
    "SQLITE_CANTOPEN": (
        "The library {path} cannot be opened.",
        "Check that the folder exists and that both it and the file can be read and written.",
    ),
    "SQLITE_CORRUPT": (
        "The library {path} is damaged.",
        "Keep the file, put your last backup in its place, and run `mjtui doctor`; pictures on disk are not affected.",
    ),
    "SQLITE_NOTADB": (
        "{path} is not an mjtui library: it is no SQLite file.",
        "Move it away or put your last backup in its place; pictures on disk are not affected.",
    ),
    "SQLITE_IOERR": (
        "The disk failed while the library {path} was used.",
        "Check the disk (or the network drive) that holds it; everything that was saved before is kept.",
    ),
}


def explain(error: sqlite3.Error, path: Path) -> LibraryError | None:
    """The error for the person, or None where the error is a mistake in mjtui and not a state of the file."""
    name = getattr(error, "sqlite_errorname", None)
    if not isinstance(name, str):
        return None
    primary = "_".join(name.split("_")[:2])
    if primary not in _SENTENCES:
        return None
    message, hint = _SENTENCES[primary]
    return LibraryError(message.format(path=path), meaning="Nothing was changed.", hint=hint)
