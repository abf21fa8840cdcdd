# SPDX-License-Identifier: Apache-2.0
"""What the pages of the studio show, worked out before a template sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from silkcast.faces.shop.views import Image, Line
from silkcast.goods.catalog.values import Fault, Product
from silkcast.goods.duties.values import HsCode
from silkcast.goods.stock.values import Available, Level, Movement
from silkcast.ground.money import Money
from silkcast.money.ledger.values import Balance, Transfer
from silkcast.stage.rooms.values import Show
from silkcast.trade.customs.values import Declaration
from silkcast.trade.orders.values import Order
from silkcast.trade.payments.values import Payment
from silkcast.trade.returns.values import Return
from silkcast.trade.shipping.values import Parcel
from silkcast.who.identity.values import Token
from silkcast.who.sellers.values import Seller, Warehouse

from .admission_views import StandingRow
from .answering_views import Answering


@dataclass(frozen=True, slots=True)
class Side:
    """The side of every page: the shop, who is here, and what waits."""

    shop_name: str
    owner_name: str
    avatar: Image | None
    orders: int
    customs: int
    returns: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the chart, placed on a canvas of 700 by 200."""

    day: date
    amount: Money
    before: Money
    x: int
    y: int
    height: int
    mark: int
    """Where the tick of the period before lies."""


@dataclass(frozen=True, slots=True)
class Chart:
    bars: Sequence[Bar]
    lines: Sequence[tuple[int, str]]
    """Heights of the grid, and what they stand for."""
    width: int
    """Of one bar."""
    total: Money
    more: Decimal | None
    """Against the period before; None where there was nothing."""


@dataclass(frozen=True, slots=True)
class MarketRow:
    market: str
    orders: int
    paid: Money
    kept: Decimal | None
    returned: Decimal | None


@dataclass(frozen=True, slots=True)
class HomeView:
    part: Literal["night", "morning", "afternoon", "evening"]
    name: str
    days: int
    chart: Chart
    markets: Sequence[MarketRow]
    moving: Sequence[tuple[str, int]]
    refused: int
    first_reason: str
    asked: int
    answer_by: datetime | None
    late: Sequence[Order]
    owed: Sequence[Money]
    live: Show | None
    next_show: Show | None
    live_cover: Image | None
    next_cover: Image | None
    last_show: Show | None
    has_products: bool
    has_customs: bool

    @property
    def needs(self) -> int:
        waiting = (self.refused, self.asked, self.late, not self.has_customs, not self.has_products)
        return sum(bool(one) for one in waiting)


@dataclass(frozen=True, slots=True)
class ShowSum:
    show: Show
    cover: Image | None
    orders: int
    takings: Sequence[Money]


@dataclass(frozen=True, slots=True)
class InsightView:
    days: int
    chart: Chart
    markets: Sequence[MarketRow]
    shows: Sequence[ShowSum]


@dataclass(frozen=True, slots=True)
class ProductRow:
    product: Product
    image: Image | None
    stock: Available
    markets: Sequence[str]
    """Where it has a price."""


@dataclass(frozen=True, slots=True)
class ProductsView:
    rows: Sequence[ProductRow]
    text: str
    status: str
    next: str


@dataclass(frozen=True, slots=True)
class OptionDraft:
    name: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class VariantDraft:
    sku: str = ""
    options: Sequence[OptionDraft] = ()
    net: str = ""
    gross: str = ""
    length: str = ""
    width: str = ""
    height: str = ""
    unit: str = "011"


@dataclass(frozen=True, slots=True)
class ProductView:
    """The editor, as it was filled in: what was wrong stands beside it."""

    product: Product | None
    action: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    material: Mapping[str, str]
    hs_code: str
    hs_text: str
    origin: str
    has_battery: bool
    restrictions: Mapping[str, str]
    variants: Sequence[VariantDraft]
    axes: Sequence[str]
    markets: Sequence[str]
    images: Sequence[Image]
    faults: Sequence[Fault] = ()
    problem: str = ""
    field: str = ""
    version: int = 0
    is_saved: bool = False
    is_offered: bool = False
    """It was to be offered for sale, and is not: `faults` say why."""
    suggested: frozenset[str] = frozenset()
    """Fields that a machine has just filled: name-fr. They are not saved."""
    admission: Sequence[StandingRow] = ()
    """Where there is something to say about selling it."""
    nobody_answers: Sequence[str] = ()
    """Areas of law that want a responsible person named, where the shop has named nobody."""


