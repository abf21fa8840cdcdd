# SPDX-License-Identifier: Apache-2.0
"""News by HTTP POST. Sellers choose the address, so our own network is out of reach unless settings allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import httpx

from silkcast.plumbing.engines import Engine
from silkcast.plumbing.http import HttpSettings, make_client
from silkcast.watch.hooks.port import NotReached
from silkcast.watch.hooks.values import Outgoing


@dataclass(frozen=True, slots=True)
class HttpHookSettings:
    reach: Literal["public", "loopback", "any"] = "public"
    """`public` refuses addresses of our own network and asks for https; `any` is for trying things out."""
    answer_timeout_seconds: float = 10.0


class HttpHooks:
    def __init__(self, settings: HttpHookSettings) -> None:
        self._is_open = settings.reach != "public"
        self._client = make_client(
            HttpSettings(answer_timeout_seconds=settings.answer_timeout_seconds), reach=settings.reach
        )

    async def send(self, outgoing: Outgoing) -> int:
        if not self._is_open and not outgoing.url.startswith("https://"):
            raise NotReached("NotHttps")
        try:
            async with self._client.stream(
                "POST", outgoing.url, content=outgoing.body, headers=outgoing.headers
            ) as answer:
                return answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise NotReached(type(fault).__name__) from None

    async def close(self) -> None:
        await self._client.aclose()


ENGINE = Engine("hook", "http", "Webhooks by HTTP", HttpHookSettings, HttpHooks)
