# SPDX-License-Identifier: Apache-2.0
"""Cases: a shipment, the rules it is judged by, and what must come out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast, get_args

from silkcast.goods.duties.errors import BrokenRules
from silkcast.goods.duties.rules.worth import places
from silkcast.goods.duties.values import Channel, Incoterm, Line, RuleSet, Shipment

from .document import Fault, load
from .rule_sets import read_rules
from .shape import Place

HS = re.compile(r"[0-9]{6,}\Z")
AMOUNTS = (
    "customs_value",
    "duty",
    "excise",
    "tax",
    "fees",
    "charged_at_checkout",
    "due_at_door",
    "paid_by_seller",
    "landed_total",
)


@dataclass(frozen=True, slots=True)
class Case:
    id: str
    market: str
    as_of: date
    shipment: Shipment
    rules: RuleSet
    expected: Mapping[str, Any]


def read_cases(text: str | bytes) -> Iterator[Case | tuple[str, BrokenRules]]:
    """Each case of a file, or its id and what is wrong with it. Raises if it is no file of cases at all."""
    keys = Place.of(load(text)).keys(("cases",), ("meta",))
    if "meta" in keys:
        keys["meta"].sound()
    read: dict[int, RuleSet] = {}
    seen: set[str] = set()
    for place in keys["cases"].items():
        value = place.value.of if isinstance(place.value, Fault) else place.value
        name = value.get("id") if isinstance(value, dict) else None
        shown = name if isinstance(name, str) else place.path
        try:
            case = _case(place, read)
            if case.id in seen:
                place.wrong(f"a second case {case.id!r}")
            seen.add(case.id)
        except BrokenRules as broken:
            yield shown, broken
        else:
            yield case


def _case(place: Place, read: dict[int, RuleSet]) -> Case:
    keys = place.keys(
        ("id", "title", "market", "as_of", "shipment", "rules", "expected"),
        ("steps", "confidence", "explain"),
    )
    keys["title"].words()
    for name in ("steps", "confidence", "explain"):
        if name in keys:
            keys[name].sound()
    market = keys["market"].country()
    # An anchor comes out as one object: read once, and one day of it is worked out once.
    rules = read.get(id(keys["rules"].value))
    if rules is None:
        rules = read[id(keys["rules"].value)] = read_rules(keys["rules"])
    shipment = read_shipment(keys["shipment"], rules)
    expected = _expected(keys["expected"], rules)
    return Case(keys["id"].text(), market, keys["as_of"].day(), shipment, rules, expected)


def read_shipment(place: Place, rules: RuleSet) -> Shipment:
    keys = place.keys(
        ("currency", "origin", "channel", "incoterm", "scheme", "lines", "freight", "insurance"),
        ("region", "proofs", "seller_bears", "buyer"),
    )
    currency = keys["currency"].currency()
    decimals = rules.decimals if currency == rules.currency else places(currency)
    lines = tuple(_line(one, decimals) for one in keys["lines"].items())
    if not lines:
        keys["lines"].wrong("a shipment has at least one line")
    return Shipment(
        currency=currency,
        origin=keys["origin"].country(),
        channel=cast(Channel, keys["channel"].one_of(get_args(Channel))),
        incoterm=cast(Incoterm, keys["incoterm"].one_of(get_args(Incoterm))),
        scheme=keys["scheme"].text(),
        lines=lines,
        freight=_whole(keys["freight"], decimals),
        insurance=_whole(keys["insurance"], decimals),
        region=keys["region"].text() if "region" in keys else None,
        proofs=frozenset(keys["proofs"].texts()) if "proofs" in keys else frozenset(),
        seller_bears=_bears(keys["seller_bears"], rules) if "seller_bears" in keys else frozenset(),
        quota_used=_quota_used(keys["buyer"], rules) if "buyer" in keys else {},
    )


def _line(place: Place, decimals: int) -> Line:
    keys = place.keys(("hs", "description", "quantity", "unit_value", "discount", "net_weight_kg"))
    line = Line(
        hs=keys["hs"].matching(HS, "a code of six or more digits"),
        description=keys["description"].words(),
        quantity=keys["quantity"].whole(1, 10**9),
        unit_value=_whole(keys["unit_value"], decimals),
        discount=_whole(keys["discount"], decimals),
        net_weight_kg=keys["net_weight_kg"].decimal(),
    )
    if line.discount and keys["discount"].exact() > line.quantity * keys["unit_value"].exact():
        keys["discount"].wrong("more than the line is worth")
    return line


def _whole(place: Place, decimals: int) -> Decimal:
    """An amount in whole minor units."""
    if (place.exact() * 10**decimals).denominator != 1:
        place.wrong(f"{place.value} is no whole number of minor units")
    return place.decimal()


def _bears(place: Place, rules: RuleSet) -> frozenset[str]:
    known = {"freight", "insurance", *(part.name for part in rules.components)}
    return frozenset(one.one_of(known) for one in place.items())


def _quota_used(place: Place, rules: RuleSet) -> Mapping[str, Decimal]:
    keys = place.keys((), ("quota_used",))
    if "quota_used" not in keys:
        return {}
    quotas = {quota.name: quota for quota in rules.quotas}
    used = keys["quota_used"].keys((), quotas)
    return {name: _whole(one, rules.decimals if quotas[name].is_money else 0) for name, one in used.items()}


def _expected(place: Place, rules: RuleSet) -> Mapping[str, Any]:
    """What is left out is not compared. A code speaks of a refusal, figures of a shipment that may go."""
    keys = place.keys((), ("status", "code", *AMOUNTS, "components", "quota_after", "trace"))
    if not keys:
        place.wrong("nothing is expected")
    status = "refused" if "code" in keys else "ok"
    if "status" in keys:
        status = keys["status"].one_of(("ok", "refused"))
    if status == "refused":
        place.keys((), ("status", "code"))
        if "code" in keys:
            keys["code"].text()
    else:
        _figures(place, keys, rules)
    return {"status": status, **cast(Mapping[str, Any], place.value)}


def _figures(place: Place, keys: Mapping[str, Place], rules: RuleSet) -> None:
    if "code" in keys:
        place.wrong("only a refusal has a code")
    for name in AMOUNTS:
        if name in keys:
            keys[name].decimal()
    for name in ("components", "quota_after"):
        if name in keys:
            known = [part.name for part in rules.components] + [quota.name for quota in rules.quotas]
            for one in keys[name].keys((), known).values():
                one.decimal()
    if "trace" in keys:
        for step in keys["trace"].items():
            parts = step.keys(("name",), ("amount", "base"))
            parts["name"].text()
            for name in parts.keys() - {"name"}:
                parts[name].decimal()
