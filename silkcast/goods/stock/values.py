# SPDX-License-Identifier: Apache-2.0
"""What stock hands out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from silkcast.ground.ids import HoldId, VariantId, WarehouseId

HoldState = Literal["held", "taken", "released"]
MovementKind = Literal["received", "adjusted", "held", "released", "sold", "returned"]


@dataclass(frozen=True, slots=True)
class Level:
    """One variant in one warehouse."""

    variant: VariantId
    warehouse: WarehouseId
    on_hand: int
    held: int

    @property
    def free(self) -> int:
        return self.on_hand - self.held


@dataclass(frozen=True, slots=True)
class Available:
    """One variant over all warehouses."""

    on_hand: int = 0
    held: int = 0

    @property
    def free(self) -> int:
        return self.on_hand - self.held


@dataclass(frozen=True, slots=True)
class HoldLine:
    """Units of a hold that lie in one warehouse."""

    variant: VariantId
    warehouse: WarehouseId
    units: int


@dataclass(frozen=True, slots=True)
class Hold:
    """Units set aside for one reference (an order, a basket) until a moment."""

    id: HoldId
    reference: UUID
    state: HoldState
    until: datetime
    lines: tuple[HoldLine, ...]

    @property
    def want(self) -> Mapping[VariantId, int]:
        """Units by variant, over all warehouses."""
        units: dict[VariantId, int] = {}
        for line in self.lines:
            if line.units:
                units[line.variant] = units.get(line.variant, 0) + line.units
        return units


@dataclass(frozen=True, slots=True)
class Movement:
    """What changed on a level, why, and by whom. Written once."""

    number: int
    variant: VariantId
    warehouse: WarehouseId
    kind: MovementKind
    on_hand: int
    """The change, with its sign."""
    held: int
    """The change, with its sign."""
    reference: UUID | None
    why: str
    actor: str
    at: datetime
