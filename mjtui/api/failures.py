"""What it means when a call ends without an answer: did the request leave this machine or not?

| certainly not received | nobody can tell |
| --- | --- |
| ConnectError (DNS, refused, TLS handshake), ConnectTimeout, PoolTimeout | ReadError, ReadTimeout |
| ProxyError (the tunnel was not opened), UnsupportedProtocol | WriteError, WriteTimeout, protocol errors, the rest |

Bytes of a request may have arrived, all of them even, when writing the rest of it or reading the answer fails.
"""

from __future__ import annotations

import ssl

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


def unanswered(error: Exception, purpose: Purpose, *, host: str) -> ServiceError:
    """The ServiceError for an httpx error, or for the TimeoutError of a whole exchange."""
    if isinstance(error, NEVER_SENT):
        return Unreachable(f"{host} cannot be reached: {_reason(error)}.", hint=_way_on(error))
    late = isinstance(error, TimeoutError | httpx.TimeoutException)
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
