# SPDX-License-Identifier: Apache-2.0
"""Health: is the process alive, and can it do its work now. Checks are named and each has its time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy import text

from silkcast.plumbing.db import Database

Check = Callable[[], Awaitable[None]]
"""Returns when all is well, raises when not."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What each check said: `ok`, or the class of what it raised."""

    answers: dict[str, str]

    @property
    def is_ready(self) -> bool:
        return all(answer == "ok" for answer in self.answers.values())


class Health:
    """The checks of this process. It is live as long as it answers at all; ready when every check passes."""

    def __init__(self, *, patience_seconds: float = 2.0) -> None:
        self._checks: dict[str, Check] = {}
        self._patience = patience_seconds
        self._is_leaving = False

    def add(self, name: str, check: Check) -> None:
        self._checks[name] = check

    def leave(self) -> None:
        """From now on not ready, so that no new visitor is sent here while we finish."""
        self._is_leaving = True

    async def ready(self) -> Readiness:
        """All checks at once, none longer than our patience."""
        said = await asyncio.gather(*(self._ask(check) for check in self._checks.values()))
        answers = dict(zip(self._checks, said, strict=True))
        return Readiness({**answers, "leaving": "Leaving"} if self._is_leaving else answers)

    async def _ask(self, check: Check) -> str:
        try:
            async with asyncio.timeout(self._patience):
                await check()
        except Exception as fault:  # whatever is wrong is the answer
            return type(fault).__name__
        return "ok"


def database_answers(database: Database) -> Check:
    """A check that PostgreSQL answers."""

    async def check() -> None:
        async with database.read() as db:
            await db.session.execute(text("SELECT 1"))

    return check
