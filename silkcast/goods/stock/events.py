# SPDX-License-Identifier: Apache-2.0
"""What stock announces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal
from uuid import UUID

from silkcast.ground.ids import HoldId, VariantId, WarehouseId
from silkcast.plumbing.outbox import Event


@dataclass(frozen=True, slots=True)
class StockHeld(Event):
    """Units were set aside."""

    name: ClassVar[str] = "stock.held.v1"
    hold: HoldId
    reference: UUID
    units: Mapping[VariantId, int]


@dataclass(frozen=True, slots=True)
class StockReleased(Event):
    """A hold ended and its units are free again."""

    name: ClassVar[str] = "stock.released.v1"
    hold: HoldId
    reference: UUID
    units: Mapping[VariantId, int]
    why: Literal["given_back", "expired"]


@dataclass(frozen=True, slots=True)
class StockSold(Event):
    """A hold ended and its units are gone."""

    name: ClassVar[str] = "stock.sold.v1"
    hold: HoldId
    reference: UUID
    units: Mapping[VariantId, int]


@dataclass(frozen=True, slots=True)
class StockReturned(Event):
    """Sold units came back to a warehouse."""

    name: ClassVar[str] = "stock.returned.v1"
    variant: VariantId
    warehouse: WarehouseId
    units: int
    reference: UUID


@dataclass(frozen=True, slots=True)
class StockChanged(Event):
    """How many units of a variant are free now, over all warehouses."""

    name: ClassVar[str] = "stock.changed.v1"
    variant: VariantId
    free: int
