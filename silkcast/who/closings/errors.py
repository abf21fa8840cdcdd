# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from silkcast.ground.refusals import Conflict, Invalid, NotFound


@dataclass(eq=False)
class MarketIsClosed(Conflict):
    """No new orders are taken there. `link` leads elsewhere, if somebody gave one."""

    code: ClassVar[str] = "markets.closed"
    market: str
    since: datetime
    reason: str
    link: str


@dataclass(eq=False)
class AlreadyClosed(Conflict):
    """It is closed, or will be: end that first."""

    code: ClassVar[str] = "markets.already_closed"
    market: str


@dataclass(eq=False)
class NotClosed(Conflict):
    code: ClassVar[str] = "markets.not_closed"
    market: str


@dataclass(eq=False)
class NoSuchClosure(NotFound):
    code: ClassVar[str] = "markets.no_such_closure"


@dataclass(eq=False)
class BadClosure(Invalid):
    """`field` says what cannot be so: reason, begins_at, ends_at, open_orders or link."""

    code: ClassVar[str] = "markets.bad_closure"
    field: str
