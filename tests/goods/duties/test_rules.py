# SPDX-License-Identifier: Apache-2.0
"""What holds of every landed cost, whatever the shipment."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silkcast.goods.duties import service as duties
from silkcast.goods.duties.errors import BadShipment
from silkcast.goods.duties.rules.assess import assess
from silkcast.goods.duties.rules.day import on_day
from silkcast.goods.duties.rules.exact import rounded, shared, shared_exactly
from silkcast.goods.duties.rules.worth import Worth
from silkcast.goods.duties.values import LandedCost, Line, Mode, Shipment
from silkcast.ground.money import round_exact

TODAY = date(2026, 11, 22)
MARKETS = {"FR": "EUR", "US": "USD", "SA": "SAR", "SG": "SGD"}
CODES = ("691110", "940521", "95030000", "61091000", "420292")

cents = st.integers(0, 300_000).map(lambda units: Decimal(f"{units}e-2"))
lines = st.builds(
    Line,
    hs=st.sampled_from(CODES),
    description=st.just("goods"),
    quantity=st.integers(1, 5),
    unit_value=cents,
    discount=st.just(Decimal("0.00")),
    net_weight_kg=st.integers(1, 3000).map(lambda grams: Decimal(grams).scaleb(-3)),
)


@st.composite
def shipments(draw: st.DrawFn) -> tuple[str, Shipment]:
    market = draw(st.sampled_from(sorted(MARKETS)))
    return market, Shipment(
        currency=MARKETS[market],
        origin="CN",
        channel=draw(st.sampled_from(["post", "express"])),
        incoterm=draw(st.sampled_from(["DDP", "DAP"])),
        scheme=draw(st.sampled_from(["none", "IOSS", "SG_OVR"])),
        lines=tuple(draw(st.lists(lines, min_size=1, max_size=4))),
        freight=draw(cents),
        insurance=draw(cents),
        seller_bears=frozenset(draw(st.sets(st.sampled_from(["duty", "vat", "freight"])))),
    )


def cost(market: str, shipment: Shipment) -> LandedCost | None:
    found = assess(duties.rules_for(market, TODAY), shipment, TODAY)
    return found if isinstance(found, LandedCost) else None


@given(shipments())
def test_parts_sum_to_wholes(asked: tuple[str, Shipment]) -> None:
    found = cost(*asked)
    if found is None:
        return
    money = found.goods + found.freight + found.insurance
    assert found.landed_total == money + found.duty + found.excise + found.tax + found.fees
    assert found.landed_total == found.charged_at_checkout + found.due_at_door + found.paid_by_seller
    assert found.landed_total == money + sum(part.amount for part in found.components)
    amounts = [getattr(found, one.name) for one in fields(found)]
    assert all(amount >= 0 for amount in amounts if isinstance(amount, Decimal))
    assert not any(isinstance(amount, float) for amount in amounts)


@given(shipments(), cents)
def test_inside_a_band_dearer_goods_never_bear_less(asked: tuple[str, Shipment], more: Decimal) -> None:
    """The same rows apply to both: then duty and tax grow with the value."""
    market, shipment = asked
    line = shipment.lines[0]
    dearer = replace(shipment, lines=(replace(line, unit_value=line.unit_value + more), *shipment.lines[1:]))
    cheap, dear = cost(market, shipment), cost(market, dearer)
    if cheap is None or dear is None:
        return
    rows = [[row.row for part in found.components for row in part.rows] for found in (cheap, dear)]
    if rows[0] == rows[1]:
        # Freight goes over to the dearer line, whose rate may be lower: only one kind of goods is sure.
        if len({line.hs for line in shipment.lines}) == 1:
            assert cheap.duty <= dear.duty
            assert cheap.tax <= dear.tax
        assert cheap.landed_total <= dear.landed_total or len(shipment.lines) > 1


@given(shipments())
def test_who_pays_moves_money_and_never_changes_the_law_at_the_border(asked: tuple[str, Shipment]) -> None:
    market, shipment = asked
    found = cost(market, replace(shipment, scheme="none", incoterm="DAP", seller_bears=frozenset()))
    same = cost(market, replace(shipment, scheme="none", incoterm="DDP", seller_bears=frozenset()))
    if found is None or same is None:
        return
    assert found.landed_total == same.landed_total
    assert same.due_at_door == 0


@given(shipments())
def test_the_parts_of_each_amount_on_the_lines_sum_to_it(asked: tuple[str, Shipment]) -> None:
    market, shipment = asked
    rules = duties.rules_for(market, TODAY)
    worth = Worth(rules, shipment, on_day(rules, TODAY))
    for name in ("goods", "goods_freight", "cif", "freight", "insurance", "customs_value", "freight.charged"):
        assert sum(worth.parts(name)) == worth.totals[name]


@given(
    st.fractions(0, 10**9),
    st.sampled_from(["half_up", "half_even", "up", "down"]),
    st.sampled_from([1, 5, 10, 100, 1000]),
)
def test_rounding_is_that_of_money(value: Fraction, mode: Mode, step: int) -> None:
    assert rounded(value, mode, step) == round_exact(value, Fraction(step), mode)


@given(st.integers(0, 10**9), st.lists(st.fractions(0, 1000), min_size=1, max_size=8))
def test_shares_sum_to_the_amount_and_miss_their_part_by_less_than_a_unit(
    amount: int, weights: list[Fraction]
) -> None:
    parts = shared(amount, weights)
    assert sum(parts) == amount
    if whole := sum(weights):
        assert all(
            abs(part - amount * weight / whole) < 1 for part, weight in zip(parts, weights, strict=True)
        )
    assert sum(shared_exactly(amount, [int(weight) for weight in weights])) == amount


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"freight": Decimal("-1.00")}, "freight"),
        ({"insurance": Decimal("0.001")}, "insurance"),
        ({"lines": ()}, "lines"),
        ({"lines": (Line("691110", "cup", 0, Decimal(1), Decimal(0), Decimal(1)),)}, "quantity"),
        ({"lines": (Line("691110", "cup", 1, Decimal(1), Decimal(2), Decimal(1)),)}, "discount"),
    ],
)
def test_a_shipment_that_cannot_be_is_refused(change: dict[str, object], field: str) -> None:
    good = Line("691110", "cup", 1, Decimal(1), Decimal(0), Decimal(1))
    shipment = Shipment("EUR", "CN", "post", "DDP", "IOSS", (good,), Decimal(0), Decimal(0))
    with pytest.raises(BadShipment) as refused:
        duties.landed_cost(
            duties.rules_for("FR", TODAY),
            replace(shipment, **change),  # type: ignore[arg-type]
            TODAY,
        )
    assert refused.value.field == field
