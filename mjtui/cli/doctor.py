"""`mjtui doctor`: facts about this installation, and what is wrong with it."""

from __future__ import annotations

import dataclasses
import os
import platform
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mjtui import __version__, paths, secret, settings_file
from mjtui.cli.command import Command, json_option
from mjtui.cli.locate import PLACES
from mjtui.cli.output import print_json, print_table
from mjtui.cli.session import Session
from mjtui.errors import MjtuiError, NoKey, SettingsError
from mjtui.paths import Paths
from mjtui.terminal.capabilities import capabilities
from mjtui.terminal.text import clean

if TYPE_CHECKING:
    from mjtui.engine.engine import Engine

PACKAGES = ("textual", "httpx", "pydantic", "aiosqlite", "click", "Pillow", "starlette", "uvicorn")

FOLDERS = ("config", "data", "state", "cache", "logs", "pictures")


@dataclasses.dataclass(slots=True)
class Report:
    """Facts by section, and what is wrong: a sentence and the exit code that it stands for."""

    facts: dict[str, dict[str, Any]]
    problems: list[tuple[str, int]]

    def wrong(self, error: MjtuiError) -> None:
        self.problems.append((error.sentences(), error.exit_code))


@click.command(cls=Command, examples=("mjtui doctor", "mjtui doctor --offline --json"))
@click.option("--offline", is_flag=True, help="Do not ask the service.")
@json_option
@click.pass_context
def doctor(ctx: click.Context, *, offline: bool, as_json: bool) -> None:
    """Check this installation and say what is wrong: software, terminal, folders, library, key, settings, service.

    The API key is never shown whole. Ends with 0 where all is well, else with the code of the first problem. JSON:
    {section: {fact: value}, …, "problems": [sentences]}.
    """
    report = examine(offline=offline)
    if as_json:
        print_json(report.facts | {"problems": [problem for problem, _ in report.problems]})
    else:
        print_table([[f"{section} {name}", _text(value)] for section, name, value in _lines(report)])
        for problem, _ in report.problems:
            click.echo(f"! {clean(problem)}")
        if not report.problems:
            click.echo("All is well.")
    ctx.exit(report.problems[0][1] if report.problems else 0)


def examine(*, offline: bool) -> Report:
    """Look at everything; nothing that is found broken stops the rest."""
    found = paths.discover()
    report = Report({"software": _software(), "terminal": _terminal()}, [])
    _folders(found, report)
    _settings(found, report)
    _key(found, report)
    _engine(found, report, offline=offline)
    return report


def _software() -> dict[str, Any]:
    facts: dict[str, Any] = {
        "mjtui": __version__,
        "python": f"{platform.python_version()} ({sys.executable})",
        "platform": platform.platform(),
    }
    return facts | {name: _version(name) for name in PACKAGES}


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _terminal() -> dict[str, Any]:
    can = capabilities(os.environ, sys.stdout.isatty())
    facts: dict[str, Any] = {"TERM": os.environ.get("TERM"), "TERM_PROGRAM": os.environ.get("TERM_PROGRAM")}
    for field in dataclasses.fields(can):
        if field.name != "reasons":
            facts[field.name] = getattr(can, field.name)
    return facts | {f"{name} because": reason for name, reason in can.reasons.items()}


def _folders(found: Paths, report: Report) -> None:
    facts = report.facts["folders"] = {}
    for name in FOLDERS:
        folder = PLACES[name](found)
        writable = os.access(_nearest(folder), os.W_OK | os.X_OK)
        facts[name] = {"path": str(folder), "exists": folder.is_dir(), "writable": writable}
        if not writable:
            report.problems.append((f"The {name} folder cannot be written: {folder}.", SettingsError.exit_code))


def _nearest(folder: Path) -> Path:
    """The folder itself, else the nearest one above it that exists: there it would be made."""
    return next(parent for parent in (folder, *folder.parents) if parent.exists())


def _settings(found: Paths, report: Report) -> None:
    from mjtui.config import load

    loaded = load(settings_file.read(found.settings))
    report.facts["settings"] = {"file": str(found.settings), "exists": found.settings.exists()} | {
        name: source for name, _, source, _ in loaded.rows() if source != "default"
    }
    report.problems += [(f"{problem}", SettingsError.exit_code) for problem in loaded.problems]


def _key(found: Paths, report: Report) -> None:
    key = secret.find(found.key)
    report.facts["key"] = {
        "present": key is not None,
        "source": key.source if key else None,
        "masked": secret.masked(key.value) if key else None,
    }
    if key is None:
        report.wrong(NoKey("There is no API key."))


def _engine(found: Paths, report: Report, *, offline: bool) -> None:
    library: dict[str, Any] = {"path": str(found.library), "bytes": _size(found.library)}
    report.facts["library"] = library
    with Session(work=not offline) as session:
        try:
            library |= session.ask(_library)
        except MjtuiError as error:
            report.wrong(error)
            return
        report.problems += [(f"Library: {problem}.", 1) for problem in library.pop("wrong")]
        if offline or not report.facts["key"]["present"]:
            return
        try:
            settings = session.ask(lambda engine: engine.loaded()).settings.service
            service = report.facts["service"] = {"dialect": settings.dialect, "api_url": settings.api_url}
            service["credits"] = session.ask(lambda engine: engine.credits())
        except MjtuiError as error:
            report.wrong(error)


async def _library(engine: Engine) -> dict[str, Any]:
    counts = (await engine.status()).counts
    return {
        "schema": engine.library.schema_version,
        **dataclasses.asdict(counts),
        "wrong": await engine.library.check(),
    }


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.exists() else None


def _lines(report: Report) -> Iterator[tuple[str, str, Any]]:
    for section, facts in report.facts.items():
        for name, value in facts.items():
            yield section, name, value


def _text(value: Any) -> str:
    match value:
        case {"path": path, "exists": exists, "writable": writable}:
            return f"{path}{'' if exists else ', not made yet'}{'' if writable else ', NOT WRITABLE'}"
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)
