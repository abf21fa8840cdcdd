# SPDX-License-Identifier: Apache-2.0
"""A cart on both sides of a date of law, each price explained step by step in the reader's language."""

from __future__ import annotations

import re
from datetime import date

import msgspec
import pytest

from silkcast.faces.shop.step_words import SENTENCES, step_text
from silkcast.faces.shop.why import why_view
from silkcast.faces.visit import Visit
from silkcast.goods.duties import service as duties
from silkcast.goods.duties.explain import PER
from silkcast.ground.ids import VariantId, new_uuid
from silkcast.ground.language import Language
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.ground.price import PriceLine, Step
from silkcast.ground.quantity import Weight
from silkcast.trade.quotes import service as quotes
from silkcast.trade.quotes.values import Offer, QuoteLine
from silkcast.who.markets import service as markets

BEFORE, AFTER = date(2026, 6, 30), date(2026, 7, 1)


def visit(language: str = "en") -> Visit:
    return Visit(Language(language), "FR", "EUR", AFTER)


def offer(on: date) -> Offer:
    market = markets.market("FR", on)
    cup = QuoteLine(
        VariantId(new_uuid()), 2, Money.of("19.90", "EUR"), "691110", Country("CN"), "cup", Weight(300)
    )
    rules = duties.rules_for("FR", on)
    return quotes.work_out(market=market, lines=[cup], freight=Money.of("5.00", "EUR"), rules=rules, as_of=on)


def told(line: PriceLine, language: str = "en") -> list[str]:
    """As plain words: money keeps its figures together by spaces of another kind."""
    return [
        re.sub(r"[\u200e\u200f\u2066-\u2069]", "", sentence).replace("\xa0", " ").replace("\u202f", " ")
        for rule in why_view(line, visit(language), "/").rules
        for sentence in rule.sentences
    ]


def by_kind(made: Offer, kind: str) -> PriceLine:
    return next(line for line in made.lines if line.kind == kind)


def test_one_cart_on_both_sides_of_a_change_of_law_has_two_explained_prices() -> None:
    before, after = offer(BEFORE), offer(AFTER)

    assert by_kind(before, "duty").amount.is_zero
    assert told(by_kind(before, "duty")) == [
        "Holds where this is at most €150.00: value of the goods",
        "Worked out from customs value: €44.80",
        "0% of €44.80: €0.00",
    ]
    assert by_kind(after, "duty").amount == Money.of("3.00", "EUR")
    assert told(by_kind(after, "duty")) == [
        "Holds where this is at most €150.00: value of the goods",
        "€3.00 for each kind of goods: €3.00",
    ]
    old, new = why_view(by_kind(before, "duty"), visit(), "/").rules + (
        why_view(by_kind(after, "duty"), visit(), "/").rules
    )
    assert (old.rule, old.until, new.since) == ("relief up to 150 EUR", BEFORE, AFTER)
    assert new.source.startswith("Council Regulation (EU) 2026/382")
    assert new.mark == "Checked against its source."
    assert before.total < after.total


def test_a_kept_trace_comes_back_as_it_was() -> None:
    made = offer(AFTER)
    assert by_kind(made, "duty").steps
    assert msgspec.convert(msgspec.to_builtins(made), Offer) == made


def test_an_order_of_before_there_were_steps_can_still_be_read() -> None:
    kept = msgspec.to_builtins(by_kind(offer(AFTER), "duty"))
    del kept["steps"]
    line = msgspec.convert(kept, PriceLine)
    assert line.steps == ()
    assert why_view(line, visit(), "/").rules == ()


def test_every_code_of_a_step_has_a_sentence() -> None:
    codes = {"base", "rate", "inside", "fixed", "combined", "share", "excess", *PER.values()}
    codes |= {f"when.{edge}" for edge in ("over", "from", "up_to", "under")}
    codes |= {f"word.{field}" for field in ("origin", "region", "channel", "incoterm", "scheme", "proof")}
    assert set(SENTENCES) == codes


@pytest.mark.parametrize("language", ["en", "fr", "ar", "zh"])
def test_every_sentence_can_be_said(language: str) -> None:
    facts = {
        "of": "customs_value,duty.full",
        "base": "12.345678",
        "rate": "20 %",
        "amount": "2.47",
        "each": "3.00",
        "currency": "USD",
        "share": "70 %",
        "bound": "150.00",
        "measure": "quota.year",
        "words": "CN, US",
    }
    for code in SENTENCES:
        said = step_text(Step(code, facts), "EUR", visit(language))
        assert "%(" not in said
        assert said


def test_a_bound_of_a_count_is_no_money() -> None:
    said = step_text(Step("when.over", {"measure": "units", "bound": "1"}), "EUR", visit())
    assert said == "Holds where this is more than 1: number of pieces"
