# SPDX-License-Identifier: Apache-2.0
"""Rates, and what a market must tell to have prices suggested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, Protocol

from silkcast.ground.money import Currency

Kind = Literal["market", "peg"]
Mark = Literal["verified", "knowledge", "ours"]


@dataclass(frozen=True, slots=True)
class Quoted:
    """One rate as it was published: 1 `base` = `rate` `quote`."""

    base: Currency
    quote: Currency
    on: date
    rate: Decimal
    kind: Kind
    source: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Rate:
    """1 `base` = `rate` `quote`, exact, worked out from the `steps`; as old as the oldest of them."""

    base: Currency
    quote: Currency
    rate: Fraction
    on: date
    mark: Mark
    steps: tuple[Quoted, ...]

    @property
    def shown(self) -> str:
        """Six significant decimals, for people."""
        return f"{Decimal(self.rate.numerator) / Decimal(self.rate.denominator):.6f}"


class Band(Protocol):
    """Prices below `below` are a multiple of `step` plus `ending`."""

    @property
    def below(self) -> Decimal | None: ...
    @property
    def step(self) -> Decimal: ...
    @property
    def ending(self) -> Decimal: ...


class Habit(Protocol):
    """A market, as far as suggesting a price goes."""

    @property
    def currency(self) -> Currency: ...
    @property
    def price_habit(self) -> Sequence[Band]: ...
