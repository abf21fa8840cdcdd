# SPDX-License-Identifier: Apache-2.0
"""Markets as dated data: what is asked, how one is guessed, what every file of the house says."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silkcast.ground.money import Money, minor_units
from silkcast.money.rates import rules as rates
from silkcast.plumbing import packs, tongues
from silkcast.who.markets import atlas
from silkcast.who.markets import service as markets
from silkcast.who.markets.errors import NoSuchMarket
from silkcast.who.markets.reader import read_all

TODAY = date(2026, 11, 22)
UNION = (
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"  # the 27
).split()
OTHERS = ("AE AR AU BR CA CL CN CO GB HK ID IN JP KE KR MX MY NG NZ PE PH RU SA SG TH TR US VN ZA").split()
CODES = sorted(UNION + OTHERS)


def test_there_is_a_market_for_every_state_of_the_union_and_every_regime_of_the_facts() -> None:
    assert [market.code for market in markets.markets(TODAY)] == CODES
    assert markets.check() == len(CODES) == 56


def test_a_market_knows_its_money_and_its_habits() -> None:
    saudi = markets.market("SA", TODAY)
    assert (saudi.currency, saudi.default_language, saudi.digits) == ("SAR", "ar", "arab")
    assert saudi.cod is not None
    assert saudi.cod.fee == Money.of("15", "SAR")
    assert markets.market("FR", TODAY).price_habit[0].ending == Decimal("0.90")
    assert markets.market("FR", TODAY).returns.days == 14
    assert markets.market("US", TODAY).returns.basis == "shop"


def test_a_state_takes_what_its_union_says_and_has_its_own() -> None:
    france, hungary = markets.market("FR", TODAY), markets.market("HU", TODAY)
    assert france.returns == hungary.returns
    assert (france.currency, hungary.currency) == ("EUR", "HUF")
    assert hungary.people.order == "family_first"
    assert hungary.unions == ("EU",)
    for code in UNION:
        state = markets.market(code, TODAY)
        assert (state.data.zone, state.scheme, state.returns.days) == ("EU", "IOSS", 14)
        keys = {notice.key: notice for notice in state.notices}
        assert keys["withdrawal_function"].since == date(2026, 6, 19)
        assert keys["withdrawal_function"].fact.mark == "verified"
        assert {"responsible_person", "price_reference"} <= keys.keys()
    assert "EU" not in CODES, "a union is no market"


@pytest.mark.parametrize(
    ("code", "on"), [("CH", TODAY), ("FR", date(2025, 12, 31)), ("fr", TODAY), ("EU", TODAY)]
)
def test_no_market_before_its_first_day_or_where_nothing_is_sold(code: str, on: date) -> None:
    with pytest.raises(NoSuchMarket):
        markets.market(code, on)


@pytest.mark.parametrize(
    ("accept_language", "hint", "code"),
    [
        ("fr-CH,fr;q=0.9,en;q=0.8", None, "FR"),
        ("fr-CA,fr;q=0.9", None, "CA"),
        ("fr-BE", None, "BE"),
        ("ar", None, "SA"),
        ("ar-AE,ar;q=0.5", None, "AE"),
        ("zh-CN,zh;q=0.9", None, "CN"),
        ("zh", None, "CN"),
        ("zh-TW,zh;q=0.9", None, "HK"),
        ("zh-HK", None, "HK"),
        ("zh-Hant", None, "HK"),
        ("zh-SG", None, "SG"),
        ("en-SG,en;q=0.9", None, "SG"),
        ("en-GB,en;q=0.8", None, "GB"),
        ("en", None, "US"),
        ("de-DE,de", None, "DE"),
        ("de", None, "DE"),
        ("de-CH,de;q=0.9", None, "DE"),
        ("pt", None, "BR"),
        ("pt-PT", None, "PT"),
        ("es", None, "MX"),
        ("es-ES", None, "ES"),
        ("es-419,es;q=0.9", None, "MX"),
        ("ja", None, "JP"),
        ("sv", None, "SE"),
        ("en;q=0.1,fr;q=0.9", None, "FR"),
        ("en;q=0,ar", None, "SA"),
        ("xx-YY,qqq", None, "US"),
        ("", None, "US"),
        ("ar", "fr", "FR"),
        ("ar", "CH", "SA"),
    ],
)
def test_the_guess(accept_language: str, hint: str | None, code: str) -> None:
    assert markets.guess(accept_language, hint, on=TODAY).code == code


@given(st.text(max_size=300))
def test_a_guess_is_always_some_market_whatever_the_header_says(accept_language: str) -> None:
    assert markets.guess(accept_language, on=TODAY).code in CODES


def test_the_language_is_the_browsers_if_the_market_has_it() -> None:
    canada, hong_kong = markets.market("CA", TODAY), markets.market("HK", TODAY)
    assert markets.language("de,FR-ca;q=0.5", canada) == "fr"
    assert markets.language("de", canada) == "en"
    assert markets.language("zh-TW", hong_kong) == "zh-Hant"
    assert markets.language("zh-CN", hong_kong) == "zh-Hant", "another script is not read there"


def test_pages_are_in_a_language_they_are_written_in() -> None:
    spoken = set(tongues.spoken())
    assert all(markets.page_language(market) in spoken for market in markets.markets(TODAY))
    assert markets.page_language(markets.market("BE", TODAY)) == "fr", "the first of its own that there is"
    assert markets.page_language(markets.market("HU", TODAY)) == "en"


def test_every_market_has_a_name_in_every_language_asked_for() -> None:
    for market in read_all():
        for tag in (*tongues.known(), "zh-Hant", "pt-BR", "ja", "th", "sw"):
            assert market.names.text(tag).strip(), (market.code, tag)
        assert dict(market.names.by_language).keys() >= set(tongues.known())
    assert markets.market("DE", TODAY).names.text("ja") == "ドイツ"
    assert markets.market("HK", TODAY).names.text("zh-Hant") == "香港", "its file's own word counts first"


def test_a_place_is_named_in_its_own_language_by_its_file() -> None:
    """The chooser shows every market so: without this it would load dozens of locales for one word each."""
    for code in CODES:
        table = tomllib.loads(packs.files("market.toml")[code].read_text())
        assert markets.market(code, TODAY).default_language in table["edition"][-1]["names"]


def test_what_the_files_name_is_there() -> None:
    """Holidays of every place, every check of a number: asked of the libraries, which no start waits for."""
    assert atlas.strangers() == []
    for market in read_all():
        ZoneInfo(market.time_zone)


def test_what_is_called_verified_names_a_source_and_every_statement_of_law_has_a_mark() -> None:
    for market in read_all():
        facts = [market.tax, market.returns.fact, market.data.fact, market.calendar.fact, market.customs.fact]
        facts += [one.fact for kind in (market.notices, market.recipient, market.schemes) for one in kind]
        assert all(fact.source for fact in facts if fact.mark == "verified")


@pytest.mark.parametrize("code", CODES)
@given(cents=st.integers(1, 10_000_000))
def test_a_price_of_habit_can_be_paid_and_is_never_below_the_cost(code: str, cents: int) -> None:
    market = markets.market(code, TODAY)
    amount = Fraction(cents, 100)
    price = rates.habit_price(amount, market.currency, market.price_habit)
    assert Fraction(price.amount) >= amount
    assert -price.amount.as_tuple().exponent == minor_units(market.currency)  # type: ignore[operator]


def test_prices_end_as_they_end_there() -> None:
    ends = {
        code: str(rates.habit_price(Fraction(amount), of.currency, of.price_habit))
        for code, amount in (
            ("JP", 1230),
            ("KR", 12100),
            ("VN", 187000),
            ("CL", 8100),
            ("DE", 19),
            ("SE", 230),
        )
        for of in [markets.market(code, TODAY)]
    }
    assert ends == {
        "JP": "1280 JPY",
        "KR": "12900 KRW",
        "VN": "189000 VND",
        "CL": "8990 CLP",
        "DE": "19.90 EUR",
        "SE": "239.00 SEK",
    }
