# SPDX-License-Identifier: Apache-2.0
"""The rush's rows say what happened: a counter that sells rightly meets them, one that oversells misses."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from bench import rush
from bench.crowd import send
from bench.row import Row
from bench.rush_house import cpu_seconds, family, open_house
from tests.bench.counter import Counter, serving

LANE = [("0" * 36, "1" * 36)]


def missed(rows: Iterable[Row]) -> list[str]:
    """Without the times: other tests run beside this one."""
    return [row.what.strip() for row in rows if row.is_met is False and row.unit != "ms"]


def test_an_exact_sale_meets_the_rows_of_the_burst() -> None:
    with serving(Counter(units=50)) as counter:
        rows = list(rush.burst(counter.origin, LANE, 50, 200, waitlist=False))

    assert missed(rows) == []
    assert rows[0].value == 50
    assert rows[1].value == 150
    assert "exactly 50" in rows[0].line()


def test_an_oversold_lane_misses_them_and_is_found_by_the_checker() -> None:
    with serving(Counter(units=51)) as counter:
        rows = rush.burst(counter.origin, LANE, 50, 200, waitlist=False)

        assert missed(rows) == [
            "50 units, 200 buyers at once: granted",
            "told sold out or their place in line",
            "stories no serial order explains",
        ]


def test_a_house_that_hangs_up_has_failed() -> None:
    with serving(Counter(units=10, hangs_up_every=50)) as counter:
        rows = list(rush.burst(counter.origin, LANE, 10, 200, waitlist=False))

    assert "failed" in missed(rows)
    assert rows[2].value == 4


def test_a_story_with_claims_sent_twice_is_explained() -> None:
    with serving(Counter(units=7_000)) as counter:
        row = rush.story(counter.origin, LANE, 7_000)

    assert row.what.startswith("10,500 claims")
    assert row.is_met


def test_processor_is_counted_of_a_process_and_all_below_it() -> None:
    work = (
        "import subprocess, sys; sys.stdin.readline(); subprocess.run([sys.executable, '-c', {!r}]); input()"
    )
    burn = "import time\nwhile time.process_time() < 0.5: pass"
    child = subprocess.Popen([sys.executable, "-c", work.format(burn)], stdin=subprocess.PIPE, text=True)
    try:
        assert child.stdin is not None
        before = cpu_seconds(child.pid)
        child.stdin.write("go\n")
        child.stdin.flush()
        end = time.monotonic() + 30
        while cpu_seconds(child.pid) - before < 0.4 and time.monotonic() < end:
            time.sleep(0.1)
        assert 0.4 <= cpu_seconds(child.pid) - before < 1.5
        assert child.pid in family(os.getpid())
    finally:
        child.kill()
        child.communicate()


def test_the_rushs_house_has_a_shop_on_air() -> None:
    with open_house(10) as house:
        told = send("get", [house.origin], path=house.shop.room, requests=5, cookie="market=FR; language=fr")

        assert told.by_status == {"200": 5}
        assert len(set(house.shop.variants)) == 10
        names = [Path(f"/proc/{one}/comm").read_text() for one in family(house.pid)]
        assert any(name.startswith("postgres") for name in names)
