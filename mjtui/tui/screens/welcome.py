"""The first screen where there is no API key: the ways in."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from mjtui.errors import MjtuiError
from mjtui.tui.asking import Ask
from mjtui.tui.screens.dialog import Dialog

WAYS = """\
mjtui makes pictures with Midjourney through kie.ai, which takes credits for it.

1  With an API key from kie.ai/api-key: paste it below and press enter.
   It is tried at once and kept in your keyring, or in a file that only you can read.
2  Without one: leave with ctrl+q and start `mjtui --demo`. Everything works there,
   with a service that is only played: no key, no credits, no network.

esc opens the library as it is: reading and searching need no key."""


class Welcome(Dialog[str]):
    """Takes a key; answers with where it is kept, or with None where the person goes on without one."""

    def __init__(self, ask: Ask) -> None:
        super().__init__()
        self._ask = ask
        self._trying = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog welcome") as frame:
            frame.border_title = Content("Welcome to mjtui")
            frame.border_subtitle = "enter tries the key · esc goes on without one · ctrl+q quits"
            yield Static(Content(WAYS))
            line = Input(password=True, placeholder="API key", compact=True)
            line.cursor_blink = False
            yield line
            yield Static("", id="wrong", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        key = event.value.strip()
        if key and not self._trying:
            self._trying = True
            self._say(Content.styled("trying it at the service…", "$text-muted"))
            self.run_worker(self._try(key), group="key")

    def _say(self, content: Content) -> None:
        self.query_one("#wrong", Static).update(content)

    async def _try(self, key: str) -> None:
        try:
            where = await self._ask(lambda engine: engine.enter_key(key))
        except MjtuiError as error:
            self._say(Content.assemble(("x ", "bold $text-error"), (error.sentences(), "$text-error")))
        else:
            self.dismiss(where)
        finally:
            self._trying = False
