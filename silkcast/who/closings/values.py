# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from silkcast.ground.ids import ClosureId
from silkcast.ground.places import Country

OpenOrders = Literal["finish", "refund"]


@dataclass(frozen=True, slots=True)
class Closure:
    """A market takes no new orders. `begun_at` is empty while it is still to come."""

    id: ClosureId
    market: Country
    reason: str
    open_orders: OpenOrders
    link: str
    """Where its buyers are led instead; empty for nowhere."""
    begins_at: datetime
    ends_at: datetime | None
    begun_at: datetime | None
    ended_at: datetime | None
    ended_why: str
    made_at: datetime
    made_by: UUID | None
    """Empty: the house itself, or its command line."""
    ended_by: UUID | None

    def holds(self, at: datetime) -> bool:
        """Whether it is in force. What has begun does not wait for a clock that is behind."""
        if self.ended_at is not None or (self.ends_at is not None and at >= self.ends_at):
            return False
        return self.begun_at is not None or self.begins_at <= at
