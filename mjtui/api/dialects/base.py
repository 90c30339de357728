"""What a service must be able to say, as a protocol: a third service is one new module that fits it."""

from __future__ import annotations

from typing import Protocol

from mjtui.api.values import Call, Report
from mjtui.prompt.draft import Kind, Request


class Dialect(Protocol):
    """How requests are written and answers read; all of it without I/O. Payloads are JSON objects with a good code."""

    @property
    def name(self) -> str: ...

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of request that it can write."""
        ...

    @property
    def generate_path(self) -> str:
        """Where requests with a prompt go: a 404 from there means that the service has stopped offering them."""
        ...

    @property
    def callback_field(self) -> str:
        """The field of a body that holds the address to call back."""
        ...

    def submit(self, request: Request) -> Call:
        """The call that asks for it; raises InvalidRequest with a sentence naming what is wrong."""
        ...

    def forms(self, call: Call) -> tuple[Call, ...]:
        """The call and other forms of it, each to be tried only where the one before was answered with 404."""
        ...

    def settle(self, call: Call) -> None:
        """Remember the form that is to be used from now on."""
        ...

    def hint(self, call: Call, code: str | None) -> str | None:
        """What to do about a refusal with this code, where more is known than the code says."""
        ...

    def accepted(self, payload: object) -> str:
        """The id of the task in the answer to a create; raises Unclear where there is none."""
        ...

    def look(self, task_id: str) -> Call: ...

    def report(self, payload: object) -> Report:
        """What the answer to a look says; raises TaskNotFound, and Unclear where it cannot be read."""
        ...

    def credits(self) -> Call: ...

    def balance(self, payload: object) -> float:
        """The credits in the answer; raises Unclear."""
        ...

    def link(self, url: str) -> Call:
        """The call for a link that downloads a result, good for 20 minutes."""
        ...

    def linked(self, payload: object) -> str:
        """The link in the answer; raises Unclear."""
        ...
