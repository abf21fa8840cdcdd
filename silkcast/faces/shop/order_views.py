# SPDX-License-Identifier: Apache-2.0
"""What the order pages and the return pages show. Templates: `order/*.html`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from silkcast.faces.shop.views import AddressLine, Image, Line, Step, Window
from silkcast.ground.language import Words
from silkcast.ground.money import Money


@dataclass(frozen=True, slots=True)
class OrderedThing:
    name: Words
    fact: str
    amount: Money
    image: Image | None = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class OrderView:
    """order/order.html: where it is, when it comes, is the promise kept. Works by its secret link."""

    number: str
    title: str
    """`On its way to Lyon`, translated."""
    state: Literal["held", "waiting", "moving", "late", "delivered", "cancelled", "returning", "refunded"]
    promise: Window | None
    promise_words: str = ""
    """`Promised when you paid. If we miss Sat 5 Dec, €5 comes back to your card.`"""
    was_kept: bool | None = None
    steps: Sequence[Step] = ()
    things: Sequence[OrderedThing] = ()
    lines: Sequence[Line] = ()
    total: Money | None = None
    at_door: Money | None = None
    address: AddressLine | None = None
    back: str = "/orders"
    ask: str = ""
    """Address to ask the seller."""
    send_back: str = ""
    """Address to ask for a return; empty when it cannot be asked for."""
    return_until: date | None = None
    pay: str = ""
    """Address to pay a held order; empty when there is nothing to pay."""
    tracking: str = ""
    carrier: str = ""
    call_off: str = ""
    """Where an order that is paid at the door is called off, until it is packed."""
    withdraw: str = ""
    """Where the buyer withdraws from the contract; empty where the law has no such function, or too late."""
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderRow:
    href: str
    number: str
    name: Words
    image: Image | None
    state: str
    """Translated."""
    kind: Literal["jade", "saffron", "madder", "indigo", ""]
    promise: Window | None
    total: Money
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class OrdersView:
    """order/orders.html."""

    rows: Sequence[OrderRow] = ()
    next: str = ""


@dataclass(frozen=True, slots=True)
class ReturnWay:
    key: str
    words: str
    fact: str
    is_on: bool = False
    aside: str = ""
    """A word such as Quickest."""


@dataclass(frozen=True, slots=True)
class ReturnView:
    """order/return.html: what goes back and why, the ways, exactly what comes back. Posts `line` (many),
    `units-{line}`, `reason`, `note`, `way` to `action`; `refresh` by GET works the money out anew."""

    number: str
    things: Sequence[tuple[str, OrderedThing, int, int]]
    """(line id, thing, units chosen, units that can go back)."""
    reasons: Sequence[tuple[str, str]]
    reason: str
    ways: Sequence[ReturnWay]
    lines: Sequence[Line]
    total: Money
    to: str
    """Where the money goes: `Carte Bancaire •• 4417`."""
    action: str
    refresh: str
    back: str
    until: date | None = None
    postage: str = ""
    """`Return postage is free.`, translated; empty for none."""
    note: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ReturnedView:
    """order/returned.html: a return that was asked for: its thread, its code, what comes back."""

    number: str
    title: str
    steps: Sequence[Step]
    lines: Sequence[Line]
    total: Money
    back: str
    code: str = ""
    code_svg: str = ""
    """A QR code as SVG from our own maker; empty for none."""
    label: str = ""
    """Address of the return label."""
    words: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawView:
    """order/withdraw.html: the statement, to be confirmed; or that it was received, and when."""

    number: str
    name: str
    contact: str
    """Where the acknowledgement goes: c…@example.com."""
    shop: Words
    things: Sequence[OrderedThing]
    action: str
    back: str
    withdrawn_at: datetime | None = None
    problem: str = ""
    next: str = ""
    """Where it goes on: the return with its label."""
