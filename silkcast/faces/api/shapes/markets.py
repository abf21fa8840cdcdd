# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from silkcast.who.closings.values import Closure


@dataclass(frozen=True, slots=True)
class NewClosure:
    """A market takes no new orders from now on. Buyers read the reason."""

    reason: str
    link: str = ""
    """Where they can buy instead: a path of this house or an https address."""


@dataclass(frozen=True, slots=True)
class Reopening:
    """Why orders are taken again."""

    reason: str


@dataclass(frozen=True, slots=True)
class MarketState:
    """Whether a market takes orders now, and if not, since when and why."""

    market: str
    state: Literal["open", "closed", "will_close"]
    reason: str
    link: str
    since: datetime | None
    until: datetime | None

    @classmethod
    def of(cls, market: str, closure: Closure | None, now: datetime) -> MarketState:
        if closure is None:
            return cls(market, "open", "", "", None, None)
        state: Literal["closed", "will_close"] = "closed" if closure.holds(now) else "will_close"
        since = closure.begun_at or closure.begins_at
        return cls(market, state, closure.reason, closure.link, since, closure.ends_at)


@dataclass(frozen=True, slots=True)
class MarketStates:
    items: list[MarketState]
