"""Keys in the order in which they were typed, however many of them come at once, as they do on a slow line."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any, Final

from textual.app import App
from textual.events import Key

PATIENCE: Final = 0.25
"""Seconds to wait for a widget that is busy with an earlier key; then the order may be lost, but no key is."""


async def earlier_keys_are_done(app: App[Any], key: Key) -> None:
    """Wait until the keys before this one have done what they do.

    Textual acts on keys of commands at once and sends others through the queue of the widget that has the focus, and
    from there up to the screen: a prompt with `alt+enter` in one go would be sent without its last words, and
    the letters after `/` would act as commands on the list instead of being searched for.
    """
    if key.is_forwarded or app.focused is None:
        return
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            for node in app.focused.ancestors_with_self:
                done = asyncio.Event()
                if node is not app and node.call_later(done.set):
                    await done.wait()
