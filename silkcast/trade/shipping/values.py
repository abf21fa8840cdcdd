# SPDX-License-Identifier: Apache-2.0
"""Values of shipping: rates, promises, bookings, parcels and their track."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal, Protocol
from uuid import UUID

from silkcast.ground.ids import FileId, OrderId, ParcelId, ReturnId, SellerId
from silkcast.ground.language import Words
from silkcast.ground.money import Money
from silkcast.ground.places import Address, Country
from silkcast.ground.quantity import Size, Weight

Direction = Literal["out", "back"]
State = Literal[
    "planned", "booked", "picked_up", "exported", "imported", "out", "failed", "delivered",
    "returning", "returned", "lost", "cancelled",
]  # fmt: skip
Step = Literal[
    "accepted", "picked_up", "export_hub", "export_cleared", "departed", "arrived", "import_held",
    "import_cleared", "delivery_office", "out_for_delivery", "attempt_failed", "delivered", "cod_collected",
    "turned_back", "returned_to_sender", "lost",
]  # fmt: skip
"""What happened to a parcel, in the words of no carrier. Each carrier's own codes become these."""


@dataclass(frozen=True, slots=True)
class RateAsk:
    origin: Country
    destination: Country
    weight: Weight
    on: date
    size: Size | None = None
    value: Money | None = None
    cod: bool = False


@dataclass(frozen=True, slots=True)
class Rate:
    """What a carrier asks for a service. Days are days under way, counted from the hand-over."""

    carrier: str
    service: str
    name: Words
    price: Money
    days_min: int
    days_max: int
    cutoff: time
    handling_days: int
    cod_ok: bool
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Promise:
    """The window in which the parcel arrives, both days included, on the receiver's calendar."""

    from_day: date
    to_day: date


@dataclass(frozen=True, slots=True)
class Option:
    """A delivery choice as the buyer sees it."""

    carrier: str
    service: str
    name: Words
    price: Money
    promise: Promise
    cod_ok: bool
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    code: str
    name: Words
    max_weight: Weight
    max_side_mm: int
    max_girth_mm: int
    """Length and twice width and height: the usual limit of parcels."""
    volumetric_divisor: int | None
    cutoff: time
    handling_days: int
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """One line of a rate sheet: first 500 g at `first`, each 100 g begun after that at `each`."""

    service: str
    origin: Country
    destination: Country
    first: Money
    each: Money
    days_min: int
    days_max: int
    cod_fee: Money | None
    """None: no cash on delivery."""
    valid_from: date
    valid_to: date | None


class Workdays(Protocol):
    """A place's calendar, as far as parcels go: a market has one."""

    @property
    def time_zone(self) -> str: ...

    def works(self, day: date) -> bool: ...


@dataclass(frozen=True, slots=True)
class RateSheet:
    """A carrier's prices as data, so that pages can say a price without asking anybody."""

    carrier: str
    services: Mapping[str, Service]
    routes: tuple[Route, ...]
    source: str
    mark: str
    ways: Mapping[tuple[Country, Country], tuple[Route, ...]] = field(init=False, repr=False, compare=False)
    """The same routes by where they lead from and to."""

    def __post_init__(self) -> None:
        ways: dict[tuple[Country, Country], tuple[Route, ...]] = {}
        for route in self.routes:
            way = route.origin, route.destination
            ways[way] = (*ways.get(way, ()), route)
        object.__setattr__(self, "ways", ways)


@dataclass(frozen=True, slots=True)
class Piece:
    """One kind of goods to be packed."""

    units: int
    weight: Weight
    size: Size


@dataclass(frozen=True, slots=True)
class Packed:
    weight: Weight
    size: Size


@dataclass(frozen=True, slots=True)
class Content:
    """A line of what is inside, as post and customs want to read it."""

    text: str
    units: int
    net: Weight
    value: Money
    hs_code: str
    origin: Country


@dataclass(frozen=True, slots=True)
class Booking:
    """All a carrier needs to take a parcel. Personal: passed on, never stored here."""

    reference: str
    service: str
    sender: Address
    receiver: Address
    weight: Weight
    size: Size
    contents: tuple[Content, ...]
    value: Money
    cod: Money | None = None
    direction: Direction = "out"
    scheme_number: str = ""
    """IOSS or a like number, for the post's advance data."""
    receiver_number: str = field(default="", repr=False)
    """By which customs there knows the receiver (PCCC, CPF)."""


@dataclass(frozen=True, slots=True)
class Booked:
    tracking: str
    waybill_no: str
    label: bytes
    """A PDF of one page, 100 x 150 mm."""


@dataclass(frozen=True, slots=True)
class TrackEvent:
    """One thing that happened. `id` is the carrier's: the same event told twice has the same id."""

    id: str
    step: Step
    at: datetime
    place: str = ""
    country: str = ""
    amount: Money | None = None
    """With `cod_collected`: what the buyer paid at the door."""


@dataclass(frozen=True, slots=True)
class TrackNews:
    """What a carrier's webhook or an answer to a poll says about one parcel."""

    tracking: str
    events: tuple[TrackEvent, ...]


@dataclass(frozen=True, slots=True)
class NewParcel:
    """What is planned before a carrier is asked."""

    order: OrderId
    seller: SellerId
    order_number: str
    market: str
    carrier: str
    service: str
    weight: Weight
    size: Size
    promise: Promise | None
    timezone: str
    """The receiver's zone, in which the promise is judged."""
    cod: Money | None = None
    direction: Direction = "out"
    returning: ReturnId | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    id: ParcelId
    order: OrderId
    seller: SellerId
    order_number: str
    market: str
    direction: Direction
    returning: ReturnId | None
    carrier: str
    service: str
    weight: Weight
    size: Size
    tracking: str | None
    waybill_no: str | None
    label: FileId | None
    promise: Promise | None
    timezone: str
    cod: Money | None
    cod_collected: Money | None
    state: State
    events: tuple[TrackEvent, ...]
    planned_at: datetime
    booked_at: datetime | None
    delivered_at: datetime | None
    promise_kept: bool | None

    @property
    def key(self) -> UUID:
        """What the carrier gets as idempotency key: booking twice is booking once."""
        return self.id


@dataclass(frozen=True, slots=True)
class PromiseReport:
    """How promises did in one market: kept, broken, and still open past their last day."""

    market: str
    delivered: int
    kept: int
    late: int
    overdue: int
    average_days_late: int
    """Of those late, cut to whole days."""
