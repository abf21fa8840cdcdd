# SPDX-License-Identifier: Apache-2.0
"""What the pages of the buy sheet show, one after the other. Templates: `buy/*.html`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from silkcast.faces.shop.views import AddressLine, AskedField, Image, Line, VariantChoice, Window
from silkcast.ground.language import Words
from silkcast.ground.money import Money


@dataclass(frozen=True, slots=True)
class DeliveryChoice:
    key: str
    window: Window
    words: str
    price: Money
    is_on: bool = False


@dataclass(frozen=True, slots=True)
class PaymentChoice:
    key: str
    words: str
    fact: str = ""
    icon: str = "credit-card"
    """credit-card, money for cash, bank."""
    is_on: bool = False


@dataclass(frozen=True, slots=True)
class BuyView:
    """buy/choose.html: variant, lines and total, date, address, payment, Pay; one page of the sheet.

    The form posts `variant units delivery payment` to `action`. Choosing another variant, delivery or payment
    asks `refresh` with the same fields by GET: the script does it at once, without script a button does.
    """

    name: Words
    shop: Words
    image: Image | None
    variants: Sequence[VariantChoice]
    lines: Sequence[Line]
    total: Money
    deliveries: Sequence[DeliveryChoice]
    payments: Sequence[PaymentChoice]
    action: str
    refresh: str
    close: str
    """Where the page without script goes back to: the room or the product."""
    show: str = ""
    units: int = 1
    units_most: int = 1
    at_door: Money | None = None
    address: AddressLine | None = None
    address_href: str = ""
    number_missing: str = ""
    """What customs there asks the receiver for and is not known yet: the order waits for it."""
    numbers: Sequence[tuple[str, str]] = ()
    """Those that are known: name and last characters."""
    held_seconds: int | None = None
    """Seconds the goods are still held for this buyer; none before they are."""
    held_until: datetime | None = None
    market_text: str = ""
    """What the market's team tells its buyers."""
    claim: str = ""
    """The claim of a flash deal that this finishes."""
    coupon: str = ""
    """The coupon in the price, as the form sends it; empty for none."""
    coupon_code: str = ""
    """Its code; without `coupon`, that of one which does not come on top of a deal."""
    without_coupon: Money | None = None
    hold_longer: str = ""
    """Where one press lengthens the hold, once; empty for no more."""
    is_cash: bool = False
    """Paid to the carrier at the door: the button says Order."""
    after: str = ""
    """The line under the button: `30 days to return. Refund includes duty and VAT.`"""
    problem: str = ""
    """What went wrong and what was not charged, in one or two sentences."""
    key: str = ""
    """The same form sent twice is one order."""
    one_tap: Literal["", "off", "on"] = ""
    """Whether the next deal is ordered with one tap; empty where it cannot be chosen here."""


@dataclass(frozen=True, slots=True)
class AddressView:
    """buy/address.html: name, the country's own address form, phone and e-mail."""

    country: str
    fields: Sequence[AskedField]
    action: str
    back: str
    problem: str = ""
    held_seconds: int | None = None
    held_until: datetime | None = None
    why_number: str = ""
    """Why customs' number is asked for, and how long it is kept."""


@dataclass(frozen=True, slots=True)
class BankView:
    """buy/bank.html: the provider's page (card, 3-D Secure). `wait` answers 204 until all is known."""

    address: str
    wait: str
    amount: Money
    back: str
    is_framed: bool = False
    """The provider lets its page stand inside ours."""


@dataclass(frozen=True, slots=True)
class CardView:
    """buy/card.html: the provider's own card form, in a page of ours that lets its script in."""

    kind: str
    script: str
    key: str
    secret: str
    """The provider's secret for this one payment."""
    done: str
    """Where the browser goes when the provider has answered."""
    amount: Money
    back: str
    held_seconds: int
    held_until: datetime
    is_framed: bool = False
    """In the buy sheet, which has its own head."""


@dataclass(frozen=True, slots=True)
class WaitView:
    """buy/wait.html: the bank is asked; the page looks again by itself."""

    wait: str
    amount: Money


@dataclass(frozen=True, slots=True)
class DoneView:
    """buy/done.html."""

    number: str
    href: str
    name: Words
    image: Image | None
    total: Money
    promise: Window | None
    close: str
    is_cash: bool = False
    sent_to: str = ""
    """Where the confirmation went: c…@example.com, +33 … 78."""
    fact: str = ""
    """How many, and which."""
    where: AddressLine | None = None
    """Where it goes; said where nobody has just typed it."""
    call_off: str = ""
    """Where it is called off, while it may be."""
    is_off: bool = False
    """It was called off."""


@dataclass(frozen=True, slots=True)
class SoldOutView:
    """buy/sold_out.html: how many went, how many are still in checkouts, what else there is."""

    name: Words
    shop: Words
    image: Image | None
    close: str
    went: int | None = None
    in_checkouts: int = 0
    variants: Sequence[VariantChoice] = ()
    other: VariantChoice | None = None
    """Another variant that can be had, with its price and stock."""
    other_price: Money | None = None
    other_left: int | None = None
    waitlist: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True)
class ClaimView:
    """buy/claim.html: a claim that waits in line, or whose time is over."""

    name: Words
    shop: Words
    image: Image | None
    close: str
    state: str
    """waiting, expired, called_off, passed_over; or for who has none: sold_out, over_limit, not_running."""
    place: int
    """In line now, from 1; 0 for nobody who waits."""
    waiting: int
    price: Money | None
    """What it would cost at the deal's price, all in."""
    give_up: str
    usual: str
    """Where it is bought at the shop's own price."""
    limit: int = 1
    is_to_come: bool = False
    """The countdown still runs."""
    wait: str = ""
    """Asked again every `wait_seconds`: nothing comes until the place in line changes."""
    wait_seconds: int = 5


@dataclass(frozen=True, slots=True)
class TakeView:
    """buy/take.html: a claim that the host entered out of a chat, offered to whoever has its link."""

    name: Words
    shop: Words
    image: Image | None
    close: str
    what: str
    units: int
    price: Money | None
    """What it would cost, all in; none where it is not sold."""
    here: str
    place: int
    """In line, from 1; 0 for a unit that is held."""
    waiting: int
    held_until: datetime | None
    held_seconds: int


@dataclass(frozen=True, slots=True)
class NotSoldView:
    """buy/not_sold.html: why a thing is not sold in the viewer's market, in whole sentences."""

    name: Words
    image: Image | None
    sentences: Sequence[str]
    close: str
    source: str = ""
    """Name of the rule and its date."""
    link: str = ""
    """Where it can be bought instead."""


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule behind a price line, step by step in sentences, and how sure it is."""

    rule: str
    sentences: Sequence[str]
    mark: str
    since: date | None
    until: date | None
    source: str


@dataclass(frozen=True, slots=True)
class WhyView:
    """buy/why.html: one price line explained: the sum, the rate, the date, the source."""

    title: str
    sentences: Sequence[str]
    rows: Sequence[tuple[str, str]]
    """(name, figure): base, rate, result."""
    back: str
    rule: str = ""
    since: date | None = None
    source: str = ""
    source_href: str = ""
    rules: Sequence[RuleView] = ()
    """Where several rules made the amount, or one in several steps."""


@dataclass(frozen=True, slots=True)
class AgainView:
    """buy/again.html: an order that is held and not paid. Posts `payment` to `action`."""

    amount: Money
    payments: Sequence[PaymentChoice]
    action: str
    back: str
    problem: str = ""
    held_seconds: int | None = None
    held_until: datetime | None = None
