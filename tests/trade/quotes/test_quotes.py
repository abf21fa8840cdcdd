# SPDX-License-Identifier: Apache-2.0
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silkcast.goods.duties import service as duties
from silkcast.ground.ids import QuoteId, VariantId, new_uuid
from silkcast.ground.money import Money, total
from silkcast.ground.places import Country
from silkcast.ground.quantity import Weight
from silkcast.plumbing.db import Tx
from silkcast.trade.quotes import service as quotes
from silkcast.trade.quotes.errors import BadQuote, NoSuchQuote, NotSoldHere
from silkcast.trade.quotes.values import Offer, QuoteLine
from silkcast.who.markets import service as markets

DAY = date(2026, 11, 22)


def cup(market: str, price: str, *, units: int = 1, hs: str = "691110") -> QuoteLine:
    currency = markets.market(market, DAY).currency
    return QuoteLine(
        VariantId(new_uuid()),
        units,
        Money.of(price, currency),
        hs,
        Country("CN"),
        "porcelain cup",
        Weight(300),
    )


def offer(market: str, *lines: QuoteLine, freight: str = "5.00") -> Offer:
    found = markets.market(market, DAY)
    return quotes.work_out(
        market=found,
        lines=lines,
        freight=Money.of(freight, found.currency),
        rules=duties.rules_for(market, DAY),
        as_of=DAY,
    )


def test_france_pays_duty_for_each_kind_and_vat_at_checkout() -> None:
    made = offer("FR", cup("FR", "40.00"))

    by_kind = {line.kind: line.amount for line in made.lines}
    assert by_kind["goods"] == Money.of("40.00", "EUR")
    assert by_kind["duty"] == Money.of("3.00", "EUR")
    assert by_kind["tax"] == Money.of("9.60", "EUR")
    assert made.total == Money.of("57.60", "EUR")
    assert made.is_all_included


def test_every_levy_says_by_which_rule_since_when_and_how_sure() -> None:
    for line in offer("FR", cup("FR", "40.00")).lines:
        if line.kind in ("duty", "tax"):
            assert line.rule
            assert line.rate
            assert line.valid_from
            assert line.mark in ("verified", "knowledge")


def test_goods_without_a_known_rate_are_not_sold_there() -> None:
    with pytest.raises(NotSoldHere) as refusal:
        offer("FR", cup("FR", "40.00", hs="220300"))

    assert refusal.value.reason == "duty_rate_unknown"


def test_a_flat_rate_speaks_for_all_goods_inside_its_threshold_only() -> None:
    assert offer("FR", cup("FR", "150.00", hs="880211")).total == Money.of("189.60", "EUR")
    with pytest.raises(NotSoldHere) as refusal:
        offer("FR", cup("FR", "150.01", hs="880211"))

    assert refusal.value.reason == "duty_rate_unknown"


def test_prices_in_another_currency_are_refused() -> None:
    with pytest.raises(BadQuote):
        offer("FR", cup("US", "40.00"))


@given(
    market=st.sampled_from(["FR", "US", "SA", "SG"]),
    cents=st.lists(st.integers(100, 60_000), min_size=1, max_size=4),
    freight=st.integers(0, 5000),
)
def test_lines_always_add_up(market: str, cents: list[int], freight: int) -> None:
    currency = markets.market(market, DAY).currency
    lines = [cup(market, str(Money.from_minor(units, currency).amount)) for units in cents]
    try:
        made = offer(market, *lines, freight=str(Money.from_minor(freight, currency).amount))
    except NotSoldHere:
        return

    assert total((line.amount for line in made.lines), currency) == made.total + made.due_at_door
    assert {"goods", "freight", "duty", "tax"} <= {line.kind for line in made.lines}


async def test_a_kept_quote_reads_as_it_was_kept(tx: Tx) -> None:
    made = offer("SA", cup("SA", "199.00"))

    kept = await quotes.keep(tx, made, delivery="sandbox/express_line", until=tx.now + timedelta(minutes=15))

    assert await quotes.quote(tx, kept.id) == kept
    with pytest.raises(NoSuchQuote):
        await quotes.quote(tx, QuoteId(new_uuid()))
