"""Where a picture may be fetched from: the web, and no machine inside a private network."""

from __future__ import annotations

import asyncio
import ipaddress
import socket

import httpx

from mjtui.engine.transfer import TransferError

REMEMBERED = 256


class Reach:
    """Checks every address on the way to a picture, redirects included, before it is connected to.

    A result's link could name a machine that only this one can reach. That is allowed where the service itself is on
    such a machine. A name that is not known here is left to the connection, which fails, or goes through a proxy that
    knows it.
    """

    def __init__(self, service_url: str) -> None:
        self._service = httpx.URL(service_url).host
        self._private: dict[str, bool] = {}

    async def __call__(self, request: httpx.Request) -> None:
        """As a request hook of httpx; raises TransferError."""
        host = request.url.host
        if request.url.scheme not in ("http", "https") or not host:
            raise TransferError("the link does not lead to the web", gone=True)
        if host != self._service and await self._is_private(host) and not await self._is_private(self._service):
            raise TransferError(f"the link leads into a private network ({host[:80]!r})", gone=True)

    async def _is_private(self, host: str) -> bool:
        if host not in self._private:
            if len(self._private) >= REMEMBERED:
                self._private.clear()
            self._private[host] = any(map(is_private, await _addresses(host)))
        return self._private[host]


def is_private(address: str) -> bool:
    """True for loopback, link-local, private, shared and reserved addresses."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return not found.is_global or found.is_multicast


async def _addresses(host: str) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(entry[4][0]) for entry in found]
