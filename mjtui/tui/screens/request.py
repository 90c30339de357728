"""The exact request of a draft, to be read and copied before anything is sent."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

from textual.content import Content

from mjtui.prompt.draft import KIND_NAMES
from mjtui.tui.screens.text_view import TextView, indented
from mjtui.tui.widgets.about import findings_text

if TYPE_CHECKING:
    from mjtui.engine.intent import Preview
    from mjtui.tui.screens.studio import Studio

KEY = "$KIE_API_KEY"
"""Stands in a curl command where the key would be; the key itself is never shown."""


async def show_request(studio: Studio, seen: Preview, api_url: str) -> None:
    """Show what sending would do, and copy it where that is asked for."""
    if seen.call is None:
        await studio.home.push_screen_wait(TextView("This cannot be sent", _findings(seen)))
        return
    body = json.dumps(seen.call.body, indent=2, ensure_ascii=False)
    texts = {"y": (body, "the JSON"), "c": (curl(api_url + seen.call.path, seen.call.body), "the curl command")}
    copies = {letter: what.removeprefix("the ") for letter, (_, what) in texts.items()}
    answer = await studio.home.push_screen_wait(TextView("The exact request", _text(seen, api_url, body), copies))
    if answer is not None:
        studio.home.copy(*texts[answer])


def curl(url: str, body: Any) -> str:
    """The same request as a curl command for a shell, with the key left to the environment."""
    data = json.dumps(body, ensure_ascii=False)
    return (
        f"curl -X POST {shlex.quote(url)} \\\n"
        f'  -H "Authorization: Bearer {KEY}" \\\n'
        "  -H 'Content-Type: application/json' \\\n"
        f"  --data {shlex.quote(data)}"
    )


def _text(seen: Preview, api_url: str, body: str) -> Content:
    assert seen.call is not None
    what = KIND_NAMES[seen.plan.request.kind]
    head = Content.assemble(
        (f"{what} · {seen.price}\n", "bold"), (f"POST {api_url}{seen.call.path}\n\n", "$text-muted")
    )
    return Content("").join([head, Content(indented(body)), Content("\n\n" * bool(seen.findings)), _findings(seen)])


def _findings(seen: Preview) -> Content:
    return findings_text(seen.findings, None, most=len(seen.findings))
