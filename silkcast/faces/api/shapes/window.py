# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from .money import Amount, PriceLine
from .orders import Address, PromisedDelivery


@dataclass(frozen=True, slots=True)
class ReceiverNumber:
    """A number of the receiver that customs asks for. `asked`: always, over_value (of goods worth more than
    `over`), or by_customs (of some parcels: it may be left out)."""

    code: str
    asked: str
    shape: str
    over: Amount | None


@dataclass(frozen=True, slots=True)
class Market:
    """A market: its currency, languages, ways to pay, and the days for a return."""

    code: str
    names: dict[str, str]
    currency: str
    languages: list[str]
    payment_methods: list[str]
    return_days: int
    receiver_numbers: list[ReceiverNumber]


@dataclass(frozen=True, slots=True)
class MarketList:
    """The markets of today."""

    items: list[Market]


@dataclass(frozen=True, slots=True)
class DeliveryChoice:
    """A way of delivery with its price and promise."""

    key: str
    names: dict[str, str]
    price: Amount
    promise_from: date
    promise_to: date
    cash_on_delivery: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """The whole price of units of a variant in a market, line by line, and when they arrive."""

    variant: UUID
    market: str
    units: int
    total: Amount
    due_at_door: Amount
    lines: list[PriceLine]
    delivery: DeliveryChoice
    choices: list[DeliveryChoice]
    rules: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of one variant."""

    variant: UUID
    units: int


@dataclass(frozen=True, slots=True)
class NewCheckout:
    """What somebody buys. `shown` is the total they saw: another one is refused, and nothing is held."""

    market: str
    wanted: list[Wanted]
    buyer_name: str
    ship_to: Address
    delivery: str
    method: str
    email: str = ""
    phone: str = ""
    language: str = "en"
    shown: Amount | None = None
    show: UUID | None = None
    receiver_numbers: dict[str, str] = field(default_factory=dict, repr=False)
    """What customs there asks the receiver for, by its code: see the market's `receiver_numbers`."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What the buyer has to do: open `address` if `kind` is redirect."""

    kind: str
    address: str


@dataclass(frozen=True, slots=True)
class Checkout:
    """An order that was placed, and where its payment stands. `secret` opens it: keep it for the buyer."""

    number: str
    secret: str
    state: str
    payment: str
    total: Amount
    next_step: NextStep | None


@dataclass(frozen=True, slots=True)
class OwnOrder:
    """An order as its buyer sees it."""

    number: str
    state: str
    total: Amount
    due_at_door: Amount
    price_lines: list[PriceLine]
    delivery: PromisedDelivery
