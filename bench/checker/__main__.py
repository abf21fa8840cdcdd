# SPDX-License-Identifier: Apache-2.0
"""`python -m bench.checker HISTORY --units 500 [--limit 1] [--waitlist]`: judges lanes that are all alike."""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from bench.checker import Lane, check, read


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("history")
    parser.add_argument("--units", type=int, required=True)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--waitlist", action="store_true")
    parser.add_argument("--queue", type=int)
    options = parser.parse_args()
    history = read(options.history)
    lane = Lane(options.units, limit=options.limit, waitlist=options.waitlist)
    violation = check(history, {(one.deal, one.variant): lane for one in history}, options.queue)
    counts = Counter("lost" if one.is_lost else one.outcome or str(one.status) for one in history)
    print(", ".join(f"{count} {name}" for name, count in sorted(counts.items())))
    print(violation or "a serial order explains it")
    return 1 if violation else 0


if __name__ == "__main__":
    sys.exit(main())
