# SPDX-License-Identifier: Apache-2.0
"""`python -m bench [PART …]`: every measurement, as a table here and as JSON in bench/out."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
import traceback
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from bench.row import Row

PARTS = (
    "start", "pages", "landed_cost", "comments", "holds", "chat", "rush", "takeover", "fanout",
    "glass_to_glass", "hs",
)  # fmt: skip
OUT = Path(__file__).parent / "out"


def run(part: str) -> list[Row]:
    """One part's rows; a part that cannot run here says so as a row, and the rest goes on."""
    try:
        rows: list[Row] = import_module(f"bench.{part}").rows()
    except Exception as fault:  # whatever it is, the other numbers are worth having
        traceback.print_exc()
        return [Row(f"{part} did not run: {type(fault).__name__}", None, "")]
    return rows


def main() -> int:
    wanted = sys.argv[1:] or [part for part in PARTS if find_spec(f"bench.{part}")]
    report: dict[str, object] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load_before": os.getloadavg()[0],
    }
    missed = 0
    parts = {}
    for part in wanted:
        began = time.monotonic()
        rows = run(part)
        print(f"\n{part} ({time.monotonic() - began:.0f} s)")
        for row in rows:
            print(row.line())
            missed += row.is_met is False or row.value is None
        parts[part] = [row.facts() for row in rows]
    OUT.mkdir(exist_ok=True)
    file = OUT / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
    file.write_text(json.dumps({**report, "parts": parts}, indent=1), encoding="utf-8")
    print(f"\n{missed} missed, load {report['load_before']:.1f} before, written to {file}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
