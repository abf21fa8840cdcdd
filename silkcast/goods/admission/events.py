# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.ids import AppealId, ProductId, SellerId
from silkcast.ground.places import Country
from silkcast.plumbing.events import Event


@dataclass(frozen=True, slots=True)
class Ruled(Event):
    """A person decided about a product in a market; pages and terms worked out before are old."""

    name: ClassVar[str] = "admission.ruled.v1"
    product: ProductId
    market: Country
    decision: str


@dataclass(frozen=True, slots=True)
class AppealAsked(Event):
    name: ClassVar[str] = "admission.appeal_asked.v1"
    appeal: AppealId
    seller: SellerId


@dataclass(frozen=True, slots=True)
class AppealAnswered(Event):
    name: ClassVar[str] = "admission.appeal_answered.v1"
    appeal: AppealId
    seller: SellerId