@dataclass(frozen=True, slots=True)
class HsView:
    text: str
    found: Sequence[HsCode]
    exists: HsCode | None
    is_own: bool = False
    """Asked by the product's own words."""


@dataclass(frozen=True, slots=True)
class PriceCell:
    market: str
    currency: str
    value: str
    suggested: Money | None
    whole: Money | None
    at_door: Money | None
    why_not: str
    wrong: str = ""
    floor: str = ""
    """The price under which it is not to go."""
    floor_wrong: str = ""


@dataclass(frozen=True, slots=True)
class PriceRow:
    variant: UUID
    sku: str
    label: str
    cells: Sequence[PriceCell]


@dataclass(frozen=True, slots=True)
class PricesView:
    product: Product
    rows: Sequence[PriceRow]
    cost: str
    currency: str
    problem: str = ""
    is_saved: bool = False
    others: Sequence[tuple[str, str, str]] = ()
    """Markets that are not shown, to choose from: code, name, what it is found by."""
    asked: Sequence[str] = ()
    """Markets that are shown because they were asked for."""


@dataclass(frozen=True, slots=True)
class StockRow:
    variant: UUID
    product: Product
    sku: str
    label: str
    image: Image | None
    total: Available
    levels: Sequence[Level]


@dataclass(frozen=True, slots=True)
class StockView:
    rows: Sequence[StockRow]
    warehouses: Sequence[Warehouse]
    text: str
    next: str


@dataclass(frozen=True, slots=True)
class VariantStockView:
    row: StockRow
    warehouses: Sequence[Warehouse]
    names: Mapping[UUID, str]
    movements: Sequence[Movement]
    next: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class WarehousesView:
    warehouses: Sequence[Warehouse]
    problem: str = ""
    given: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What the seller keeps of an order, in the order's currency and in the shop's own."""

    goods: Money
    commission: Money
    fee: Money | None
    kept: Money
    at_home: Money | None


@dataclass(frozen=True, slots=True)
class OrderRow:
    order: Order
    kept: Kept
    declaration: Declaration | None
    parcel: Parcel | None
    ship_by: date


@dataclass(frozen=True, slots=True)
class OrdersView:
    rows: Sequence[OrderRow]
    tab: str
    tabs: Sequence[tuple[str, str, int]]
    market: str
    markets: Sequence[str]
    text: str
    next: str
    query: str
    """The filters as an address has them, without the page."""
    sent: int = 0


@dataclass(frozen=True, slots=True)
class OrderView:
    order: Order
    lines: Sequence[Line]
    kept: Kept
    parcels: Sequence[Parcel]
    declaration: Declaration | None
    messages: Sequence[tuple[str, datetime | None, int]]
    payments: Sequence[Payment]
    returns: Sequence[Return]
    images: Mapping[UUID, Image | None]
    can_send: bool
    is_waiting: bool
    buyer_language: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """One fact as each of the messages has it."""

    name: str
    cells: Sequence[str]
    is_odd: bool


@dataclass(frozen=True, slots=True)
class ListRow:
    declaration: Declaration
    market: str
    what: str
    declared: Money | None


@dataclass(frozen=True, slots=True)
class CustomsView:
    figures: Sequence[tuple[str, int]]
    rows: Sequence[ListRow]
    which: str
    text: str
    next: str
    chosen: Declaration | None
    order: Order | None
    compared: Sequence[Compared]
    documents: Sequence[tuple[str, str, int]]
    """(kind, file, attempt) of the messages that may be read."""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class MoneyView:
    owed: Sequence[Money]
    balances: Sequence[Balance]
    transfers: Sequence[tuple[Transfer, Sequence[Money], str]]
    """Each with what it moved on the shop's accounts, and the order's number."""
    next: str


@dataclass(frozen=True, slots=True)
class TokensView:
    tokens: Sequence[Token]
    scopes: Sequence[str]
    secret: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ShopForm:
    """Opening a shop, and its settings later."""

    shop: Seller | None
    given: Mapping[str, str]
    countries: Sequence[tuple[str, str]]
    problem: str = ""
    field: str = ""
    saved: bool = False
    avatar: Image | None = None
    answering: Sequence[Answering] = ()
