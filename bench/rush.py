# SPDX-License-Identifier: Apache-2.0
"""The rush: a crowd of buyers over HTTP against a house of its own, durable, beside pgbench's floor.

Each measurement has a deal of its own. The crowd is a C program; what it took is a row, too, since it runs on
the same cores. `SILKCAST_BENCH_OLD` is the number of old orders that the last measurement is made with.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

from bench.checker import Lane, check, read
from bench.crowd import Told, sending
from bench.crowd import send as send_crowd
from bench.floor import standing
from bench.old import grow
from bench.row import Floor, Row
from bench.rush_house import VARIANTS, House, Targets, cpu_seconds, open_house

BURST_UNITS, BURST_BUYERS = 500, 2_000
CONNECTIONS = (256, 1_000, 2_000)
PLENTY = 1_000_000
SECONDS = 8
TURNS, TURN_SECONDS = 3, 5
SIZE_TURNS, WARM_SECONDS = 5, 10
SKUS = 1_020
"""A thousand for one measurement, and a fresh one for each other."""
OLD = int(os.environ.get("SILKCAST_BENCH_OLD", "10000000"))


HERE = "market=FR; language=fr"
"""Where the deals have a price."""


send = partial(send_crowd, cookie=HERE)


def granted(told: Told) -> float:
    return told.outcomes_per_second.get("granted", 0.0)


def burst(origin: str, targets: Targets, units: int, buyers: int, *, waitlist: bool) -> Iterator[Row]:
    """Everybody at once, one claim each, and the checker's word on it."""
    with tempfile.TemporaryDirectory(prefix="silkcast-rush-") as folder:
        file = Path(folder) / "history"
        told = send(
            "burst", [origin], targets=targets, connections=buyers, patience=30, addresses=20, history=file
        )
        violation = check(read(file), dict.fromkeys(targets, Lane(units, waitlist=waitlist)))
    if violation:
        print(violation)
    won = told.by_outcome.get("granted", 0)
    rest = told.by_outcome.get("sold_out", 0) + told.by_outcome.get("waiting", 0)
    name = f"{units} units, {buyers:,} buyers at once"
    yield Row(f"{name}: granted", won, "", at_least=units, at_most=units)
    yield Row(
        "  told sold out or their place in line", rest, "", at_least=buyers - units, at_most=buyers - units
    )
    yield Row("  failed", told.failed, "", at_most=0)
    yield Row("  p99", told.latency_ms["p99"], "ms", at_most=400)
    yield Row("  stories no serial order explains", int(violation is not None), "", at_most=0)


def story(origin: str, targets: Targets, units: int) -> Row:
    """A short sale with one claim in twenty sent twice, through the checker."""
    with tempfile.TemporaryDirectory(prefix="silkcast-rush-") as folder:
        file = Path(folder) / "history"
        told = send(
            "steady",
            [origin],
            targets=targets,
            connections=200,
            requests=10_000,
            duplicates=0.05,
            history=file,
        )
        violation = check(read(file), dict.fromkeys(targets, Lane(units)))
    if violation:
        print(violation)
    name = f"{told.requests:,} claims, one in twenty sent twice: unexplained"
    return Row(name, int(violation is not None), "", at_most=0)


def steady(
    origin: str, targets: Targets, connections: int, floor: Callable[[int], float], times: float
) -> Iterator[Row]:
    """A lane that does not run out, each claim a new buyer's. In turn with the floor, and the median of each:
    a disk that others use, too, is now quick and now slow, and most of the floor is the disk."""
    floors, runs = [], []
    for _ in range(TURNS):
        floors.append(floor(TURN_SECONDS))
        runs.append(
            send(
                "steady",
                [origin],
                targets=targets,
                connections=connections,
                seconds=TURN_SECONDS,
                patience=30,
            )
        )
    least = median(floors)
    what = "one SKU" if len(targets) == 1 else f"{len(targets):,} SKUs"
    name = f"{what}, {connections:,} connections: claims granted, durable"
    beside = Floor(f"pgbench, a transaction a buyer, {min(floors):,.0f} to {max(floors):,.0f}", least)
    yield Row(name, median(map(granted, runs)), "/s", beside, at_least=times * least)
    if len(targets) == 1:
        yield Row("  p99", median(told.latency_ms["p99"] for told in runs), "ms", at_most=150)
    yield Row("  failed", sum(told.failed for told in runs), "", at_most=0)
    crowd = sum(told.cpu_seconds for told in runs) / sum(told.seconds for told in runs)
    yield Row("  the crowd's own processor", crowd * 100, "%")


