# SPDX-License-Identifier: Apache-2.0
"""The bus: short messages between the processes of a house. What is lost is lost: who cares numbers them.

Subjects are words with dots between; in a subscription `*` stands for one word and a last `>` for the rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

MOST_OCTETS = 900_000
"""Of one message; a NATS server takes a million."""

Handler = Callable[[str, bytes], None]
"""Hears a message: its subject, its octets. Quick: it holds up the next one."""

Answerer = Callable[[str, bytes], Awaitable[bytes]]
"""Answers a request; several may be at it at once."""

End = Callable[[], Awaitable[None]]
"""Ends a subscription."""


class BusAway(Exception):
    """There is no connection now, or the message is too long for it."""


class NobodyAnswers(Exception):
    """Nobody is there who answers this subject, or not in time."""


class Bus(Protocol):
    @property
    def is_here(self) -> bool:
        """Can others be reached now?"""

    @property
    def is_shared(self) -> bool:
        """May there be others at all?"""

    def publish(self, subject: str, octets: bytes) -> bool:
        """Tell all who subscribe. Keeps the order. False, and nothing kept, where the bus is away."""

    async def subscribe(self, subject: str, handler: Handler) -> End:
        """Hear what is published from now on, over reconnections too."""

    async def request(self, subject: str, octets: bytes, timeout_seconds: float) -> bytes:
        """Ask, and have the first answer. Raises BusAway or NobodyAnswers."""

    async def answer(self, subject: str, answerer: Answerer) -> End:
        """Answer requests of this subject."""

    def when_back(self, call: Callable[[], None]) -> None:
        """Call when the bus is here again after it was away."""

    async def close(self) -> None:
        """Leave. What waits to be sent is sent."""


class InProcess:
    """A bus for one process: a message reaches its handlers in the next turn of the loop."""

    is_here = True
    is_shared = False

    def __init__(self) -> None:
        self._handlers: list[tuple[str, Handler]] = []
        self._answerers: list[tuple[str, Answerer]] = []

    def publish(self, subject: str, octets: bytes) -> bool:
        asyncio.get_running_loop().call_soon(self._deliver, subject, octets)
        return True

    def _deliver(self, subject: str, octets: bytes) -> None:
        for pattern, handler in list(self._handlers):
            if matches(pattern, subject):
                handler(subject, octets)

    async def subscribe(self, subject: str, handler: Handler) -> End:
        entry = (subject, handler)
        self._handlers.append(entry)

        async def end() -> None:
            if entry in self._handlers:
                self._handlers.remove(entry)

        return end

    async def request(self, subject: str, octets: bytes, timeout_seconds: float) -> bytes:
        for pattern, answerer in self._answerers:
            if matches(pattern, subject):
                try:
                    async with asyncio.timeout(timeout_seconds):
                        return await answerer(subject, octets)
                except TimeoutError:
                    raise NobodyAnswers(subject) from None
        raise NobodyAnswers(subject)

    async def answer(self, subject: str, answerer: Answerer) -> End:
        entry = (subject, answerer)
        self._answerers.append(entry)

        async def end() -> None:
            if entry in self._answerers:
                self._answerers.remove(entry)

        return end

    def when_back(self, call: Callable[[], None]) -> None:
        """It is never away."""

    async def close(self) -> None:
        self._handlers.clear()
        self._answerers.clear()


def matches(pattern: str, subject: str) -> bool:
    """`room.*.who` and `room.>` both match `room.7.who`."""
    wanted, said = pattern.split("."), subject.split(".")
    if wanted[-1] == ">":
        wanted = wanted[:-1]
        if len(said) <= len(wanted):
            return False
        said = said[: len(wanted)]
    return len(wanted) == len(said) and all(w in ("*", s) for w, s in zip(wanted, said, strict=True))
