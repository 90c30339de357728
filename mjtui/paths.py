"""Where things live: XDG folders on every Unix, or all of them under MJTUI_HOME."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

FOLDERS = ("config", "data", "state", "cache", "logs", "pictures")


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders and files of one mjtui home; nothing is created by naming it."""

    config: Path
    data: Path
    state: Path
    cache: Path
    logs: Path
    pictures: Path

    @property
    def settings(self) -> Path:
        return self.config / "mjtui.toml"

    @property
    def key(self) -> Path:
        return self.config / "key"

    @property
    def callback_key(self) -> Path:
        return self.config / "callback-key"

    @property
    def fragments(self) -> Path:
        return self.config / "fragments"

    @property
    def wildcards(self) -> Path:
        return self.config / "wildcards"

    @property
    def library(self) -> Path:
        return self.data / "library.db"

    @property
    def thumbnails(self) -> Path:
        return self.cache / "thumbnails"

    @property
    def log(self) -> Path:
        return self.logs / "mjtui.log"

    @property
    def simulator(self) -> Path:
        return self.state / "simulator"

    def make(self) -> None:
        """Create the folders, readable by their owner alone."""
        for name in FOLDERS:
            getattr(self, name).mkdir(mode=0o700, parents=True, exist_ok=True)


def under(home: Path) -> Paths:
    """All folders below one."""
    return Paths(**{name: home / name for name in FOLDERS})


def discover(environ: dict[str, str] | None = None) -> Paths:
    """The folders of this person: MJTUI_HOME where it is set, else the XDG base directories."""
    env = os.environ if environ is None else environ
    if home := env.get("MJTUI_HOME"):
        return under(Path(home).expanduser().absolute())
    from platformdirs.unix import Unix

    unix = Unix("mjtui", appauthor=False)
    return Paths(
        config=unix.user_config_path,
        data=unix.user_data_path,
        state=unix.user_state_path,
        cache=unix.user_cache_path,
        logs=unix.user_log_path,
        pictures=unix.user_pictures_path / "mjtui",
    )
