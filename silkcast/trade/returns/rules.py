# SPDX-License-Identifier: Apache-2.0
"""Rules of returns: until when, how many, and what goes back to the last minor unit. All pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from silkcast.ground.ids import OrderLineId
from silkcast.ground.money import Money, share
from silkcast.trade.returns.errors import MoreThanBought, NoSuchLine, NotDelivered, NothingToReturn, TooLate
from silkcast.trade.returns.values import KINDS, Amount, Basis, Kind, OrderFacts, Part, State

_KIND_OF: Mapping[str, Kind] = {
    "freight": "freight",
    "insurance": "freight",
    "tax": "tax",
    "duty": "duty",
    "excise": "duty",
    "fee": "fee",
}
BY_SHARE: frozenset[Kind] = frozenset({"tax", "duty"})
"""What follows the goods. The rest (freight, fees) goes back with the last unit."""

_NEXT: Mapping[State, frozenset[State]] = {
    "asked": frozenset({"accepted", "declined", "closed"}),
    "accepted": frozenset({"sent_back", "received", "closed"}),
    "sent_back": frozenset({"received"}),
    "received": frozenset({"refunded"}),
    "declined": frozenset(),
    "refunded": frozenset(),
    "closed": frozenset(),
}


def may_go(state: State, to: State) -> bool:
    return to in _NEXT[state]


def open_until(delivered_at: datetime, days: int, timezone: str) -> datetime:
    """The end of the last day, on the buyer's calendar; the day of delivery is not counted."""
    zone = ZoneInfo(timezone)
    last = delivered_at.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(last + timedelta(days=1), time(), zone)


def check_time(delivered_at: datetime | None, days: int, timezone: str, now: datetime) -> None:
    """Refuse what is asked before the delivery or after the market's days."""
    if delivered_at is None or delivered_at > now:
        raise NotDelivered()
    until = open_until(delivered_at, days, timezone)
    if now >= until:
        raise TooLate(until)


def parts(
    facts: OrderFacts, wanted: Mapping[OrderLineId, int], out: Mapping[OrderLineId, int]
) -> tuple[Part, ...]:
    """What is asked for, when there is still as much with the buyer. `out`: units in other returns."""
    bought = {line.line: line for line in facts.lines}
    if not wanted or any(units < 1 for units in wanted.values()):
        raise NothingToReturn()
    for line, units in wanted.items():
        if line not in bought:
            raise NoSuchLine()
        left = bought[line].units - out.get(line, 0)
        if units > left:
            raise MoreThanBought(units, left)
    return tuple(Part(line, bought[line].variant, wanted[line]) for line in bought if line in wanted)


def basis(facts: OrderFacts, gives_back: Collection[str]) -> Basis:
    """What the market's rule gives back for the whole order. What was collected at the door is not ours."""
    currency = facts.lines[0].total.currency
    others: dict[Kind, Money] = {}
    for line in facts.price_lines:
        kind = _KIND_OF.get(line.kind)
        if kind is None or kind not in gives_back or line.collected_at != "checkout":
            continue
        others[kind] = others.get(kind, Money.zero(currency)) + line.amount
    return Basis({line.line: (line.units, line.total) for line in facts.lines}, others, currency)


def whole(given: Basis) -> Money:
    """All that goes back when everything comes back."""
    total = Money.zero(given.currency)
    for amount in (*(money for _, money in given.lines.values()), *given.others.values()):
        total = total + amount
    return total


def _up_to(amount: Money, units: int, of: int) -> Money:
    """The money of the first `units` of `of`: grows with each unit and ends at the whole."""
    return Money.from_minor(amount.minor * units // of, amount.currency)


def _owed(given: Basis, units: Mapping[OrderLineId, int]) -> dict[Kind, Money]:
    """What is owed once these units are back, whatever the returns they came in."""
    lines = list(given.lines)
    owed = {kind: Money.zero(given.currency) for kind in KINDS}
    for line in lines:
        of, money = given.lines[line]
        owed["goods"] = owed["goods"] + _up_to(money, units.get(line, 0), of)
    everything = all(units.get(line, 0) == given.lines[line][0] for line in lines)
    for kind, amount in given.others.items():
        if kind not in BY_SHARE:
            owed[kind] = amount if everything else owed[kind]
            continue
        shares = share(amount, [given.lines[line][1].minor for line in lines])
        for line, part in zip(lines, shares, strict=True):
            owed[kind] = owed[kind] + _up_to(part, units.get(line, 0), given.lines[line][0])
    return owed


def worth(given: Basis, before: Mapping[OrderLineId, int], now: Iterable[Part]) -> tuple[Amount, ...]:
    """What goes back for `now`, when `before` has gone back already. Kinds of nothing are left out."""
    after = dict(before)
    for part in now:
        after[part.line] = after.get(part.line, 0) + part.units
    earlier, later = _owed(given, before), _owed(given, after)
    amounts = (Amount(kind, later[kind] - earlier[kind]) for kind in KINDS)
    return tuple(amount for amount in amounts if not amount.amount.is_zero)


def is_last(given: Basis, before: Mapping[OrderLineId, int], now: Iterable[Part]) -> bool:
    """Is everything back after this?"""
    after = dict(before)
    for part in now:
        after[part.line] = after.get(part.line, 0) + part.units
    return all(after.get(line, 0) == units for line, (units, _) in given.lines.items())
