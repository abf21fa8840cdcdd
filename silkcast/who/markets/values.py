# SPDX-License-Identifier: Apache-2.0
"""A market and its habits, as its file gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
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
Region = Literal["europe", "middle_east", "asia", "africa", "americas", "oceania"]
NameOrder = Literal["given_first", "family_first"]
Body = Literal["chest", "waist", "hip", "foot"]


@dataclass(frozen=True, slots=True)
class Fact:
    """How sure something is, and where it was read."""

    mark: Mark
    source: str = ""
    as_of: date | None = None
    note: str = ""
    """What the source leaves open, or how the law words it."""


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
class Hours:
    """A span of the day in the market's own time, from `begins` to before `ends`; it may pass midnight."""

    begins: time
    ends: time

    def holds(self, at: time) -> bool:
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days and hours. Public holidays are those of `place` (and its `part`) in the package `holidays`; an
    empty place has none. In Ramadan the hours of the evening count instead of the usual ones."""

    place: str
    part: str
    rest_days: frozenset[int]
    """Weekdays without delivery; Monday is 1."""
    has_ramadan: bool
    peak: Hours
    delivery: Hours
    quiet: Hours
    """No message is sent then."""
    ramadan_peak: Hours | None
    ramadan_delivery: Hours | None
    fact: Fact


@dataclass(frozen=True, slots=True)
class NameHabit:
    """How names and addresses are there, beyond what the address form itself says."""

    order: NameOrder = "given_first"
    may_be_single: bool = False
    """One name can be the whole name: nobody is asked for a second."""
    has_po_boxes: bool = False
    """A post office box may stand for the street."""


@dataclass(frozen=True, slots=True)
class NoticeDuty:
    """Something the law wants shown or done where buyers are served, by a key that pages have words for."""

    key: str
    since: date | None
    fact: Fact


@dataclass(frozen=True, slots=True)
class DataZone:
    """Where the buyers' personal data may lie, by the name of the zone, and the laws that say so."""

    zone: str
    must_stay: bool
    laws: tuple[str, ...]
    fact: Fact


Asked = Literal["always", "over_value", "by_customs"]


@dataclass(frozen=True, slots=True)
class RecipientNumber:
    """A number of the receiver that customs asks for. `check` names a module of python-stdnum; where there is
    none, `pattern` is a regular expression of the whole number."""

    code: str
    asked: Asked
    """`always`; `over_value` for goods worth more than `over`; `by_customs` of some parcels, nobody knows
    beforehand which: then the receiver may leave it out."""
    check: str
    pattern: str
    hint: str
    fact: Fact
    over: Money | None = None

    def is_needed(self, goods: Money) -> bool:
        """Whether nothing can be sent without it."""
        if self.asked == "over_value":
            assert self.over is not None, "the reader sees to it"
            return goods > self.over
        return self.asked == "always"


@dataclass(frozen=True, slots=True)
class LeastPrice:
    """A price that the law lets nobody go under, for goods whose HS code begins so, in its own money."""

    hs: str
    least: Money
    fact: Fact


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One size, and the body in centimetres that it is cut for: from, to."""

    size: str
    body: Mapping[Body, tuple[Decimal, Decimal]]


@dataclass(frozen=True, slots=True)
class SizeTable:
    """The sizes of one kind (`women`, `men`, `shoes`) in one system, the smallest first. A body that lies at
    most `tolerance` centimetres outside of a size still fits it."""

    system: str
    kind: str
    tolerance: Decimal
    rows: tuple[SizeRow, ...]
    fact: Fact


@dataclass(frozen=True, slots=True)
class SizeFit:
    """`fits` one size, lies `between` two of them (the smaller first), or there is `none`."""

    kind: Literal["fits", "between", "none"]
    sizes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Market:
    """One market on the days from `valid_from` to `valid_to`, both included."""

    code: Country
    names: Words
    """In any language: what the file does not say is CLDR's name of the territory."""
    region: Region
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
    calendar: Calendar
    people: NameHabit
    sizes: tuple[str, ...]
    """The systems its people know their sizes in, by the code of the pack that has the table."""
    notices: tuple[NoticeDuty, ...]
    data: DataZone
    recipient: tuple[RecipientNumber, ...]
    least_prices: tuple[LeastPrice, ...]
    tax: Fact
    """How its prices are shown, and by which law."""
    valid_from: date
    valid_to: date | None = None
    unions: tuple[str, ...] = ()
    """The packs it shares statements with, such as `EU`."""

    def owes(self, key: str, on: date) -> bool:
        """Whether the law there wants this shown or done on a day: one of the notices."""
        return any(one.key == key and (one.since is None or one.since <= on) for one in self.notices)

    @property
    def area(self) -> str:
        """Whose law it is where several countries share one: `EU`, else the country."""
        return self.unions[0] if self.unions else self.code

    def holds(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a country's address form, in the order the country writes it."""

    name: str
    is_required: bool
    choices: tuple[tuple[str, str], ...] = ()
    called: str = ""
    """What people there call it: `prefecture`, `emirate`, `zip`."""
