# SPDX-License-Identifier: Apache-2.0
"""A plan: what of a day's rules concerns shipments of certain codes that go a certain way.

Which rows take which lines and which words of their conditions hold is the same for all of them; what is left
to look at are amounts and measures. Worked out when the first such shipment comes.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

from silkcast.goods.duties.errors import BadShipment
from silkcast.goods.duties.values import Edge, Kind, Limit, Mode, Payer, Row, Shipment, When

from .charges import Asks, ready
from .day import Day, DayComponent, DayRow
from .exact import Ratio, ratio

MOST_PLANS = 4096
CODE = re.compile("[0-9]{6,}")
HOLDS: dict[Edge, Callable[[int, int], bool]] = {
    "over": operator.gt,
    "from": operator.ge,
    "up_to": operator.le,
    "under": operator.lt,
}


@dataclass(frozen=True, slots=True)
class Bounded:
    """A measure times `below` is held against `above`."""

    of: str
    holds: Callable[[int, int], bool]
    above: int
    below: int


@dataclass(frozen=True, slots=True)
class Open:
    """What of a condition is still open: all bounds, and not all of `no`."""

    bounds: tuple[Bounded, ...] = ()
    no: Open | None = None


@dataclass(frozen=True, slots=True)
class PlannedRow:
    row: Row
    lines: tuple[int, ...]
    when: Open | None
    """None where nothing is open: the row applies."""
    base: tuple[str, ...]
    """Of a charge with a rate."""
    is_whole: bool
    """It takes all lines."""
    excess: Ratio
    asks: Asks
    share: Ratio


@dataclass(frozen=True, slots=True)
class PlannedComponent:
    name: str
    kind: Kind
    rounding: tuple[Mode, int]
    base_rounding: tuple[Mode, int] | None
    rows: tuple[PlannedRow, ...]
    payer: Payer | None
    """Of all its rows; None if nobody pays, or if they name two collectors."""
    is_clear: bool
    """No two of its rows name two collectors."""
    full: str | None
    """Its name as an exact sum in later bases, if one asks for it."""
    charged: str | None
    is_split: bool
    """A later base asks for its part on some lines."""


@dataclass(frozen=True, slots=True)
class Plan:
    limits: tuple[tuple[Limit, Open | None], ...]
    components: tuple[PlannedComponent, ...]


def planned(day: Day, shipment: Shipment) -> Plan:
    codes = tuple([line.hs for line in shipment.lines])
    key = (
        codes,
        shipment.origin,
        shipment.region,
        shipment.channel,
        shipment.incoterm,
        shipment.scheme,
        shipment.proofs,
        shipment.seller_bears,
    )
    plan: Plan | None = day.plans.get(key)
    if plan is None:
        if len(day.plans) >= MOST_PLANS:
            day.plans.clear()
        plan = day.plans[key] = _plan(day, shipment, codes)
    return plan


def _plan(day: Day, shipment: Shipment, codes: tuple[str, ...]) -> Plan:
    if not all(CODE.fullmatch(code) for code in codes):
        raise BadShipment("hs")
    limits = []
    for limit, when in day.limits:
        can_hold, still = _settled(when, shipment)
        if can_hold:
            limits.append((limit, still))
    rows = [
        [planned for row in part.rows if (planned := _row(row, shipment, codes)) is not None]
        for part in day.components
    ]
    later = [one for of_component in rows for one in of_component]
    whole = {name for one in later for name in one.base}
    parted = {name for one in later if not one.is_whole for name in one.base}
    return Plan(
        tuple(limits),
        tuple(
            _component(part, tuple(taking), shipment, whole, parted)
            for part, taking in zip(day.components, rows, strict=True)
        ),
    )


def _component(
    part: DayComponent, rows: tuple[PlannedRow, ...], shipment: Shipment, whole: set[str], parted: set[str]
) -> PlannedComponent:
    name, kind = part.component.name, part.component.kind
    collectors = {one.row.collected_by for one in rows}
    names = {name, f"{name}.full", f"{name}.charged"}
    return PlannedComponent(
        name=name,
        kind=kind,
        rounding=part.rounding,
        base_rounding=part.base_rounding,
        rows=rows,
        payer=None if kind == "notional" or not rows else payer(name, "seller" in collectors, shipment),
        is_clear=kind == "notional" or len(collectors) < 2,
        full=f"{name}.full" if f"{name}.full" in whole else None,
        charged=f"{name}.charged" if f"{name}.charged" in whole else None,
        is_split=not parted.isdisjoint(names),
    )


def payer(component: str, by_seller: bool, shipment: Shipment) -> Payer:
    if component in shipment.seller_bears:
        return "seller"
    return "checkout" if by_seller or shipment.incoterm == "DDP" else "door"


def _row(row: DayRow, shipment: Shipment, codes: tuple[str, ...]) -> PlannedRow | None:
    lines = tuple(index for index, code in enumerate(codes) if row.row.takes(code))
    if not lines:
        return None
    can_hold, still = _settled(row.when, shipment)
    if not can_hold:
        return None
    return PlannedRow(
        row=row.row,
        lines=lines,
        when=still,
        base=row.row.base if row.has_rate else (),
        is_whole=len(lines) == len(codes),
        excess=ratio(row.excess),
        asks=ready(row.charge, lines, codes),
        share=ratio(row.row.share),
    )


def _settled(when: When, shipment: Shipment) -> tuple[bool, Open | None]:
    """Whether the condition can hold of such a shipment, and what is still open."""
    for field, words in when.words:
        if getattr(shipment, field) not in words:
            return False, None
    if when.proof is not None and when.proof.isdisjoint(shipment.proofs):
        return False, None
    no = None
    if when.not_all is not None:
        can_hold, no = _settled(when.not_all, shipment)
        if can_hold and no is None:
            return False, None
    bounds = tuple(
        Bounded(one.of, HOLDS[bound.how], bound.amount.numerator, bound.amount.denominator)
        for one in when.measured
        for bound in one.bounds
    )
    return True, Open(bounds, no) if bounds or no is not None else None
