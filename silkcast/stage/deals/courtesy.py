# SPDX-License-Identifier: Apache-2.0
"""Courtesy: who looks round is let pass before the next batch of claims.

A claim asks for little, and there are thousands; a page goes to the database twenty times, and each time
waits behind what the claims keep the processors busy with. So the committer rests a moment while somebody is
being served; the claims that come meanwhile make its next batch larger, and only that moment is lost.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from types import TracebackType

REST_SECONDS = 0.03
"""How long a batch waits at most."""
GUEST_SECONDS = 1.0
"""After that somebody is served beside the claims: they may be sending us a film."""


class Guest:
    """Somebody who is being served, until they leave."""

    def __init__(self, courtesy: Courtesy) -> None:
        self._courtesy: Courtesy | None = courtesy
        self._timer = asyncio.get_running_loop().call_later(GUEST_SECONDS, self.leave)

    def leave(self) -> None:
        """Again: nothing more happens."""
        self._timer.cancel()
        courtesy, self._courtesy = self._courtesy, None
        if courtesy is not None:
            courtesy.left()

    def __enter__(self) -> Guest:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        self.leave()


class Courtesy:
    """One in a process."""

    def __init__(self) -> None:
        self._guests = 0
        self._nobody = asyncio.Event()
        self._nobody.set()

    @property
    def guests(self) -> int:
        return self._guests

    def guest(self) -> Guest:
        """Somebody comes, to be served first: a context, or until they `leave`."""
        self._guests += 1
        self._nobody.clear()
        return Guest(self)

    def left(self) -> None:
        self._guests -= 1
        if not self._guests:
            self._nobody.set()

    async def let_pass(self) -> None:
        """Until nobody is being served, or for a moment."""
        if self._guests:
            with suppress(TimeoutError):
                async with asyncio.timeout(REST_SECONDS):
                    await self._nobody.wait()
