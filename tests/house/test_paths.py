"""Where things live."""

from __future__ import annotations

import stat
from pathlib import Path

from mjtui import paths


def test_one_folder_holds_everything_where_it_is_asked_for(tmp_path: Path):
    found = paths.discover({"MJTUI_HOME": str(tmp_path / "home")})
    assert all(getattr(found, name).is_relative_to(tmp_path / "home") for name in paths.FOLDERS)
    assert not (tmp_path / "home").exists(), "naming folders makes none"
    found.make()
    assert {folder.name for folder in (tmp_path / "home").iterdir()} == set(paths.FOLDERS)
    assert stat.S_IMODE(found.data.stat().st_mode) == 0o700


def test_the_xdg_folders_are_used_on_every_unix(monkeypatch):
    monkeypatch.setenv("HOME", "/home/ada")
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.delenv(f"XDG_{name}_HOME", raising=False)
    found = paths.discover({})
    assert found.settings == Path("/home/ada/.config/mjtui/mjtui.toml")
    assert found.library == Path("/home/ada/.local/share/mjtui/library.db")
