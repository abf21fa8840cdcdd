# SPDX-License-Identifier: Apache-2.0
"""Values of an order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import msgspec

from silkcast.ground.ids import (
    HoldId,
    OrderId,
    OrderLineId,
    ProductId,
    QuoteId,
    SellerId,
    ShowId,
    TermsId,
    UserId,
    VariantId,
)
from silkcast.ground.language import Words
from silkcast.ground.money import Currency, Money
from silkcast.ground.places import Address, Country
from silkcast.ground.price import PriceLine
from silkcast.ground.quantity import Weight

State = Literal[
    "held",
    "awaiting_payment",
    "paid",
    "cod_accepted",
    "declared",
    "shipped",
    "delivered",
    "cancelled",
    "expired",
    "refunded",
]


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who bought. Personal: sealed at rest, never logged. All blank once erased."""

    name: str
    email: str = ""
    phone: str = ""
    """E.164, with the plus."""
    user: UserId | None = None

    def __repr__(self) -> str:
        return "Buyer(…)"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The delivery chosen and the window of days promised, in the receiver's place."""

    service: str
    name: str
    promise_from: date
    promise_to: date


@dataclass(frozen=True, slots=True)
class NewLine:
    """Goods as they were at the moment of buying: later changes of the product change nothing here."""

    variant: VariantId
    product: ProductId
    sku: str
    name: Words
    options: str
    units: int
    unit_price: Money
    hs_code: str
    origin: Country
    net: Weight
    """Of one unit."""
    gross: Weight
    unit_code: str


@dataclass(frozen=True, slots=True)
class OrderLine(NewLine):
    """A line of an order that stands."""

    id: OrderLineId
    line_total: Money


@dataclass(frozen=True, slots=True)
class ReceiverNumber:
    """A number of the receiver that customs asks for, by its code (PCCC, CPF). Sealed at rest, never logged,
    never part of an `Order`: it leaves by its own door, for papers, and is purged."""

    code: str
    text: str

    def __repr__(self) -> str:
        return f"ReceiverNumber({self.code}, …)"


@dataclass(frozen=True, slots=True)
class NewOrder:
    """All that makes an order."""

    seller: SellerId
    market: Country
    currency: Currency
    buyer: Buyer
    ship_to: Address
    lines: tuple[NewLine, ...]
    price_lines: tuple[PriceLine, ...]
    total: Money
    """What leaves the buyer's account at checkout, or is handed over at the door where cash is collected."""
    due_at_door: Money
    """What others collect at the door on top."""
    delivery: Delivery
    payment_method: str
    language: str
    hold: HoldId
    held_until: datetime
    quote: QuoteId | None = None
    show: ShowId | None = None
    numbers: tuple[ReceiverNumber, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """One step of an order's history."""

    old: State | None
    new: State
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it stands."""

    id: OrderId
    number: str
    seller: SellerId
    market: Country
    currency: Currency
    buyer: Buyer
    ship_to: Address
    lines: tuple[OrderLine, ...]
    price_lines: tuple[PriceLine, ...]
    total: Money
    due_at_door: Money
    delivery: Delivery
    show: ShowId | None
    hold: HoldId
    held_until: datetime
    quote: QuoteId | None
    payment_method: str
    language: str
    state: State
    history: tuple[Move, ...]
    placed_at: datetime
    key: str
    erased_at: datetime | None = None

    @property
    def units(self) -> int:
        return sum(line.units for line in self.lines)

    def reached(self, state: State) -> datetime | None:
        """When it first came to a state, if it did."""
        return next((move.at for move in self.history if move.new == state), None)


@dataclass(frozen=True, slots=True)
class Placed:
    """The answer to an order. The secret opens the order's page for whoever holds the link."""

    order: Order
    secret: str
    is_new: bool
    """False where the same key was answered before."""

    def __repr__(self) -> str:
        return f"Placed({self.order.id}, …)"


ClaimedState = Literal["open", "whole", "expired", "called_off"]


class NewClaimed(msgspec.Struct, frozen=True, gc=False):
    """One of many: the id its order will have, on which terms, for whom if they are known. A struct, which is
    made in a tenth of the time."""

    id: OrderId
    terms: TermsId
    user: UserId | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A held order whose buyer has not said yet where it goes and how it is paid."""

    id: OrderId
    terms: TermsId
    user: UserId | None
    until: datetime
    state: ClaimedState
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class OpenOrders:
    """How many orders of a market are in a state, and what they come to."""

    market: Country
    state: State
    is_cash: bool
    """To be paid at the door."""
    orders: int
    total: Money
