# SPDX-License-Identifier: Apache-2.0
"""The engine against the plain reading of the format, on rule sets and shipments made up by chance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from silkcast.goods.duties.check import outcome
from silkcast.goods.duties.reader.cases import _case
from silkcast.goods.duties.reader.shape import Place
from silkcast.goods.duties.rules.assess import assess

from .plain import Plain

Doc = dict[str, Any]
HERE = Path(__file__).parent
OWN = [
    case
    for path in (HERE / "cases.yaml", *sorted((HERE / "markets").glob("*.yaml")))
    for case in yaml.safe_load(path.read_text())["cases"]
]
VALUES = ["goods", "intrinsic", "fob", "goods_freight", "cif", "freight", "insurance", "customs_value"]
CODES = ["110011", "11001122", "220022", "221100", "330033"]
MODES = ["half_up", "half_even", "up", "down"]
NAMES = ["alpha", "beta", "gamma"]


def got(case: Doc) -> Doc:
    read = _case(Place(case, "case"), {})
    return outcome(assess(read.rules, read.shipment, read.as_of))


@pytest.mark.parametrize("case", OWN, ids=lambda case: case["id"])
def test_the_plain_reading_agrees_on_our_own_cases(case: Doc) -> None:
    assert Plain(case).run() == got(case)


def amount(most: int, places: int) -> st.SearchStrategy[str]:
    return st.integers(0, most).map(
        lambda n: f"{n // 10**places}.{n % 10**places:0{places}d}" if places else str(n)
    )


def maybe(key: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Doc]:
    return st.one_of(st.just({}), values.map(lambda value: {key: value}))


def some(words: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(words), min_size=1, max_size=2, unique=True)


@st.composite
def thresholds(draw: st.DrawFn, in_row: bool) -> Doc:
    of = draw(st.sampled_from([*VALUES, "units", "codes", "weight_kg", "quota.year", "quota.count"]))
    money = of not in ("units", "codes", "weight_kg", "quota.count")
    most = 30_000 if money else 600
    keys = draw(
        st.lists(st.sampled_from(["over", "from", "up_to", "under"]), min_size=1, max_size=2, unique=True)
    )
    one: Doc = {"of": of} | {key: draw(amount(most, 2)) for key in keys}
    if money and draw(st.booleans()):
        one["currency"] = "USD"
    if in_row and money and "over" in keys and draw(st.booleans()):
        one["part"] = "excess"
    return one


@st.composite
def whens(draw: st.DrawFn, in_row: bool = False, deep: bool = True) -> Doc:
    when: Doc = {}
    when |= draw(maybe("origin", some(["CN", "US"])))
    when |= draw(maybe("incoterm", some(["DDP", "DAP"])))
    when |= draw(maybe("scheme", some(["none", "IOSS"])))
    when |= draw(maybe("proof", some(["A", "B"])))
    when |= draw(maybe("measured", st.lists(thresholds(in_row), max_size=2)))
    if deep:
        when |= draw(maybe("not", whens(deep=False)))
    return when


def simple(in_sum: bool) -> st.SearchStrategy[Doc]:
    coin = maybe("currency", st.just("USD"))
    fixed = amount(3000, 2).map(lambda text: {"fixed": f"-{text}" if in_sum else text})
    per = st.tuples(st.sampled_from(["per_unit", "per_kg", "per_code"]), amount(500, 2)).map(
        lambda one: dict([one])
    )
    rate = amount(500, 3).map(lambda text: {"rate": text})
    odd = st.tuples(rate, maybe("divisor", st.sampled_from(["1.07", "3"])), maybe("inside", st.booleans()))
    return st.one_of(
        rate,
        odd.map(lambda parts: parts[0] | parts[1] | parts[2]),
        st.tuples(st.one_of(fixed, per), coin).map(lambda parts: parts[0] | parts[1]),
    )


def charges() -> st.SearchStrategy[Doc]:
    inner = st.lists(simple(False), min_size=1, max_size=3)
    compound = st.tuples(st.sampled_from(["max", "min"]), inner).map(lambda one: dict([one]))
    summed = st.lists(st.one_of(simple(True), compound), min_size=1, max_size=3).map(lambda of: {"sum": of})
    return st.one_of(simple(False), compound, summed)


def has_rate(charge: Doc) -> bool:
    inner = charge.get("sum") or charge.get("max") or charge.get("min") or []
    return "rate" in charge or any(has_rate(part) for part in inner)


@st.composite
def rows(draw: st.DrawFn, kind: str, above: list[str], collector: str) -> Doc:
    charge = draw(charges())
    rated = has_rate(charge)
    row: Doc = {"valid_from": "2026-01-01", "charge": charge, "mark": "example"}
    row |= draw(maybe("valid_to", st.sampled_from(["2026-11-21", "2026-11-22"])))
    row |= draw(maybe("when", whens(in_row=rated)))
    row |= draw(maybe("share", amount(100, 2)))
    lines = draw(maybe("hs", some(["11", "110011", "22", "3"]))) | draw(maybe("not_hs", some(["1100", "33"])))
    if lines:
        row["lines"] = lines
    if rated:
        known = [*VALUES, "freight.charged", "insurance.charged"]
        known += [name + end for name in above for end in ("", ".full", ".charged")]
        row["base"] = draw(st.lists(st.sampled_from(known), min_size=1, max_size=3))
    if kind != "notional":
        row["collected_by"] = collector
    return row


@st.composite
def cases(draw: st.DrawFn) -> Doc:
    decimals = draw(st.sampled_from([0, 2, 3]))
    steps = [str(10**place) if place >= 0 else f"0.{'0' * (-place - 1)}1" for place in range(-decimals, 3)]
    rounding = st.fixed_dictionaries({"mode": st.sampled_from(MODES), "step": st.sampled_from(steps)})
    components: list[Doc] = []
    for name in NAMES[: draw(st.integers(1, 3))]:
        kind = draw(st.sampled_from(["duty", "excise", "tax", "fee", "notional"]))
        above = [part["name"] for part in components]
        collector = draw(st.sampled_from(["seller", "border"]))
        part = {"name": name, "kind": kind, "rows": draw(st.lists(rows(kind, above, collector), max_size=3))}
        components.append(part | draw(maybe("rounding", rounding)) | draw(maybe("base_rounding", rounding)))
    own = draw(st.booleans())
    places = decimals if own else 2
    lines = st.fixed_dictionaries(
        {
            "hs": st.sampled_from(CODES),
            "description": st.just("goods"),
            "quantity": st.integers(1, 4),
            "unit_value": amount(9000, places),
            "discount": st.just("0"),
            "net_weight_kg": amount(2000, 3),
        }
    )
    rules: Doc = {
        "name": "by chance",
        "valid_from": "2026-01-01",
        "currency": "QAR",
        "decimals": decimals,
        "value_basis": draw(st.sampled_from(["cif", "fob", "intrinsic", "goods_freight"])),
        "quotas": [{"name": "year", "counts": "cif"}, {"name": "count", "counts": "units"}],
        "components": components,
    }
    rules |= draw(maybe("rounding", rounding))
    usd = {"from": "USD", "to": "QAR", "rate": "3.641", "valid_from": "2026-01-01", "mark": "example"}
    rules["exchange"] = [usd] if draw(st.integers(0, 9)) else []
    limit = {"code": "stop", "valid_from": "2026-11-22", "mark": "example"}
    rules |= draw(maybe("limits", whens().map(lambda when: [limit | {"when": when | {"origin": ["US"]}}])))
    bears = [*NAMES[: len(components)], "freight", "insurance"]
    return {
        "id": "C",
        "title": "by chance",
        "market": "QA",
        "as_of": "2026-11-22",
        "rules": rules,
        "expected": {"status": "ok"},
        "shipment": {
            "currency": "QAR" if own else "USD",
            "origin": draw(st.sampled_from(["CN", "US"])),
            "channel": "post",
            "incoterm": draw(st.sampled_from(["DDP", "DAP"])),
            "scheme": draw(st.sampled_from(["none", "IOSS"])),
            "lines": draw(st.lists(lines, min_size=1, max_size=4)),
            "freight": draw(amount(3000, places)),
            "insurance": draw(amount(300, places)),
            "proofs": draw(st.sampled_from([[], ["A"]])),
            "seller_bears": draw(st.lists(st.sampled_from(bears), max_size=2, unique=True)),
            "buyer": {"quota_used": draw(maybe("count", st.just("7")))},
        },
    }


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(cases())
def test_the_engine_is_the_plain_reading_made_fast(case: Doc) -> None:
    assert got(case) == Plain(case).run()
