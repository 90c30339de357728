"""The dialects that mjtui speaks, by name; a third one is a module that fits `Dialect` and a line here."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from mjtui.api.dialects.base import Dialect
from mjtui.api.dialects.kie import Kie
from mjtui.api.dialects.sketch import Sketch
from mjtui.errors import SettingsError

DIALECTS: dict[str, Callable[..., Dialect]] = {"kie": Kie, "sketch": Sketch}

__all__ = ["DIALECTS", "Dialect", "dialect"]


def dialect(name: str = "kie", **options: Any) -> Dialect:
    """The dialect of that name; raises SettingsError for an unknown name and for options that it does not have."""
    if name not in DIALECTS:
        near = get_close_matches(name, DIALECTS, n=1)
        guess = f" Did you mean {near[0]!r}?" if near else ""
        raise SettingsError(f"There is no dialect {name!r}; there are {', '.join(DIALECTS)}.{guess}")
    try:
        return DIALECTS[name](**options)
    except TypeError as error:
        raise SettingsError(f"The dialect {name!r} does not have these options: {', '.join(options)}.") from error
