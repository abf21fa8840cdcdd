# SPDX-License-Identifier: Apache-2.0
"""The rules kept for the markets: dated, sourced, and never a rate that is not known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from silkcast.goods.duties import service as duties
from silkcast.goods.duties.errors import (
    BrokenRules,
    NoExchangeRate,
    NoRateForGoods,
    NoRules,
    NoSuchRules,
    OverLimit,
)
from silkcast.goods.duties.packs import read_pack
from silkcast.goods.duties.values import LandedCost, Line, Shipment
from silkcast.plumbing import packs

TODAY = date(2026, 11, 22)
WAYS = {
    "FR": ("EUR", "post", "IOSS"),
    "US": ("USD", "express", "none"),
    "SA": ("SAR", "express", "none"),
    "SG": ("SGD", "post", "SG_OVR"),
}


def parcel(market: str, *goods: tuple[str, str], freight: str = "6.00", **other: object) -> Shipment:
    currency, channel, scheme = WAYS[market]
    lines = tuple(Line(hs, "goods", 1, Decimal(value), Decimal(0), Decimal("0.5")) for hs, value in goods)
    facts = {"channel": channel, "scheme": scheme, "incoterm": "DDP", "origin": "CN"} | other
    return Shipment(
        currency=currency,
        lines=lines,
        freight=Decimal(freight),
        insurance=Decimal(0),
        **facts,  # type: ignore[arg-type]
    )


def cost(market: str, shipment: Shipment, on: date = TODAY) -> LandedCost:
    return duties.landed_cost(duties.rules_for(market, on), shipment, on)


def figures(found: LandedCost) -> tuple[str, str, str, str]:
    return str(found.duty), str(found.tax), str(found.fees), str(found.charged_at_checkout)


@pytest.mark.parametrize(
    ("market", "goods", "expected"),
    [
        # two kinds x 3.00; (19.90 + 30.00 + 6.00 + 6.00) x 20 %
        ("FR", (("691110", "19.90"), ("940521", "30.00")), ("6.00", "12.38", "0.00", "74.28")),
        # above 150: 206.00 x 12 % = 24.72; 230.72 x 20 %
        ("FR", (("691110", "200.00"),), ("24.72", "46.14", "0.00", "276.86")),
        # 50.00 x (16.5 + 7.5 + 12.5) %; 2.77
        ("US", (("61091000", "50.00"),), ("18.25", "0.00", "2.77", "77.02")),
        ("SA", (("691110", "993.99"),), ("0.00", "150.00", "0.00", "1149.99")),
        # from 1,000 on, freight counted: 1000.00 x 12 %; 1120.00 x 15 %
        ("SA", (("691110", "994.00"),), ("120.00", "168.00", "0.00", "1288.00")),
        ("SG", (("691110", "44.00"),), ("0.00", "4.50", "0.00", "54.50")),
    ],
)
def test_what_a_parcel_costs(
    market: str, goods: tuple[tuple[str, str], ...], expected: tuple[str, ...]
) -> None:
    assert figures(cost(market, parcel(market, *goods))) == expected


def test_a_change_of_law_gives_two_answers() -> None:
    shirt = parcel("FR", ("610910", "40.00"))
    assert cost("FR", shirt, date(2026, 6, 30)).duty == 0
    assert str(cost("FR", shirt, date(2026, 6, 30)).fees) == "2.00"
    assert str(cost("FR", shirt, date(2026, 7, 1)).duty) == "3.00"
    assert str(cost("FR", shirt, date(2028, 7, 1)).duty) == "5.52"


@pytest.mark.parametrize(
    ("market", "hs"), [("FR", "220300"), ("US", "340600"), ("SA", "220300"), ("SG", "240220")]
)
def test_goods_without_a_known_rate_are_refused_not_charged_nothing(market: str, hs: str) -> None:
    with pytest.raises(NoRateForGoods) as refused:
        cost(market, parcel(market, ("950300", "10.00"), (hs, "10.00")))
    assert refused.value.hs == hs
    assert refused.value.code == "duties.no_rate_for_goods"


@pytest.mark.parametrize("market", sorted(WAYS))
def test_every_row_can_say_where_it_comes_from(market: str) -> None:
    rules = duties.rules_for(market, TODAY)
    for entry in duties.explain(rules, cost(market, parcel(market, ("691110", "20.00")))):
        assert entry.rule in duties.rule_words()
        assert entry.mark in ("verified", "knowledge")
        assert entry.valid_from <= TODAY
        assert entry.mark != "verified" or entry.sources
        assert entry.formula


def test_the_formula_shows_how_the_figure_came_about() -> None:
    rules = duties.rules_for("FR", TODAY)
    duty, vat = duties.explain(rules, cost("FR", parcel("FR", ("691110", "19.90"))))
    assert (duty.rate, duty.formula) == ("3.00 / HS6", "1 × 3.00 = 3.00")
    assert (vat.rate, vat.formula) == ("20 %", "28.90 × 20 % = 5.78")


def test_refusals_of_the_law_carry_its_code() -> None:
    with pytest.raises(OverLimit) as refused:
        cost("US", parcel("US", ("691110", "20.00"), origin="VN"))
    assert refused.value.limit == "origin_not_covered"
    with pytest.raises(NoExchangeRate):
        duties.landed_cost(duties.rules_for("FR", TODAY), parcel("US", ("691110", "20.00")), TODAY)
    with pytest.raises(NoRules):
        duties.landed_cost(duties.rules_for("FR", TODAY), parcel("FR", ("691110", "1.00")), date(2020, 1, 1))


@pytest.mark.parametrize(
    ("market", "on"), [("QQ", TODAY), ("EU", TODAY), ("fr", TODAY), ("../x", TODAY), ("US", date(2020, 1, 1))]
)
def test_no_rules_where_none_are_kept(market: str, on: date) -> None:
    with pytest.raises(NoSuchRules):
        duties.rules_for(market, on)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("market: SA", "market: FR"),
        ("src: [S20]", "src: [S99]"),
        ("edition: HS 2022", "issue: HS 2022"),
        ("mark: knowledge", "mark: guess"),
        ("'4202', ", "'42.02', "),
    ],
)
def test_a_file_with_a_fault_is_refused_whole(old: str, new: str) -> None:
    text = packs.files("duties.yaml")["SA"].read_text()
    assert old in text
    with pytest.raises(BrokenRules):
        read_pack(text.replace(old, new), "SA")
