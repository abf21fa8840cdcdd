# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol, runtime_checkable

from silkcast.ground.refusals import Unavailable

from .values import Letter, Text


class Post(Protocol):
    """Whoever carries letters. Raises when it cannot; the caller tries again."""

    async def send(self, letter: Letter, *, key: str) -> None:
        """Carry one letter; the same `key` twice is carried once where the carrier can tell."""


class Texts(Protocol):
    """Whoever carries texts to phones. Raises when it cannot; the caller tries again."""

    async def send(self, text: Text, *, key: str) -> None:
        """Carry one text; the same `key` twice is carried once where the carrier can tell."""


@dataclass(eq=False)
class TextNotSent(Unavailable):
    """The gateway did not take a text. Neither number nor words are in it."""

    code: ClassVar[str] = "sms.not_sent"
    status: int
    reason: str = ""


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
