# SPDX-License-Identifier: Apache-2.0
"""Cases made up by chance with every word of the format, and what the plain reading makes of them.

`python -m tests.goods.duties.chance 5000 1 > cases.yaml` writes a file of them for `silkcast duties check`.
"""

from __future__ import annotations

import random
import sys
from typing import Any

import yaml

from .plain import Plain

Doc = dict[str, Any]
VALUES = ["goods", "intrinsic", "fob", "goods_freight", "cif", "freight", "insurance", "customs_value"]
CODES = ["110011", "11001122", "220022", "221100", "330033", "0610101", "061010"]
BEGINNINGS = ["11", "110011", "22", "3", "0610", "061010", "11001122"]
MODES = ["half_up", "half_even", "up", "down"]
QUOTAS = {"year": "cif", "items": "units", "times": "shipments", "worth": "customs_value"}
COUNTED = ["units", "codes", "weight_kg", "quota.items", "quota.times"]
CURRENCIES = ["USD", "KWD", "JPY"]
PLACES = {"USD": 2, "KWD": 3, "JPY": 0}
DAYS = ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"]
TODAY = "2026-11-22"


class Chance:
    """One case after another from one seed."""

    def __init__(self, seed: int) -> None:
        self.by = random.Random(seed)

    def often(self, share: float) -> bool:
        return self.by.random() < share

    def amount(self, most: int, places: int) -> str:
        n = self.by.choice([0, 1, self.by.randint(0, most), self.by.randint(0, most)])
        return f"{n // 10**places}.{n % 10**places:0{places}d}" if places else str(n)

    def some(self, words: list[str], most: int = 2) -> list[str]:
        return self.by.sample(words, self.by.randint(1, min(most, len(words))))

    def dates(self, one: Doc) -> Doc:
        one["valid_from"] = "2026-01-01" if self.often(0.8) else self.by.choice(DAYS)
        if self.often(0.3):
            one["valid_to"] = max(one["valid_from"], self.by.choice(DAYS))
        return one

    def threshold(self, rated: bool) -> Doc:
        of = self.by.choice([*VALUES, *COUNTED, "quota.year", "quota.worth"])
        money = of not in COUNTED
        one: Doc = {"of": of}
        for edge in self.some(["over", "from", "up_to", "under"]):
            low = edge in ("over", "from")
            one[edge] = self.amount(9000 if low else 90_000, 2) if money else self.amount(4 if low else 9, 0)
        if money and self.often(0.3):
            one["currency"] = self.by.choice([*CURRENCIES, "QAR"])
        if rated and money and "over" in one and self.often(0.5):
            one["part"] = self.by.choice(["excess", "whole"])
        return one

    def when(self, rated: bool = False, deep: int = 2) -> Doc:
        words = {
            "origin": ["CN", "US"],
            "region": ["US-CA", "QA-DA"],
            "channel": ["post", "express", "cargo", "bonded"],
            "incoterm": ["DDP", "DAP"],
            "scheme": ["none", "IOSS"],
            "proof": ["A", "B"],
        }
        when: Doc = {key: self.some(of, 3) for key, of in words.items() if self.often(0.12)}
        if self.often(0.4):
            when["measured"] = [self.threshold(rated) for _ in range(self.by.randint(0, 2))]
        if deep and self.often(0.2):
            when["not"] = self.when(deep=deep - 1)
        return when

    def charge(self, deep: int = 2, signed: bool = False) -> Doc:
        how = self.by.choice(["rate", "rate", "fixed", "per_unit", "per_kg", "per_code", "sum", "max", "min"])
        if how in ("sum", "max", "min"):
            if not deep:
                return {"rate": "0.07"}
            parts = self.by.randint(1, 3)
            return {how: [self.charge(deep - 1, signed or how == "sum") for _ in range(parts)]}
        if how == "rate":
            one: Doc = {"rate": self.amount(500, 3)}
            if self.often(0.3):
                one["divisor"] = self.by.choice(["1.07", "3", "78"])
            if self.often(0.3):
                one["inside"] = self.often(0.8)
            return one
        minus = "-" if how == "fixed" and signed and self.often(0.6) else ""
        one = {how: minus + self.amount(3000 if how == "fixed" else 500, 2)}
        if self.often(0.3):
            one["currency"] = self.by.choice([*CURRENCIES, "QAR"])
        return one

    def row(self, kind: str, above: list[str], collector: str) -> Doc:
        charge = self.charge()
        rated = has_rate(charge)
        row: Doc = self.dates({"mark": self.by.choice(["verified", "knowledge", "example", "ours"])})
        row["charge"] = charge
        if self.often(0.5):
            row["when"] = self.when(rated)
        if self.often(0.4):
            row["share"] = self.amount(100, 2)
        if self.often(0.5):
            row["lines"] = {key: self.some(BEGINNINGS) for key in ("hs", "not_hs") if self.often(0.5)}
        if rated:
            known = [*VALUES, "freight.charged", "insurance.charged"]
            known += [name + end for name in above for end in ("", ".full", ".charged")] * 3
            row["base"] = [self.by.choice(known) for _ in range(self.by.randint(1, 3))]
        if kind != "notional":
            row["collected_by"] = collector
        return row

    def rounding(self, decimals: int) -> Doc:
        unit = 1 if not decimals else f"0.{'0' * (decimals - 1)}1"
        fine = [str(unit), f"0.{'0' * (decimals - 1)}5"] if decimals else ["1", "5"]
        return {"mode": self.by.choice(MODES), "step": self.by.choice([*fine, "1", "10", "100"])}

    def rules(self) -> Doc:
        decimals = self.by.choice([0, 2, 2, 3])
        components: list[Doc] = []
        for name in ["alpha", "beta", "gamma", "delta"][: self.by.randint(1, 4)]:
            kind = self.by.choice(["duty", "excise", "tax", "fee", "notional"])
            above = [part["name"] for part in components]
            collector = self.by.choice(["seller", "border"])
            rows = [self.row(kind, above, collector) for _ in range(self.by.randint(0, 3))]
            part: Doc = {"name": name, "kind": kind, "rows": rows}
            for key in ("rounding", "base_rounding"):
                if self.often(0.3):
                    part[key] = self.rounding(decimals)
            components.append(part)
        rules: Doc = self.dates({"name": "by chance"})
        rules |= {"currency": "QAR", "decimals": decimals, "components": components}
        rules["value_basis"] = self.by.choice(["cif", "fob", "intrinsic", "goods_freight"])
        rules["quotas"] = [{"name": name, "counts": counts} for name, counts in QUOTAS.items()]
        if self.often(0.4):
            rules["rounding"] = self.rounding(decimals)
        rules["exchange"] = self.exchange()
        if self.often(0.3):
            limits = [
                self.dates({"code": f"stop_{n}", "when": self.when(), "mark": "example"}) for n in range(2)
            ]
            rules["limits"] = limits
        return rules

    def exchange(self) -> list[Doc]:
        rows: list[Doc] = []
        for currency, rate in (("USD", "3.641"), ("KWD", "11.87"), ("JPY", "0.0237")):
            if self.often(0.03):
                rows.append(exchange("QAR", currency, rate, "2026-01-01"))
                continue
            rows.append(exchange(currency, "QAR", "2.5", "2026-01-01", "2026-11-21"))
            rows.append(exchange(currency, "QAR", rate, TODAY, TODAY))
            rows.append(exchange(currency, "QAR", "4.5", "2026-11-23"))
        return rows

    def shipment(self, rules: Doc) -> Doc:
        own = self.often(0.5)
        currency = "QAR" if own else self.by.choice(CURRENCIES)
        places = rules["decimals"] if own else PLACES[currency]
        names = [part["name"] for part in rules["components"]]
        shipment: Doc = {
            "currency": currency,
            "origin": self.by.choice(["CN", "US", "KR"]),
            "channel": self.by.choice(["post", "express", "cargo", "bonded"]),
            "incoterm": self.by.choice(["DDP", "DAP"]),
            "scheme": self.by.choice(["none", "IOSS"]),
            "lines": [self.line(places) for _ in range(self.by.randint(1, 5))],
            "freight": self.amount(3000, places),
            "insurance": self.amount(300, places),
        }
        if self.often(0.5):
            shipment["region"] = self.by.choice(["US-CA", "QA-DA"])
        if self.often(0.5):
            shipment["proofs"] = self.by.choice([[], ["A"], ["A", "C"]])
        if self.often(0.5):
            shipment["seller_bears"] = self.some([*names, "freight", "insurance"])
        if self.often(0.5):
            used = {"year": self.amount(900, rules["decimals"]), "items": "7", "times": "2"}
            shipment["buyer"] = {"quota_used": {key: of for key, of in used.items() if self.often(0.6)}}
        return shipment

    def line(self, places: int) -> Doc:
        worth = self.amount(9000, places) if self.often(0.9) else "0"
        quantity = self.by.randint(1, 4)
        discount = self.by.choice(["0", "0", worth])
        return {
            "hs": self.by.choice(CODES),
            "description": "goods",
            "quantity": quantity,
            "unit_value": worth,
            "discount": discount,
            "net_weight_kg": self.amount(2000, 3),
        }

    def case(self, id: str) -> Doc:
        rules = self.rules()
        case: Doc = {"id": id, "title": "by chance", "market": "QA", "as_of": TODAY}
        case |= {"shipment": self.shipment(rules), "rules": rules}
        return case | {"expected": Plain(case).run()}


def exchange(source: str, target: str, rate: str, first: str, last: str | None = None) -> Doc:
    row = {"from": source, "to": target, "rate": rate, "valid_from": first, "mark": "example"}
    return row | ({"valid_to": last} if last else {})


def has_rate(charge: Doc) -> bool:
    inner = charge.get("sum") or charge.get("max") or charge.get("min") or []
    return "rate" in charge or any(has_rate(part) for part in inner)


def cases(count: int, seed: int) -> list[Doc]:
    chance = Chance(seed)
    return [chance.case(f"C{number}") for number in range(count)]


if __name__ == "__main__":
    count, seed = (int(word) for word in sys.argv[1:3])
    yaml.dump({"cases": cases(count, seed)}, sys.stdout, Dumper=yaml.CSafeDumper, sort_keys=False)
