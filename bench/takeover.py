# SPDX-License-Identifier: Apache-2.0
"""The process that owns a room is killed: how long until those who watch at the other have the next owner's
picture."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from bench.row import Row
from tests.faces.cli.crew import Site, crowd, open_site, owner_killed, same_picture
from tests.plumbing.wire.build import until

TIMES = 5


async def killed_once(site: Site) -> float:
    async with crowd(site) as viewers:
        await site.say("Before")
        await same_picture(site, viewers)
        stay, took = await owner_killed(site, viewers)
        await site.say("After")
        await same_picture(site, stay)
        await until(lambda: len(site.workers) == 2, 30)
        await same_picture(site, viewers)
    return took


async def measure(folder: Path) -> list[float]:
    async with open_site(folder) as site:
        return [await killed_once(site) for _ in range(TIMES)]


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="silkcast-bench-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        took = sorted(asyncio.run(measure(folder)))
    return [
        Row(f"owner of a room killed, {TIMES} times: slowest take-over", took[-1], "s", at_most=3),
        Row("  median", took[len(took) // 2], "s"),
    ]
