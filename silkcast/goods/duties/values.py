# SPDX-License-Identifier: Apache-2.0
"""Shipments, dated rules and what comes of them. Amounts of rules are exact fractions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from silkcast.ground.price import Step

Channel = Literal["post", "express", "cargo", "bonded"]
Incoterm = Literal["DDP", "DAP"]
Kind = Literal["duty", "excise", "tax", "fee", "notional"]
Mark = Literal["verified", "knowledge", "example", "ours"]
Collector = Literal["seller", "border"]
Payer = Literal["checkout", "door", "seller"]
Edge = Literal["over", "from", "up_to", "under"]
Mode = Literal["half_up", "half_even", "up", "down"]
Basis = Literal["cif", "fob", "intrinsic", "goods_freight"]
Exact: TypeAlias = Fraction | int

VALUE_NAMES = (
    "goods",
    "intrinsic",
    "fob",
    "goods_freight",
    "cif",
    "freight",
    "insurance",
    "customs_value",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of goods in a shipment. Discount and weight are of the whole line."""

    hs: str
    description: str
    quantity: int
    unit_value: Decimal
    discount: Decimal
    net_weight_kg: Decimal


@dataclass(frozen=True, slots=True)
class Shipment:
    """What is sent, how, under which registration; amounts are whole minor units of `currency`."""

    currency: str
    origin: str
    channel: Channel
    incoterm: Incoterm
    scheme: str
    lines: tuple[Line, ...]
    freight: Decimal
    insurance: Decimal
    region: str | None = None
    proofs: frozenset[str] = frozenset()
    seller_bears: frozenset[str] = frozenset()
    quota_used: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """From `first` to `last`, both days included; no `last` is open."""

    first: date
    last: date | None = None

    def holds(self, on: date) -> bool:
        return self.first <= on and (self.last is None or on <= self.last)

    def meets(self, other: Span) -> bool:
        return (other.last is None or self.first <= other.last) and (
            self.last is None or other.first <= self.last
        )


@dataclass(frozen=True, slots=True)
class Rounding:
    mode: Mode
    step: Fraction


@dataclass(frozen=True, slots=True)
class Rate:
    """Base x `rate` / `divisor`; `inside` when the tax is part of its own base."""

    rate: Exact
    divisor: Exact = 1
    inside: bool = False

    @property
    def factor(self) -> Fraction:
        plain = Fraction(self.rate) / self.divisor
        return plain / (1 - plain) if self.inside else plain


@dataclass(frozen=True, slots=True)
class Fixed:
    amount: Exact
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Per:
    """An amount for each unit, kilogram or distinct six-digit code of the row's lines."""

    each: Literal["unit", "kg", "code"]
    amount: Exact
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Combined:
    how: Literal["sum", "max", "min"]
    of: tuple[Charge, ...]


Charge: TypeAlias = Rate | Fixed | Per | Combined


@dataclass(frozen=True, slots=True)
class Bound:
    how: Edge
    amount: Exact


@dataclass(frozen=True, slots=True)
class Threshold:
    """Bounds on a value of the whole shipment; `excess` lowers the row's base by the `over` amount."""

    of: str
    bounds: tuple[Bound, ...]
    currency: str | None = None
    excess: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """What must hold of a shipment; all of it."""

    words: tuple[tuple[str, frozenset[str]], ...] = ()
    proof: frozenset[str] | None = None
    measured: tuple[Threshold, ...] = ()
    not_all: When | None = None


@dataclass(frozen=True, slots=True)
class Row:
    span: Span
    charge: Charge
    mark: Mark
    name: str = ""
    when: When = When()
    hs: tuple[str, ...] | None = None
    not_hs: tuple[str, ...] = ()
    base: tuple[str, ...] = ()
    share: Fraction = Fraction(1)
    collected_by: Collector | None = None
    src: tuple[str, ...] = ()

    def takes(self, hs: str) -> bool:
        return (self.hs is None or hs.startswith(self.hs)) and not hs.startswith(self.not_hs)


