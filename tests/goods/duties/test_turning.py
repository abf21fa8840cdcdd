# SPDX-License-Identifier: Apache-2.0
"""A law that measures in one currency, asked by a market that pays in another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from silkcast.goods.duties import service as duties
from silkcast.goods.duties.errors import BadShipment, NoExchangeRate, OverLimit
from silkcast.goods.duties.values import Exchange, LandedCost, Line, RuleSet, Shipment, Span

TODAY = date(2026, 11, 26)


def rate(source: str, target: str, worth: str) -> Exchange:
    return Exchange(source, target, Fraction(worth), Span(TODAY, TODAY), "example")


def cost(rules: RuleSet, value: str, scheme: str, freight: str = "0") -> LandedCost:
    line = Line("610910", "Cotton T-shirt", 1, Decimal(value), Decimal(0), Decimal("0.2"))
    parcel = Shipment(rules.currency, "CN", "post", "DDP", scheme, (line,), Decimal(freight), Decimal(0))
    return duties.landed_cost(rules, parcel, TODAY)


def turned(market: str, currency: str, decimals: int, *rates: Exchange) -> RuleSet:
    return duties.rules_in(duties.rules_for(market, TODAY), currency, decimals=decimals, exchange=rates)


def test_brazil_in_reais_keeps_its_dollar_thresholds() -> None:
    rules = turned("BR", "BRL", 2, rate("USD", "BRL", "5.40"))
    # 50 USD are 270.00 BRL: nothing; ICMS 270.00 x 0.17 / 0.83 = 55.30
    assert (
        str(cost(rules, "270.00", "REMESSA_CONFORME").duty),
        str(cost(rules, "270.00", "REMESSA_CONFORME").tax),
    ) == (
        "0.00",
        "55.30",
    )
    # one centavo more: 270.01 x 60 % - 30 USD = 162.006 - 162.00 = 0.006
    assert str(cost(rules, "270.01", "REMESSA_CONFORME").duty) == "0.01"
    # 540.00 x 60 % - 162.00 = 162.00; (540.00 + 162.00) x 0.17 / 0.83 = 143.78
    found = cost(rules, "540.00", "REMESSA_CONFORME")
    assert (found.currency, str(found.duty), str(found.tax)) == ("BRL", "162.00", "143.78")
    with pytest.raises(OverLimit):
        cost(rules, "16200.01", "REMESSA_CONFORME")


def test_indonesia_in_rupiah_and_sweden_in_kronor() -> None:
    rupiah = turned("ID", "IDR", 2, rate("USD", "IDR", "16000"))
    # 3 USD are 48,000 IDR
    assert str(cost(rupiah, "48000.00", "none").duty) == "0.00"
    assert str(cost(rupiah, "320000.00", "none").duty) == "80000.00"
    kronor = turned("SE", "SEK", 2, rate("EUR", "SEK", "11"))
    # 3 EUR are 33 SEK; (200 + 50 + 33) x 25 %
    found = cost(kronor, "200.00", "IOSS", "50.00")
    assert (str(found.duty), str(found.tax)) == ("33.00", "70.75")
    # 150 EUR are 1,650 SEK
    assert str(cost(kronor, "1650.00", "IOSS").duty) == "33.00"
    assert str(cost(kronor, "1650.01", "IOSS").duty) == "198.00"


def test_romania_pays_its_fee_in_lei() -> None:
    lei = turned("RO", "RON", 2, rate("EUR", "RON", "5"))
    assert str(cost(lei, "200.00", "IOSS").fees) == "25.00"
    assert duties.currencies_wanted(duties.rules_for("RO", TODAY), "EUR", TODAY) == {"RON"}


def test_what_is_wanted_is_told_and_what_is_lacking_refused() -> None:
    rules = duties.rules_for("BR", TODAY)
    assert duties.currencies_wanted(rules, "BRL", TODAY) == {"USD"}
    assert duties.currencies_wanted(rules, "USD", TODAY) == frozenset()
    assert duties.currencies_wanted(duties.rules_for("KR", TODAY), "KRW", TODAY) == {"USD"}
    with pytest.raises(NoExchangeRate) as refused:
        cost(turned("BR", "BRL", 2), "10.00", "none")
    assert refused.value.currency == "USD"
    assert duties.rules_in(rules, "USD", decimals=2) is rules


def test_steps_of_a_law_belong_to_its_currency() -> None:
    with pytest.raises(BadShipment):
        turned("JP", "EUR", 2, rate("JPY", "EUR", "0.006"))


def test_the_same_rates_give_the_same_rules_so_that_a_day_is_worked_out_once() -> None:
    one = turned("BR", "BRL", 2, rate("USD", "BRL", "5.40"))
    assert turned("BR", "BRL", 2, rate("USD", "BRL", "5.40")) is one
    assert turned("BR", "BRL", 2, rate("USD", "BRL", "5.41")) is not one


@pytest.mark.parametrize("market", ["CL", "PE", "CO", "AR", "MX", "ID", "RU", "DE"])
def test_at_par_the_figures_are_those_of_the_laws_own_currency(market: str) -> None:
    own = duties.rules_for(market, TODAY)
    line = Line("330499", "Face cream", 3, Decimal("61.37"), Decimal(0), Decimal("0.4"))
    for value in ("3.00", "61.37", "150.00"):
        parcel = Shipment(own.currency, "CN", "express", "DAP", "none", (line,), Decimal(value), Decimal(0))
        expected = duties.landed_cost(own, parcel, TODAY)
        there = turned(market, "SGD", 2, rate(own.currency, "SGD", "1"))
        found = duties.landed_cost(
            there, Shipment("SGD", "CN", "express", "DAP", "none", (line,), Decimal(value), Decimal(0)), TODAY
        )
        assert (found.duty, found.tax, found.landed_total) == (
            expected.duty,
            expected.tax,
            expected.landed_total,
        )
