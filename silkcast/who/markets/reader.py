# SPDX-License-Identifier: Apache-2.0
"""Market files: TOML, one table `[[edition]]` for each span of days; unknown or missing keys are refused."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

from silkcast.ground.language import Language, Words
from silkcast.ground.money import BadMoney, Currency, Money, minor_units
from silkcast.ground.places import Country
from silkcast.plumbing import packs, tongues
from silkcast.plumbing.tongues import territory

from .errors import BrokenMarket
from .values import (
    CodRule,
    CustomsCodes,
    Digits,
    Fact,
    Market,
    MoneyKind,
    PriceBand,
    PromiseHabit,
    ReturnRule,
    Scheme,
    TaxDisplay,
)

FILE = "market.toml"


def read_all() -> tuple[Market, ...]:
    """All editions of all markets, in the order of their codes and days."""
    return _read(packs.folders(), tongues.folders())


@lru_cache(maxsize=8)
def _read(packs_in: tuple[Path, ...], tongues_in: tuple[Path, ...]) -> tuple[Market, ...]:
    return tuple(market for path in packs.files(FILE).values() for market in read_file(path))


def read_file(path: Path) -> tuple[Market, ...]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=_no_float)
        editions = tuple(_market(table) for table in _only(document, "edition")["edition"])
        _check(editions)
    except (KeyError, TypeError, ValueError, InvalidOperation, BadMoney, tomllib.TOMLDecodeError) as fault:
        reason = f"{fault} is missing" if isinstance(fault, KeyError) else str(fault)
        raise BrokenMarket(f"{path.parent.name}/{path.name}", reason) from None
    return tuple(sorted(editions, key=lambda market: market.valid_from))


def _no_float(text: str) -> Decimal:
    raise ValueError(f"amounts stand in quotes: {text}")


def _only(table: Mapping[str, Any], *known: str) -> Mapping[str, Any]:
    for key in table:
        if key not in known:
            raise ValueError(f"unknown key {key!r}")
    return table


def _word(value: str, known: tuple[str, ...]) -> Any:
    if value not in known:
        raise ValueError(f"{value!r} is none of {', '.join(known)}")
    return value


def _market(table: Mapping[str, Any]) -> Market:
    fields = dict(table)
    currency = Currency(fields.pop("currency"))
    minor_units(currency)
    cod = fields.pop("cod", None)
    ZoneInfo(fields["time_zone"])
    code = Country(fields.pop("code"))
    return Market(
        code=code,
        names=_names(code, fields.pop("names")),
        currency=currency,
        default_language=Language(fields.pop("default_language")),
        languages=tuple(Language(one) for one in fields.pop("languages")),
        digits=_word(fields.pop("digits"), get_args(Digits)),
        tax_display=_word(fields.pop("tax_display"), get_args(TaxDisplay)),
        price_habit=tuple(_band(one, currency) for one in fields.pop("price_habit")),
        payment_methods=tuple(fields.pop("payment_methods")),
        cod=None if cod is None else _cod(cod, currency),
        returns=_returns(fields.pop("returns")),
        schemes=tuple(_scheme(one) for one in fields.pop("schemes", ())),
        incoterm=_word(fields.pop("incoterm"), ("DDP", "DAP")),
        channel=_word(fields.pop("channel"), ("post", "express")),
        customs=_customs(fields.pop("customs")),
        promise=_promise(fields.pop("promise")),
        **fields,
    )


def _names(code: Country, given: Mapping[str, str]) -> Words:
    """The market's name where the file has it, else the country's by CLDR, in every language there is."""
    if not given.get("en"):
        raise ValueError("no name in English")
    named = {str(tag): territory(code, tag) for tag in tongues.known()}
    return Words({**{tag: name for tag, name in named.items() if name}, **given})


def _fact(table: Mapping[str, Any]) -> Fact:
    _word(table["mark"], ("verified", "knowledge", "ours"))
    return Fact(**table)


def _band(table: Mapping[str, Any], currency: Currency) -> PriceBand:
    amounts = {key: Money.of(value, currency).amount for key, value in table.items()}
    band = PriceBand(**amounts)
    if band.step <= 0 or not 0 <= band.ending < band.step:
        raise ValueError("a price habit has a step over zero and an ending below it")
    return band


def _cod(table: Mapping[str, Any], currency: Currency) -> CodRule:
    _only(table, "fee", "most", "fact")
    return CodRule(Money.of(table["fee"], currency), Money.of(table["most"], currency), _fact(table["fact"]))


def _returns(table: Mapping[str, Any]) -> ReturnRule:
    fields = dict(table)
    kinds = frozenset(_word(kind, get_args(MoneyKind)) for kind in fields.pop("gives_back"))
    _word(fields["basis"], ("law", "shop"))
    _word(fields["return_freight"], ("buyer", "seller"))
    return ReturnRule(gives_back=kinds, fact=_fact(fields.pop("fact")), **fields)


def _scheme(table: Mapping[str, Any]) -> Scheme:
    fields = dict(table)
    re.compile(fields["pattern"])
    return Scheme(fact=_fact(fields.pop("fact")), **fields)


def _customs(table: Mapping[str, Any]) -> CustomsCodes:
    fields = dict(table)
    return CustomsCodes(fact=_fact(fields.pop("fact")), **fields)


def _promise(table: Mapping[str, Any]) -> PromiseHabit:
    fields = dict(table)
    return PromiseHabit(rest_days=frozenset(fields.pop("rest_days")), **fields)


def _check(editions: tuple[Market, ...]) -> None:
    """What a type cannot say."""
    for one, other in combinations(editions, 2):
        if one.valid_from <= (other.valid_to or date.max) and other.valid_from <= (one.valid_to or date.max):
            raise ValueError("two editions hold on one day")
    for market in editions:
        if market.default_language not in market.languages:
            raise ValueError("the default language is not among the languages")
        if market.scheme != "none" and market.scheme not in {one.code for one in market.schemes}:
            raise ValueError(f"the scheme {market.scheme!r} is not described")
        if (market.cod is not None) != ("cod" in market.payment_methods):
            raise ValueError("cash on delivery has a rule where it is a payment method, and nowhere else")
        if not market.price_habit or market.price_habit[-1].below is not None:
            raise ValueError("the last price band has no end")
