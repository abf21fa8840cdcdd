# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.ids import VariantId
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing.events import Event


@dataclass(frozen=True, slots=True)
class PriceSet(Event):
    """`amount` is None where a variant is no longer sold in the market."""

    name: ClassVar[str] = "pricing.price_set.v1"
    variant: VariantId
    market: Country
    amount: Money | None
