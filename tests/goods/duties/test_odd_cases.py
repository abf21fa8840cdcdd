# SPDX-License-Identifier: Apache-2.0
"""Cases that are odd and yet of the format: none of them may be called broken, and none may fall over."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from silkcast.goods.duties import service as duties
from silkcast.goods.duties.errors import BrokenRules

ROW = {"valid_from": "2026-01-01", "collected_by": "border", "mark": "example"}


def case(**rules: Any) -> dict[str, Any]:
    """Goods of 3.00, freight of 0.50, in euros; nothing charged but what `rules` says."""
    line = {"hs": "691110", "description": "cup", "quantity": 1, "unit_value": "3.00", "discount": "0.00"}
    return {
        "id": "ODD",
        "title": "odd",
        "market": "DE",
        "as_of": "2026-11-22",
        "shipment": {
            "currency": "EUR",
            "origin": "CN",
            "channel": "post",
            "incoterm": "DAP",
            "scheme": "none",
            "lines": [line | {"net_weight_kg": "0.5"}],
            "freight": "0.50",
            "insurance": "0.00",
        },
        "rules": {
            "name": "odd",
            "valid_from": "2026-01-01",
            "currency": "EUR",
            "decimals": 2,
            "value_basis": "cif",
            "components": [],
        }
        | rules,
        "expected": {"status": "ok"},
    }


def tax(charge: dict[str, Any], base: list[str] | None = None, name: str = "tax") -> dict[str, Any]:
    row = ROW | {"charge": charge} | ({"base": base} if base else {})
    return {"name": name, "kind": "tax", "rows": [row]}


def line_of(one: dict[str, Any], **expected: Any) -> str:
    if expected:
        one["expected"] = expected
    return next(iter(duties.check(yaml.safe_dump({"cases": [one]})))).line


@pytest.mark.parametrize("depth", [1, 12, 13, 40, 90])
def test_charges_are_nested_at_will(depth: int) -> None:
    charge: dict[str, Any] = {"rate": "0.1"}
    for level in range(depth):
        charge = {("max", "min", "sum")[level % 3]: [charge]}
    assert line_of(case(components=[tax(charge, ["goods"])]), tax="0.30") == "ODD ok"


@pytest.mark.parametrize("depth", [1, 2, 60, 61, 180])
def test_nots_are_nested_at_will(depth: int) -> None:
    when: dict[str, Any] = {"origin": ["CN"], "measured": [{"of": "goods", "over": "1"}]}
    for _ in range(depth):
        when = {"not": when}
    part = tax({"fixed": "1.00"})
    part["rows"][0]["when"] = when
    assert line_of(case(components=[part]), tax="0.00" if depth % 2 else "1.00") == "ODD ok"


def nested(charge: dict[str, Any], depth: int) -> dict[str, Any]:
    for _ in range(depth):
        charge = {"sum": [charge]}
    return charge


def test_nesting_without_end_is_refused_and_does_not_fall_over() -> None:
    with pytest.raises(BrokenRules, match="nested too deep"):
        line_of(case(components=[tax(nested({"rate": "0.1"}, 99), ["goods"])]))


def test_nesting_by_anchors_is_refused_in_its_own_case() -> None:
    shallow = nested({"rate": "0.1"}, 90)
    deep = nested(shallow, 90)
    good, bad = case(components=[tax(shallow, ["goods"])]), case(components=[tax(deep, ["goods"])])
    text = yaml.safe_dump({"cases": [good, bad | {"id": "DEEP"}], "meta": [shallow, deep]}, sort_keys=True)
    first, second = duties.check(text)
    assert first.line == "ODD ok"
    assert second.line.startswith("DEEP broken: file.cases[1].rules.components[0].rows[0].charge.sum[0]")
    assert "nested too deep" in second.line


def test_numbers_may_have_many_digits() -> None:
    one = case(components=[tax({"rate": "0." + "3" * 300}, ["goods"])])
    one["shipment"]["lines"][0]["net_weight_kg"] = "1." + "0" * 60 + "1"
    assert line_of(one, tax="1.00") == "ODD ok"
    goods = "1" * 700
    one["shipment"]["lines"][0]["unit_value"] = goods
    assert line_of(one, customs_value=f"{goods}.50") == "ODD ok"


def test_amounts_of_more_digits_than_python_writes_are_told() -> None:
    parts = [tax({"rate": "9" * 900}, ["goods"] if not n else [f"t{n - 1}"], f"t{n}") for n in range(6)]
    assert line_of(case(components=parts), duty="0.00") == "ODD ok"
    line = line_of(case(components=parts), trace=[{"name": "t0"}])
    assert line.startswith("ODD MISMATCH expected")
    assert len(line) > 9 * 900


def test_a_discount_of_all_of_a_long_price_is_not_more_than_the_price() -> None:
    one = case()
    one["shipment"]["lines"][0] |= {"unit_value": "1" + "0" * 28 + ".44", "discount": "1" + "0" * 28 + ".44"}
    assert line_of(one, customs_value="0.50") == "ODD ok"
    one["shipment"]["lines"][0]["discount"] = "1" + "0" * 28 + ".45"
    assert "more than the line is worth" in line_of(one)


def rate(source: str, of: str) -> dict[str, Any]:
    return {"from": source, "to": "EUR", "rate": of, "valid_from": "2026-01-01", "mark": "example"}


@pytest.mark.parametrize("currency", ["HRK", "BGN", "CNH", "XTS"])
def test_a_currency_that_no_table_knows_needs_a_rate_like_any_other(currency: str) -> None:
    one = case()
    one["shipment"]["currency"] = currency
    assert line_of(one, status="refused", code="no_rate") == "ODD ok"
    one = case(exchange=[rate(currency, "0.1327")])
    one["shipment"]["currency"] = currency
    assert line_of(one, customs_value="0.47") == "ODD ok"


def test_what_is_left_out_of_expected_is_not_compared() -> None:
    one = case(components=[tax({"rate": "0.1"}, ["goods"])])
    assert line_of(one, tax="0.30") == "ODD ok"
    assert line_of(one, trace=[{"name": "tax"}]) == "ODD ok"
    assert line_of(one, trace=[{"name": "tax", "base": "3.00"}]) == "ODD ok"
    assert "MISMATCH" in line_of(one, tax="0.31")
    assert "MISMATCH" in line_of(one, trace=[{"name": "tax", "base": "3.01"}])
    assert "MISMATCH" in line_of(one, status="refused")
    assert "MISMATCH" in line_of(one, code="no_rules")
    one["as_of"] = "2025-12-31"
    assert line_of(one, status="refused") == "ODD ok"
    assert line_of(one, code="no_rules") == "ODD ok"
    assert "MISMATCH" in line_of(one, tax="0.30")
    assert "MISMATCH" in line_of(one, code="no_rate")


@pytest.mark.parametrize(
    "expected", [{}, {"status": "ok", "code": "x"}, {"code": "x", "tax": "0.30"}, {"trace": [{}]}]
)
def test_what_is_expected_must_be_something_and_one_thing(expected: dict[str, Any]) -> None:
    one = case()
    one["expected"] = expected
    assert line_of(one).startswith("ODD broken: file.cases[0].expected")