def look(origin: str, path: str, seconds: int) -> Told:
    """Eight visitors of a page who look again ten times a second each, whether answers are quick or slow."""
    return send("get", [origin], path=path, connections=8, pace=100, seconds=seconds, patience=30)


def processor(origin: str, pid: int, targets: Targets) -> Row:
    before = cpu_seconds(pid)
    told = send("steady", [origin], targets=targets, connections=256, seconds=SECONDS)
    spent = cpu_seconds(pid) - before
    won = told.by_outcome.get("granted", 0)
    return Row("processor a claimed order, house and PostgreSQL", spent * 1000 / max(won, 1), "ms", at_most=1)


def room(origin: str, path: str, targets: Targets) -> Iterator[Row]:
    """The room's page for eight visitors, alone and while a thousand buy."""
    look(origin, path, 1)
    idle = look(origin, path, SECONDS)
    lasting = SECONDS + 3
    with sending(
        "steady", [origin], targets=targets, connections=1_000, seconds=lasting, cookie=HERE
    ) as crowd:
        time.sleep(1.5)
        rushed = look(origin, path, SECONDS)
        crowd.told()
    least, most = idle.latency_ms["p99"], rushed.latency_ms["p99"]
    assert idle.by_status.keys() == {"200"}, idle.by_status
    yield Row("room page, p99 while nobody buys", least, "ms")
    yield Row("  while 1,000 connections buy", most, "ms", Floor("idle", least), at_most=4 * least)
    yield Row("  failed", rushed.failed, "", at_most=0)


def against_size(without: House, with_old: House) -> Iterator[Row]:
    """Claims a second in two houses, one with many old orders in its tables, in turn. In houses of their own:
    what a million buyers did not pay runs out five minutes later, and takes its share then."""
    houses = {"none": without, "old": with_old}
    targets = {name: house.deal(PLENTY) for name, house in houses.items()}
    for name, house in houses.items():
        send("steady", [house.origin], targets=targets[name], connections=256, seconds=WARM_SECONDS)
    began = time.monotonic()
    count = grow(with_old.server, OLD)
    print(f"  ({count:,} old orders loaded in {time.monotonic() - began:.0f} s)")
    runs: dict[str, list[float]] = {name: [] for name in houses}
    for turn in range(1 + SIZE_TURNS):
        for name, house in houses.items():
            told = send(
                "steady", [house.origin], targets=targets[name], connections=256, seconds=TURN_SECONDS
            )
            if turn:  # both are warm
                runs[name].append(granted(told))
    least, most = median(runs["none"]), median(runs["old"])
    name = f"claims with {count:,} old orders"
    yield Row(name, most, "/s", Floor("with none", least), at_least=0.9 * least)


def measure(house: House) -> Iterator[Row]:
    origin = house.origin
    send("steady", [origin], targets=house.deal(PLENTY), connections=64, seconds=2)  # warm
    yield from burst(
        origin, house.deal(BURST_UNITS, waitlist=False), BURST_UNITS, BURST_BUYERS, waitlist=False
    )
    yield story(origin, house.deal(7_000, waitlist=False), 7_000)
    with standing(house.server, 1) as floor:
        for connections in CONNECTIONS:
            yield from steady(origin, house.deal(PLENTY), connections, floor, 12)
    wide = house.deal(50_000, skus=1_000)
    # its countdown is long enough to work a thousand prices out; here it was left out
    send("steady", [origin], targets=wide, connections=32, requests=2_000, patience=60)
    with standing(house.server, 1_000) as floor:
        for connections in CONNECTIONS:
            yield from steady(origin, wide, connections, floor, 3)
    yield processor(origin, house.pid, house.deal(PLENTY))
    yield from room(origin, house.shop.room, house.deal(PLENTY))


def each() -> Iterator[Row]:
    with open_house(SKUS) as house:
        yield from measure(house)
    if OLD:
        with open_house(VARIANTS) as without, open_house(VARIANTS) as with_old:
            yield from against_size(without, with_old)


def rows() -> list[Row]:
    return list(each())


if __name__ == "__main__":
    for row in each():
        print(row.line(), flush=True)
