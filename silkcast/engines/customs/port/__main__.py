# SPDX-License-Identifier: Apache-2.0
"""Starts the sandbox customs."""

from __future__ import annotations

import asyncio
from decimal import Decimal

from silkcast.engines.counterpart import program
from silkcast.engines.counterpart.store import Store
from silkcast.engines.customs.port import __doc__ as what
from silkcast.engines.customs.port.office import FAULTS, TABLES, Office
from silkcast.ground.clock import SystemClock


def main() -> None:
    parser = program.parser((what or "").splitlines()[0])
    parser.add_argument("--delay", type=Decimal, default=Decimal(3), help="seconds from stored to released")
    parser.add_argument("--faults", default="", help=f"comma between: {', '.join(FAULTS)}")
    given = parser.parse_args()
    options = program.Options(given.data, given.port, given.callback, given.secret, given.host)
    store = Store(given.data, TABLES)
    office = Office(store, SystemClock(), given.delay)
    for fault in filter(None, given.faults.split(",")):
        if fault not in FAULTS:
            parser.error(f"no such fault: {fault}")
        office.switch(fault, True)
    asyncio.run(program.serve("customs", office.app(given.secret), store, options, office.work))


if __name__ == "__main__":
    main()
