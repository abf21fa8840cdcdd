# SPDX-License-Identifier: Apache-2.0
"""What duties say no to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.refusals import Conflict, Invalid, NotFound


@dataclass(eq=False)
class BrokenRules(Invalid):
    """A file or a set of rules breaks the format: where, and what is wrong there."""

    code: ClassVar[str] = "duties.broken_rules"
    path: str
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        where = self.path if self.line is None else f"{self.path} (line {self.line})"
        return f"{where}: {self.reason}"


@dataclass(eq=False)
class NoSuchRules(NotFound):
    """No rules are kept for this market on this day."""

    code: ClassVar[str] = "duties.no_such_rules"
    market: str


@dataclass(eq=False)
class NotShippable(Conflict):
    """These rules do not let this shipment in, or cannot say what it costs."""

    code: ClassVar[str] = "duties.not_shippable"


@dataclass(eq=False)
class NoRules(NotShippable):
    """The day lies outside the rule set."""

    code: ClassVar[str] = "duties.no_rules"
    market: str


@dataclass(eq=False)
class NoExchangeRate(NotShippable):
    """A currency is needed that has no rate in force on the day."""

    code: ClassVar[str] = "duties.no_rate"
    currency: str


@dataclass(eq=False)
class OverLimit(NotShippable):
    """A limit of the law holds: `limit` is its code."""

    code: ClassVar[str] = "duties.limit"
    limit: str


@dataclass(eq=False)
class NoRateForGoods(NotShippable):
    """The duty rate of these goods is not known in this market: not sold rather than charged nothing."""

    code: ClassVar[str] = "duties.no_rate_for_goods"
    hs: str


@dataclass(eq=False)
class UnclearCollector(NotShippable):
    """Rows of one component that apply together name two collectors: the rules are at fault."""

    code: ClassVar[str] = "duties.unclear_collector"
    component: str


@dataclass(eq=False)
class BadShipment(Invalid):
    """A shipment that cannot be: no lines, a negative amount, more decimals than the currency has."""

    code: ClassVar[str] = "duties.bad_shipment"
    field: str


@dataclass(eq=False)
class BrokenTariff(Invalid):
    """A file is not the official tariff it was said to be: what is wrong, and in which line."""

    code: ClassVar[str] = "duties.broken_tariff"
    reason: str
    line: int

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"
