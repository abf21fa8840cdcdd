# SPDX-License-Identifier: Apache-2.0
"""A market and its habits, as its file gives them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from silkcast.ground.language import Language, Words
from silkcast.ground.money import Currency, Money
from silkcast.ground.places import Country

Digits = Literal["latn", "arab", "thai"]
Mark = Literal["verified", "knowledge", "ours"]
MoneyKind = Literal["goods", "freight", "tax", "duty", "fee"]
TaxDisplay = Literal["included", "all_in"]
"""`included`: law wants prices with tax. `all_in`: it does not, and the house shows all the same."""


@dataclass(frozen=True, slots=True)
class Fact:
    """How sure something is, and where it was read."""

    mark: Mark
    source: str = ""
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class PriceBand:
    """Below `below`, prices are a multiple of `step` plus `ending`; the last band has no end."""

    step: Decimal
    ending: Decimal
    below: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ReturnRule:
    """`days` after delivery the buyer may ask. `gives_back`: the kinds of money that go back, exactly."""

    days: int
    basis: Literal["law", "shop"]
    law: str
    return_freight: Literal["buyer", "seller"]
    gives_back: frozenset[MoneyKind]
    answer_days: int
    """Days the seller has to answer; after them the clock accepts."""
    fact: Fact


@dataclass(frozen=True, slots=True)
class CodRule:
    """Cash on delivery: what it costs the buyer and up to which total it is taken."""

    fee: Money
    most: Money
    fact: Fact


@dataclass(frozen=True, slots=True)
class Scheme:
    """A seller's registration that counts in this market, such as IOSS."""

    code: str
    pattern: str
    """Regular expression of the whole number."""
    hint: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class CustomsCodes:
    """The market in the tables of China customs (JGS-20). Empty where the code is not known."""

    country: str
    currency: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class PromiseHabit:
    """How carriers count days there: weekdays without delivery (Monday is 1), the hour of handing over."""

    rest_days: frozenset[int]
    cut_off_hour: int


@dataclass(frozen=True, slots=True)
class Market:
    """One market on the days from `valid_from` to `valid_to`, both included."""

    code: Country
    names: Words
    currency: Currency
    default_language: Language
    languages: tuple[Language, ...]
    digits: Digits
    time_zone: str
    phone_prefix: str
    rank: int
    """Which market is guessed where nothing else tells: the smallest first."""
    tax_display: TaxDisplay
    price_habit: tuple[PriceBand, ...]
    payment_methods: tuple[str, ...]
    cod: CodRule | None
    returns: ReturnRule
    schemes: tuple[Scheme, ...]
    scheme: str
    """The registration the house sells under here, or `none`."""
    incoterm: Literal["DDP", "DAP"]
    channel: Literal["post", "express"]
    customs: CustomsCodes
    promise: PromiseHabit
    valid_from: date
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a country's address form, in the order the country writes it."""

    name: str
    is_required: bool
    choices: tuple[tuple[str, str], ...] = ()
