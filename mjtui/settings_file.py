"""Settings as written down: the TOML file and the environment, before anything checks them.

The screen reads its few values here, because the checked model (`mjtui.config`) is too slow to import before the
first paint.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

ALIASES = {"service.api_url": "MJTUI_API_URL", "service.upload_url": "MJTUI_UPLOAD_URL"}
"""Environment variables that do not follow MJTUI_SECTION_KEY."""


@dataclass(frozen=True, slots=True)
class Written:
    """A value and where it was found, in words."""

    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in the settings: where, what, and what to do."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


@dataclass(slots=True)
class SettingsFile:
    """The tables of one TOML file; an unreadable file has no tables and one problem."""

    path: Path
    tables: dict[str, Any] = field(default_factory=dict[str, Any])
    text: str = ""
    problems: list[Problem] = field(default_factory=list[Problem])

    def line_of(self, dotted: str) -> int | None:
        """The line (from 1) that sets `section.key`, or None where it is not written in the usual form."""
        *section, key = dotted.split(".")
        inside = not section
        for number, line in enumerate(self.text.splitlines(), 1):
            if header := re.match(r"\s*\[\s*([\w.\-]+)\s*\]", line):
                inside = header[1] == ".".join(section)
                if header[1] == dotted:
                    return number
            elif inside and re.match(rf"\s*(?:{re.escape(key)}|\"{re.escape(key)}\")\s*=", line):
                return number
        return None

    def where(self, dotted: str) -> str:
        """File and line of a setting, as a person would look for it."""
        line = self.line_of(dotted)
        return f"{self.path}:{line}" if line else str(self.path)


def read(path: Path) -> SettingsFile:
    """Read a settings file; a missing file is an empty one, a broken one says where it broke."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return SettingsFile(path)
    except (OSError, UnicodeDecodeError) as error:
        return SettingsFile(path, problems=[Problem(str(path), f"cannot be read ({error}); defaults are used")])
    try:
        return SettingsFile(path, tomllib.loads(text), text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        where = f"{path}:{line[1]}" if line else str(path)
        return SettingsFile(path, text=text, problems=[Problem(where, f"not valid TOML ({error}); defaults are used")])


def variable(dotted: str) -> str:
    """The environment variable of a setting: `budget.per_day` is MJTUI_BUDGET_PER_DAY."""
    return ALIASES.get(dotted) or "MJTUI_" + dotted.replace(".", "_").upper()


def find(dotted: str, file: SettingsFile, environ: Mapping[str, str] | None = None) -> Written | None:
    """The value of `section.key` from the environment, else from the file, else None."""
    env = os.environ if environ is None else environ
    if (name := variable(dotted)) in env:
        return Written(env[name], f"environment {name}")
    value: Any = file.tables
    for part in dotted.split("."):
        if not isinstance(value, dict) or part not in value:
            return None
        value = cast("dict[str, Any]", value)[part]
    return Written(value, file.where(dotted))
