# SPDX-License-Identifier: Apache-2.0
"""Cases checked: what the rules give is compared with what must come out, as texts, key by key."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from .errors import BadShipment, BrokenRules, UnclearCollector
from .reader.cases import AMOUNTS, Case, read_cases
from .rules.assess import assess, decimal
from .rules.exact import rounded
from .values import Checked, Exact, LandedCost, Refused


def check_cases(text: str | bytes) -> Iterator[Checked]:
    """One outcome a case, in the file's order. Raises `BrokenRules` if it is no file of cases."""
    for case in read_cases(text):
        if isinstance(case, Case):
            yield _check(case)
        else:
            name, broken = case
            yield Checked(name, "broken", f"{name} broken: {broken}")


def _check(case: Case) -> Checked:
    try:
        got = outcome(assess(case.rules, case.shipment, case.as_of))
    except (UnclearCollector, BadShipment, BrokenRules) as refusal:
        return Checked(case.id, "broken", f"{case.id} broken: {refusal.code} {refusal.facts()}")
    differs = [key for key in case.expected if not _same(case.expected[key], got.get(key))]
    if not differs and got["status"] == case.expected["status"]:
        return Checked(case.id, "ok", f"{case.id} ok")
    if "status" in differs:
        differs = sorted({*differs, "status"} & {"status", "code"} | ({"code"} & got.keys()), reverse=True)
    expected = {key: case.expected.get(key) for key in differs}
    found = {key: got.get(key) for key in differs}
    line = f"{case.id} MISMATCH expected {short(expected)} got {short(found)}"
    return Checked(case.id, "mismatch", line)


def short(what: Mapping[str, Any]) -> str:
    return json.dumps(what, ensure_ascii=False, default=str)


def _same(expected: object, got: object) -> bool:
    """Keys that a case leaves out are not compared, at any depth; lists are, in length and order."""
    if isinstance(expected, dict):
        return isinstance(got, dict) and all(
            key in got and _same(value, got[key]) for key, value in expected.items()
        )
    if isinstance(expected, list):
        return (
            isinstance(got, list)
            and len(expected) == len(got)
            and all(_same(one, other) for one, other in zip(expected, got, strict=True))
        )
    return expected == got


def outcome(cost: LandedCost | Refused) -> dict[str, Any]:
    """What came out, in the words of the format."""
    if isinstance(cost, Refused):
        return {"status": "refused", "code": cost.code}
    result: dict[str, Any] = {"status": "ok"}
    result |= {name: f"{getattr(cost, name):f}" for name in AMOUNTS}
    result["components"] = {
        part.name: f"{part.amount:f}" for part in cost.components if part.kind != "notional"
    }
    result["quota_after"] = {name: f"{amount:f}" for name, amount in cost.quota_after.items()}
    result["trace"] = [
        {"name": part.name, "amount": f"{part.amount:f}"}
        | ({} if part.base is None else {"base": show_base(part.base, cost.decimals)})
        for part in cost.components
        if part.rows
    ]
    return result


def show_base(base: Exact, decimals: int) -> str:
    """`base` is in minor units. Six decimals, half up, if it is no whole number of them."""
    if base.denominator == 1:
        return _text(int(base), decimals)
    return _text(rounded(Fraction(base * 10**6, 10**decimals), "half_up", 1), 6)


def _text(units: int, decimals: int) -> str:
    return f"{decimal(units, decimals):f}"
