# SPDX-License-Identifier: Apache-2.0
"""Starts the sandbox carrier."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path

from silkcast.engines.carrier.provider import __doc__ as what
from silkcast.engines.carrier.provider.desk import FAULTS, TABLES, Desk
from silkcast.engines.counterpart import program
from silkcast.engines.counterpart.store import Store
from silkcast.ground.clock import SystemClock
from silkcast.plumbing import packs
from silkcast.plumbing.packs import PackSettings


def main() -> None:
    parser = program.parser((what or "").splitlines()[0])
    parser.add_argument("--day-seconds", type=Decimal, default=Decimal(86400), help="how long a day takes")
    parser.add_argument("--faults", default="", help=f"comma between: {', '.join(FAULTS)}")
    parser.add_argument("--packs", type=Path, help="a folder of packs beside the house's own")
    given = parser.parse_args()
    packs.use(PackSettings(given.packs))
    options = program.Options(given.data, given.port, given.callback, given.secret, given.host)
    store = Store(given.data, TABLES)
    desk = Desk(store, SystemClock(), given.day_seconds)
    for fault in filter(None, given.faults.split(",")):
        if fault not in FAULTS:
            parser.error(f"no such fault: {fault}")
        desk.switch(fault, True)
    asyncio.run(program.serve("carrier", desk.app(given.secret), store, options, desk.work))


if __name__ == "__main__":
    main()
