# SPDX-License-Identifier: Apache-2.0
"""Landed cost: shipments of three lines judged in a second on one core, beside plain decimal arithmetic.

`python -m bench.landed_cost` prints a table. The floor of a market is the same formula written out by hand
with `Decimal`, no rules read and nothing explained, in the same run. Time is this process's own (CPU), so
that a busy machine changes little; by the clock stands beside it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from bench.row import Floor, Row
from silkcast.goods.duties import service as duties
from silkcast.goods.duties.values import Line, Shipment
from silkcast.ground.ids import VariantId, new_uuid
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.ground.quantity import Weight
from silkcast.trade.quotes import service as quotes
from silkcast.trade.quotes.values import QuoteLine
from silkcast.who.markets import service as markets

TODAY = date(2026, 11, 22)
WAYS = {
    "FR": ("EUR", "post", "IOSS"),
    "US": ("USD", "express", "none"),
    "SA": ("SAR", "express", "none"),
    "SG": ("SGD", "post", "SG_OVR"),
}
CENT = Decimal("0.01")
AT_LEAST = 20_000
CARDS = 20
US_DUTY = {"691110": "0.283", "950300": "0", "420292": "0.426"}
"""Ordinary tariff and the two lists against China, added up."""


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


def _goods(shipment: Shipment) -> Decimal:
    return sum((line.quantity * line.unit_value - line.discount for line in shipment.lines), Decimal(0))


def _cent(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def france(shipment: Shipment) -> Decimal:
    """Up to 150 EUR: three euro a code, then 20 percent on all of it."""
    duty = 3 * len({line.hs[:6] for line in shipment.lines})
    base = _goods(shipment) + shipment.freight + shipment.insurance + duty
    return base + _cent(base * Decimal("0.20"))


def united_states(shipment: Shipment) -> Decimal:
    """Ad valorem by line in three layers, one on all goods, and the fee of an informal entry."""
    goods = _goods(shipment)
    duty = goods * Decimal("0.125")
    for line in shipment.lines:
        duty += (line.quantity * line.unit_value - line.discount) * Decimal(US_DUTY[line.hs])
    return goods + shipment.freight + shipment.insurance + _cent(duty) + Decimal("2.77")


def _taxed(shipment: Shipment, rate: str) -> Decimal:
    base = _goods(shipment) + shipment.freight + shipment.insurance
    return base + _cent(base * Decimal(rate))


BY_HAND: dict[str, Callable[[Shipment], Decimal]] = {
    "FR": france,
    "US": united_states,
    "SA": lambda shipment: _taxed(shipment, "0.15"),
    "SG": lambda shipment: _taxed(shipment, "0.09"),
}


def each_second(work: Callable[[], object], seconds: float = 1.0) -> tuple[int, int]:
    """How often the work is done in a second of this process's own time, and by the clock: best of three."""
    best, by_clock = 0, 0
    for _ in range(3):
        done, start, began = 0, time.process_time(), time.perf_counter()
        while (spent := time.process_time() - start) < seconds / 3:
            for _ in range(50):
                work()
            done += 50
        if int(done / spent) > best:
            best, by_clock = int(done / spent), int(done / (time.perf_counter() - began))
    return best, by_clock


def priced(market: str) -> Callable[[], object]:
    """The whole price as a page needs it: lines of money, each with its steps."""
    of, rules = markets.market(market, TODAY), duties.rules_for(market, TODAY)
    lines = [
        QuoteLine(
            variant=VariantId(new_uuid()),
            units=line.quantity,
            unit_price=Money.of(line.unit_value, of.currency),
            hs_code=line.hs,
            origin=Country("CN"),
            description=line.description,
            net=Weight(400),
        )
        for line in basket(market).lines
    ]
    freight = Money.of("6.00", of.currency)
    return lambda: quotes.work_out(market=of, lines=lines, freight=freight, rules=rules, as_of=TODAY)


def cards(market: str) -> Callable[[], object]:
    """Twenty products of a room page, one of each, in one call."""
    rules, shipment = duties.rules_for(market, TODAY), basket(market)
    parcels = [
        Shipment(
            shipment.currency,
            "CN",
            shipment.channel,
            "DDP",
            shipment.scheme,
            (shipment.lines[number % 3],),
            Decimal(number),
            Decimal(0),
        )
        for number in range(CARDS)
    ]
    return lambda: duties.landed_costs(rules, parcels, TODAY)


def measure() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for market in WAYS:
        rules, shipment, by_hand = duties.rules_for(market, TODAY), basket(market), BY_HAND[market]
        assert duties.landed_cost(rules, shipment, TODAY).landed_total == by_hand(shipment), market
        floor, _ = each_second(partial(by_hand, shipment))
        works: dict[str, Callable[[], object]] = {
            "landed cost": partial(duties.landed_cost, rules, shipment, TODAY),
            "whole price with its steps": priced(market),
        }
        for what, work in works.items():
            rate, by_clock = each_second(work)
            rows.append(
                {
                    "what": f"{what}, 3 lines, {market}",
                    "per_second": rate,
                    "by_clock": by_clock,
                    "floor": floor,
                }
            )
    rate, by_clock = each_second(cards("FR"))
    rows.append(
        {"what": f"a page of {CARDS} cards, FR", "per_second": rate, "by_clock": by_clock, "floor": 0}
    )
    return rows


def rows() -> list[Row]:
    found = []
    for one in measure():
        what, rate, by_hand = str(one["what"]), float(str(one["per_second"])), float(str(one["floor"]))
        floor = Floor("the same by hand", by_hand) if by_hand else None
        found.append(Row(what, rate, "/s", floor, at_least=AT_LEAST if what.startswith("landed") else None))
    return found


def main() -> None:
    rows = measure()
    if "--json" in sys.argv:
        print(json.dumps(rows))
        return
    print(f"{'':<45} {'CPU':>9}    {'clock':>9}    {'by hand':>9}   times")
    for row in rows:
        rate, floor = int(str(row["per_second"])), int(str(row["floor"]))
        times = f"{floor:>9,} /s {floor / rate:>6.1f}" if floor else ""
        print(f"{row['what']:<45} {rate:>9,} /s {int(str(row['by_clock'])):>9,} /s {times}".rstrip())


if __name__ == "__main__":
    main()
