# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from .values import Letter


class Post(Protocol):
    """Whoever carries letters. Raises when it cannot; the caller tries again."""

    async def send(self, letter: Letter, *, key: str) -> None:
        """Carry one letter; the same `key` twice is carried once where the carrier can tell."""


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A letter that was laid down instead of sent."""

    at: datetime
    letter: Letter


@runtime_checkable
class Mailbox(Protocol):
    """A post that keeps what it carries, to be looked at: for the demo."""

    async def kept(self, *, limit: int) -> Sequence[KeptLetter]:
        """The letters, the newest first."""
