# SPDX-License-Identifier: Apache-2.0
"""Landed cost: shipments of three lines judged in a second on one core, beside plain decimal arithmetic.

`python -m bench.landed_cost` prints a table. The floor is the same formula for France written out by hand
with `Decimal`, with no rules read: what any engine that uses Python's numbers cannot go below.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from bench.row import Floor, Row
from silkcast.goods.duties import service as duties
from silkcast.goods.duties.values import Line, Shipment

TODAY = date(2026, 11, 22)
WAYS = {
    "FR": ("EUR", "post", "IOSS"),
    "US": ("USD", "express", "none"),
    "SA": ("SAR", "express", "none"),
    "SG": ("SGD", "post", "SG_OVR"),
}
CENT = Decimal("0.01")


def basket(market: str) -> Shipment:
    currency, channel, scheme = WAYS[market]
    zero = Decimal(0)
    lines = (
        Line("691110", "cup", 2, Decimal("19.90"), zero, Decimal("0.8")),
        Line("950300", "toy", 1, Decimal("10.00"), zero, Decimal("0.4")),
        Line("420292", "bag", 1, Decimal("30.00"), zero, Decimal("0.5")),
    )
    return Shipment(
        currency=currency,
        origin="CN",
        channel=channel,  # type: ignore[arg-type]
        incoterm="DDP",
        scheme=scheme,
        lines=lines,
        freight=Decimal("6.00"),
        insurance=zero,
    )


def by_hand(shipment: Shipment) -> Decimal:
    """France up to 150 EUR: three euro a code, then 20 percent on all of it."""
    goods = sum((line.quantity * line.unit_value - line.discount for line in shipment.lines), Decimal(0))
    duty = 3 * len({line.hs[:6] for line in shipment.lines})
    base = goods + shipment.freight + shipment.insurance + duty
    return base + (base * Decimal("0.20")).quantize(CENT, ROUND_HALF_UP)


def each_second(work: Callable[[], object], seconds: float = 1.0) -> int:
    """How often the work is done in a second of this process's own time; the best of three."""
    best = 0
    for _ in range(3):
        done, start = 0, time.process_time()
        while (spent := time.process_time() - start) < seconds / 3:
            for _ in range(50):
                work()
            done += 50
        best = max(best, int(done / spent))
    return best


def measure() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for market in WAYS:
        rules, shipment = duties.rules_for(market, TODAY), basket(market)
        found = duties.landed_cost(rules, shipment, TODAY)
        if market == "FR":
            assert found.landed_total == by_hand(shipment)
        rate = each_second(lambda rules=rules, shipment=shipment: duties.landed_cost(rules, shipment, TODAY))
        rows.append({"what": f"landed cost, 3 lines, {market}", "per_second": rate})
    shipment = basket("FR")
    rows.append(
        {"what": "floor: the French formula by hand", "per_second": each_second(lambda: by_hand(shipment))}
    )
    return rows


def rows() -> list[Row]:
    *found, by_hand_found = measure()
    floor = Floor("the French formula by hand", float(str(by_hand_found["per_second"])))
    return [Row(str(one["what"]), float(str(one["per_second"])), "/s", floor) for one in found]


def main() -> None:
    rows = measure()
    if "--json" in sys.argv:
        print(json.dumps(rows))
        return
    for row in rows:
        print(f"{row['what']:<40} {row['per_second']:>9,} /s")


if __name__ == "__main__":
    main()
