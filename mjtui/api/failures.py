"""What it means when a call ends without an answer: did the request leave this machine or not?

| certainly not received | nobody can tell |
| --- | --- |
| ConnectError (DNS, refused, TLS handshake), ConnectTimeout, PoolTimeout | ReadError, ReadTimeout |
| ProxyError (the tunnel was not opened), UnsupportedProtocol | WriteTimeout, protocol errors, the rest |
| broken off before the body was handed to the system | |

Bytes of a request may have arrived, all of them even, when time runs out while writing or reading the answer fails.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Any

import httpx

from mjtui.api.answers import MAYBE_CHARGED
from mjtui.api.normalise import text
from mjtui.api.values import CREATES, Purpose
from mjtui.errors import ServiceError, Unclear, Unreachable

NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class Written:
    """Watches a request being written, as the `trace` extension of httpx; `refused` where the line took no more of it.

    httpx hides that error behind the one of reading the answer, in case there is an answer all the same.
    """

    def __init__(self) -> None:
        self.refused = False

    async def __call__(self, name: str, info: Mapping[str, Any]) -> None:
        self.refused = self.refused or name.endswith(("send_request_headers.failed", "send_request_body.failed"))


def unanswered(error: Exception, purpose: Purpose, *, host: str, refused: bool = False) -> ServiceError:
    """The ServiceError for an httpx error, or for the TimeoutError of a whole exchange.

    `refused` says that the connection was gone before all of the request was handed to the system.
    """
    late = isinstance(error, TimeoutError | httpx.TimeoutException)
    if isinstance(error, NEVER_SENT) or (refused and not late):
        return Unreachable(f"{host} cannot be reached: {_reason(error)}.", hint=_way_on(error))
    story = "did not answer in time" if late else f"broke off without a full answer: {_reason(error)}"
    return Unclear(f"{host} {story}.", meaning=MAYBE_CHARGED if purpose in CREATES else "")


def _reason(error: Exception) -> str:
    return text(str(error), 200).rstrip(".") or type(error).__name__


def _way_on(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return "The connection is not safe: check this machine's clock, and any proxy in between."
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.ProxyError):
        return "Check the proxy that HTTP_PROXY, HTTPS_PROXY or ALL_PROXY names."
    return "Check the network, and the address of the service in the settings."
