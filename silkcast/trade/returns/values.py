# SPDX-License-Identifier: Apache-2.0
"""Values of returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from silkcast.ground.ids import OrderId, OrderLineId, ParcelId, ReturnId, SellerId, VariantId
from silkcast.ground.money import Money
from silkcast.ground.price import PriceLine

State = Literal[
    "asked", "accepted", "declined", "sent_back", "received", "refunded", "closed"
]  # fmt: skip
Kind = Literal["goods", "freight", "tax", "duty", "fee"]
KINDS: tuple[Kind, ...] = ("goods", "freight", "tax", "duty", "fee")
Reason = Literal["changed_mind", "does_not_fit", "not_as_described", "damaged", "wrong_item", "late"]
Condition = Literal["as_new", "worn", "damaged", "incomplete"]
By = Literal["seller", "clock", "operator", "law"]
"""law: the buyer withdrew from the contract, and nobody is asked."""


@dataclass(frozen=True, slots=True)
class Bought:
    """A line of the order as it was paid."""

    line: OrderLineId
    variant: VariantId
    units: int
    total: Money


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What a return needs to know of the order it is of."""

    order: OrderId
    seller: SellerId
    number: str
    market: str
    lines: tuple[Bought, ...]
    price_lines: tuple[PriceLine, ...]
    delivered_at: datetime | None
    timezone: str
    """The buyer's, in which the days are counted."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some units of one line."""

    line: OrderLineId
    variant: VariantId
    units: int


@dataclass(frozen=True, slots=True)
class Amount:
    kind: Kind
    amount: Money


@dataclass(frozen=True, slots=True)
class Basis:
    """What is shared out: each line's units and money, and each other kind's money for the whole order."""

    lines: Mapping[OrderLineId, tuple[int, Money]]
    others: Mapping[Kind, Money]
    currency: str


@dataclass(frozen=True, slots=True)
class Return:
    id: ReturnId
    order: OrderId
    seller: SellerId
    number: str
    """The order's, as people say it."""
    market: str
    parts: tuple[Part, ...]
    reason: Reason
    words: str
    """What the buyer wrote. Theirs to see, and the seller's."""
    state: State
    money: tuple[Amount, ...]
    """Fixed when the goods are received; what it would be, until then."""
    currency: str
    return_freight: Literal["buyer", "seller"]
    asked_at: datetime
    answer_by: datetime
    answered_at: datetime | None
    answered_by: By | None
    answer: str
    send_by: datetime | None
    parcel: ParcelId | None
    tracking: str | None
    sent_back_at: datetime | None
    received_at: datetime | None
    condition: Condition | None
    refunded_at: datetime | None

    @property
    def total(self) -> Money:
        total = Money.zero(self.currency)
        for one in self.money:
            total = total + one.amount
        return total
