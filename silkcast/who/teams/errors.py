# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.refusals import Conflict, Invalid, NotAllowed, NotFound


@dataclass(eq=False)
class BeyondLimits(NotAllowed):
    """Head office allows from `least` to `most` of this."""

    code: ClassVar[str] = "teams.beyond_limits"
    what: str
    least: str
    most: str


@dataclass(eq=False)
class BadLimits(Invalid):
    code: ClassVar[str] = "teams.bad_limits"
    field: str


@dataclass(eq=False)
class NoBasePrice(Conflict):
    """The shop has no price of its own there: it does not sell this in the market."""

    code: ClassVar[str] = "teams.no_base_price"


@dataclass(eq=False)
class BadText(Invalid):
    code: ClassVar[str] = "teams.bad_text"
    field: str


@dataclass(eq=False)
class NoSuchChange(NotFound):
    code: ClassVar[str] = "teams.no_such_change"


@dataclass(eq=False)
class ChangedSince(Conflict):
    """Somebody changed the same thing again: undoing the older change would take back theirs."""

    code: ClassVar[str] = "teams.changed_since"


@dataclass(eq=False)
class AlreadyUndone(Conflict):
    code: ClassVar[str] = "teams.already_undone"
