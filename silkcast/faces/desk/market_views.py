# SPDX-License-Identifier: Apache-2.0
"""What the templates of the markets' pages are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from silkcast.flows.closing import Progress, Weighed
from silkcast.ground.language import Words
from silkcast.ground.money import Money
from silkcast.who.closings.values import Closure
from silkcast.who.markets.values import Market
from silkcast.who.teams.values import Change, Limits


@dataclass(frozen=True, slots=True)
class MarketRow:
    """A market in the list."""

    market: Market
    name: str
    href: str
    closure: Closure | None
    is_closed: bool
    managers: Sequence[str]
    open_orders: int
    last_change: datetime | None


@dataclass(frozen=True, slots=True)
class MarketsPage:
    rows: Sequence[MarketRow]
    text: str
    state: str
    sheet: str


@dataclass(frozen=True, slots=True)
class Head:
    """What every page of one market begins with."""

    market: Market
    name: str
    path: str
    is_operator: bool
    rights: frozenset[str]
    closure: Closure | None
    is_closed: bool
    problem: str = ""


@dataclass(frozen=True, slots=True)
class MarketPage:
    head: Head
    weighed: Weighed
    progress: Progress | None
    history: Sequence[Closure]
    people: Mapping[object, str]
    """Names by account."""
    discount: str
    limits: Limits
    words: Sequence[str]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A variant as the shop and the team have priced it here."""

    variant: str
    sku: str
    name: Words
    shop: Words
    now: Money
    base: Money
    floor: Money | None
    limits: Limits


@dataclass(frozen=True, slots=True)
class PricesPage:
    head: Head
    rows: Sequence[PriceRow]
    text: str
    next: str


@dataclass(frozen=True, slots=True)
class ChangesPage:
    head: Head
    rows: Sequence[Change]
    people: Mapping[object, str]
    text: str
    what: str
    sheet: str
    next: str


@dataclass(frozen=True, slots=True)
class ManagerRow:
    user: str
    name: str
    rights: frozenset[str]
    why: str
    since: datetime


@dataclass(frozen=True, slots=True)
class TeamPage:
    head: Head
    managers: Sequence[ManagerRow]
    limits: Sequence[tuple[Limits, str]]
    """With the shop's name, or none for all."""
    history: Sequence[Limits]
    people: Mapping[object, str]
