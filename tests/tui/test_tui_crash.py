"""A crash says where its report is, and shows no value that could be a secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.worker import WorkerFailed

from mjtui.tui.lifecycle.crash import report

KEY = "k1234567890abcdefgh"


def broken(key: str) -> None:
    secret = f"Bearer {key}"
    raise RuntimeError(f"broke with {len(secret)} characters")


def caught() -> RuntimeError:
    try:
        broken(KEY)
    except RuntimeError as error:
        return error
    raise AssertionError


def test_a_report_says_where_it_broke_without_the_values_of_variables(tmp_path: Path):
    told = report(caught(), tmp_path / "state")
    [path] = (tmp_path / "state").iterdir()
    assert str(path) in told
    assert "draft is kept" in told
    text = path.read_text()
    assert "in broken" in text
    assert "RuntimeError: broke with 26 characters" in text
    assert KEY not in text + told


def test_a_key_in_a_message_is_masked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KIE_API_KEY", KEY)
    told = report(RuntimeError(f"the key {KEY} is in the message"), tmp_path)
    [path] = tmp_path.iterdir()
    assert KEY not in path.read_text() + told


def test_the_error_of_a_worker_is_reported_and_not_its_wrapping(tmp_path: Path):
    assert "RuntimeError: broke" in report(WorkerFailed(caught()), tmp_path)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path):
    (tmp_path / "file").write_text("")
    assert "could not be written" in report(caught(), tmp_path / "file")
