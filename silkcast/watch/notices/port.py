# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Protocol

from .values import Letter


class Post(Protocol):
    """Whoever carries letters. Raises when it cannot; the caller tries again."""

    async def send(self, letter: Letter, *, key: str) -> None:
        """Carry one letter; the same `key` twice is carried once where the carrier can tell."""
