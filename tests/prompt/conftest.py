"""Short ways to the findings and the request of a prompt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mjtui.prompt import Draft, Finding, Plan, plan

Ask = Callable[..., Plan]


def _planned(prompt: str = "a fox", *, dialect: str = "kie", **choices: Any) -> Plan:
    return plan(Draft(prompt=prompt, **choices), dialect=dialect)


@pytest.fixture
def ask() -> Ask:
    """Plan a prompt with some choices of the form."""
    return _planned


@pytest.fixture
def broken() -> Callable[..., set[str]]:
    """The rules that a prompt with some choices of the form breaks."""
    return lambda *args, **choices: {finding.rule for finding in _planned(*args, **choices).findings}


@pytest.fixture
def finding() -> Callable[..., Finding]:
    """The one finding of a rule; fails where there is none."""

    def one(rule: str, *args: Any, **choices: Any) -> Finding:
        return next(entry for entry in _planned(*args, **choices).findings if entry.rule == rule)

    return one