@dataclass(frozen=True, slots=True)
class Component:
    name: str
    kind: Kind
    rows: tuple[Row, ...]
    rounding: Rounding | None = None
    base_rounding: Rounding | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """1 `source` = `rate` `target`, in that direction only."""

    source: str
    target: str
    rate: Fraction
    span: Span
    mark: Mark
    src: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quota:
    name: str
    """Begins with its period: `year_value` is used up in a year, `day_value` in a day."""
    counts: str

    @property
    def period(self) -> Literal["day", "month", "year"]:
        """How long what was used counts. A name that does not say counts for a year."""
        first = self.name.partition("_")[0]
        return "day" if first == "day" else "month" if first == "month" else "year"

    @property
    def is_money(self) -> bool:
        return self.counts in VALUE_NAMES


@dataclass(frozen=True, slots=True)
class Limit:
    code: str
    span: Span
    when: When
    mark: Mark
    src: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RuleSet:
    """The dated law for some goods in one market. Known by identity: a day of it is worked out once."""

    name: str
    span: Span
    currency: str
    decimals: int
    value_basis: Basis
    rounding: Rounding
    components: tuple[Component, ...]
    exchange: tuple[Exchange, ...] = ()
    quotas: tuple[Quota, ...] = ()
    limits: tuple[Limit, ...] = ()
    covers: tuple[str, ...] | None = None
    """Beginnings of the codes these rules know rates for; None where they speak for all that is asked."""
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """The shipment may not go this way: `no_rules`, `no_rate`, or the code of a limit."""

    code: str
    mark: Mark | None = None
    src: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AppliedRow:
    """A row that applied: its base as it was multiplied, its charge, and what its share levied. Exact."""

    row: Row
    lines: tuple[int, ...]
    ratios: tuple[tuple[int, int] | None, tuple[int, int], tuple[int, int]]
    """The three amounts in minor units, above and below the line."""

    @property
    def base(self) -> Exact | None:
        based = self.ratios[0]
        return None if based is None else Fraction(*based)

    @property
    def charge(self) -> Fraction:
        return Fraction(*self.ratios[1])

    @property
    def levied(self) -> Fraction:
        return Fraction(*self.ratios[2])


@dataclass(frozen=True, slots=True)
class ComponentCost:
    """One component's amount, who pays it, and the rows behind it; `payer` is None where none is due."""

    name: str
    kind: Kind
    amount: Decimal
    payer: Payer | None
    rows: tuple[AppliedRow, ...]

    @property
    def base(self) -> Exact | None:
        """The base, where all its rows have one and the same."""
        bases = {row.base for row in self.rows}
        return bases.pop() if len(bases) == 1 else None


@dataclass(frozen=True, slots=True)
class LandedCost:
    """All money of a shipment, by kind and by who pays it and when; in the rules' currency."""

    rules: str
    as_of: date
    currency: str
    decimals: int
    customs_value: Decimal
    goods: Decimal
    freight: Decimal
    insurance: Decimal
    duty: Decimal
    excise: Decimal
    tax: Decimal
    fees: Decimal
    charged_at_checkout: Decimal
    due_at_door: Decimal
    paid_by_seller: Decimal
    landed_total: Decimal
    components: tuple[ComponentCost, ...]
    quota_after: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Explained:
    """One row of law behind one component, ready to be shown: figures are texts, words are the rules' own."""

    component: str
    kind: Kind
    amount: Decimal
    currency: str
    payer: Payer | None
    rule: str
    rate: str
    base: str | None
    formula: str
    valid_from: date
    valid_to: date | None
    mark: Mark
    sources: tuple[str, ...]
    steps: tuple[Step, ...]
    """The same as steps: why it applied, its base, what it asked."""


@dataclass(frozen=True, slots=True)
class TaxRate:
    """One row of tax in force on a day: for goods of `hs` (all where None) but not of `not_hs`."""

    component: str
    rule: str
    rate: str
    hs: tuple[str, ...] | None
    not_hs: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    mark: Mark
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A published rate of tax beside the one kept, and the line for people."""

    market: str
    is_same: bool
    line: str


@dataclass(frozen=True, slots=True)
class Checked:
    """How one case came out: `ok`, `mismatch`, `not_covered` or `broken`, and its line for people."""

    id: str
    outcome: Literal["ok", "mismatch", "not_covered", "broken"]
    line: str


@dataclass(frozen=True, slots=True)
class HsCode:
    """A code of the Harmonized System with the edition it belongs to."""

    code: str
    text: str
    edition: str
    heading: str = ""
    why: tuple[str, ...] = ()
    """Of a suggestion: the words of the title that led to it."""
