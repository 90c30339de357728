"""The settings, checked: their model, where each value came from, and what is wrong with them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from mjtui.errors import SettingsError
from mjtui.prompt.draft import Defaults, Motion, Speed
from mjtui.settings_file import Problem, SettingsFile, Written, find, variable

Credits = Annotated[float, Field(ge=0)]
Url = Annotated[str, Field(pattern=r"^https?://[^\s]+$")]


class Section(BaseModel):
    """A table of the settings file; each field's description is its documentation everywhere."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ServiceSettings(Section):
    dialect: str = Field("kie", description="the language the service speaks: kie, or sketch")
    api_url: Url = Field("https://api.kie.ai", description="where requests go")
    upload_url: Url = Field("https://kieai.redpandaai.co", description="where reference images are uploaded")
    vary_index_base: Literal[0, 1] = Field(1, description="what the service calls the first picture in a vary request")
    timeout: float = Field(30, gt=0, le=300, description="seconds to wait for an answer")


class DefaultsSettings(Section):
    version: str = Field("7", description="Midjourney version where the prompt names none")
    speed: Speed = Field("fast", description="relaxed, fast or turbo")
    aspect_ratio: str = Field("1:1", description="aspect ratio where the prompt names none")
    motion: Motion = Field("high", description="motion of videos: low or high")
    batch_size: Literal[1, 2, 4] = Field(1, description="clips per video job")
    translate: bool = Field(False, description="let the service translate the prompt to English")


class BudgetSettings(Section):
    per_day: Credits | None = Field(None, description="credits a day; nothing is sent beyond it")
    per_batch: Credits | None = Field(None, description="credits a batch; nothing is sent beyond it")
    same_request_seconds: int = Field(120, ge=0, description="ask before the same request goes again within this time")


class BatchSettings(Section):
    limit: int = Field(200, ge=1, le=100_000, description="most jobs that one batch may have")


class PriceSettings(Section):
    relaxed: Credits = Field(3, description="credits for four pictures, relaxed")
    fast: Credits = Field(8, description="credits for four pictures, fast")
    turbo: Credits = Field(16, description="credits for four pictures, turbo")
    video: Credits = Field(15, description="credits for each clip")
    video_hd: Credits = Field(45, description="credits for each HD clip")
    extend: Credits = Field(15, description="credits for an extended clip (no price is published)")
    upscale: Credits = Field(0, description="credits for an upscale")
    vary: Credits = Field(0, description="credits for four variations")
    usd_per_credit: float = Field(0.005, ge=0, description="what one credit costs, in US dollars")


class PictureSettings(Section):
    folder: Path | None = Field(None, description="where pictures are saved; empty: the usual pictures folder")
    template: str = Field("{date}-{time}_{slug}_{task}_{index}{kind}", description="how picture files are named")
    parallel: int = Field(4, ge=1, le=8, description="downloads at the same time")
    max_mib: int = Field(512, ge=1, description="largest file that is saved, in MiB")
    max_kib_per_second: int | None = Field(None, ge=1, description="how fast pictures are fetched, in KiB a second")


class CallbackSettings(Section):
    public_url: Url | None = Field(None, description="address at which the service calls when a job ends; empty: never")
    host: str = Field("127.0.0.1", description="local address that receives what comes to it")
    port: int = Field(8765, ge=1, le=65535, description="local port that receives what comes to it")
    window_seconds: float = Field(300, gt=0, le=3600, description="how far a callback's time may be from ours")


class ScreenSettings(Section):
    theme: str = Field("mjtui-dark", description="colour theme")
    mouse: bool = Field(True, description="false leaves the mouse to the terminal, for its own selection")
    preview: Literal["auto", "halfblock", "ascii", "off"] = Field("auto", description="how pictures are drawn")
    notify: Literal["bell", "osc", "off"] = Field(
        "bell", description="how to tell of news while you look elsewhere; osc: a desktop notification"
    )


class Settings(Section):
    """All settings; `keys` maps a command's id to its keys, and to nothing to unbind it."""

    service: ServiceSettings = ServiceSettings()  # pyright: ignore[reportCallIssue]
    defaults: DefaultsSettings = DefaultsSettings()  # pyright: ignore[reportCallIssue]
    budget: BudgetSettings = BudgetSettings()  # pyright: ignore[reportCallIssue]
    batch: BatchSettings = BatchSettings()  # pyright: ignore[reportCallIssue]
    prices: PriceSettings = PriceSettings()  # pyright: ignore[reportCallIssue]
    pictures: PictureSettings = PictureSettings()  # pyright: ignore[reportCallIssue]
    callbacks: CallbackSettings = CallbackSettings()  # pyright: ignore[reportCallIssue]
    screen: ScreenSettings = ScreenSettings()  # pyright: ignore[reportCallIssue]
    keys: dict[str, str | list[str] | None] = Field(default_factory=dict[str, str | list[str] | None])

    def prompt_defaults(self) -> Defaults:
        """What a request holds where neither prompt nor form says anything."""
        return Defaults(**self.defaults.model_dump())


