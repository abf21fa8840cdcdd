# SPDX-License-Identifier: Apache-2.0
"""What holds for the rules of every market: no rate unknown, none twice, a source for what was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from silkcast.goods.duties import packs
from silkcast.goods.duties import service as duties
from silkcast.goods.duties.errors import NoRateForGoods, NoSuchRules, NotShippable
from silkcast.goods.duties.values import Exchange, LandedCost, Line, RuleSet, Shipment, Span, When
from silkcast.who.markets import service as markets

TODAY = date(2026, 11, 26)
MARKETS = duties.markets()
OPEN = tuple(market for market in MARKETS if market != "TR")
LAYERED = {"US": 4, "TR": 2}
"""Where rates of several laws are added on one kind of goods: how many there may be."""
FACTS = "AE AR AU BR CA CL CN CO GB ID IN JP KE KR MX MY NG NZ PE PH RU SA SG TH TR US VN ZA".split()
UNION = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()


def asked(market: str, on: date = TODAY) -> RuleSet:
    """The rules of the day, every foreign currency worth one of theirs."""
    rules = duties.rules_for(market, on)
    exchange = tuple(
        Exchange(code, rules.currency, Fraction(1), Span(on), "example")
        for code in sorted(duties.currencies_wanted(rules, rules.currency, on))
    )
    return duties.rules_in(rules, rules.currency, decimals=rules.decimals, exchange=exchange)


def channel(rules: RuleSet) -> str:
    refused = {
        word
        for limit in rules.limits
        if limit.code == "channel_not_covered"
        for field, words in limit.when.words
        if field == "channel"
        for word in words
    }
    wanted = {
        word
        for limit in rules.limits
        if limit.code == "channel_not_covered" and limit.when.not_all
        for field, words in limit.when.not_all.words
        if field == "channel"
        for word in words
    }
    return next(iter(wanted)) if wanted else next(way for way in ("express", "post") if way not in refused)


def parcel(rules: RuleSet, *goods: tuple[str, Decimal], origin: str = "CN", scheme: str = "none") -> Shipment:
    return Shipment(
        currency=rules.currency,
        origin=origin,
        channel=channel(rules),  # type: ignore[arg-type]
        incoterm="DAP",
        scheme=scheme,
        lines=tuple(Line(hs, "goods", 1, value, Decimal(0), Decimal("0.5")) for hs, value in goods),
        freight=Decimal(0),
        insurance=Decimal(0),
    )


def ask(rules: RuleSet, hs: str, value: str) -> LandedCost:
    return duties.landed_cost(rules, parcel(rules, (hs, Decimal(value))), TODAY)


def test_markets_of_the_facts_and_each_state_of_the_union() -> None:
    assert set(MARKETS) == {*FACTS, *UNION, "HK"}
    assert len(UNION) == 27


@pytest.mark.parametrize("market", MARKETS)
def test_what_is_verified_has_a_source_and_nothing_is_an_example(market: str) -> None:
    for rules in packs.rule_sets(market):
        for part in rules.components:
            for row in part.rows:
                assert row.name
                assert row.mark in ("verified", "knowledge")
                assert row.mark != "verified" or row.src, row.name
        for limit in rules.limits:
            assert limit.mark != "verified" or limit.src, limit.code
        assert all(rules.sources[key] for part in rules.components for row in part.rows for key in row.src)


def bounds(when: When) -> Iterator[Fraction]:
    for threshold in when.measured:
        if threshold.of != "weight_kg" and not threshold.of.startswith("quota.year"):
            yield from (Fraction(bound.amount) for bound in threshold.bounds)
    if when.not_all is not None:
        yield from bounds(when.not_all)


@pytest.mark.parametrize("market", OPEN)
def test_no_goods_bear_two_rates_of_one_duty(market: str) -> None:
    """On every line the law draws and just above it, for each code that a row names."""
    rules = asked(market)
    rows = [row for part in rules.components if part.kind == "duty" for row in part.rows]
    codes = {code for row in rows for code in (*(row.hs or ()), *row.not_hs)} | {"610910", "999999"}
    unit = Fraction(1, 10**rules.decimals)
    lines = {unit} | {edge + more for row in rows for edge in bounds(row.when) for more in (0, unit)}
    for hs in sorted(code.ljust(6, "0") for code in codes):
        for value in sorted(lines):
            amount = Decimal(value.numerator) / Decimal(value.denominator)
            try:
                found = duties.landed_cost(rules, parcel(rules, (hs, amount)), TODAY)
            except NotShippable:
                continue
            for part in found.components:
                if part.kind == "duty":
                    assert 1 <= len(part.rows) <= LAYERED.get(market, 1), (hs, amount)


SAMPLES = ("610910", "640411", "330499", "950300", "851713", "420292", "210690", "711719")
UNKNOWN = {
    "GB": "210690",
    "CA": "210690",
    "JP": "210690 711719",
    "US": "640411",
    "TH": "640411 330499 950300 851713 420292 210690 711719",
    "PH": "330499 950300 420292 210690 711719",
    "NG": "610910 640411 330499 950300 851713 420292 210690 711719",
    "MY": "610910 640411 330499 950300 851713 420292 210690 711719",
} | dict.fromkeys(UNION, "210690")
"""Of the goods of the facts file, those whose duty above every threshold is not known in full."""
LARGE = {"CN": "4000", "VN": "9000000", "KR": "900000", "JP": "250000", "PH": "20000"}


@pytest.mark.parametrize("market", OPEN)
def test_the_goods_of_the_facts_have_a_rate_or_are_refused(market: str) -> None:
    rules = asked(market)
    unknown = UNKNOWN.get(market, "").split()
    for hs in SAMPLES:
        code = "21069098" if (market, hs) == ("US", "210690") else hs
        if hs in unknown:
            with pytest.raises(NotShippable) as refused:
                ask(rules, code, LARGE.get(market, "1200"))
            assert getattr(refused.value, "limit", "duty_rate_unknown") == "duty_rate_unknown", hs
        else:
            assert ask(rules, code, LARGE.get(market, "1200")).duty >= 0, hs


@pytest.mark.parametrize("market", OPEN)
@pytest.mark.parametrize("hs", ["220830", "240220"])
def test_alcohol_and_tobacco_are_refused_at_any_value(market: str, hs: str) -> None:
    rules = asked(market)
    for value in ("1", LARGE.get(market, "1200")):
        with pytest.raises(NotShippable) as refused:
            ask(rules, hs, value)
        over = getattr(refused.value, "limit", "")
        assert isinstance(refused.value, NoRateForGoods) or over == "duty_rate_unknown"


@pytest.mark.parametrize("market", UNION)
def test_inside_its_threshold_the_flat_duty_speaks_for_all_goods_above_it_only_for_known_ones(
    market: str,
) -> None:
    rules = asked(market)
    assert str(ask(rules, "871200", "150.00").duty) == "3.00"
    with pytest.raises(NoRateForGoods) as refused:
        ask(rules, "871200", "150.01")
    assert refused.value.hs == "871200"


def test_one_line_without_a_rate_refuses_the_whole_parcel() -> None:
    rules = asked("DE")
    known, unknown = ("610910", Decimal("100.00")), ("871200", Decimal("60.00"))
    with pytest.raises(NoRateForGoods):
        duties.landed_cost(rules, parcel(rules, known, unknown), TODAY)


def test_turkey_has_no_rules_since_the_relief_ended() -> None:
    with pytest.raises(NoSuchRules):
        duties.rules_for("TR", TODAY)


def schemes(when: When) -> set[str]:
    own = {word for field, words in when.words if field == "scheme" for word in words}
    return own | (schemes(when.not_all) if when.not_all else set())


@pytest.mark.parametrize("market", OPEN)
def test_a_market_ships_in_a_way_and_under_a_registration_that_its_rules_know(market: str) -> None:
    of = markets.market(market, TODAY)
    rules = asked(market)
    known = {word for part in rules.components for row in part.rows for word in schemes(row.when)}
    assert of.scheme in known | {"none"}
    parcel_there = replace(
        parcel(rules, ("610910", Decimal(1))), channel=of.channel, scheme=of.scheme, incoterm=of.incoterm
    )
    try:
        duties.landed_cost(rules, parcel_there, TODAY)
    except NoRateForGoods:
        assert market == "NG", "shirts are barred there in part"
    own = duties.currencies_wanted(duties.rules_for(market, TODAY), of.currency, TODAY)
    assert of.currency not in own
