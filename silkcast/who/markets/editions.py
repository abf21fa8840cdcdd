# SPDX-License-Identifier: Apache-2.0
"""Editions: what a market's file says from one day to another, as a `Market`. Anything unknown is a fault."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import get_args
from zoneinfo import ZoneInfo

from silkcast.ground.language import Language, Words
from silkcast.ground.money import Currency, Money, minor_units
from silkcast.ground.places import Country

from .names import TerritoryNames, is_language
from .tables import Table
from .values import (
    Calendar,
    CodRule,
    CustomsCodes,
    DataZone,
    Digits,
    Fact,
    Hours,
    LeastPrice,
    Mark,
    Market,
    MoneyKind,
    NameHabit,
    NameOrder,
    NoticeDuty,
    PriceBand,
    RecipientNumber,
    Region,
    ReturnRule,
    Scheme,
    TaxDisplay,
)

_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
_CHECK = re.compile(r"[a-z]{2}_?\.[a-z]+")


def market(code: Country, table: Table, unions: tuple[str, ...]) -> Market:
    """One edition, with what it shares already in it."""
    currency = _currency(table)
    languages = _languages(table)
    schemes = tuple(_scheme(one) for one in table.tables("schemes"))
    made = Market(
        code=code,
        names=_names(code, table),
        region=table.one_of("region", get_args(Region)),
        currency=currency,
        default_language=languages[0],
        languages=languages,
        digits=table.one_of("digits", get_args(Digits), "latn"),
        time_zone=_zone(table),
        phone_prefix=table.text("phone_prefix"),
        rank=table.whole("rank"),
        tax_display=table.one_of("tax_display", get_args(TaxDisplay)),
        tax=fact(table, "tax_fact"),
        price_habit=_habit(table, currency),
        payment_methods=table.texts("payment_methods"),
        cod=_cod(table.table("cod"), currency) if table.has("cod") else None,
        returns=_returns(table.table("returns")),
        schemes=schemes,
        scheme=table.one_of("scheme", ("none", *(one.code for one in schemes)), "none"),
        incoterm=table.one_of("incoterm", ("DDP", "DAP")),
        channel=table.one_of("channel", ("post", "express")),
        customs=_customs(table.table("customs")),
        calendar=_calendar(code, table.table("calendar")),
        people=_people(table),
        sizes=table.texts("sizes", ()),
        notices=tuple(_notice(one) for one in table.tables("notices")),
        data=_data(table.table("data")),
        recipient=tuple(_recipient(one, currency) for one in table.tables("recipient")),
        least_prices=tuple(_least(one, currency) for one in table.tables("least_prices")),
        valid_from=table.day("valid_from"),
        valid_to=table.day_or_none("valid_to"),
        unions=unions,
    )
    if (made.cod is not None) != ("cod" in made.payment_methods):
        words = "cash on delivery has a rule where it is a payment method, and nowhere else"
        raise table.fault(words, "payment_methods")
    table.done()
    return made


def fact(table: Table, key: str = "fact") -> Fact:
    """How sure a statement is; what is verified names its source."""
    told = table.table(key)
    found = Fact(
        mark=told.one_of("mark", get_args(Mark)),
        source=told.text("source", ""),
        as_of=told.day_or_none("as_of"),
        note=told.text("note", ""),
    )
    told.done()
    if found.mark == "verified" and not found.source:
        raise told.fault("what is verified names its source", "mark")
    return found


def _currency(table: Table) -> Currency:
    with table.reading("currency"):
        found = Currency(table.text("currency"))
        minor_units(found)
    return found


def _languages(table: Table) -> tuple[Language, ...]:
    found = table.texts("languages")
    if not found:
        raise table.fault("a market has at least one language", "languages")
    for tag in found:
        if _TAG.fullmatch(tag) is None or not is_language(tag):
            raise table.fault(f"unknown language tag {tag!r}", "languages")
    return tuple(Language(tag) for tag in found)


def _names(code: Country, table: Table) -> Words:
    own = table.mapping("names")
    for tag, text in own.items():
        if not is_language(tag) or not isinstance(text, str) or not text.strip():
            raise table.fault(f"{tag}: not a name in a language there is", "names")
    return Words(TerritoryNames(code, dict(own)))


def _zone(table: Table) -> str:
    name = table.text("time_zone")
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise table.fault(f"unknown time zone {name!r}", "time_zone") from None
    return name


def _habit(table: Table, currency: Currency) -> tuple[PriceBand, ...]:
    bands = []
    for one in table.tables("price_habit"):
        step, ending = one.money("step", currency), one.money("ending", currency)
        below = one.money("below", currency).amount if one.has("below") else None
        one.done()
        if step.amount <= 0 or not 0 <= ending.amount < step.amount:
            raise one.fault("a price habit has a step over zero and an ending below it", "ending")
        bands.append(PriceBand(step.amount, ending.amount, below))
    if not bands or bands[-1].below is not None:
        raise table.fault("the last price band has no end", "price_habit")
    return tuple(bands)


def _cod(table: Table, currency: Currency) -> CodRule:
    made = CodRule(table.money("fee", currency), table.money("most", currency), fact(table))
    table.done()
    return made


def _returns(table: Table) -> ReturnRule:
    kinds = table.texts("gives_back")
    if unknown := set(kinds) - set(get_args(MoneyKind)):
        raise table.fault(f"{min(unknown)!r} is no kind of money", "gives_back")
    made = ReturnRule(
        days=table.whole("days"),
        basis=table.one_of("basis", ("law", "shop")),
        law=table.text("law"),
        return_freight=table.one_of("return_freight", ("buyer", "seller")),
        gives_back=frozenset(kinds),  # type: ignore[arg-type]
        answer_days=table.whole("answer_days"),
        fact=fact(table),
    )
    table.done()
    return made


def _scheme(table: Table) -> Scheme:
    with table.reading("pattern"):
        pattern = table.text("pattern")
        re.compile(pattern)
    made = Scheme(table.text("code"), pattern, table.text("hint"), fact(table))
    table.done()
    return made


def _customs(table: Table) -> CustomsCodes:
    made = CustomsCodes(table.text("country"), table.text("currency"), fact(table))
    table.done()
    return made


def _hours(table: Table, key: str) -> Hours:
    return Hours(*table.clock(key))


def _calendar(code: Country, table: Table) -> Calendar:
    rest = table.wholes("rest_days")
    if set(rest) - set(range(1, 8)):
        raise table.fault("weekdays are 1 (Monday) to 7", "rest_days")
    ramadan = table.table("ramadan") if table.has("ramadan") else None
    made = Calendar(
        place=table.text("place", code),
        part=table.text("part", ""),
        rest_days=frozenset(rest),
        has_ramadan=ramadan is not None,
        peak=_hours(table, "peak"),
        delivery=_hours(table, "delivery"),
        quiet=_hours(table, "quiet"),
        ramadan_peak=_hours(ramadan, "peak") if ramadan else None,
        ramadan_delivery=_hours(ramadan, "delivery") if ramadan else None,
        fact=fact(table),
    )
    if ramadan is not None:
        ramadan.done()
    table.done()
    return made


def _people(table: Table) -> NameHabit:
    if not table.has("people"):
        return NameHabit()
    told = table.table("people")
    made = NameHabit(
        told.one_of("order", get_args(NameOrder), "given_first"),
        told.yes("may_be_single"),
        told.yes("has_po_boxes"),
    )
    told.done()
    return made


def _notice(table: Table) -> NoticeDuty:
    made = NoticeDuty(table.text("key"), table.day_or_none("since"), fact(table))
    table.done()
    return made


def _data(table: Table) -> DataZone:
    made = DataZone(table.text("zone"), table.yes("must_stay"), table.texts("laws", ()), fact(table))
    table.done()
    return made


def _recipient(table: Table, currency: Currency) -> RecipientNumber:
    with table.reading("pattern"):
        pattern = table.text("pattern", "")
        re.compile(pattern)
    check = table.text("check", "")
    if bool(check) == bool(pattern) or (check and _CHECK.fullmatch(check) is None):
        raise table.fault("a number has a check or a pattern", "check" if check else "pattern")
    asked = table.one_of("asked", ("always", "over_value", "by_customs"))
    over: Money | None = table.money("over", currency) if asked == "over_value" else None
    made = RecipientNumber(
        code=table.text("code"),
        asked=asked,
        over=over,
        check=check,
        pattern=pattern,
        hint=table.text("hint", ""),
        fact=fact(table),
    )
    table.done()
    return made


def _least(table: Table, currency: Currency) -> LeastPrice:
    hs = table.text("hs")
    if not re.fullmatch("([0-9]{2,10})?", hs):
        raise table.fault("the beginning of an HS code has 2 to 10 figures; empty: all goods", "hs")
    least: Money = table.money("least", Currency(table.text("currency", currency)))
    if least.amount <= Decimal(0):
        raise table.fault("a least price is over zero", "least")
    made = LeastPrice(hs, least, fact(table))
    table.done()
    return made
