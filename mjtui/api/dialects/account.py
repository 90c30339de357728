"""What every dialect of Kie.ai shares: the account's questions (docs.kie.ai/common-api) and one form for each call."""

from __future__ import annotations

from mjtui.api.normalise import mapping, real, web_url
from mjtui.api.values import Call
from mjtui.errors import Unclear


class Account:
    """The parts of a dialect that are the same for an account of Kie.ai."""

    def forms(self, call: Call) -> tuple[Call, ...]:
        return (call,)

    def settle(self, call: Call) -> None:
        """There is nothing to remember where a call has one form."""

    def hint(self, call: Call, code: str | None) -> str | None:
        return None

    def credits(self) -> Call:
        return Call("GET", "/api/v1/chat/credit")

    def balance(self, payload: object) -> float:
        amount = real(mapping(payload).get("data"))
        if amount is None:
            raise Unclear("The service's answer about the credits cannot be read.")
        return amount

    def link(self, url: str) -> Call:
        return Call("POST", "/api/v1/common/download-url", {"url": url})

    def linked(self, payload: object) -> str:
        url = web_url(mapping(payload).get("data"))
        if url is None:
            raise Unclear("The service's answer names no link.")
        return url
