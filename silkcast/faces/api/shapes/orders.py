# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from silkcast.ground.places import Address as OwnAddress
from silkcast.ground.places import Country
from silkcast.money.ledger import values as ledger
from silkcast.trade.customs import values as customs
from silkcast.trade.orders import values as orders
from silkcast.trade.returns import values as returns
from silkcast.trade.shipping import values as shipping

from .money import Amount, PriceLine


@dataclass(frozen=True, slots=True)
class Address:
    """Where a parcel goes. Which fields a country asks for is checked by its own rules."""

    country: str
    name: str
    street: str
    city: str
    postcode: str = ""
    region: str = ""
    district: str = ""
    company: str = ""
    phone: str = ""

    @classmethod
    def of(cls, found: OwnAddress) -> "Address":
        return cls(
            found.country,
            found.name,
            found.street,
            found.city,
            found.postcode,
            found.region,
            found.district,
            found.company,
            found.phone,
        )

    def own(self) -> OwnAddress:
        return OwnAddress(
            Country(self.country),
            self.name,
            self.street,
            self.city,
            self.postcode,
            self.region,
            self.district,
            self.company,
            self.phone,
        )


@dataclass(frozen=True, slots=True)
class OrderLine:
    """Goods as they were when they were bought."""

    id: UUID
    variant: UUID
    product: UUID
    sku: str
    name: dict[str, str]
    options: str
    units: int
    unit_price: Amount
    line_total: Amount
    hs_code: str


@dataclass(frozen=True, slots=True)
class PromisedDelivery:
    """The service chosen, and the window of days that was promised."""

    service: str
    name: str
    promise_from: date
    promise_to: date


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel of an order and where it is."""

    id: UUID
    carrier: str
    service: str
    state: str
    tracking: str | None
    direction: str
    delivered_at: datetime | None
    promise_kept: bool | None

    @classmethod
    def of(cls, found: shipping.Parcel) -> "Parcel":
        return cls(
            found.id,
            found.carrier,
            found.service,
            found.state,
            found.tracking,
            found.direction,
            found.delivered_at,
            found.promise_kept,
        )


@dataclass(frozen=True, slots=True)
class Order:
    """An order of the shop. `total` left the buyer's account; `price_lines` say what it is made of."""

    id: UUID
    number: str
    state: str
    market: str
    placed_at: datetime
    ship_to: Address
    buyer_name: str
    lines: list[OrderLine]
    price_lines: list[PriceLine]
    total: Amount
    due_at_door: Amount
    payment_method: str
    delivery: PromisedDelivery
    show: UUID | None
    parcels: list[Parcel]

    @classmethod
    def of(cls, found: orders.Order, parcels: tuple[shipping.Parcel, ...] = ()) -> "Order":
        delivery = found.delivery
        return cls(
            id=found.id,
            number=found.number,
            state=found.state,
            market=found.market,
            placed_at=found.placed_at,
            ship_to=Address.of(found.ship_to),
            buyer_name=found.buyer.name,
            lines=[_line(line) for line in found.lines],
            price_lines=[PriceLine.of(line) for line in found.price_lines],
            total=Amount.of(found.total),
            due_at_door=Amount.of(found.due_at_door),
            payment_method=found.payment_method,
            delivery=PromisedDelivery(
                delivery.service, delivery.name, delivery.promise_from, delivery.promise_to
            ),
            show=found.show,
            parcels=[Parcel.of(one) for one in parcels],
        )


def _line(line: orders.OrderLine) -> OrderLine:
    return OrderLine(
        id=line.id,
        variant=line.variant,
        product=line.product,
        sku=line.sku,
        name=dict(line.name.by_language),
        options=line.options,
        units=line.units,
        unit_price=Amount.of(line.unit_price),
        line_total=Amount.of(line.line_total),
        hs_code=line.hs_code,
    )


@dataclass(frozen=True, slots=True)
class OrderList:
    """Orders, the newest first. `next` is the cursor of the next page, or null."""

    items: list[Order]
    next: str | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why customs refused: which message, which code, in their words."""

    message: str
    code: int
    info: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """An export declaration: four messages, and how far customs has come with them."""

    id: UUID
    order: UUID
    order_number: str
    our_number: str
    list_number: str
    mode: str
    state: str
    attempt: int
    refusals: list[Refusal]
    drafted_at: datetime
    sent_at: datetime | None
    released_at: datetime | None

    @classmethod
    def of(cls, found: customs.Declaration) -> "Declaration":
        return cls(
            id=found.id,
            order=found.order,
            order_number=found.order_no,
            our_number=found.cop_no,
            list_number=found.inventory_no,
            mode=found.mode,
            state=found.state,
            attempt=found.attempt,
            refusals=[Refusal(f"CEB{one.kind}", one.status, one.info) for one in found.reasons],
            drafted_at=found.drafted_at,
            sent_at=found.sent_at,
            released_at=found.released_at,
        )


@dataclass(frozen=True, slots=True)
class DeclarationList:
    """Declarations, the newest first. `next` is the cursor of the next page, or null."""

    items: list[Declaration]
    next: str | None


@dataclass(frozen=True, slots=True)
class ReturnPart:
    """Some units of one line of the order."""

    line: UUID
    units: int


@dataclass(frozen=True, slots=True)
class ReturnAmount:
    """What goes back of one kind of money: goods, freight, tax, duty, fee."""

    kind: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class Return:
    """A return. Unanswered until `answer_by`, it is accepted by the clock."""

    id: UUID
    order: UUID
    order_number: str
    state: str
    reason: str
    words: str
    parts: list[ReturnPart]
    money: list[ReturnAmount]
    total: Amount
    asked_at: datetime
    answer_by: datetime
    answered_by: str | None
    tracking: str | None

    @classmethod
    def of(cls, found: returns.Return) -> "Return":
        return cls(
            id=found.id,
            order=found.order,
            order_number=found.number,
            state=found.state,
            reason=found.reason,
            words=found.words,
            parts=[ReturnPart(part.line, part.units) for part in found.parts],
            money=[ReturnAmount(one.kind, Amount.of(one.amount)) for one in found.money],
            total=Amount.of(found.total),
            asked_at=found.asked_at,
            answer_by=found.answer_by,
            answered_by=found.answered_by,
            tracking=found.tracking,
        )


@dataclass(frozen=True, slots=True)
class ReturnList:
    """Returns, the newest first. `next` is the cursor of the next page, or null."""

    items: list[Return]
    next: str | None


@dataclass(frozen=True, slots=True)
class ReturnAnswer:
    """The shop's answer to a return. The note is for the buyer to read."""

    answer: Literal["accept", "decline"]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Balance:
    """What is owed to the shop in one currency; below zero where the shop owes."""

    owed: Amount


@dataclass(frozen=True, slots=True)
class BalanceList:
    """What is owed to the shop, by currency."""

    items: list[Balance]


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a transfer: a debit with a plus, a credit with a minus."""

    account: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money that moved because of an order. Its sides add up to nothing."""

    id: UUID
    kind: str
    at: datetime
    entries: list[Entry]

    @classmethod
    def of(cls, found: ledger.Transfer) -> "Transfer":
        return cls(
            found.id,
            found.kind,
            found.at,
            [Entry(entry.account.kind, Amount.of(entry.amount)) for entry in found.entries],
        )


@dataclass(frozen=True, slots=True)
class TransferList:
    """The transfers of an order, the newest first. `next` is the cursor of the next page, or null."""

    items: list[Transfer]
    next: str | None
