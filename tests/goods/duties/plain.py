# SPDX-License-Identifier: Apache-2.0
"""The format read a second time, as plainly as can be, straight from the document: what the engine must be.

Nothing is prepared, kept or shortened here: every amount is a fraction of whole currency, every part of the
lines is worked out for every row. It takes only documents that are in order.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Any

Doc = dict[str, Any]


class Plain:
    def __init__(self, case: Doc) -> None:
        self.rules, self.shipment, self.day = case["rules"], case["shipment"], case["as_of"]
        self.unit = Fraction(1, 10 ** self.rules["decimals"])
        self.default = self.rules.get("rounding", {"mode": "half_up", "step": str(self.unit)})

    def in_force(self, row: Doc) -> bool:
        return bool(row["valid_from"] <= self.day <= row.get("valid_to", "9999-12-31"))

    def rate(self, currency: str | None) -> Fraction | None:
        if currency in (None, self.rules["currency"]):
            return Fraction(1)
        for row in self.rules.get("exchange", []):
            if row["from"] == currency and row["to"] == self.rules["currency"] and self.in_force(row):
                return Fraction(row["rate"])
        return None

    def round(self, value: Fraction, how: Doc) -> Fraction:
        step = Fraction(how["step"])
        steps = value / step
        down, rest = floor(steps), steps - floor(steps)
        half = Fraction(1, 2)
        up = {
            "down": False,
            "up": rest > 0,
            "half_up": rest >= half,
            "half_even": rest > half or (rest == half and down % 2 == 1),
        }[how["mode"]]
        return (down + up) * step

    def share(self, amount: Fraction, weights: list[Fraction]) -> list[Fraction]:
        if sum(weights) == 0:
            weights = [Fraction(1)] + [Fraction(0)] * (len(weights) - 1)
        wanted = [amount * weight / sum(weights) / self.unit for weight in weights]
        parts = [floor(one) for one in wanted]
        while sum(parts) < amount / self.unit:
            rest = [one - part for one, part in zip(wanted, parts, strict=True)]
            parts[rest.index(max(rest))] += 1
        return [part * self.unit for part in parts]

    def run(self) -> Doc:
        if not self.in_force(self.rules):
            return {"status": "refused", "code": "no_rules"}
        rows = [row for part in self.rules["components"] for row in part["rows"]]
        rows += self.rules.get("limits", [])
        needed = [self.shipment["currency"]]
        for row in rows:
            if self.in_force(row):
                needed += self.currencies(row.get("when", {})) + self.currencies(row.get("charge", {}))
        if any(self.rate(currency) is None for currency in needed):
            return {"status": "refused", "code": "no_rate"}
        self.values()
        for limit in self.rules.get("limits", []):
            if self.in_force(limit) and self.holds(limit.get("when", {})):
                return {"status": "refused", "code": limit["code"]}
        return self.charge_all()

    def currencies(self, tree: Any) -> list[str]:
        if isinstance(tree, list):
            return [one for part in tree for one in self.currencies(part)]
        if not isinstance(tree, dict):
            return []
        own = [tree["currency"]] if "currency" in tree else []
        return own + [one for part in tree.values() for one in self.currencies(part)]

    def values(self) -> None:
        sent = self.shipment
        rate = self.rate(sent["currency"])
        assert rate is not None

        def turned(amount: Fraction) -> Fraction:
            return (
                amount
                if sent["currency"] == self.rules["currency"]
                else self.round(amount * rate, self.default)
            )

        self.lines = sent["lines"]
        self.totals = [
            turned(line["quantity"] * Fraction(line["unit_value"]) - Fraction(line["discount"]))
            for line in self.lines
        ]
        freight = self.share(turned(Fraction(sent["freight"])), self.totals)
        insurance = self.share(turned(Fraction(sent["insurance"])), self.totals)
        none = [Fraction(0)] * len(self.lines)
        bears = sent.get("seller_bears", [])
        self.parts: dict[str, list[Fraction]] = {"freight": freight, "insurance": insurance}
        self.parts |= dict.fromkeys(("goods", "intrinsic", "fob"), self.totals)
        self.parts["freight.charged"] = none if "freight" in bears else freight
        self.parts["insurance.charged"] = none if "insurance" in bears else insurance
        self.parts["goods_freight"] = [a + b for a, b in zip(self.totals, freight, strict=True)]
        self.parts["cif"] = [a + b for a, b in zip(self.parts["goods_freight"], insurance, strict=True)]
        self.parts["customs_value"] = self.parts[self.rules["value_basis"]]

    def measure(self, of: str) -> Fraction:
        if of == "units":
            return Fraction(sum(line["quantity"] for line in self.lines))
        if of == "codes":
            return Fraction(len({line["hs"][:6] for line in self.lines}))
        if of == "weight_kg":
            return sum((Fraction(line["net_weight_kg"]) for line in self.lines), Fraction(0))
        if of == "shipments":
            return Fraction(1)
        if of.startswith("quota."):
            name = of.removeprefix("quota.")
            counts = next(quota["counts"] for quota in self.rules["quotas"] if quota["name"] == name)
            used = self.shipment.get("buyer", {}).get("quota_used", {}).get(name, "0")
            return Fraction(used) + self.measure(counts)
        return sum(self.parts[of], Fraction(0))

    def holds(self, when: Doc) -> bool:
        for field in ("origin", "region", "channel", "incoterm", "scheme"):
            if field in when and self.shipment.get(field) not in when[field]:
                return False
        if "proof" in when and not set(when["proof"]) & set(self.shipment.get("proofs", [])):
            return False
        for one in when.get("measured", []):
            value, rate = self.measure(one["of"]), self.rate(one.get("currency"))
            assert rate is not None
            bounds = {
                key: Fraction(one[key]) * rate for key in ("over", "from", "up_to", "under") if key in one
            }
            if ("over" in bounds and not value > bounds["over"]) or (
                "from" in bounds and value < bounds["from"]
            ):
                return False
            if ("up_to" in bounds and value > bounds["up_to"]) or (
                "under" in bounds and not value < bounds["under"]
            ):
                return False
        return not ("not" in when and self.holds(when["not"]))

    def taken(self, row: Doc) -> list[int]:
        lines = row.get("lines", {})
        return [
            index
            for index, line in enumerate(self.lines)
            if ("hs" not in lines or any(line["hs"].startswith(one) for one in lines["hs"]))
            and not any(line["hs"].startswith(one) for one in lines.get("not_hs", []))
        ]

    def asks(self, charge: Doc, base: Fraction, lines: list[Doc]) -> Fraction:
        for how, of in (("sum", sum), ("max", max), ("min", min)):
            if how in charge:
                return Fraction(of([self.asks(part, base, lines) for part in charge[how]]))  # type: ignore[operator]
        if "rate" in charge:
            rate = Fraction(charge["rate"]) / Fraction(charge.get("divisor", "1"))
            return base * (rate / (1 - rate) if charge.get("inside") else rate)
        turn = self.rate(charge.get("currency"))
        assert turn is not None
        if "fixed" in charge:
            return Fraction(charge["fixed"]) * turn
        if "per_unit" in charge:
            return Fraction(charge["per_unit"]) * turn * sum(line["quantity"] for line in lines)
        if "per_kg" in charge:
            weight = sum((Fraction(line["net_weight_kg"]) for line in lines), Fraction(0))
            return Fraction(charge["per_kg"]) * turn * weight
        return Fraction(charge["per_code"]) * turn * len({line["hs"][:6] for line in lines})

    def has_rate(self, charge: Doc) -> bool:
        inner = charge.get("sum") or charge.get("max") or charge.get("min") or []
        return "rate" in charge or any(self.has_rate(part) for part in inner)

    def charge_all(self) -> Doc:
        self.trace: list[Doc] = []
        kinds = {"duty": Fraction(0), "excise": Fraction(0), "tax": Fraction(0), "fee": Fraction(0)}
        paid = {"checkout": Fraction(0), "door": Fraction(0), "seller": Fraction(0)}
        amounts: Doc = {}
        for name in ("goods", "freight", "insurance"):
            who = "seller" if name in self.shipment.get("seller_bears", []) else "checkout"
            paid[who] += sum(self.parts[name], Fraction(0))
        for part in self.rules["components"]:
            amount, who = self.component(part)
            if part["kind"] != "notional":
                amounts[part["name"]] = self.text(amount)
                kinds[part["kind"]] += amount
                paid[who] += amount
        quotas = {quota["name"]: quota["counts"] for quota in self.rules.get("quotas", [])}
        return {
            "status": "ok",
            "customs_value": self.text(self.measure("customs_value")),
            **{key: self.text(kinds[key]) for key in ("duty", "excise", "tax")},
            "fees": self.text(kinds["fee"]),
            "charged_at_checkout": self.text(paid["checkout"]),
            "due_at_door": self.text(paid["door"]),
            "paid_by_seller": self.text(paid["seller"]),
            "landed_total": self.text(sum(paid.values(), Fraction(0))),
            "components": amounts,
            "quota_after": {
                name: str(self.measure(f"quota.{name}"))
                if counts in ("units", "shipments")
                else self.text(self.measure(f"quota.{name}"))
                for name, counts in quotas.items()
            },
            "trace": self.trace,
        }

    def component(self, part: Doc) -> tuple[Fraction, str]:
        name, size = part["name"], len(self.lines)
        full, levied, bases = [Fraction(0)] * size, [Fraction(0)] * size, []
        collectors = set()
        for row in part["rows"]:
            taken = self.taken(row)
            if not (self.in_force(row) and taken and self.holds(row.get("when", {}))):
                continue
            base = sum((self.parts[one][i] for one in row.get("base", []) for i in taken), Fraction(0))
            for one in row.get("when", {}).get("measured", []):
                if one.get("part") == "excess":
                    base -= Fraction(one["over"]) * (self.rate(one.get("currency")) or 0)
            base = max(base, Fraction(0))
            if "base_rounding" in part:
                base = self.round(base, part["base_rounding"])
            bases.append(base if self.has_rate(row["charge"]) else None)
            charge = max(Fraction(0), self.asks(row["charge"], base, [self.lines[i] for i in taken]))
            weight = sum((self.totals[i] for i in taken), Fraction(0))
            for position, i in enumerate(taken):
                lies = self.totals[i] / weight if weight else Fraction(position == 0)
                full[i] += charge * lies
                levied[i] += charge * lies * Fraction(row.get("share", "1"))
            collectors.add(row.get("collected_by"))
        amount = self.round(sum(levied, Fraction(0)), part.get("rounding", self.default))
        seller = name in self.shipment.get("seller_bears", [])
        checkout = "seller" in collectors or self.shipment["incoterm"] == "DDP"
        who = "seller" if seller else "checkout" if checkout else "door"
        charged = who == "checkout" and part["kind"] != "notional"
        self.parts[name] = self.share(amount, levied)
        self.parts[f"{name}.full"] = full
        self.parts[f"{name}.charged"] = self.parts[name] if charged else [Fraction(0)] * size
        if bases:
            step = {"name": name, "amount": self.text(amount)}
            if bases[0] is not None and all(base == bases[0] for base in bases):
                whole = (bases[0] / self.unit).denominator == 1
                six = {"mode": "half_up", "step": "0.000001"}
                step["base"] = self.text(bases[0]) if whole else f"{float_free(self.round(bases[0], six), 6)}"
            self.trace.append(step)
        return amount, who

    def text(self, amount: Fraction) -> str:
        return float_free(amount, self.rules["decimals"])


def float_free(amount: Fraction, places: int) -> str:
    digits = str(int(amount * 10**places)).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits
