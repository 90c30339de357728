"""The Midjourney prompt language: reading, judging, expanding and comparing prompts, and the requests they become."""

from __future__ import annotations

from mjtui.prompt import diff
from mjtui.prompt.draft import Defaults, Draft, Edit, Finding, Plan, Request
from mjtui.prompt.highlight import Span, highlight
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
    "Span",
    "TooManyJobs",
    "Value",
    "count_jobs",
    "count_permutations",
    "diff",
    "expand",
    "highlight",
    "lint",
    "parse",
    "permute",
    "plan",
]
