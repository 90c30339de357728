"""The log can be shown to anyone."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from mjtui import logs

KEY = "sk-0123456789-never-to-be-seen-abcdef"


def test_no_key_is_written_whatever_is_logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIE_API_KEY", KEY)
    handler = logs.begin(tmp_path / "logs" / "mjtui.log")
    try:
        logger = logging.getLogger("mjtui.test")
        logger.warning("the request had %s", {"Authorization": "Bearer another-key-0123456789"})
        try:
            raise ValueError(f"bad key {KEY}")
        except ValueError:
            logger.exception("it broke")
    finally:
        logs.end(handler)
    text = (tmp_path / "logs" / "mjtui.log").read_text(encoding="utf-8")
    assert "it broke" in text
    assert "ValueError: bad key sk-…ef" in text
    assert KEY not in text
    assert "another-key" not in text


def test_what_others_chat_about_is_left_out(tmp_path: Path) -> None:
    handler = logs.begin(tmp_path / "mjtui.log")
    try:
        logging.getLogger("httpx").info("HTTP Request: GET https://host/picture?token=secret")
    finally:
        logs.end(handler)
    assert not (tmp_path / "mjtui.log").exists()
    assert handler not in logging.getLogger().handlers
