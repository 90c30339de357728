"""Drafts as plain data, for the library."""

from __future__ import annotations

import dataclasses
from typing import Any

from mjtui.prompt.draft import Draft


def draft_to_json(draft: Draft) -> dict[str, Any]:
    """A draft as plain data, without what it does not say."""
    empty = Draft()
    names = [field.name for field in dataclasses.fields(draft)]
    said = {name: getattr(draft, name) for name in names if getattr(draft, name) != getattr(empty, name)}
    return said | ({"images": list(draft.images)} if draft.images else {})


def draft_from_json(data: dict[str, Any]) -> Draft:
    """The draft that `draft_to_json` wrote; names that this version does not know are left out."""
    known = {field.name for field in dataclasses.fields(Draft)}
    values = {name: value for name, value in data.items() if name in known}
    if "images" in values:
        values["images"] = tuple(values["images"])
    return Draft(**values)
