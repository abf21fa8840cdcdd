# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from silkcast.ground.refusals import Unavailable

from .values import Outgoing


@dataclass(eq=False)
class NotReached(Unavailable):
    """Nobody answered, or the address is none that may be reached. `fault` is a class of fault, no text."""

    code: ClassVar[str] = "hooks.not_reached"
    fault: str


class HookSender(Protocol):
    """Whoever carries news to the programs of sellers."""

    async def send(self, outgoing: Outgoing) -> int:
        """Post it once; the HTTP status of the answer. Raises NotReached."""

    async def close(self) -> None:
        """Give the connections back."""
