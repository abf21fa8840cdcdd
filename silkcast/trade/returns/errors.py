# SPDX-License-Identifier: Apache-2.0
"""What returns say no to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from silkcast.ground.refusals import Conflict, Invalid, NotFound


@dataclass(eq=False)
class TooLate(Conflict):
    """The market's days are over."""

    code: ClassVar[str] = "returns.too_late"
    until: datetime


@dataclass(eq=False)
class NotDelivered(Conflict):
    """Nothing has arrived that could go back; an order under way is cancelled, not returned."""

    code: ClassVar[str] = "returns.not_delivered"


@dataclass(eq=False)
class MoreThanBought(Conflict):
    code: ClassVar[str] = "returns.more_than_bought"
    wanted: int
    left: int


@dataclass(eq=False)
class NothingToReturn(Invalid):
    code: ClassVar[str] = "returns.nothing"


@dataclass(eq=False)
class NoSuchLine(Invalid):
    """The order has no such line."""

    code: ClassVar[str] = "returns.no_such_line"


@dataclass(eq=False)
class NoReturn(NotFound):
    code: ClassVar[str] = "returns.no_return"


@dataclass(eq=False)
class WrongState(Conflict):
    """The return is in another state than this needs."""

    code: ClassVar[str] = "returns.wrong_state"
    state: str
    wanted: str
