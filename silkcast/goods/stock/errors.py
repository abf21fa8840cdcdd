# SPDX-License-Identifier: Apache-2.0
"""What stock refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.ids import HoldId, VariantId, WarehouseId
from silkcast.ground.refusals import Conflict, Invalid, NotFound


@dataclass(eq=False)
class StockShort(Conflict):
    """Fewer units are free than are wanted. Nothing was held."""

    code: ClassVar[str] = "stock.short"
    variant: VariantId
    wanted: int
    left: int


@dataclass(eq=False)
class StockSpokenFor(Conflict):
    """The level cannot go below what is held."""

    code: ClassVar[str] = "stock.spoken_for"
    variant: VariantId
    warehouse: WarehouseId
    on_hand: int
    held: int


@dataclass(eq=False)
class BadUnits(Invalid):
    """Units are a whole number over zero, and not absurdly many."""

    code: ClassVar[str] = "stock.bad_units"
    units: int


@dataclass(eq=False)
class NothingWanted(Invalid):
    """A hold is of at least one unit."""

    code: ClassVar[str] = "stock.nothing_wanted"


@dataclass(eq=False)
class HoldNotFound(NotFound):
    """There is no such hold."""

    code: ClassVar[str] = "stock.hold_not_found"


@dataclass(eq=False)
class HoldGone(Conflict):
    """The hold was released: its units may be somebody else's by now."""

    code: ClassVar[str] = "stock.hold_gone"
    hold: HoldId


@dataclass(eq=False)
class HoldTaken(Conflict):
    """The hold's units are sold: they come back as a return, not by release."""

    code: ClassVar[str] = "stock.hold_taken"
    hold: HoldId


@dataclass(eq=False)
class HoldDiffers(Conflict):
    """The reference holds something else already."""

    code: ClassVar[str] = "stock.hold_differs"
    hold: HoldId


@dataclass(eq=False)
class HoldShort(Conflict):
    """The hold has fewer units than are asked of it. Nothing was moved."""

    code: ClassVar[str] = "stock.hold_short"
    hold: HoldId
