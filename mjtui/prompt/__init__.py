"""The Midjourney prompt language: reading, judging, expanding and comparing prompts, and the requests they become.

Everything but the types of a draft is imported when it is first asked for: the faces need those types before their
first paint, and little else of this package. `diff` and `highlight` are modules of their own.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mjtui.prompt.draft import Defaults, Draft, Edit, Finding, Plan, Request

if TYPE_CHECKING:
    from mjtui.prompt.parser import Flag, Prompt, Value, parse
    from mjtui.prompt.permutation import TooManyJobs, count_jobs, count_permutations, expand, permute
    from mjtui.prompt.planning import lint, plan

__all__ = [
    "Defaults",
    "Draft",
    "Edit",
    "Finding",
    "Flag",
    "Plan",
    "Prompt",
    "Request",
    "TooManyJobs",
    "Value",
    "count_jobs",
    "count_permutations",
    "expand",
    "lint",
    "parse",
    "permute",
    "plan",
]

_MODULES = {
    "parser": ("Flag", "Prompt", "Value", "parse"),
    "permutation": ("TooManyJobs", "count_jobs", "count_permutations", "expand", "permute"),
    "planning": ("lint", "plan"),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
