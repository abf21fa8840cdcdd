# SPDX-License-Identifier: Apache-2.0
"""HTTP to the outside: clients with timeouts, that go only where they may.

`reach` is how far a client may go: `any` for an engine whose address the operator set, `public` for addresses
that sellers set (outgoing webhooks must not find our own network), `loopback` for tests. The name is
resolved once, checked, and the connection goes to the very address that was checked.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import httpx

Reach = Literal["any", "public", "loopback"]


class NotReachable(httpx.ConnectError):
    """The address is outside what this client may reach."""


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Outgoing HTTP. `reach` narrows what every client may reach, whatever it asked for."""

    connect_timeout_seconds: float = 5.0
    answer_timeout_seconds: float = 20.0
    most_connections: int = 50
    reach: Literal["any", "loopback"] = "any"


@cache
def whom_to_trust() -> ssl.SSLContext:
    """One for all clients: reading the world's certificates takes longer than making a client."""
    return httpx.create_ssl_context()


def make_client(
    settings: HttpSettings | None = None, *, reach: Reach = "any", **options: Any
) -> httpx.AsyncClient:
    """A client that waits no longer than the settings say, follows no redirects and keeps in its reach."""
    wanted = settings or HttpSettings()
    inner = httpx.AsyncHTTPTransport(
        verify=whom_to_trust(), limits=httpx.Limits(max_connections=wanted.most_connections)
    )
    narrowed: Reach = "loopback" if wanted.reach == "loopback" else reach
    headers = {"user-agent": "silkcast", **options.pop("headers", {})}
    return httpx.AsyncClient(
        transport=inner if narrowed == "any" else Guarded(inner, narrowed),
        timeout=httpx.Timeout(wanted.answer_timeout_seconds, connect=wanted.connect_timeout_seconds),
        follow_redirects=False,
        trust_env=False,
        headers=headers,
        **options,
    )


class Guarded(httpx.AsyncBaseTransport):
    """Checks the address a name stands for, and connects to that address."""

    def __init__(self, inner: httpx.AsyncBaseTransport, reach: Reach) -> None:
        self._inner = inner
        self._reach = reach

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        address = await self._checked(host, request.url.port)
        if address != host:
            request.extensions = {"sni_hostname": host, **request.extensions}
            request.url = request.url.copy_with(host=address)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _checked(self, host: str, port: int | None) -> str:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port or 443, type=socket.SOCK_STREAM)
        except OSError as fault:
            raise NotReachable("the name is not known") from fault
        addresses = {str(entry[4][0]) for entry in found}
        # one bad address is enough: a name that stands for several must not be a way round
        if not addresses or not all(self._may(address) for address in addresses):
            raise NotReachable(f"outside what this client may reach ({self._reach})")
        return min(addresses, key=lambda address: (":" in address, address))

    def _may(self, address: str) -> bool:
        parsed = ipaddress.ip_address(address.partition("%")[0])
        if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
            parsed = parsed.ipv4_mapped
        if self._reach == "loopback":
            return parsed.is_loopback
        return parsed.is_global and not parsed.is_multicast