@dataclass(slots=True)
class Loaded:
    """Checked settings, where each value that is not a default came from, and every problem found on the way."""

    settings: Settings
    sources: dict[str, str] = field(default_factory=dict[str, str])
    problems: list[Problem] = field(default_factory=list[Problem])

    def rows(self) -> list[tuple[str, Any, str, str]]:
        """`(section.key, value, source, description)` of every setting, in the order of the model."""
        found: list[tuple[str, Any, str, str]] = []
        for dotted, description in names():
            section, key = dotted.split(".")
            value = getattr(getattr(self.settings, section), key)
            found.append((dotted, value, self.sources.get(dotted, "default"), description))
        return found


def sections() -> dict[str, type[Section]]:
    """The tables of the settings file by name, without `keys`."""
    return {
        name: cast("type[Section]", info.annotation) for name, info in Settings.model_fields.items() if name != "keys"
    }


def names() -> list[tuple[str, str]]:
    """`(section.key, description)` of every setting."""
    return [
        (f"{section}.{key}", info.description or "")
        for section, model in sections().items()
        for key, info in model.model_fields.items()
    ]


def load(
    file: SettingsFile, *, environ: Mapping[str, str] | None = None, flags: Mapping[str, Any] | None = None
) -> Loaded:
    """Check the settings: flags win over the environment, that over the file, that over the defaults.

    A wrong value is reported and its default used; nothing is raised.
    """
    loaded = Loaded(Settings(), problems=[*file.problems, *_unknown(file)])
    tables: dict[str, dict[str, Any]] = {}
    for section, model in sections().items():
        table = tables[section] = {}
        for key in model.model_fields:
            dotted = f"{section}.{key}"
            flag = (flags or {}).get(dotted)
            written = Written(flag, "command line") if flag is not None else find(dotted, file, environ)
            if written is None:
                continue
            try:
                table[key] = getattr(model.model_validate({key: written.value}), key)
            except ValidationError as error:
                reason = error.errors()[0]["msg"]
                loaded.problems.append(
                    Problem(written.source, f"{dotted} = {written.value!r} is not usable ({reason}); default used")
                )
            else:
                loaded.sources[dotted] = written.source
    keys, key_problems = _keys(file)
    loaded.problems += key_problems
    loaded.settings = Settings.model_validate({**tables, "keys": keys})
    return loaded


def strict(loaded: Loaded) -> Settings:
    """The settings where nothing is wrong with them, else SettingsError with the first problem."""
    if loaded.problems:
        raise SettingsError(str(loaded.problems[0]), hint="`mjtui config validate` lists all problems.")
    return loaded.settings


def write_template(path: Path) -> None:
    """Write the template where there is no file yet; raises FileExistsError where there is one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(template())


def template() -> str:
    """A settings file with every setting, its meaning and its default, all commented out."""
    lines = ["# Settings of mjtui. Every line is optional; what is commented out shows the default.", ""]
    for section, model in sections().items():
        lines.append(f"[{section}]")
        for key, info in model.model_fields.items():
            lines.append(f"# {info.description}; also {variable(f'{section}.{key}')}")
            lines.append(f"# {key} = {_toml(info.default)}")
        lines.append("")
    lines += ["[keys]", '# "command.id" = ["key", …]; an empty list unbinds; `mjtui keys` lists the ids', ""]
    return "\n".join(lines)


def _toml(value: Any) -> str:
    if value is None:
        return '""'
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str | Path) else f"{value:g}"


def _unknown(file: SettingsFile) -> list[Problem]:
    problems: list[Problem] = []
    known = sections()
    for section, table in file.tables.items():
        if section == "keys":
            continue
        if section not in known:
            problems.append(_did_you_mean(file, section, section, [*known, "keys"]))
        elif isinstance(table, dict):
            fields = list(known[section].model_fields)
            strangers = [key for key in cast("dict[str, Any]", table) if key not in fields]
            problems += [_did_you_mean(file, f"{section}.{key}", key, fields) for key in strangers]
        else:
            problems.append(Problem(file.where(section), f"{section} must be a table: write [{section}]"))
    return problems


def _did_you_mean(file: SettingsFile, dotted: str, word: str, choices: list[str]) -> Problem:
    near = difflib.get_close_matches(word, choices, 1)
    guess = f'did you mean "{near[0]}"?' if near else f"known here: {', '.join(choices)}"
    return Problem(file.where(dotted), f'unknown setting "{dotted}"; {guess}')


def _keys(file: SettingsFile) -> tuple[dict[str, str | list[str] | None], list[Problem]]:
    table = file.tables.get("keys", {})
    if not isinstance(table, dict):
        return {}, [Problem(file.where("keys"), "keys must be a table: write [keys]")]
    keys: dict[str, str | list[str] | None] = {}
    problems: list[Problem] = []
    adapter: TypeAdapter[str | list[str] | None] = TypeAdapter(str | list[str] | None)
    for command, value in cast("dict[str, Any]", table).items():
        try:
            keys[command] = adapter.validate_python(value)
        except ValidationError:
            problems.append(Problem(file.where(f"keys.{command}"), f"{command}: write a key or a list of keys"))
    return keys, problems
