"""The API key exists in memory and in its own store alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from mjtui import secret
from mjtui.errors import SettingsError

KEY = "k1234567890abcdefgh"


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(secret, "_keyring", lambda: None)


def test_a_kept_key_is_found_again_and_only_its_owner_can_read_it(tmp_path: Path):
    path = tmp_path / "config" / "key"
    assert secret.keep(f" {KEY}\n", path) == str(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    found = secret.find(path, environ={})
    assert found is not None
    assert (found.value, found.source) == (KEY, str(path))
    assert [file.name for file in path.parent.iterdir()] == ["key"]


def test_the_environment_wins(tmp_path: Path):
    secret.keep(KEY, tmp_path / "key")
    found = secret.find(tmp_path / "key", environ={"KIE_API_KEY": "another-key-0001"})
    assert found is not None
    assert found.value == "another-key-0001"


def test_a_key_never_shows_itself():
    key = secret.Key(KEY, "file")
    assert KEY not in f"{key} {key!r}"
    assert secret.masked(KEY) not in ("", KEY)
    assert secret.masked("short") == "…"


@pytest.mark.parametrize("text", ["", "  ", "two words", "schlüssel", "line\nbreak", "esc\x1b[31m"])
def test_what_is_no_key_is_not_kept(tmp_path: Path, text: str):
    with pytest.raises(SettingsError):
        secret.keep(text, tmp_path / "key")
    assert not (tmp_path / "key").exists()


def test_a_keyring_is_used_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    class Ring:
        kept: dict[tuple[str, str], str] = {}  # noqa: RUF012

        def set_password(self, service: str, name: str, value: str) -> None:
            self.kept[service, name] = value

        def get_password(self, service: str, name: str) -> str | None:
            return self.kept.get((service, name))

    monkeypatch.setattr(secret, "_keyring", Ring)
    assert secret.keep(KEY, tmp_path / "key") == "keyring"
    assert not (tmp_path / "key").exists()
    found = secret.find(tmp_path / "key", environ={})
    assert found is not None
    assert found.source == "keyring"
