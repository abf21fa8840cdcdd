# SPDX-License-Identifier: Apache-2.0
"""The process that owns a room is killed: how long until those who watch at the other have the next owner's
picture."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from bench.row import Row
from tests.faces.cli.crew import open_site, taken_over

TIMES = 5


async def measure(folder: Path) -> list[float]:
    async with open_site(folder) as site:
        return [await taken_over(site) for _ in range(TIMES)]


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="silkcast-bench-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        took = sorted(asyncio.run(measure(folder)))
    return [
        Row(f"owner of a room killed, {TIMES} times: slowest take-over", took[-1], "s", at_most=3),
        Row("  median", took[len(took) // 2], "s"),
    ]
