# SPDX-License-Identifier: Apache-2.0
"""Which states follow which, and what a new order must fulfil."""

from __future__ import annotations

from collections.abc import Mapping

from silkcast.ground.money import total

from .errors import BadOrder
from .values import NewOrder, State

NEXT: Mapping[State, frozenset[State]] = {
    "held": frozenset({"awaiting_payment", "paid", "cod_accepted", "cancelled", "expired"}),
    "awaiting_payment": frozenset({"paid", "cancelled", "expired"}),
    "paid": frozenset({"declared", "cancelled", "refunded"}),
    "cod_accepted": frozenset({"declared", "cancelled"}),
    "declared": frozenset({"shipped", "cancelled", "refunded"}),
    # From shipped to cancelled: cash on delivery, and the buyer did not take it at the door.
    "shipped": frozenset({"delivered", "cancelled", "refunded"}),
    "delivered": frozenset({"refunded"}),
    # Money may come after the clock ran out: then the goods are held anew, or the money goes back.
    "expired": frozenset({"paid", "refunded"}),
    "cancelled": frozenset({"refunded"}),
    "refunded": frozenset(),
}
STATES: tuple[State, ...] = tuple(NEXT)
UNPAID: frozenset[State] = frozenset({"held", "awaiting_payment"})
OPEN: frozenset[State] = UNPAID | {"paid", "cod_accepted", "declared"}
"""Not handed to a carrier yet: such an order can still be let go."""
ENDED: frozenset[State] = frozenset({"delivered", "cancelled", "expired", "refunded"})


def sources(to: State) -> frozenset[State]:
    """The states from which one may come to `to`."""
    return frozenset(state for state, following in NEXT.items() if to in following)


def check(new: NewOrder) -> None:
    """Refuse an order that does not add up."""
    if not new.lines:
        raise BadOrder("lines", "empty")
    if any(line.units < 1 for line in new.lines):
        raise BadOrder("lines", "units")
    if len({line.variant for line in new.lines}) != len(new.lines):
        raise BadOrder("lines", "variant_twice")
    amounts = [
        new.total,
        new.due_at_door,
        *(line.unit_price for line in new.lines),
        *(line.amount for line in new.price_lines),
    ]
    if any(amount.currency != new.currency for amount in amounts):
        raise BadOrder("currency", "mixed")
    if any(amount.minor < 0 for amount in amounts):
        raise BadOrder("price_lines", "negative")
    _check_sums(new)


def _check_sums(new: NewOrder) -> None:
    goods = total((line.unit_price * line.units for line in new.lines), new.currency)
    if goods != total((line.amount for line in new.price_lines if line.kind == "goods"), new.currency):
        raise BadOrder("price_lines", "goods_differ")
    for field, place in (("total", "checkout"), ("due_at_door", "door")):
        lines = (line.amount for line in new.price_lines if line.collected_at == place)
        if getattr(new, field) != total(lines, new.currency):
            raise BadOrder(field, "sum_differs")
    if new.total.is_zero:
        raise BadOrder("total", "zero")
    if new.delivery.promise_to < new.delivery.promise_from:
        raise BadOrder("delivery", "promise")
