# SPDX-License-Identifier: Apache-2.0
"""Findings make a verdict; a person's ruling stands over it until its day, or until a change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from silkcast.goods.admission import rules
from silkcast.goods.admission import service as admission
from silkcast.goods.admission.errors import BadUntil
from silkcast.goods.admission.values import Decision, Goods, Ruling
from silkcast.ground.places import Country

from .build import goods

TODAY = date(2026, 11, 26)
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
SA, US, FR, VN, ID, DE, SE = (Country(code) for code in ("SA", "US", "FR", "VN", "ID", "DE", "SE"))


def standing(of: Goods, market: Country, on: date = TODAY) -> str:
    return admission.by_rows(of, market, on).standing


@pytest.mark.parametrize(
    ("of", "market", "expected", "row"),
    [
        (goods("Red wine"), SA, "barred", "alcohol"),
        (goods("Special drink", hs_code="220421"), SA, "barred", "alcohol"),
        (goods("Wine glass"), SA, "admitted", ""),
        (goods("Table lamp", has_battery=True), FR, "papers_needed", "lithium_batteries"),
        (goods("Cotton shirt", origin="CN"), US, "papers_needed", "cotton_traces"),
        (goods("Cotton shirt", origin="PT"), US, "admitted", ""),
        (goods("Sea chart with the nine-dash line"), VN, "barred", "nine_dash_line"),
        (goods("Swastika flag"), DE, "barred", "nazi_symbols"),
        (goods("Swastika flag"), SE, "admitted", ""),
        (goods("Tea cup"), SA, "admitted", ""),
        (goods("Tea cup"), Country("MC"), "admitted", ""),
    ],
)
def test_category_prefix_attribute_and_keyword(of: Goods, market: Country, expected: str, row: str) -> None:
    verdict = admission.by_rows(of, market, TODAY)

    assert verdict.standing == expected
    assert ([one.code for one in verdict.deciding] or [""])[0] == row
    for one in verdict.deciding:
        assert one.row.source
        assert one.row.reason
        assert one.evidence


def test_a_word_in_the_description_alone_warns() -> None:
    pan = admission.by_rows(goods("Iron pan", description="Sears steak, serves wine sauce."), SA, TODAY)
    assert pan.standing == "admitted"
    assert "alcohol" in {one.code for one in pan.findings if one.effect == "warn"}


def test_a_claim_counts_wherever_it_stands() -> None:
    cream = goods("Herbal balm", description="It cures arthritis.")
    assert "claims_to_cure" in {one.code for one in admission.by_rows(cream, FR, TODAY).deciding}


def test_a_row_counts_from_its_day_on() -> None:
    sauce = goods("Chilli sauce")
    before = admission.by_rows(sauce, ID, date(2026, 10, 16))
    after = admission.by_rows(sauce, ID, date(2026, 10, 17))
    assert "halal_food" not in {one.code for one in before.findings}
    assert "halal_food" in {one.code for one in after.findings}


def ruled(of: Goods, decision: Decision, rows: tuple[str, ...], **changes: object) -> Ruling:
    assert of.product is not None
    made = Ruling(
        of.product, SA, decision, rows, "papers seen", TODAY + timedelta(days=9), of.digest, None, NOW
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def judged(of: Goods, *rulings: Ruling, on: date = TODAY) -> str:
    found = admission.by_rows(of, SA, on).findings
    return rules.judge(SA, found, rulings, of.digest, on).standing


def test_a_ruling_admits_what_it_was_made_about_until_its_day() -> None:
    toy = goods("Wooden toy")
    ruling = ruled(toy, "admit", ("conformity_of_products",))
    assert judged(toy) == "papers_needed"
    assert judged(toy, ruling) == "admitted"
    assert judged(toy, ruling, on=ruling.until) == "admitted"
    assert judged(toy, ruling, on=ruling.until + timedelta(days=1)) == "papers_needed"
    assert judged(toy, replace(ruling, rows=("pork",))) == "papers_needed", "what is found later stands"


def test_a_change_outdates_an_admission_and_lifts_no_bar() -> None:
    cup = goods("Tea cup")
    toy = goods("Wooden toy")
    changed = replace(toy, hs_code="950300")
    assert judged(changed, ruled(toy, "admit", ("conformity_of_products",))) == "papers_needed"
    assert judged(replace(cup, hs_code="691190"), ruled(cup, "bar", ())) == "barred"


def test_the_newest_ruling_counts() -> None:
    cup = goods("Tea cup")
    bar = ruled(cup, "bar", ())
    later = ruled(cup, "admit", (), at=NOW + timedelta(hours=1))
    assert judged(cup, bar) == "barred"
    assert judged(cup, bar, later) == judged(cup, later, bar) == "admitted"


@pytest.mark.parametrize("days", [-1, rules.MOST_DAYS + 1])
def test_a_ruling_ends_on_a_day_to_come(days: int) -> None:
    with pytest.raises(BadUntil):
        rules.check_until(TODAY + timedelta(days=days), TODAY)
    rules.check_until(TODAY, TODAY)
