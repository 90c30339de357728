"""What is imported with the types of a draft, and that the rest is there when it is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import mjtui.prompt


def test_the_types_of_a_draft_bring_nothing_else_with_them() -> None:
    code = "import sys, mjtui.prompt.draft; print(*sorted(name for name in sys.modules if name.startswith('mjtui.')))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.split() == ["mjtui.prompt", "mjtui.prompt.draft"]


@pytest.mark.parametrize("name", mjtui.prompt.__all__)
def test_every_public_name_is_there_and_stays_the_same(name: str) -> None:
    first = getattr(mjtui.prompt, name)
    assert getattr(mjtui.prompt, name) is first


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = mjtui.prompt.nothing  # pyright: ignore[reportAttributeAccessIssue]
