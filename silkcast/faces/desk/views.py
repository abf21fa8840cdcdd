# SPDX-License-Identifier: Apache-2.0
"""What the templates of the desk are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from silkcast.faces.demo.rush import Told
from silkcast.faces.studio.admission_views import FindingView
from silkcast.goods.admission.values import Appeal
from silkcast.goods.catalog.values import Product
from silkcast.ground.ids import SellerId
from silkcast.ground.language import Words
from silkcast.ground.money import Money
from silkcast.ground.quantity import Weight
from silkcast.money.ledger.values import Balance, Fault, Transfer
from silkcast.plumbing.jobs.values import FailedJob
from silkcast.plumbing.outbox.service import FailedReaction
from silkcast.trade.customs.values import Declaration, Message
from silkcast.trade.orders.values import Order
from silkcast.trade.payments.values import Payment, Refund
from silkcast.trade.returns.values import Return
from silkcast.trade.shipping.values import Parcel, PromiseReport
from silkcast.watch.audit.values import Entry
from silkcast.watch.insight.values import MarketSum
from silkcast.watch.notices.port import KeptLetter
from silkcast.watch.notices.values import Notice
from silkcast.who.sellers.values import Seller

from .words import Said


@dataclass(frozen=True, slots=True)
class Check:
    """One thing of the house and how it stands."""

    name: str
    fact: str
    kind: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Stream:
    """A show on air."""

    title: Words
    href: str
    has_picture: bool
    fact: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class HomePage:
    checks: Sequence[Check]
    streams: Sequence[Stream]
    today: Sequence[MarketSum]
    declared: Sequence[Figure]
    needs: Sequence[Check]
    is_demo: bool


@dataclass(frozen=True, slots=True)
class RushPage:
    """The demo's crowd: what it was told so far, if one was sent."""

    told: Told | None
    is_running: bool
    room: str
    buyers: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its name; `kind` colours the line under it."""

    name: str
    value: int
    fact: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ShopRow:
    shop: Seller
    said: Said
    href: str


@dataclass(frozen=True, slots=True)
class SellersPage:
    rows: Sequence[ShopRow]
    text: str
    status: str
    sheet: str
    next: str


@dataclass(frozen=True, slots=True)
class SellerPage:
    shop: Seller
    said: Said
    owed: Sequence[Money]
    products: int
    log: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class OrderRow:
    order: Order
    said: Said
    shop: Words
    declared: Said | None
    href: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter: where it leads, and whether it is on."""

    words: str
    href: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class OrdersPage:
    rows: Sequence[OrderRow]
    text: str
    states: Sequence[Choice]
    markets: Sequence[Choice]
    kept: Sequence[tuple[str, str]]
    """Filters that a search keeps: hidden fields."""
    sheet: str
    next: str


@dataclass(frozen=True, slots=True)
class PaymentRow:
    payment: Payment
    said: Said
    order: str
    can_ask: bool


@dataclass(frozen=True, slots=True)
class RefundRow:
    refund: Refund
    said: Said
    order: str


@dataclass(frozen=True, slots=True)
class ParcelRow:
    parcel: Parcel
    said: Said
    weight: Weight


@dataclass(frozen=True, slots=True)
class ReturnRow:
    returning: Return
    said: Said


@dataclass(frozen=True, slots=True)
class MoveRow:
    said: Said
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderPage:
    order: Order
    said: Said
    shop: Seller
    moves: Sequence[MoveRow]
    payments: Sequence[PaymentRow]
    refunds: Sequence[RefundRow]
    parcels: Sequence[ParcelRow]
    returns: Sequence[ReturnRow]
    declaration: DeclarationRow | None
    messages: Sequence[Message]
    parts: Sequence[str]
    """What each line of the price is called."""
    transfers: Sequence[Transfer]
    notices: Sequence[NoticeRow]
    log: Sequence[Entry]
    erase: str = ""
    """Where its buyer is erased; empty while it goes on, and once they are."""


@dataclass(frozen=True, slots=True)
class DeclarationRow:
    declaration: Declaration
    said: Said
    href: str
    wrong: str


@dataclass(frozen=True, slots=True)
class DeclarationsPage:
    figures: Sequence[Figure]
    choices: Sequence[Choice]
    rows: Sequence[DeclarationRow]
    text: str
    state: str
    next: str


@dataclass(frozen=True, slots=True)
class DeclarationPage:
    row: DeclarationRow
    messages: Sequence[Message]
    can_send_again: bool
    log: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class PaymentsPage:
    waiting: Sequence[PaymentRow]
    by_hand: Sequence[RefundRow]
    refunds: Sequence[RefundRow]


@dataclass(frozen=True, slots=True)
class FailedPage:
    jobs: Sequence[FailedJob]
    reactions: Sequence[FailedReaction]


@dataclass(frozen=True, slots=True)
class LedgerPage:
    faults: Sequence[Fault]
    balances: Sequence[Balance]
    transfers: Sequence[Transfer]
    names: Mapping[str, str]
    """Of owners that are shops."""
    numbers: Mapping[str, str]
    """Of references that are orders."""
    reference: str
    next: str


@dataclass(frozen=True, slots=True)
class NoticeRow:
    notice: Notice
    said: Said
    about: str


@dataclass(frozen=True, slots=True)
class NoticesPage:
    rows: Sequence[NoticeRow]
    next: str
    has_mailbox: bool


@dataclass(frozen=True, slots=True)
class MailboxPage:
    letters: Sequence[KeptLetter]


@dataclass(frozen=True, slots=True)
class AuditRow:
    entry: Entry
    who: str
    facts: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    rows: Sequence[AuditRow]
    verb: str
    object_id: str
    sheet: str
    next: str


@dataclass(frozen=True, slots=True)
class PromisesPage:
    rows: Sequence[PromiseReport]
    days: int
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class AppealsPage:
    appeals: Sequence[Appeal]
    shops: Mapping[SellerId, Words]
    choices: Sequence[Choice]
    markets: Sequence[str]
    text: str
    market: str
    state: str
    next: str


@dataclass(frozen=True, slots=True)
class AppealPage:
    appeal: Appeal
    product: Product
    shop: Seller
    standing: tuple[str, str]
    findings: Sequence[FindingView]
    is_changed: bool
    """The product is not what it was when the appeal was made."""
    log: Sequence[Entry]
