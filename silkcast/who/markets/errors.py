# SPDX-License-Identifier: Apache-2.0
"""What markets say no to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.refusals import Invalid, NotFound


@dataclass(eq=False)
class NoSuchMarket(NotFound):
    """Nothing is sold there on that day."""

    code: ClassVar[str] = "markets.none"
    market: str


@dataclass(eq=False)
class BrokenMarket(Invalid):
    """A file of a market cannot be read: where, and what is wrong there. Nothing of it is taken."""

    code: ClassVar[str] = "markets.broken"
    file: str
    reason: str
    line: int = 0
    """Counted from 1; 0 where no line can be named."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"


@dataclass(eq=False)
class BadAddress(Invalid):
    """A field of the address is missing or cannot be right in that country."""

    code: ClassVar[str] = "markets.bad_address"
    field: str
    fault: str


@dataclass(eq=False)
class BadPhone(Invalid):
    code: ClassVar[str] = "markets.bad_phone"
    country: str


@dataclass(eq=False)
class OtherCountry(Invalid):
    """The address lies in another country than the market whose price was shown."""

    code: ClassVar[str] = "markets.other_country"
    market: str
    country: str


@dataclass(eq=False)
class BadRecipientNumber(Invalid):
    """A number of the receiver that customs asks for is missing or cannot be right. Says nothing of the
    number."""

    code: ClassVar[str] = "markets.bad_recipient_number"
    kind: str
    fault: str
