# SPDX-License-Identifier: Apache-2.0
"""Values of customs: what is declared, the messages that say so, and the answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from silkcast.ground.ids import DeclarationId, OrderId, ParcelId, SellerId
from silkcast.ground.money import Money
from silkcast.ground.places import Address, Country
from silkcast.ground.quantity import Weight

Kind = Literal["303", "403", "505", "603"]
KINDS: tuple[Kind, ...] = ("303", "403", "505", "603")
"""Order, receipt of money, waybill, inventory list: the order they are sent in."""

State = Literal[
    "drafted", "sent", "stored", "reviewing", "inspecting", "refused", "failed", "released", "closed"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Company:
    """A company as customs knows it: its registration, or unified social credit code, and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Who transmits: the company of the connected client and its id on the exchange platform."""

    company: Company
    dxp_id: str


@dataclass(frozen=True, slots=True)
class Site:
    """Where and how the goods leave. Offices are four digits; `pod` is the port they are sent to."""

    customs_code: str
    port_code: str
    pod: str
    transport: str = "air"
    packing: str = "carton"
    location: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """The rate at which an order is declared, where its own currency has no customs code."""

    currency: str
    rate: Decimal
    on: date
    source: str


@dataclass(frozen=True, slots=True)
class Goods:
    """One line. The price is what one unit was sold for, free on board: no freight, no tax in it."""

    sku: str
    name: str
    customs_name: str
    """In Chinese, as the tariff calls it."""
    model: str
    """Brand, specification and composition, as customs asks."""
    hs_code: str
    units: int
    price: Money
    net: Weight
    """Of all units together."""
    unit: str = "piece"
    """A name of our table, or the customs code of three digits."""
    statutory_unit: str = ""
    """The first statutory unit; empty: the unit of sale."""
    bar_code: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """The money received. With cash on delivery: what the carrier undertook to collect, and when."""

    company: Company
    number: str
    amount: Money
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Waybill:
    carrier: Company
    number: str
    gross: Weight
    text: str
    packs: int = 1
    bill_no: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that one declaration says, gathered from the order, the payment, the parcel and the seller."""

    order: OrderId
    parcel: ParcelId
    seller: SellerId
    order_no: str
    platform: Company
    exporter: Company
    agent: Company
    owner: Company
    sender: Sender
    site: Site
    destination: Country
    lines: tuple[Goods, ...]
    freight: Money
    insurance: Money
    collection: Collection
    waybill: Waybill
    leaves_on: date
    exchange: Exchange | None = None
    note: str = ""
    destination_code: str = ""
    """The destination in China's customs tables, as its market says; empty: as our own table has it."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it goes out. `unit_guid` is the document's own, which receipts answer to."""

    kind: Kind
    guid: str
    unit_guid: str
    attempt: int
    xml: str
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """One answer of customs to one document."""

    kind: Kind
    unit_guid: str
    status: int
    at: datetime
    info: str = ""
    pre_no: str = ""
    inventory_no: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why customs refused: which message, which code, in their words."""

    kind: Kind
    status: int
    info: str


@dataclass(frozen=True, slots=True)
class Declaration:
    id: DeclarationId
    order: OrderId
    parcel: ParcelId
    seller: SellerId
    order_no: str
    cop_no: str
    mode: str
    attempt: int
    state: State
    reasons: tuple[Reason, ...]
    receipts: tuple[Receipt, ...]
    pre_no: str
    inventory_no: str
    drafted_at: datetime
    sent_at: datetime | None
    stored_at: datetime | None
    released_at: datetime | None


@dataclass(frozen=True, slots=True)
class Content:
    """One kind of goods on the CN23: what it is, in words a customs officer abroad can read."""

    text: str
    units: int
    net: Weight
    value: Money
    hs_code: str
    origin: Country


@dataclass(frozen=True, slots=True)
class CN23:
    """The post's customs form. Personal: made when asked for, never kept."""

    item_no: str
    sender: Address
    sender_email: str
    sender_reference: str
    addressee: Address
    addressee_email: str
    importer_reference: str
    """A tax number of the importer, or the IOSS number."""
    category: Literal["sale of goods", "returned goods", "gift", "documents", "sample", "other"]
    contents: tuple[Content, ...]
    gross: Weight
    postage: Money
    office: str
    on: date
    invoice_no: str = ""
    remarks: str = ""

    @property
    def net(self) -> Weight:
        return Weight(sum(content.net.grams for content in self.contents))

    @property
    def value(self) -> Money:
        first, *others = (content.value for content in self.contents)
        for other in others:
            first = first + other
        return first
