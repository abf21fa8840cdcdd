# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.ids import ClosureId
from silkcast.plumbing.events import Event


@dataclass(frozen=True, slots=True)
class MarketClosed(Event):
    """No new orders there from now on."""

    name: ClassVar[str] = "closings.market_closed.v1"
    closure: ClosureId
    market: str


@dataclass(frozen=True, slots=True)
class MarketReopened(Event):
    name: ClassVar[str] = "closings.market_reopened.v1"
    closure: ClosureId
    market: str
