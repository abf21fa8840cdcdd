# SPDX-License-Identifier: Apache-2.0
"""Guests: whatever goes through the framework is served before the next batch of claims, until it answers."""

from __future__ import annotations

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from silkcast.stage.deals.courtesy import Courtesy


class Guests:
    def __init__(self, app: ASGIApp, courtesy: Courtesy) -> None:
        self._app = app
        self._courtesy = courtesy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        with self._courtesy.guest() as guest:

            async def answer(message: Message) -> None:
                guest.leave()
                await send(message)

            await self._app(scope, receive, answer)
